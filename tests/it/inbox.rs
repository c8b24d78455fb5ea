//! The inbox: sorted by last activity, with unread counts, paged, and alive on every device.

use std::collections::BTreeSet;

use shared_proto::id::ConversationId;
use shared_proto::limits::INBOX_ROWS;
use shared_proto::wire::{PreviewContent, Reply, Request, ServerEvent};

use quietroom_tests::support::{PATIENCE, TestClient, eventually};

use crate::given::{device, stranger, two, two_on};
use quietroom_tests::support::TestServer;

async fn order(client: &TestClient) -> Vec<ConversationId> {
    client.inbox().await.rows.iter().map(|row| row.conversation).collect()
}

#[tokio::test]
async fn the_conversation_with_the_last_activity_comes_first() {
    let two = two().await;
    let mut conversations = vec![two.conversation];
    for _ in 0..2 {
        conversations.push(two.provider.create(&[two.jonas.id]).await);
    }
    for &conversation in &conversations {
        two.provider.send(conversation, "a first word").await;
    }
    two.client.send(conversations[1], "the last word").await;
    let expected = [conversations[1], conversations[2], conversations[0]];
    for reader in [&two.provider, &two.client] {
        assert_eq!(order(reader).await, expected);
    }
    let rows = two.client.inbox().await.rows;
    let preview = rows[0].preview.as_ref().unwrap();
    assert_eq!(preview.content, PreviewContent::Message("the last word".to_owned()));
    assert_eq!(preview.author, two.jonas.id);
}

#[tokio::test]
async fn unread_counts_the_messages_of_others_after_the_read_mark() {
    let two = two().await;
    let first = two.provider.send(two.conversation, "one").await;
    two.provider.send(two.conversation, "two").await;
    two.client.send(two.conversation, "my own does not count").await;
    let last = two.provider.send(two.conversation, "three").await;
    let unread = async |client: &TestClient| client.inbox().await.rows[0].unread;
    assert_eq!(unread(&two.client).await, 3);
    assert_eq!(unread(&two.provider).await, 1);
    let read = |entry| Request::ReadUpTo { conversation: two.conversation, entry };
    two.client.tell(read(first));
    eventually("two left unread", async || (unread(&two.client).await == 2).then_some(())).await;
    two.client.tell(read(last));
    eventually("none left unread", async || (unread(&two.client).await == 0).then_some(())).await;
    two.client.tell(read(first));
    two.client.settle().await;
    let row = &two.client.inbox().await.rows[0];
    assert_eq!((row.unread, row.read_up_to), (0, Some(last)), "a read mark never goes back");
    assert_eq!(two.client.open(two.conversation).await.row.unread, 0);
}

#[tokio::test]
async fn reading_on_one_device_is_seen_on_the_other() {
    let two = two().await;
    let phone = device(&two.server, &two.jonas).await;
    let entry = two.provider.send(two.conversation, "please read this").await;
    phone.holds(two.conversation, 1).await;
    two.client.tell(Request::ReadUpTo { conversation: two.conversation, entry });
    for reader in [&phone, &two.client] {
        let unread = reader
            .event("the read mark", |arrival| match arrival.event {
                ServerEvent::Read { conversation, read_up_to, unread }
                    if conversation == two.conversation && read_up_to == entry =>
                {
                    Some(unread)
                }
                _ => None,
            })
            .await;
        assert_eq!(unread, 0);
    }
}

#[tokio::test]
async fn others_see_how_far_a_message_was_received_and_read() {
    let two = two().await;
    let entry = two.provider.send(two.conversation, "did it arrive?").await;
    let cursor = async |what: &str, received: bool| {
        two.provider
            .event(what, |arrival| match &arrival.event {
                ServerEvent::Cursors { conversation, cursors }
                    if *conversation == two.conversation =>
                {
                    cursors
                        .iter()
                        .find(|cursor| {
                            let mark = if received { cursor.received } else { cursor.read };
                            cursor.person == two.jonas.id && mark == Some(entry)
                        })
                        .copied()
                }
                _ => None,
            })
            .await
    };
    two.client.tell(Request::ReceivedUpTo { conversation: two.conversation, entry });
    let received = cursor("the received mark", true).await;
    assert_eq!(received.read, None);
    two.client.tell(Request::ReadUpTo { conversation: two.conversation, entry });
    cursor("the read mark", false).await;
    let opened = two.provider.open(two.conversation).await;
    let jonas = opened.cursors.iter().find(|cursor| cursor.person == two.jonas.id).unwrap();
    assert_eq!((jonas.received, jonas.read), (Some(entry), Some(entry)));
}

