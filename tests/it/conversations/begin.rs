//! How a conversation begins: people picked, or entered by name and email (O1b, I3, I8).

use quietroom_tests::support::{fresh_id, outbox};
use shared_proto::conversation::command::{Command, New};
use shared_proto::id::ClientMessageId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{AccountState, NewPerson, PersonChange, Role};
use shared_proto::practice::{CreateForInvited, Policies, PracticeChange, Settings};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Invitee, Reply, Request};

use super::{act, begin as start, fold};
use crate::office::{
    Three, add_client, ask, change, change_practice, clients, new_client, practice, three,
};

const CY: &str = "cy@example.org";

fn invitee(name: &str, email: &str) -> Invitee {
    Invitee { name: name.into(), email: email.into() }
}

fn begin(client_id: ClientMessageId, new: New, invited: Vec<Invitee>) -> Request {
    Request::Begin { client_id, new, invited }
}

/// Whether a conversation may hold people without an account.
async fn invited_may_be_in(three: &Three, create_for_invited: CreateForInvited) {
    let settings = practice(&three.owner).await.settings;
    let policies = Policies { create_for_invited, ..settings.policies };
    let settings = Box::new(Settings { policies, ..settings });
    change_practice(&three.owner, PracticeChange::Settings(settings)).await.unwrap();
}

#[tokio::test]
async fn somebody_entered_by_name_and_email_is_added_invited_once_and_in_it() {
    let three = three().await;
    let id = fresh_id();
    let request = begin(
        id,
        New::ongoing(vec![three.jonas.id]),
        vec![invitee("Ana Ruiz", "ana@example.org"), invitee("Bo Lind", "bo@example.org")],
    );
    let Ok(Reply::Created(talk)) = three.provider.request(request.clone()).await else { panic!() };
    let again = three.provider.request(request).await;
    assert_eq!(again, Ok(Reply::Created(talk)), "a retry is the same conversation");
    let ana = clients(&three.provider, "Ana Ruiz").await.unwrap();
    assert_eq!(ana.len(), 1, "and the same people");
    assert!(matches!(ana[0].account, AccountState::Invited { .. }));
    let state = fold(&three.provider, talk).await;
    assert_eq!(state.members.len(), 4);
    assert!(state.is_member(ana[0].card.id));
}

#[tokio::test]
async fn somebody_picked_who_has_no_account_is_invited_once() {
    let three = three().await;
    let ana = add_client(&three.provider, "Ana Ruiz", "ana@example.org").await.card.id;
    let bo = add_client(&three.provider, "Bo Lind", "").await.card.id;
    let account = async |name: &str| clients(&three.provider, name).await.unwrap()[0].account;
    let picked = || New::ongoing(vec![ana, bo, three.jonas.id]);
    // Not for a conversation that would be refused.
    let words = New { announcement: Some("x".repeat(121)), ..picked() };
    three.provider.request(begin(fresh_id(), words, vec![])).await.unwrap_err();
    assert_eq!(account("Ana").await, AccountState::None);
    let request = begin(fresh_id(), picked(), vec![]);
    let Ok(Reply::Created(talk)) = three.provider.request(request.clone()).await else { panic!() };
    assert!(fold(&three.provider, talk).await.is_member(ana));
    assert!(matches!(account("Ana").await, AccountState::Invited { .. }));
    assert_eq!(account("Bo").await, AccountState::None, "who cannot be written to");
    outbox::letter(three.server.data(), "ana@example.org").await;
    assert_eq!(three.provider.request(request).await, Ok(Reply::Created(talk)));
    let again = begin(fresh_id(), picked(), vec![]);
    three.provider.request(again).await.unwrap();
    // Letters go in the order they are asked for: what comes after would come last.
    let reset = Request::Office(Ask::SendReset { person: three.jonas.id });
    three.provider.request(reset).await.unwrap();
    outbox::letter(three.server.data(), &three.jonas.email).await;
    assert_eq!(outbox::letters(three.server.data(), "ana@example.org").len(), 1);
}

