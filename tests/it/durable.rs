//! Nobody sees an entry that could still be lost (invariant 4): while the sync is held, a reader
//! who pages history sees nothing new.

use std::path::Path;

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::wire::{Direction, PreviewContent, Request, ServerEvent};

use crate::given::{device, two_on};

/// Until the store shows a batch whose sync is held.
async fn applied(hold: &Path) {
    let held = hold.with_extension("held");
    eventually("the batch to be applied", async || held.exists().then_some(())).await;
}

/// Reads once, as what somebody sees for the first time waits for the audit log, and so for a sync.
async fn recorded(readers: &[&TestClient], conversation: ConversationId) {
    for reader in readers {
        reader.inbox().await;
        reader.history(conversation).await;
    }
}

#[tokio::test]
async fn while_the_sync_of_a_withdrawal_is_held_the_message_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options = TestServer::options()
        .unhurried()
        .variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let two = two_on(options).await;
    let target = two.provider.send(two.conversation, "regretted").await;
    let elsewhere = device(&two.server, &two.jonas).await;
    two.client.holds(two.conversation, 1).await;
    recorded(&[&two.client, &elsewhere, &two.provider], two.conversation).await;
    std::fs::write(&hold, b"").unwrap();
    let withdraw = Request::Withdraw { conversation: two.conversation, target };
    let mut answer = two.provider.begin(withdraw).unwrap();
    applied(&hold).await;
    for reader in [&two.client, &elsewhere, &two.provider] {
        assert_eq!(texts(&reader.history(two.conversation).await), ["regretted"]);
        let row = reader.inbox().await.rows.remove(0);
        let content = row.preview.unwrap().content;
        assert_eq!(content, PreviewContent::Message("regretted".to_owned()));
    }
    let opened = elsewhere.open(two.conversation).await;
    assert_eq!(texts(&opened.page.entries), ["regretted"]);
    assert!(answer.try_recv().is_err(), "nor is it acknowledged");
    std::fs::remove_file(&hold).unwrap();
    assert!(answer.await.unwrap().result.is_ok());
    for reader in [&two.client, &elsewhere, &two.provider] {
        assert_eq!(texts(&reader.history(two.conversation).await), ["[withdrawn]"]);
    }
}

#[tokio::test]
async fn while_a_sync_is_held_nothing_new_is_seen_by_anyone() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options = TestServer::options()
        .unhurried()
        .variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let two = two_on(options).await;
    let last = two.provider.send(two.conversation, "durable").await;
    let elsewhere = device(&two.server, &two.jonas).await;
    two.client.holds(two.conversation, 1).await;
    recorded(&[&two.client, &elsewhere, &two.provider], two.conversation).await;
    two.client.settle().await;
    let _ = two.client.take_events();

    std::fs::write(&hold, b"").unwrap();
    let mut answer =
        two.provider.begin(two.provider.message(two.conversation, "not yet durable")).unwrap();
    applied(&hold).await;
    // Everyone looks again and again while the batch is applied and its sync held.
    for _ in 0..50 {
        for reader in [&two.client, &elsewhere, &two.provider] {
            assert_eq!(texts(&reader.history(two.conversation).await), ["durable"]);
            let after = reader.page(two.conversation, last, Direction::After).await;
            assert_eq!(after.entries, []);
        }
        let inbox = elsewhere.inbox().await;
        assert_eq!(inbox.rows[0].unread, 1, "counts do not run ahead either");
        assert_eq!(inbox.rows[0].preview.as_ref().unwrap().entry, last);
        assert!(answer.try_recv().is_err(), "nor is it acknowledged");
    }
    let newest = two.client.page(two.conversation, EntryId::MAX, Direction::Before).await;
    assert_eq!(newest.entries.last().unwrap().id, last);
    let opened = elsewhere.open(two.conversation).await;
    assert_eq!(texts(&opened.page.entries), ["durable"]);
    let heard = two.client.take_events();
    assert!(!heard.iter().any(|arrival| matches!(arrival.event, ServerEvent::Entries { .. })));

    std::fs::remove_file(&hold).unwrap();
    let answer = answer.await.unwrap();
    assert!(answer.result.is_ok(), "{answer:?}");
    two.client.reads(two.conversation, &["durable", "not yet durable"]).await;
    elsewhere.reads(two.conversation, &["durable", "not yet durable"]).await;
}

#[tokio::test]
async fn what_was_never_synced_is_gone_for_everyone_after_a_crash_or_there_for_everyone() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options = TestServer::options()
        .unhurried()
        .variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let mut two = two_on(options).await;
    two.provider.send(two.conversation, "durable").await;
    std::fs::write(&hold, b"").unwrap();
    let request = two.provider.message(two.conversation, "in doubt");
    let answer = two.provider.begin(request.clone()).unwrap();
    applied(&hold).await;
    two.server.kill9();
    assert!(answer.await.is_err(), "it was not acknowledged");
    std::fs::remove_file(&hold).unwrap();
    two.server.restart().await;
    let back = two.provider.reconnect().await.unwrap();
    back.resume().await.unwrap();
    assert!(back.request(request).await.is_ok());
    assert_eq!(texts(&back.history(two.conversation).await), ["durable", "in doubt"]);
    let client = two.client.reconnect().await.unwrap();
    client.resume().await.unwrap();
    client.reads(two.conversation, &["durable", "in doubt"]).await;
    assert_eq!(client.breaches(), Vec::<String>::new());
}
