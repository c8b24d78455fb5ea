//! What is sent later: with its author gone, once, by the rights they have then.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestClient, TestServer, fresh_id};
use shared_proto::conversation::command::Command;
use shared_proto::id::{ClientMessageId, ConversationId};
use shared_proto::people::{PersonChange, Role};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::{Due, Pending, Reply, Request, ServerEvent};

use super::{act, saying, session};
use crate::clock::now;
use crate::given::{device, two, two_on};
use crate::office::{change, three};

fn later(conversation: ConversationId, id: ClientMessageId, text: &str, in_ms: i64) -> Request {
    let due = Due::At(Millis(u64::try_from(now() + in_ms).unwrap()));
    Request::Later { conversation, id, due, command: saying(text, id) }
}

async fn pending(client: &TestClient, refused: bool) -> Pending {
    client
        .event("what waits", |arrival| match &arrival.event {
            ServerEvent::Pending { pending, .. } if pending.refused.is_some() == refused => {
                Some(pending.clone())
            }
            _ => None,
        })
        .await
}

async fn settled(client: &TestClient, which: ClientMessageId) {
    client
        .event("that it waits no longer", |arrival| match &arrival.event {
            ServerEvent::Settled { id, .. } if *id == which => Some(()),
            _ => None,
        })
        .await;
}