#[tokio::test]
async fn a_long_inbox_is_paged_and_every_conversation_is_in_it_once() {
    let two = two_on(TestServer::options().unhurried()).await;
    let mut made = vec![two.conversation];
    for _ in 0..119 {
        made.push(two.provider.create(&[two.jonas.id]).await);
    }
    let (mut seen, mut times) = (Vec::new(), Vec::new());
    let mut after = None;
    let mut pages = Vec::new();
    loop {
        let Ok(Reply::Inbox(page)) = two.client.request(Request::Inbox { after }).await else {
            panic!("an inbox is a page")
        };
        pages.push(page.rows.len());
        seen.extend(page.rows.iter().map(|row| row.conversation));
        times.extend(page.rows.iter().map(|row| row.preview.as_ref().map(|preview| preview.at)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(pages.iter().all(|&rows| rows <= INBOX_ROWS), "{pages:?}");
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert_eq!(seen.len(), made.len(), "none twice");
    let set = |ids: &[ConversationId]| ids.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(set(&seen), set(&made), "and none missing");
    // Over all pages. Those created within the same millisecond may stand either way.
    assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "last activity first");
}

#[tokio::test]
async fn looking_at_an_inbox_keeps_no_room_in_memory() {
    let mut two = two_on(TestServer::options().unhurried()).await;
    for _ in 0..9 {
        two.provider.create(&[two.jonas.id]).await;
    }
    two.server.kill9();
    two.server.restart().await;
    let rooms = async || two.server.metric("quietroom_rooms", &[]).await;
    let back = two.client.reconnect().await.unwrap();
    assert_eq!(back.inbox().await.rows.len(), 10);
    eventually("the rooms to go", async || (rooms().await < 0.5).then_some(())).await;
    // Nor does somebody who asks for what is not theirs.
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let open = Request::Open { conversation: two.conversation };
    assert!(stranger.request(open).await.is_err());
    eventually("the room to go", async || (rooms().await < 0.5).then_some(())).await;
    back.open(two.conversation).await;
    assert!((rooms().await - 1.0).abs() < 0.5, "one that is shown stays");
    back.inbox().await;
    stranger.settle().await;
    assert!((rooms().await - 1.0).abs() < 0.5, "also after a look at it");
}

#[tokio::test]
async fn rows_can_be_asked_for_by_name_and_only_ones_own_come_back() {
    let two = two().await;
    let stranger = device(&two.server, &stranger(&two.server)).await;
    let ask = Request::Rows { conversations: vec![two.conversation] };
    let Ok(Reply::Rows(rows)) = two.client.request(ask.clone()).await else { panic!() };
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].conversation, two.conversation);
    assert_eq!(stranger.request(ask).await, Ok(Reply::Rows(Vec::new())));
    assert!(stranger.inbox().await.rows.is_empty());
}

#[tokio::test]
async fn unread_counts_survive_a_crash() {
    let mut two = two().await;
    for number in 0..7 {
        two.provider.send(two.conversation, &format!("word {number}")).await;
    }
    let third = two.client.history(two.conversation).await[3].id;
    two.client.tell(Request::ReadUpTo { conversation: two.conversation, entry: third });
    eventually("the mark to count", async || {
        (two.client.inbox().await.rows[0].unread == 4).then_some(())
    })
    .await;
    // Read marks are stored within a second of each other; wait until it reached the disk.
    two.server.sigterm().await;
    two.server.restart().await;
    let again = two.client.reconnect().await.unwrap();
    assert_eq!(again.inbox().await.rows[0].unread, 4);
    two.server.kill9();
    two.server.restart().await;
    let again = two.client.reconnect().await.unwrap();
    assert_eq!(again.inbox().await.rows[0].unread, 4, "within {PATIENCE:?}");
}
