//! New passwords: by a link from a letter, or by who is signed in. What was open under the old one
//! ends.

use std::time::{Duration, Instant};

use quietroom_tests::support::links::{
    accept, change_password, forgotten, look, new_password, token, weigh,
};
use quietroom_tests::support::people::{session_state, try_sign_in};
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{Person, Session, TestClient, TestServer, eventually, outbox};
use shared_proto::http::{self as api, Chooser, Linked};
use shared_proto::limits;
use shared_proto::office::Ask;
use shared_proto::people::PersonChange;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::strength::Weakness;
use shared_proto::wire::{Reply, Request, close};

use crate::clock::{Clock, HOUR};
use crate::given::device;
use crate::mail::through;
use crate::office::{Three, add_client, change, three, three_on};

const FRESH: &str = "a tin of yellow harbour paint";

/// Asks for a link to a new password for Jonas, and takes the token out of the letter.
async fn asked(three: &Three) -> String {
    let before = outbox::letters(three.server.data(), &three.jonas.email).len();
    forgotten(three.server.address(), &three.jonas.email).await.unwrap();
    newest(&three.server, &three.jonas.email, before).await
}

/// The token in the newest letter, once there are more than `before`.
async fn newest(server: &TestServer, to: &str, before: usize) -> String {
    let known = outbox::letters(server.data(), to).len();
    assert!(known >= before);
    let more = async || {
        let mut letters = outbox::letters(server.data(), to);
        (letters.len() > before).then(|| letters.pop().expect("there is one"))
    };
    token(&eventually("another letter", more).await)
}

/// Nothing of a session is of use any more.
async fn dead(session: &Session) {
    let state = session.state().await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
    assert_eq!(TestClient::try_connect(session).await.err(), Some(401));
}

#[tokio::test]
async fn a_new_password_by_a_link_ends_every_session_under_the_old_one_within_a_second() {
    let relay = Relay::start().await;
    let three = three_on(through(&relay)).await;
    let server = three.server.address();
    let jonas = &three.jonas;
    let second = device(&three.server, jonas).await;
    forgotten(server, &format!(" {} ", jonas.email.to_uppercase())).await.unwrap();
    let letter = relay.letter(&jonas.email).await;
    assert_eq!(letter.header("subject"), Some("Choose a new password"));
    let (page, secret) = letter.link().split_once('#').unwrap();
    assert_eq!(page, three.server.url("/new-password"));
    for _ in 0..3 {
        let linked = look(server, secret).await.unwrap();
        let Linked::NewPassword { email, has_factor, .. } = linked else { panic!("{linked:?}") };
        assert_eq!((email.as_str(), has_factor), (jonas.email.as_str(), false));
    }
    assert!(!three.client.is_closed(), "asking and looking end nothing");
    let weak = new_password(server, secret, "Jonas Keller Jonas").await;
    assert_eq!(weak, Err(Refusal::invalid(Field::Password, Rule::Common)));
    let short = new_password(server, secret, "tin of paint").await;
    let too_short = Rule::TooShort { limit: 15 };
    assert_eq!(short, Err(Refusal::invalid(Field::Password, too_short)));

    let since = Instant::now();
    new_password(server, secret, FRESH).await.unwrap();
    for client in [&three.client, &second] {
        assert_eq!(client.close_code().await, Some(close::SESSION_ENDED));
    }
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    for client in [&three.client, &second] {
        dead(client.session()).await;
    }
    assert_eq!(try_sign_in(server, &jonas.email, &jonas.password).await.unwrap().status, 401);
    let again = Person { password: FRESH.into(), ..jonas.clone() };
    device(&three.server, &again).await.settle().await;
    assert_eq!(
        new_password(server, secret, "six crooked lanterns at dusk").await,
        Err(Refusal::Link)
    );
    let told = async || {
        let letters = relay.letters(&jonas.email);
        letters.into_iter().find(|letter| letter.body.contains("was changed"))
    };
    let told = eventually("a notice of the change", told).await;
    assert!(!told.body.contains("http"), "nothing to follow: {}", told.body);
    assert!(!three.server.log().contains(secret) && !three.server.log().contains("@example"));
    three.provider.settle().await;
}

