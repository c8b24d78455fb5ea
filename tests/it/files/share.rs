//! A file that was sent is shown to everyone, once, and stays.

use quietroom_tests::support::fresh_id;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Event;
use shared_proto::file::{FileKind, Pixels};
use shared_proto::limits::PAGE_ENTRIES;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Due, PreviewContent, Reply, Request};

use super::{fetch, listed, pdf, png, send, share, shared, shares};
use crate::conversations::{act, hears};
use crate::given::{two, two_on};
use quietroom_tests::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_told_of_a_shared_file_and_handed_it() {
    let two = two().await;
    let picture = png(300, 200);
    let (file, entry) = shares(&two.client, two.conversation, "My Photo.PNG", &picture).await;
    let told = hears(&two.provider, two.conversation, "the file", |event| match event {
        Event::Shared(shared) => Some(shared),
        _ => None,
    });
    let told = told.await;
    assert_eq!((told.file, told.name.as_str()), (file, "My Photo.png"));
    assert_eq!((told.kind, told.bytes), (FileKind::Png, picture.len() as u64));
    assert_eq!(told.pixels, Some(Pixels { width: 300, height: 200 }));
    for client in [&two.client, &two.provider] {
        assert_eq!(fetch(client, two.conversation, file).await.body, picture);
        let [only] = &listed(client, two.conversation).await[..] else { panic!("one file") };
        assert_eq!((only.id, shared(only)), (entry, told.clone()));
    }
    // It is unread like a message, and the inbox says what it is called.
    let inbox = two.provider.inbox().await;
    assert_eq!(inbox.rows[0].unread, 1);
    let Some(PreviewContent::Entry { kind, body }) =
        inbox.rows[0].preview.as_ref().map(|preview| preview.content.clone())
    else {
        panic!("{:?}", inbox.rows[0].preview)
    };
    assert_eq!(Event::of(kind, &body), Ok(Event::Shared(told)));
    two.provider.tell(Request::ReadUpTo { conversation: two.conversation, entry });
    two.provider.settle().await;
    assert_eq!(two.provider.inbox().await.rows[0].unread, 0);
    assert_eq!(two.client.inbox().await.rows[0].unread, 0, "not for who sent it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_shared_once_however_often_it_is_asked_for() {
    let mut two = two().await;
    let conversation = two.conversation;
    let file = send(&two.client, conversation, "a.pdf", &pdf("once")).await.unwrap();
    let held = two.client.last_held(conversation);
    let client_message_id = fresh_id();
    let command = Command::Share { client_message_id, file, hidden_from: vec![] };
    let ask = Request::Do { conversation, held, command };
    let answers = [
        two.client.begin(ask.clone()).unwrap(),
        two.client.begin(ask.clone()).unwrap(),
        two.client.begin(ask.clone()).unwrap(),
    ];
    let mut entries = Vec::new();
    for answer in answers {
        match answer.await.unwrap().result {
            Ok(Reply::Sent { entry, .. }) => entries.push(entry),
            other => panic!("{other:?}"),
        }
    }
    entries.dedup();
    assert_eq!(entries.len(), 1, "a retry is answered with the first");
    // Under another id of the sender's own it is no file to be shared any more.
    assert_eq!(share(&two.client, conversation, file, &[]).await, Err(Refusal::NotFound));
    two.server.restart().await;
    let jonas = crate::given::device(&two.server, &two.jonas).await;
    assert_eq!(jonas.request(ask).await, answered(entries[0], &jonas, conversation).await);
    assert_eq!(listed(&jonas, conversation).await.len(), 1);
}

/// What the first try was answered.
async fn answered(
    entry: shared_proto::id::EntryId,
    client: &quietroom_tests::support::TestClient,
    conversation: shared_proto::id::ConversationId,
) -> Result<Reply, Refusal> {
    let at = client.history(conversation).await;
    let at = at.iter().find(|found| found.id == entry).unwrap().at;
    Ok(Reply::Sent { entry, at })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_file_stays() {
    let two = two().await;
    let conversation = two.conversation;
    let (file, target) = shares(&two.client, conversation, "a.pdf", &pdf("stays")).await;
    for client in [&two.client, &two.provider] {
        let withdraw = act(client, conversation, Command::Withdraw { target }).await;
        assert_eq!(withdraw, Err(Refusal::FileStays));
    }
    assert_eq!(fetch(&two.provider, conversation, file).await.body, pdf("stays"));
    let (id, due) = (fresh_id(), Due::Undoable);
    let command = Command::Share { client_message_id: id, file, hidden_from: vec![] };
    let later = two.client.request(Request::Later { conversation, id, due, command }).await;
    assert_eq!(later, Err(Refusal::NotFound), "files do not wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_members_file_is_not_there_to_be_shared() {
    let two = two().await;
    let file = send(&two.client, two.conversation, "a.pdf", &pdf("mine")).await.unwrap();
    assert_eq!(share(&two.provider, two.conversation, file, &[]).await, Err(Refusal::NotFound));
    let elsewhere = two.provider.create(&[two.jonas.id]).await;
    assert_eq!(share(&two.client, elsewhere, file, &[]).await, Err(Refusal::NotFound));
    assert_eq!(fetch(&two.client, two.conversation, file).await.status, 404, "not shared yet");
    share(&two.client, two.conversation, file, &[]).await.unwrap();
    assert_eq!(fetch(&two.client, elsewhere, file).await.status, 404, "and not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_are_listed_in_pages() {
    let two = two_on(TestServer::options().unhurried()).await;
    let count = 2 * PAGE_ENTRIES + 3;
    let mut entries = Vec::new();
    for number in 0..count {
        let name = format!("{number}.pdf");
        entries.push(shares(&two.client, two.conversation, &name, &pdf(&name)).await.1);
        two.client.send(two.conversation, "in between").await;
    }
    entries.reverse();
    let found: Vec<_> =
        listed(&two.provider, two.conversation).await.iter().map(|entry| entry.id).collect();
    assert_eq!(found, entries);
}