#[tokio::test]
async fn somebody_taken_in_later_who_has_no_account_is_invited_once_and_by_whom_may_only() {
    let three = three().await;
    let ana = add_client(&three.provider, "Ana Ruiz", "ana@example.org").await.card.id;
    let bo = add_client(&three.provider, "Bo Lind", "").await.card.id;
    let account = async |name: &str| clients(&three.provider, name).await.unwrap()[0].account;
    let talk = start(&three.provider, New::ongoing(vec![three.jonas.id])).await.unwrap();
    let add = async |client, person| act(client, talk, Command::Add { person }).await;
    three.client.open(talk).await;
    // Nobody is invited to what they would not get into.
    assert_eq!(add(&three.client, ana).await, Err(Refusal::HostOnly));
    assert_eq!(add(&three.owner, ana).await, Err(Refusal::NotFound), "though they may invite");
    invited_may_be_in(&three, CreateForInvited::No).await;
    assert_eq!(add(&three.provider, ana).await, Err(Refusal::NoAccount));
    assert_eq!(account("Ana").await, AccountState::None);
    invited_may_be_in(&three, CreateForInvited::Yes).await;
    // Nor by whom may invite nobody.
    let colleague = Box::new(NewPerson { role: Role::Provider, ..new_client("Cy Falk", CY) });
    let colleague = Ask::AddPerson { client_id: fresh_id(), person: colleague };
    let Ok(Told::Person(colleague)) = ask(&three.owner, colleague).await else { panic!() };
    assert!(add(&three.provider, colleague.card.id).await.unwrap().is_some());

    assert!(add(&three.provider, ana).await.unwrap().is_some());
    assert!(matches!(account("Ana").await, AccountState::Invited { .. }));
    outbox::letter(three.server.data(), "ana@example.org").await;
    assert!(add(&three.provider, bo).await.unwrap().is_some());
    assert_eq!(account("Bo").await, AccountState::None, "who cannot be written to");
    let state = fold(&three.provider, talk).await;
    assert!(state.is_member(ana) && state.is_member(bo));
    assert_eq!(add(&three.provider, ana).await, Ok(None), "they are in it");
    act(&three.provider, talk, Command::Remove { person: ana }).await.unwrap();
    assert!(add(&three.provider, ana).await.unwrap().is_some());
    // Letters go in the order they are asked for: what comes after would come last.
    let reset = Request::Office(Ask::SendReset { person: three.jonas.id });
    three.provider.request(reset).await.unwrap();
    outbox::letter(three.server.data(), &three.jonas.email).await;
    assert_eq!(outbox::letters(three.server.data(), "ana@example.org").len(), 1);
    assert!(outbox::letters(three.server.data(), CY).is_empty());
}

#[tokio::test]
async fn what_would_be_refused_adds_nobody() {
    let three = three().await;
    let invited = || vec![invitee("Ana Ruiz", "ana@example.org")];
    let many = (0..26).map(|n| invitee("Somebody", &format!("s{n}@example.org"))).collect();
    let too_many = Refusal::invalid(Field::Participants, Rule::TooMany { limit: 25 });
    let ongoing = || New::ongoing(vec![]);
    let told = async |request| three.provider.request(request).await;
    assert_eq!(told(begin(fresh_id(), ongoing(), many)).await, Err(too_many));
    let bad = vec![invitee("Ana Ruiz", "not an address")];
    let malformed = Refusal::invalid(Field::Email, Rule::Malformed);
    assert_eq!(told(begin(fresh_id(), ongoing(), bad)).await, Err(malformed));
    let words = New { announcement: Some("x".repeat(121)), ..ongoing() };
    let too_long = Refusal::invalid(Field::Announcement, Rule::TooLong { limit: 120 });
    assert_eq!(told(begin(fresh_id(), words, invited())).await, Err(too_long));
    let by_client = begin(fresh_id(), New::ongoing(vec![three.samuel.id]), invited());
    assert_eq!(three.client.request(by_client).await, Err(Refusal::ProviderOnly));
    let taken = vec![invitee("Ana Ruiz", &three.jonas.email)];
    let in_use = Refusal::invalid(Field::Email, Rule::Taken);
    assert_eq!(told(begin(fresh_id(), ongoing(), taken)).await, Err(in_use));
    invited_may_be_in(&three, CreateForInvited::No).await;
    let refused = told(begin(fresh_id(), ongoing(), invited())).await;
    assert_eq!(refused, Err(Refusal::NoAccount));
    assert!(clients(&three.provider, "Ana Ruiz").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_conversation_is_opened_for_a_colleague_who_leads_it_in_their_division() {
    let three = three().await;
    let add = PracticeChange::AddDivision { name: "Children".into() };
    let children = change_practice(&three.owner, add).await.unwrap().divisions[0].id;
    let to = PersonChange::Division(Some(children));
    change(&three.owner, three.samuel.id, to).await.unwrap();
    let (samuel, jonas) = (three.samuel.id, three.jonas.id);
    let opens = |host, division| New { host, division, ..New::ongoing(vec![samuel, jonas]) };
    let open = async |new| start(&three.owner, new).await;
    let nobody = Err(Refusal::invalid(Field::Host, Rule::Unknown));
    assert_eq!(open(opens(Some(jonas), None)).await, nobody, "a client leads nothing");
    let wrong = Err(Refusal::invalid(Field::Division, Rule::Wrong));
    assert_eq!(open(opens(None, Some(children))).await, wrong, "the owner is of none");
    let talk = open(opens(Some(samuel), Some(children))).await.unwrap();
    let state = fold(&three.provider, talk).await;
    assert_eq!(state.host(), Some(samuel));
    assert_eq!(state.created.and_then(|created| created.division), Some(children));
    assert!(state.is_member(three.dana.id) && state.is_member(jonas));
    three.owner.open(talk).await;
    let announce = || Command::Announce { text: "Back on Monday".into() };
    assert_eq!(act(&three.owner, talk, announce()).await, Err(Refusal::HostOnly));
    assert!(act(&three.provider, talk, announce()).await.is_ok());
    assert!(act(&three.owner, talk, Command::Leave).await.is_ok(), "who opened it can go");
}
