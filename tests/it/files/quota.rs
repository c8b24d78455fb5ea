//! How much one person may keep, and what is removed of what nobody came back for.

use futures_util::future::join_all;
use quietroom_tests::support::{TestServer, eventually, fresh_id};
use shared_proto::file::ask::{Ask, Told};
use shared_proto::limits::UPLOADS_WAITING;
use shared_proto::refusal::{Refusal, Rule};

use super::{CHUNK, ask, begin, fetch, pdf, put, refused, send, share, text};
use crate::given::{contents, device, two_on};

const MEGABYTE: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_more_than_their_share_however_many_they_send_at_once() {
    let options = TestServer::options().unhurried().flag("--client-files-mb", 3);
    let two = two_on(options.flag("--provider-files-mb", 5)).await;
    let conversation = two.conversation;
    let wanted = (0..10).map(|_| begin(&two.client, conversation, fresh_id(), "a.txt", MEGABYTE));
    let answers = join_all(wanted).await;
    let begun: Vec<_> = answers.iter().filter_map(|answer| answer.ok()).collect();
    assert_eq!(begun.len(), 3, "{answers:?}");
    let used = Err(refused(Rule::QuotaUsed { limit: 3 }));
    assert!(answers.iter().filter(|answer| answer.is_err()).all(|answer| *answer == used));
    // A provider has a share of their own, and more of it.
    for _ in 0..5 {
        begin(&two.provider, conversation, fresh_id(), "a.txt", MEGABYTE).await.unwrap();
    }
    let more = begin(&two.provider, conversation, fresh_id(), "a.txt", 1).await;
    assert_eq!(more, Err(refused(Rule::QuotaUsed { limit: 5 })));

    // What is cancelled makes room, what is refused does too, and what is shared does not.
    let cancel = |file| ask(&two.client, Ask::Cancel { conversation, file });
    assert_eq!(cancel(begun[0].0).await, Ok(Told::Cancelled));
    let page = [b"<html>".to_vec(), text(MEGABYTE - 6)].concat();
    for _ in 0..3 {
        let sent = send(&two.client, conversation, "a.pdf", &page).await;
        assert_eq!(sent, Err(refused(Rule::Differs)));
    }
    let file = send(&two.client, conversation, "a.txt", &text(MEGABYTE)).await.unwrap();
    share(&two.client, conversation, file, &[]).await.unwrap();
    assert_eq!(begin(&two.client, conversation, fresh_id(), "a.txt", 1).await, used);
    let waits = begin(&two.client, conversation, fresh_id(), "a.txt", 30 * MEGABYTE).await;
    assert_eq!(waits, Err(refused(Rule::TooLarge { limit: 25 })));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_never_shared_do_not_pile_up() {
    let two = two_on(TestServer::options().unhurried()).await;
    let conversation = two.conversation;
    for _ in 0..UPLOADS_WAITING {
        begin(&two.client, conversation, fresh_id(), "a.txt", 1).await.unwrap();
    }
    let limit = UPLOADS_WAITING as u32;
    let more = begin(&two.client, conversation, fresh_id(), "a.txt", 1).await;
    assert_eq!(more, Err(refused(Rule::TooMany { limit })));
    begin(&two.provider, conversation, fresh_id(), "a.txt", 1).await.expect("each for themself");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_shared_is_removed_after_a_day_and_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    let options = TestServer::options()
        .unhurried()
        .flag("--client-files-mb", 2)
        .variable("QUIETROOM_FAULT_CLOCK", clock.to_str().unwrap());
    let mut two = two_on(options).await;
    let conversation = two.conversation;
    let kept = send(&two.client, conversation, "kept.pdf", &pdf("kept")).await.unwrap();
    share(&two.client, conversation, kept, &[]).await.unwrap();
    let client_id = fresh_id();
    let name = "left.txt";
    let whole = text(MEGABYTE);
    let (left, _) = begin(&two.client, conversation, client_id, name, whole.len()).await.unwrap();
    put(&two.client, conversation, left, 0, &whole).await.unwrap();
    let there = |data: &std::path::Path| contents(&data.join("files")).len();
    assert_eq!(there(two.server.data()), 2);

    // Not before a day has gone by.
    std::fs::write(&clock, (23 * 60 * 60 * 1_000).to_string()).unwrap();
    two.server.restart().await;
    let jonas = device(&two.server, &two.jonas).await;
    let again = begin(&jonas, conversation, client_id, name, whole.len()).await;
    assert_eq!(again, Ok((left, whole.len() as u64)));

    std::fs::write(&clock, (25 * 60 * 60 * 1_000).to_string()).unwrap();
    two.server.restart().await;
    let data = two.server.data().to_owned();
    eventually("what was left behind to be removed", async || (there(&data) == 1).then_some(()))
        .await;
    let jonas = device(&two.server, &two.jonas).await;
    assert_eq!(share(&jonas, conversation, left, &[]).await, Err(Refusal::NotFound));
    assert_eq!(fetch(&jonas, conversation, kept).await.body, pdf("kept"));
    let again = begin(&jonas, conversation, client_id, name, whole.len()).await;
    assert_eq!(again, Ok((left, 0)), "and it can be sent anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_taken_in_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full");
    let options = TestServer::options().variable("QUIETROOM_FAULT_FULL", full.to_str().unwrap());
    let two = two_on(options).await;
    let conversation = two.conversation;
    let kept = send(&two.client, conversation, "kept.pdf", &pdf("kept")).await.unwrap();
    share(&two.client, conversation, kept, &[]).await.unwrap();
    let whole = text(2 * CHUNK);
    let name = "a.txt";
    let (file, _) = begin(&two.client, conversation, fresh_id(), name, whole.len()).await.unwrap();
    std::fs::write(&full, "").unwrap();
    assert_eq!(put(&two.client, conversation, file, 0, &whole).await, Err(Refusal::StorageFull));
    let begun = begin(&two.client, conversation, fresh_id(), name, 10).await;
    assert_eq!(begun, Err(Refusal::StorageFull));
    assert_eq!(fetch(&two.provider, conversation, kept).await.body, pdf("kept"));
    let waiting = ask(&two.client, Ask::Cancel { conversation, file }).await;
    assert_eq!(waiting, Ok(Told::Cancelled), "what makes room is done");
    std::fs::remove_file(&full).unwrap();
    send(&two.client, conversation, name, &whole).await.unwrap();
}