#[tokio::test]
async fn whoever_it_is_asked_for_the_answer_is_the_same_and_only_an_account_gets_a_letter() {
    let three = three().await;
    let server = three.server.address();
    let portal_off = three.server.person_add("Portal Off", shared_proto::people::Role::Client);
    change(&three.owner, portal_off.id, PersonChange::Portal(false)).await.unwrap();
    change(&three.owner, three.samuel.id, PersonChange::Suspended(true)).await.unwrap();
    add_client(&three.owner, "Ana Ruiz", "ana@example.org").await;
    let without = ["nobody@example.org", "ana@example.org", &portal_off.email, &three.samuel.email];
    for email in without {
        assert_eq!(forgotten(server, email).await, Ok(()), "{email}");
    }
    let malformed = forgotten(server, "nobody").await;
    assert_eq!(malformed, Err(Refusal::invalid(Field::Email, Rule::Malformed)));
    // Letters go out in order: once this one has, the others would have.
    asked(&three).await;
    assert_eq!(outbox::files(three.server.data()).len(), 1);
    // The bound is the same for those there are and those there are not.
    for email in ["absent@example.org", &three.dana.email] {
        for _ in 0..limits::LETTERS_PER_EMAIL {
            assert_eq!(forgotten(server, email).await, Ok(()), "{email}");
        }
        let more = forgotten(server, email).await;
        assert!(matches!(more, Err(Refusal::TooManyTries { .. })), "{email}: {more:?}");
    }
}

#[tokio::test]
async fn one_network_asks_for_so_many_links_and_no_more() {
    let server = TestServer::start().await;
    server.pair();
    for number in 0..limits::RESETS_PER_NETWORK {
        let email = format!("nobody{number}@example.org");
        assert_eq!(forgotten(server.address(), &email).await, Ok(()));
    }
    let more = forgotten(server.address(), "another@example.org").await;
    assert!(matches!(more, Err(Refusal::TooManyTries { .. })), "{more:?}");
}

#[tokio::test]
async fn a_link_to_a_new_password_lasts_an_hour_and_is_not_voided_by_a_strangers_asking() {
    let clock = Clock::new();
    let three = three_on(clock.options()).await;
    let server = three.server.address();
    let first = asked(&three).await;
    // Whoever knows the email can ask for more, and so void none.
    let second = asked(&three).await;
    clock.jump(HOUR - 30_000);
    for token in [&first, &second] {
        assert!(look(server, token).await.is_ok());
    }
    clock.jump(HOUR);
    assert_eq!(look(server, &second).await, Err(Refusal::Link));
    assert_eq!(new_password(server, &second, FRESH).await, Err(Refusal::Link));
    clock.jump(0);
    let invitation = accept(server, &second, "Jonas", FRESH).await;
    assert_eq!(invitation.map(|session| session.cookie), Err(Refusal::Link), "of another kind");
    new_password(server, &first, FRESH).await.unwrap();
    for spent in [&first, &second] {
        assert_eq!(new_password(server, spent, FRESH).await, Err(Refusal::Link), "used");
    }
}

#[tokio::test]
async fn of_two_new_passwords_by_one_link_at_once_one_wins() {
    let three = three().await;
    let server = three.server.address();
    let token = asked(&three).await;
    let other = "six crooked lanterns at dusk";
    let (one, two) =
        tokio::join!(new_password(server, &token, FRESH), new_password(server, &token, other));
    let outcomes = [one, two];
    assert!(outcomes.contains(&Ok(())) && outcomes.contains(&Err(Refusal::Link)), "{outcomes:?}");
    let winner = if outcomes[0].is_ok() { FRESH } else { other };
    assert_eq!(try_sign_in(server, &three.jonas.email, winner).await.unwrap().status, 200);
}

