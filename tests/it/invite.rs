//! Invitations: a letter with a link that makes one account, once.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::links::{accept, look, token};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestClient, TestServer, outbox};
use shared_proto::http::{self as api, Linked};
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{AccountState, PersonChange, PersonRow, Role};
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::ServerEvent;

use crate::clock::{Clock, HOUR};
use crate::mail::through;
use crate::office::{Three, add_client, ask, change, change_practice, three, three_on};

const ANA: &str = "ana@example.org";
const GOOD: &str = "a tin of yellow harbour paint";

async fn invite(by: &TestClient, person: PersonId) -> Result<PersonRow, Refusal> {
    match ask(by, Ask::Invite { person }).await? {
        Told::Person(row) => Ok(*row),
        other => panic!("{other:?}"),
    }
}

/// Somebody new, invited; and the token of their link.
async fn invited(three: &Three) -> (PersonId, String) {
    let ana = add_client(&three.provider, "Ana Ruiz", ANA).await.card.id;
    invite(&three.provider, ana).await.unwrap();
    (ana, token(&outbox::letter(three.server.data(), ANA).await))
}

#[tokio::test]
async fn an_invited_client_chooses_a_strong_password_and_writes_with_who_invited_them() {
    let relay = Relay::start().await;
    let three = three_on(through(&relay)).await;
    let server = three.server.address();
    let ana = add_client(&three.provider, "Ana Ruiz", ANA).await.card.id;
    let row = invite(&three.provider, ana).await.unwrap();
    let AccountState::Invited { until } = row.account else { panic!("{row:?}") };
    let lasts =
        std::time::Duration::from_millis(until.0) - std::time::UNIX_EPOCH.elapsed().unwrap();
    let seven_days = std::time::Duration::from_millis(limits::INVITATION_MS);
    assert!(lasts <= seven_days && lasts > seven_days - std::time::Duration::from_secs(60));

    let letter = relay.letter(ANA).await;
    assert_eq!(letter.header("subject"), Some("You have an invitation"));
    assert!(letter.body.contains("Samuel Okafor"), "{}", letter.body);
    let (page, secret) = letter.link().split_once('#').unwrap();
    assert_eq!(page, three.server.url("/invited"), "the token stays in the fragment");
    assert_eq!(secret.len(), 64, "256 bits");
    let expected = Linked::Invitation {
        practice: "Quietroom".into(),
        inviter: "Samuel Okafor".into(),
        name: "Ana Ruiz".into(),
        email: ANA.into(),
    };
    for _ in 0..3 {
        assert_eq!(look(server, secret).await, Ok(expected.clone()), "looking spends nothing");
    }
    let before = try_sign_in(server, ANA, GOOD).await.unwrap();
    assert_eq!(before.status, 401, "there is no account yet");

    let common = Err(Refusal::invalid(Field::Password, Rule::Common));
    let short = Err(Refusal::invalid(Field::Password, Rule::TooShort { limit: 15 }));
    let empty = Err(Refusal::invalid(Field::Name, Rule::Empty));
    for (name, password, why) in [
        ("Ana Ruiz", "tin of paint", short),
        ("Ana Ruiz", "passwordpassword1", common),
        ("Ana Ruiz", "Ana Ruiz Ana Ruiz", common),
        ("Ana Marisol Ruiz", "marisol marisol", common),
        (" ", GOOD, empty),
    ] {
        let refused = accept(server, secret, name, password).await.map(|session| session.me.name);
        assert_eq!(refused, why.map(|()| String::new()), "{name}: {password}");
    }

    let session = accept(server, secret, " Ana M. Ruiz ", GOOD).await.unwrap();
    assert_eq!((session.me.id, session.me.name.as_str()), (ana, "Ana M. Ruiz"));
    assert!(matches!(session.state().await, api::Session::SignedIn { .. }));
    for watcher in [&three.provider, &three.owner] {
        watcher
            .event("the account to appear without a reload", |arrival| match &arrival.event {
                ServerEvent::Changed(Changed::Person(row)) => {
                    (row.card.id == ana && row.account == AccountState::Active).then_some(())
                }
                _ => None,
            })
            .await;
    }
    let link = accept(server, secret, "Ana", "another tin of harbour paint").await;
    assert_eq!(link.map(|session| session.cookie), Err(Refusal::Link));
    assert_eq!(look(server, secret).await, Err(Refusal::Link));
    assert_eq!(invite(&three.provider, ana).await, Err(Refusal::HasAccount));

    let client = TestClient::connect(&session).await;
    let conversation = three.provider.create(&[ana]).await;
    three.provider.open(conversation).await;
    client.open(conversation).await;
    three.provider.send(conversation, "Welcome").await;
    client.holds(conversation, 1).await;
    client.send(conversation, "Thank you").await;
    assert_eq!(texts(&client.history(conversation).await), ["Welcome", "Thank you"]);
    assert!(!three.server.log().contains(secret) && !three.server.log().contains(ANA));
    let mut server = three.server;
    server.sigterm().await;
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn sending_an_invitation_again_voids_the_one_before() {
    let three = three().await;
    let server = three.server.address();
    let (ana, first) = invited(&three).await;
    invite(&three.owner, ana).await.unwrap();
    let letters = async || {
        let letters = outbox::letters(three.server.data(), ANA);
        (letters.len() == 2).then_some(letters)
    };
    let letters = quietroom_tests::support::eventually("two letters", letters).await;
    let second = letters.iter().map(token).find(|token| *token != first).unwrap();
    assert_eq!(look(server, &first).await, Err(Refusal::Link));
    let old = accept(server, &first, "Ana", GOOD).await;
    assert_eq!(old.map(|session| session.cookie), Err(Refusal::Link));
    let Ok(Linked::Invitation { inviter, .. }) = look(server, &second).await else { panic!() };
    assert_eq!(inviter, "Dana Whitfield");
    accept(server, &second, "Ana", GOOD).await.unwrap();
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_gets_the_account() {
    for _ in 0..5 {
        let three = three().await;
        let server = three.server.address();
        let (_, token) = invited(&three).await;
        let passwords = [GOOD, "six crooked lanterns at dusk"];
        let [one, two] = passwords.map(|password| accept(server, &token, "Ana", password));
        let (one, two) = tokio::join!(one, two);
        let (one, two) = (one.map(|session| session.cookie), two.map(|session| session.cookie));
        let refused = [&one, &two].iter().filter(|one| **one == &Err(Refusal::Link)).count();
        assert_eq!(refused, 1, "{one:?} {two:?}");
        let winner = usize::from(one.is_err());
        for (place, password) in passwords.into_iter().enumerate() {
            let status = try_sign_in(server, ANA, password).await.unwrap().status;
            assert_eq!(status, if place == winner { 200 } else { 401 }, "{password}");
        }
    }
}

#[tokio::test]
async fn an_invitation_lasts_seven_days() {
    let clock = Clock::new();
    let three = three_on(clock.options()).await;
    let server = three.server.address();
    let (ana, token) = invited(&three).await;
    clock.jump(7 * 24 * HOUR - 60_000);
    assert!(look(server, &token).await.is_ok());
    clock.jump(7 * 24 * HOUR);
    assert_eq!(look(server, &token).await, Err(Refusal::Link));
    let late = accept(server, &token, "Ana", GOOD).await;
    assert_eq!(late.map(|session| session.cookie), Err(Refusal::Link));
    clock.jump(-HOUR);
    assert_eq!(look(server, &token).await, Err(Refusal::Link), "a clock set back far");
    clock.jump(0);
    assert!(look(server, &token).await.is_ok());
    assert_eq!(accept(server, &token, "Ana", GOOD).await.unwrap().me.id, ana);
}

#[tokio::test]
async fn what_happens_meanwhile_voids_an_invitation_and_the_answer_never_says_what() {
    let three = three().await;
    let server = three.server.address();
    let (ana, token) = invited(&three).await;
    let refused = async |token: &str| {
        let accepted = accept(server, token, "Ana", GOOD).await.map(|session| session.cookie);
        (look(server, token).await, accepted) == (Err(Refusal::Link), Err(Refusal::Link))
    };
    change(&three.owner, ana, PersonChange::Suspended(true)).await.unwrap();
    assert!(refused(&token).await, "suspended");
    change(&three.owner, ana, PersonChange::Suspended(false)).await.unwrap();
    change(&three.provider, ana, PersonChange::Portal(false)).await.unwrap();
    assert!(refused(&token).await, "portal access off");
    change(&three.provider, ana, PersonChange::Portal(true)).await.unwrap();
    assert!(look(server, &token).await.is_ok());
    let contact = PersonChange::Contact {
        name: "Ana".into(),
        email: "ruiz@example.org".into(),
        phone: String::new(),
        chart_number: String::new(),
    };
    let row = change(&three.provider, ana, contact).await.unwrap();
    assert_eq!(row.account, AccountState::None, "the letter went to another address");
    assert!(refused(&token).await, "another email");
    let shouted = token.to_uppercase();
    for absent in ["", "x", &"0".repeat(64), &shouted, &format!("{token}0"), &token[1..]] {
        assert!(refused(absent).await, "{absent}");
    }
}

#[tokio::test]
async fn whom_somebody_may_invite_and_why_not() {
    let three = three().await;
    let colleague = three.server.person_add("Mira Stranger", Role::Provider).id;
    assert_eq!(invite(&three.provider, colleague).await, Err(Refusal::OwnerOnly));
    assert_eq!(invite(&three.owner, colleague).await, Err(Refusal::HasAccount));
    assert_eq!(invite(&three.provider, three.jonas.id).await, Err(Refusal::HasAccount));
    assert_eq!(invite(&three.client, three.samuel.id).await, Err(Refusal::NotFound));
    let nobody = PersonId::from_random([9; 16]);
    assert_eq!(invite(&three.provider, nobody).await, Err(Refusal::NotFound));
    assert_eq!(invite(&three.client, nobody).await, Err(Refusal::NotFound));
    let silent = add_client(&three.provider, "No Mail", "").await.card.id;
    assert_eq!(invite(&three.provider, silent).await, Err(Refusal::NoEmail));
    let ana = add_client(&three.provider, "Ana Ruiz", ANA).await.card.id;
    change(&three.provider, ana, PersonChange::Portal(false)).await.unwrap();
    assert_eq!(invite(&three.provider, ana).await, Err(Refusal::PortalOff));
    change(&three.provider, ana, PersonChange::Portal(true)).await.unwrap();
    change(&three.owner, ana, PersonChange::Suspended(true)).await.unwrap();
    assert_eq!(invite(&three.provider, ana).await, Err(Refusal::Suspended));
    change(&three.owner, ana, PersonChange::Suspended(false)).await.unwrap();

    let division = PracticeChange::AddDivision { name: "Adults".into() };
    let practice = change_practice(&three.owner, division).await.unwrap();
    let elsewhere = Some(practice.divisions[0].id);
    let luca = add_client(&three.owner, "Luca", "luca@example.org").await.card.id;
    change(&three.owner, luca, PersonChange::Division(elsewhere)).await.unwrap();
    assert_eq!(invite(&three.provider, luca).await, Err(Refusal::NotFound), "another division");
    assert!(outbox::files(three.server.data()).is_empty(), "nobody was written to");

    for _ in 0..limits::LETTERS_PER_EMAIL {
        invite(&three.provider, ana).await.unwrap();
    }
    let more = invite(&three.provider, ana).await;
    assert!(matches!(more, Err(Refusal::TooManyTries { .. })), "{more:?}");
    invite(&three.owner, luca).await.unwrap();
}

#[tokio::test]
async fn an_invitation_outlives_a_kill_together_with_its_letter() {
    let mut relay = Relay::start().await;
    let options = through(&relay).variable("QUIETROOM_MAIL_RETRY_MS", "3600000");
    let mut three = three_on(options).await;
    relay.down();
    let ana = add_client(&three.provider, "Ana Ruiz", ANA).await.card.id;
    invite(&three.provider, ana).await.unwrap();
    three.server.kill9();
    let data = three.server.data().to_str().unwrap().to_owned();
    three.server.succeed(&["verify", "--data", &data], "");
    relay.up().await;
    three.server.restart().await;
    let token = token(&relay.letter(ANA).await);
    accept(three.server.address(), &token, "Ana", GOOD).await.unwrap();
}

#[tokio::test]
async fn an_invited_provider_made_owner_before_they_sign_up_counts_as_one_from_then_on() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let owner = crate::given::device(&server, &dana).await;
    let mut new = crate::office::new_client("Mira", "mira@example.org");
    new.role = Role::Provider;
    let client_id = quietroom_tests::support::fresh_id();
    let added = ask(&owner, Ask::AddPerson { client_id, person: Box::new(new) }).await;
    let Ok(Told::Person(mira)) = added else { panic!("{added:?}") };
    invite(&owner, mira.card.id).await.unwrap();
    change(&owner, mira.card.id, PersonChange::Owner(true)).await.unwrap();
    let alone = change(&owner, dana.id, PersonChange::Owner(false)).await;
    assert_eq!(alone, Err(Refusal::LastOwner));
    let token = token(&outbox::letter(server.data(), "mira@example.org").await);
    accept(server.address(), &token, "Mira", GOOD).await.unwrap();
    change(&owner, dana.id, PersonChange::Owner(false)).await.unwrap();
}
