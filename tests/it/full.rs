//! D of the trust numbers: a disk that is nearly full.

use std::path::PathBuf;
use std::time::Duration;

use quietroom_tests::support::client::texts;
use quietroom_tests::support::people::refusal;
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::http as api;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Request, close};

use crate::given::{Two, two_on};

/// A practice of two on a disk that counts as full while the file exists.
async fn on_a_small_disk() -> (Two, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full");
    let options =
        TestServer::options().unhurried().variable("QUIETROOM_FAULT_FULL", full.to_str().unwrap());
    (two_on(options).await, full, folder)
}

#[tokio::test]
async fn on_a_full_disk_reading_goes_on_and_writing_resumes_by_itself() {
    let (two, full, _folder) = on_a_small_disk().await;
    two.provider.send(two.conversation, "before").await;
    std::fs::write(&full, b"").unwrap();
    let message = two.provider.message(two.conversation, "when there is room again");
    assert_eq!(two.provider.request(message.clone()).await, Err(Refusal::StorageFull));
    for reader in [&two.provider, &two.client] {
        assert_eq!(texts(&reader.history(two.conversation).await), ["before"]);
        assert_eq!(reader.inbox().await.rows.len(), 1);
        assert_eq!(texts(&reader.open(two.conversation).await.page.entries), ["before"]);
    }
    let phone = try_sign_in(two.server.address(), &two.jonas.email, &two.jonas.password).await;
    assert_eq!(refusal(&phone.unwrap()), Refusal::StorageFull, "a session would be written");
    std::fs::remove_file(&full).unwrap();
    let request = two.provider.request(message.clone()).await;
    assert!(request.is_ok(), "{request:?}");
    two.client.reads(two.conversation, &["before", "when there is room again"]).await;
    assert_eq!(two.provider.request(message).await, request, "and it is there once");
}

#[tokio::test]
async fn on_a_full_disk_access_still_ends_at_once() {
    let (two, full, _folder) = on_a_small_disk().await;
    let phone = two.server.sign_in(&two.jonas).await;
    std::fs::write(&full, b"").unwrap();
    assert_eq!(two.client.session().sign_out().await, 200);
    assert_eq!(two.client.close_code().await, Some(close::SESSION_ENDED));
    assert_eq!(TestClient::try_connect(two.client.session()).await.err(), Some(401));
    let there = TestClient::connect(&phone).await;
    two.server.person(&["disable", &two.jonas.email], "");
    assert_eq!(there.close_code().await, Some(close::SESSION_ENDED));
    assert!(matches!(phone.state().await, api::Session::SignedOut { .. }));
    two.server.person(&["reset", &two.dana.email], "");
    assert_eq!(two.provider.close_code().await, Some(close::SESSION_ENDED));
}

#[tokio::test]
async fn a_full_disk_holds_no_stop_up() {
    let (mut two, full, _folder) = on_a_small_disk().await;
    let entry = two.provider.send(two.conversation, "read, but not kept so").await;
    std::fs::write(&full, b"").unwrap();
    two.client.tell(Request::ReadUpTo { conversation: two.conversation, entry });
    two.client.settle().await;
    eventually("the mark to be refused", async || {
        two.server.log().contains("a batch was not committed").then_some(())
    })
    .await;
    let (status, took) = two.server.sigterm().await;
    assert_eq!(status.code(), Some(0));
    let log = two.server.log();
    assert!(!log.contains("some connections were cut while stopping"), "{log}");
    let tries = log.matches("a batch was not committed").count();
    assert!(tries < 10, "{tries} tries in {took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
}