#[tokio::test]
async fn whatever_ends_sessions_meanwhile_voids_a_link_to_a_new_password() {
    let three = three().await;
    let server = three.server.address();
    let jonas = three.jonas.id;
    let link = asked(&three).await;
    change(&three.owner, jonas, PersonChange::Suspended(true)).await.unwrap();
    assert_eq!(new_password(server, &link, FRESH).await, Err(Refusal::Link));
    change(&three.owner, jonas, PersonChange::Suspended(false)).await.unwrap();
    assert_eq!(new_password(server, &link, FRESH).await, Err(Refusal::Link), "for good");
    let link = asked(&three).await;
    change(&three.provider, jonas, PersonChange::Portal(false)).await.unwrap();
    assert_eq!(look(server, &link).await, Err(Refusal::Link));
    change(&three.provider, jonas, PersonChange::Portal(true)).await.unwrap();
    let link = asked(&three).await;
    three.server.person(&["reset", &three.jonas.email, "--password-stdin"], &format!("{FRESH}\n"));
    assert_eq!(new_password(server, &link, FRESH).await, Err(Refusal::Link));
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_at_once_and_renews_this_one() {
    let three = three().await;
    let server = three.server.address();
    let jonas = &three.jonas;
    let other = device(&three.server, jonas).await;
    let stale = asked(&three).await;
    let mine = three.client.session().clone();
    let wrong = change_password(&mine, "another lake in autumn", FRESH).await;
    assert_eq!(wrong.map(|session| session.cookie), Err(Refusal::WrongCredentials));
    let weak = change_password(&mine, &jonas.password, "Jonas Keller Jonas").await;
    let common = Refusal::invalid(Field::Password, Rule::Common);
    assert_eq!(weak.map(|session| session.cookie), Err(common));
    assert!(!other.is_closed() && !three.client.is_closed());

    let since = Instant::now();
    let renewed = change_password(&mine, &jonas.password, FRESH).await.unwrap();
    assert_eq!(other.close_code().await, Some(close::SESSION_ENDED));
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    assert_ne!(renewed.cookie, mine.cookie, "a new token");
    assert_eq!(three.client.close_code().await, Some(close::GOING_AWAY), "it comes back");
    assert!(since.elapsed() < Duration::from_secs(1), "{:?}", since.elapsed());
    dead(other.session()).await;
    dead(&mine).await;
    let back = TestClient::connect(&renewed).await;
    back.settle().await;
    assert_eq!(try_sign_in(server, &jonas.email, &jonas.password).await.unwrap().status, 401);
    assert_eq!(try_sign_in(server, &jonas.email, FRESH).await.unwrap().status, 200);
    assert_eq!(look(server, &stale).await, Err(Refusal::Link), "a link of before");
    let notice = async || {
        let letters = outbox::letters(three.server.data(), &jonas.email);
        letters.into_iter().find(|letter| letter.body.contains("was changed"))
    };
    eventually("a notice of the change", notice).await;
    let nobody = Session { cookie: "__Host-quietroom=".into(), ..mine };
    let nobody = change_password(&nobody, FRESH, "six crooked lanterns at dusk").await;
    assert_eq!(nobody.map(|session| session.cookie), Err(Refusal::SignInRequired));
    let mut server = three.server;
    server.sigterm().await;
    server.succeed(&["verify", "--data", server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_token_known_before_is_worth_nothing_after_signing_in() {
    let three = three().await;
    let server = three.server.address();
    let planted = format!("__Host-quietroom={}", "a".repeat(64));
    let form =
        api::SignIn { email: three.jonas.email.clone(), password: three.jonas.password.clone() };
    let body = shared_proto::codec::encode(&form);
    let answer = quietroom_tests::support::people::post(server, api::SIGN_IN, body, Some(&planted));
    let answer = answer.await.unwrap();
    let given = quietroom_tests::support::people::session_cookie(&answer).unwrap();
    assert_ne!(given, planted);
    let state = session_state(server, Some(&planted)).await;
    assert!(matches!(state, api::Session::SignedOut { .. }), "{state:?}");
}

#[tokio::test]
async fn who_lost_everything_is_sent_a_link_by_their_provider() {
    let three = three().await;
    let send = async |by: &TestClient, person| {
        by.request(Request::Office(Ask::SendReset { person })).await
    };
    let jonas = three.jonas.id;
    assert_eq!(send(&three.provider, jonas).await, Ok(Reply::Done));
    let link = newest(&three.server, &three.jonas.email, 0).await;
    new_password(three.server.address(), &link, FRESH).await.unwrap();
    assert_eq!(send(&three.provider, three.dana.id).await, Err(Refusal::OwnerOnly));
    assert_eq!(send(&three.owner, three.samuel.id).await, Ok(Reply::Done));
    let ana = add_client(&three.provider, "Ana Ruiz", "ana@example.org").await.card.id;
    assert_eq!(send(&three.provider, ana).await, Err(Refusal::NoAccount));
    change(&three.provider, jonas, PersonChange::Portal(false)).await.unwrap();
    assert_eq!(send(&three.provider, jonas).await, Err(Refusal::PortalOff));
    let client = three.server.person_add("Luca Brand", shared_proto::people::Role::Client);
    let client = device(&three.server, &client).await;
    for person in [three.samuel.id, shared_proto::id::PersonId::from_random([9; 16])] {
        assert_eq!(send(&client, person).await, Err(Refusal::NotFound));
    }
}

#[tokio::test]
async fn a_password_is_judged_while_it_is_typed_for_whoever_is_about_to_choose_one() {
    let mut three = three().await;
    let link = asked(&three).await;
    let setting_up = TestServer::start().await;
    let server = three.server.address().clone();
    let by = || Chooser::Link { token: link.clone() };
    let verdict = weigh(&server, "Jonas Keller Jonas", by(), None).await.unwrap();
    assert!(verdict.score < limits::PASSWORD_SCORE, "{verdict:?}");
    assert!(verdict.weaknesses.contains(&Weakness::NameOrEmail), "{verdict:?}");
    assert_eq!(verdict.refusal, Some(Refusal::invalid(Field::Password, Rule::Common)));
    let verdict = weigh(&server, FRESH, by(), None).await.unwrap();
    assert_eq!((verdict.refusal, verdict.score), (None, 4));
    let cookie = three.client.session().cookie.clone();
    let short = weigh(&server, "tin", Chooser::Session, Some(&cookie)).await.unwrap();
    assert!(short.weaknesses.contains(&Weakness::TooShort { least: 15 }), "{short:?}");
    let nobody = weigh(&server, FRESH, Chooser::Session, None).await;
    assert_eq!(nobody, Err(Refusal::SignInRequired));
    let absent = Chooser::Link { token: "0".repeat(64) };
    assert_eq!(weigh(&server, FRESH, absent, None).await, Err(Refusal::Link));
    let long = weigh(&server, &"paint ".repeat(2_000), by(), None).await.unwrap();
    let too_long = Rule::TooLong { limit: 256 };
    assert_eq!(long.refusal, Some(Refusal::invalid(Field::Password, too_long)));

    let mut setting_up = setting_up;
    let token = setting_up.announced("set-up:").await.split_once('#').unwrap().1.to_owned();
    let chooser = |token: &str| Chooser::SetUp {
        token: token.to_owned(),
        practice: "Lakeside Practice".into(),
        name: "Dana Whitfield".into(),
        email: "dana@example.org".into(),
    };
    let own = weigh(setting_up.address(), "lakeside practice", chooser(&token), None).await;
    assert!(own.unwrap().weaknesses.contains(&Weakness::NameOrEmail));
    let wrong = weigh(setting_up.address(), FRESH, chooser("wrong"), None).await;
    assert_eq!(wrong, Err(Refusal::SetUpLink));
    assert!(!three.server.log().contains("harbour"), "{}", three.server.log());
    three.server.sigterm().await;
}
