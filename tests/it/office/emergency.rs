//! Emergency access (164.312(a)(2)(ii)): with a reason, announced, read-only, for an hour.

use quietroom_tests::support::client::texts;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Event;
use shared_proto::office::{Ask, Told};
use shared_proto::people::Role;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{Reply, Request, ServerEvent};

use super::{ask, three};
use crate::conversations::act;

const REASON: &str = "The client may be in danger";

#[tokio::test]
async fn an_owner_opens_what_they_are_not_in_and_its_members_are_told() {
    let three = three().await;
    let conversation = three.provider.create(&[three.jonas.id]).await;
    three.provider.send(conversation, "How are you today?").await;
    three.client.open(conversation).await;
    let open = || three.owner.request(Request::Open { conversation });
    assert_eq!(open().await, Err(Refusal::NotFound));

    let list = |reason: &str| Ask::EmergencyList { client: three.jonas.id, reason: reason.into() };
    let short = Refusal::invalid(Field::Reason, Rule::TooShort { limit: 10 });
    assert_eq!(ask(&three.owner, list("because")).await, Err(short));
    assert_eq!(ask(&three.provider, list(REASON)).await, Err(Refusal::OwnerOnly));
    assert_eq!(ask(&three.client, list(REASON)).await, Err(Refusal::OwnerOnly));
    let Ok(Told::Emergency(rows)) = ask(&three.owner, list(REASON)).await else {
        panic!("no list")
    };
    assert_eq!(rows.iter().map(|row| row.conversation).collect::<Vec<_>>(), [conversation]);
    assert_eq!(open().await, Err(Refusal::NotFound), "listing opens nothing");

    let grant = || Request::Office(Ask::EmergencyOpen { conversation, reason: REASON.into() });
    assert_eq!(three.provider.request(grant()).await, Err(Refusal::OwnerOnly));
    assert!(three.owner.request(grant()).await.is_ok());
    let told = three.client.event("the announcement", |arrival| match &arrival.event {
        ServerEvent::Entries { entries, .. } => entries.iter().find_map(|entry| {
            let Ok(Event::Emergency(told)) = Event::decode(entry) else { return None };
            Some(told)
        }),
        _ => None,
    });
    let told = told.await;
    assert_eq!((told.person, told.reason.as_str()), (three.dana.id, REASON));

    let opened = three.owner.open(conversation).await;
    assert_eq!(opened.page.entries.len(), 3);
    assert!(opened.cursors.is_empty(), "how far each has come is nothing of theirs");
    let message = three.owner.message(conversation, "I read this");
    assert_eq!(three.owner.request(message).await, Err(Refusal::ReadOnly));
    let target = opened.page.entries[1].id;
    let withdraw = Request::Withdraw { conversation, target };
    assert_eq!(three.owner.request(withdraw).await, Err(Refusal::ReadOnly));
    let seen = three.client.open(conversation).await;
    assert!(!seen.here.contains(&three.dana.id), "they are no part of it");
    assert!(seen.row.people.iter().all(|card| card.id != three.dana.id));
}

#[tokio::test]
async fn an_owner_who_was_in_it_once_reads_all_of_it_in_an_emergency() {
    let three = three().await;
    let mira = three.server.person_add("Mira Lindqvist", Role::Provider);
    let talk = three.provider.create(&[three.jonas.id, three.dana.id]).await;
    three.provider.send(talk, "with all").await;
    let entry = three.client.open(talk).await.page.entries.last().unwrap().id;
    three.owner.open(talk).await;
    three.client.tell(Request::ReadUpTo { conversation: talk, entry });
    let read =
        three.owner.event("how far the client has read, as who takes part is told", |arrival| {
            let ServerEvent::Cursors { cursors, .. } = &arrival.event else { return None };
            cursors.iter().any(|mark| mark.read == Some(entry)).then_some(())
        });
    read.await;
    act(&three.provider, talk, Command::Remove { person: three.dana.id }).await.unwrap();
    act(&three.provider, talk, Command::Add { person: mira.id }).await.unwrap();
    three.provider.send(talk, "after she left").await;
    let before = three.owner.open(talk).await;
    assert_eq!(texts(&before.page.entries), ["with all"]);
    assert!(before.row.people.iter().all(|card| card.id != mira.id));
    assert!(before.cursors.is_empty() && before.here.is_empty());

    let grant = Ask::EmergencyOpen { conversation: talk, reason: REASON.into() };
    assert_eq!(three.owner.request(Request::Office(grant)).await, Ok(Reply::Done));
    let opened = three.owner.open(talk).await;
    assert_eq!(texts(&opened.page.entries), ["with all", "after she left"]);
    assert!(opened.row.people.iter().any(|card| card.id == mira.id), "with who came since");
    assert!(opened.here.contains(&three.samuel.id));
    assert!(opened.cursors.is_empty(), "and nothing of how far each has come");
    assert_eq!(texts(&three.owner.history(talk).await), ["with all", "after she left"]);
    let message = three.owner.message(talk, "I read this");
    assert_eq!(three.owner.request(message).await, Err(Refusal::ReadOnly));
    let seen = three.client.open(talk).await;
    assert!(!seen.here.contains(&three.dana.id), "they are no part of it again");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_opened_in_an_emergency() {
    let three = three().await;
    let conversation = shared_proto::id::ConversationId::from_bytes([9; 16]);
    let grant = Request::Office(Ask::EmergencyOpen { conversation, reason: REASON.into() });
    assert_eq!(three.owner.request(grant).await, Err(Refusal::NotFound));
    let client = shared_proto::id::PersonId::from_bytes([9; 16]);
    let list = Ask::EmergencyList { client, reason: REASON.into() };
    assert_eq!(ask(&three.owner, list).await, Err(Refusal::NotFound));
}