#[tokio::test]
async fn it_goes_out_with_its_author_gone_and_once() {
    let mut two = two().await;
    let (soon, much_later) = (fresh_id(), fresh_id());
    let request = later(two.conversation, soon, "while I am away", 1_500);
    assert_eq!(two.client.request(request.clone()).await, Ok(Reply::Done));
    assert_eq!(two.client.request(request).await, Ok(Reply::Done), "a retry changes nothing");
    let request = later(two.conversation, much_later, "tomorrow", 86_400_000);
    assert_eq!(two.client.request(request).await, Ok(Reply::Done));
    two.client.hang_up();
    two.provider.reads(two.conversation, &["while I am away"]).await;
    // The server that goes down in between does it when it is back.
    two.server.kill9();
    two.server.restart().await;
    let phone = device(&two.server, &two.jonas).await;
    let row = phone.inbox().await.rows.remove(0);
    assert!(row.pending, "its row says that something waits");
    phone.open(two.conversation).await;
    assert_eq!(pending(&phone, false).await.id, much_later);
    let undo = Request::CallBack { conversation: two.conversation, id: much_later };
    let called_back = phone.request(undo).await;
    assert_eq!(called_back, Ok(Reply::CalledBack(saying("tomorrow", much_later))));
    settled(&phone, much_later).await;
    let history = phone.history(two.conversation).await;
    assert_eq!(texts(&history), ["while I am away"]);
    two.server.sigterm().await;
    two.server.succeed(&["verify", "--data", two.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn a_retry_after_it_went_out_or_was_called_back_changes_nothing() {
    let mut two = two().await;
    let [sent, taken] = [fresh_id(), fresh_id()];
    let requests = [
        later(two.conversation, sent, "once", 1_000),
        later(two.conversation, taken, "taken back", 3_600_000),
    ];
    for request in &requests {
        assert_eq!(two.client.request(request.clone()).await, Ok(Reply::Done));
    }
    settled(&two.client, sent).await;
    let undo = Request::CallBack { conversation: two.conversation, id: taken };
    let back = Ok(Reply::CalledBack(saying("taken back", taken)));
    assert_eq!(two.client.request(undo.clone()).await, back);
    two.server.kill9();
    two.server.restart().await;
    let phone = device(&two.server, &two.jonas).await;
    for request in requests {
        assert_eq!(phone.request(request).await, Ok(Reply::Done));
    }
    assert_eq!(phone.request(undo).await, back, "to who did not hear the answer");
    assert!(!phone.inbox().await.rows.remove(0).pending, "nothing waits");
    let history = phone.history(two.conversation).await;
    assert_eq!(texts(&history), ["once"]);
    two.server.sigterm().await;
    two.server.succeed(&["verify", "--data", two.server.data().to_str().unwrap()], "");
}

#[tokio::test]
async fn it_is_shown_on_every_device_of_its_author_and_to_nobody_else() {
    let two = two().await;
    let phone = device(&two.server, &two.jonas).await;
    let id = fresh_id();
    let request = later(two.conversation, id, "not yet", 3_600_000);
    assert_eq!(two.client.request(request).await, Ok(Reply::Done));
    assert_eq!(pending(&phone, false).await.id, id);
    let undo = Request::CallBack { conversation: two.conversation, id };
    assert!(phone.request(undo).await.is_ok());
    settled(&two.client, id).await;
    two.provider.open(two.conversation).await;
    two.provider.settle().await;
    let told = two.provider.take_events();
    assert!(!told.iter().any(|arrival| format!("{arrival:?}").contains("not yet")));
}

#[tokio::test]
async fn it_is_decided_by_the_rights_its_author_has_then_and_gives_its_text_back() {
    let three = three().await;
    let talk = session(&three.provider, &[three.jonas.id, three.dana.id], None).await.unwrap();
    three.client.open(talk).await;
    let id = fresh_id();
    let request = later(talk, id, "I was too late", 2_000);
    assert_eq!(three.client.request(request).await, Ok(Reply::Done));
    act(&three.provider, talk, Command::Remove { person: three.jonas.id }).await.unwrap();
    let refused = pending(&three.client, true).await;
    assert_eq!(refused.refused, Some(Refusal::NoMember));
    assert_eq!(refused.command, saying("I was too late", id));
    let history = three.provider.history(talk).await;
    assert!(texts(&history).is_empty());
    let undo = Request::CallBack { conversation: talk, id };
    let called_back = three.client.request(undo).await;
    assert_eq!(called_back, Ok(Reply::CalledBack(saying("I was too late", id))));
}

#[tokio::test]
async fn who_has_no_access_any_more_sends_nothing_later_either() {
    let three = three().await;
    let talk = three.provider.create(&[three.jonas.id]).await;
    let id = fresh_id();
    three.client.open(talk).await;
    assert_eq!(three.client.request(later(talk, id, "hello", 1_500)).await, Ok(Reply::Done));
    change(&three.owner, three.jonas.id, PersonChange::Suspended(true)).await.unwrap();
    let marker = fresh_id();
    assert_eq!(
        three.provider.request(later(talk, marker, "after it", 2_500)).await,
        Ok(Reply::Done)
    );
    three.provider.open(talk).await;
    three.provider.reads(talk, &["after it"]).await;
    change(&three.owner, three.jonas.id, PersonChange::Suspended(false)).await.unwrap();
    let back = device(&three.server, &three.jonas).await;
    back.open(talk).await;
    assert_eq!(pending(&back, true).await.refused, Some(Refusal::Suspended));
}

#[tokio::test]
async fn what_may_wait_is_bounded_and_checked_when_it_is_asked_for() {
    let two = two().await;
    let client = &two.client;
    let invalid = |field, rule| Err(Refusal::invalid(field, rule));
    let ask = async |text: &str, in_ms| {
        client.request(later(two.conversation, fresh_id(), text, in_ms)).await
    };
    assert_eq!(ask("x", -3_600_000).await, invalid(Field::SendAt, Rule::Past));
    assert_eq!(ask("x", 3 * 366 * 86_400_000).await, invalid(Field::SendAt, Rule::TooFar));
    assert_eq!(ask("  ", 3_600_000).await, invalid(Field::Text, Rule::Empty));
    let other = Request::Later {
        conversation: two.conversation,
        id: fresh_id(),
        due: Due::Undoable,
        command: Command::Leave,
    };
    assert_eq!(client.request(other).await, Err(Refusal::NotFound));
    for _ in 0..20 {
        assert_eq!(ask(&"y".repeat(8_000), 3_600_000).await, Ok(Reply::Done));
    }
    let full = invalid(Field::SendAt, Rule::TooMany { limit: 20 });
    assert_eq!(ask("one more", 3_600_000).await, full);
}

#[tokio::test]
async fn a_message_that_waits_counts_when_a_session_is_completed() {
    let two = two().await;
    let ana = two.server.person_add("Ana Ruiz", Role::Client);
    let other = device(&two.server, &ana).await;
    let talk = session(&two.provider, &[two.jonas.id, ana.id], None).await.unwrap();
    // Each is named once, whoever was first and last.
    for client in [&two.client, &other, &two.client] {
        let request = later(talk, fresh_id(), "not yet", 3_600_000);
        assert_eq!(client.request(request).await, Ok(Reply::Done));
    }
    let rehearse = Request::Rehearse { conversation: talk };
    let Ok(Reply::Rehearsal(open)) = two.provider.request(rehearse).await else { panic!() };
    let mut both = [two.jonas.id, ana.id];
    both.sort_unstable();
    assert_eq!(open.waiting, both);
}

#[tokio::test]
async fn it_goes_out_in_a_conversation_longer_than_is_looked_through_for_a_retry() {
    let mut two = two_on(TestServer::options().unhurried()).await;
    for number in 0..=shared_proto::limits::RESUME_ENTRIES {
        two.provider.send(two.conversation, &number.to_string()).await;
    }
    // A room that starts anew remembers none of them.
    two.server.kill9();
    two.server.restart().await;
    let client = device(&two.server, &two.jonas).await;
    let id = fresh_id();
    let request = later(two.conversation, id, "after all that", 1_000);
    assert_eq!(client.request(request).await, Ok(Reply::Done));
    settled(&client, id).await;
    let history = client.history(two.conversation).await;
    assert_eq!(texts(&history).last().map(String::as_str), Some("after all that"));
}
