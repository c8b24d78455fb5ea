//! Notices and a server that is killed: none is missed, and none comes twice where that can be known.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{TestClient, eventually};
use shared_proto::wire::Request;
use tempfile::TempDir;

use super::{SUBJECT, at_once, notices, read, said, told, two_told};
use crate::given::{Two, times};
use crate::mail::through;

/// Everyone comes back after a kill.
async fn come_back(two: &mut Two) {
    let again = |client: &TestClient| {
        let session = client.session().clone();
        async move { TestClient::connect(&session).await }
    };
    two.provider = again(&two.provider).await;
    two.client = again(&two.client).await;
}

/// Two, a relay, and a file that holds notices back while it is there.
struct Held {
    relay: Relay,
    two: Two,
    hold: PathBuf,
    _folder: TempDir,
}

/// They wait at the point that `variable` names.
async fn held(variable: &str) -> Held {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    std::fs::write(&hold, "").unwrap();
    let relay = Relay::start().await;
    let options = through(&relay)
        .variable("QUIETROOM_NOTICE_ACTIVE_MS", "0")
        .variable(variable, hold.to_str().unwrap());
    let two = two_told(options).await;
    Held { relay, two, hold, _folder: folder }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_after_the_message_leaves_exactly_one_notice() {
    let mut two = two_told(at_once()).await;
    for run in 1..=times(5, 50) {
        let conversation = two.provider.create(&[two.jonas.id]).await;
        two.provider.send(conversation, "Good evening").await;
        // The moment is random on purpose: the notice is decided 1.8 s after the message.
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..2_200_000))).await;
        two.server.kill9();
        two.server.restart().await;
        told(&two.server, &two.jonas.email, run).await;
        come_back(&mut two).await;
    }
    // Each has its own name, and a burst is in one file.
    let ids: HashSet<_> = notices(&two.server, &two.jonas.email)
        .iter()
        .map(|notice| notice.header("message-id").unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), times(5, 50));
    two.server.kill9();
    let data = two.server.data().to_str().unwrap().to_owned();
    let verified = two.server.succeed(&["verify", "--data", &data], "");
    assert!(verified.contains("ok"), "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_decided_and_not_sent_when_the_server_is_killed_is_sent_once() {
    let Held { relay, mut two, hold, _folder } = held("QUIETROOM_FAULT_HOLD_NOTICE").await;
    for run in 1..=times(2, 50) {
        std::fs::write(&hold, "").unwrap();
        let conversation = two.provider.create(&[two.jonas.id]).await;
        two.provider.send(conversation, "Good evening").await;
        eventually("a notice to wait", async || {
            let waiting = ["channel=\"email\""];
            (two.server.metric("quietroom_notices_waiting", &waiting).await == 1.0).then_some(())
        })
        .await;
        two.server.kill9();
        assert_eq!(of(&relay, &two).len(), run - 1, "it was held");
        std::fs::remove_file(&hold).unwrap();
        two.server.restart().await;
        eventually("the notice", async || (of(&relay, &two).len() == run).then_some(())).await;
        come_back(&mut two).await;
    }
    let ids: HashSet<String> = of(&relay, &two).into_iter().collect();
    assert_eq!(ids.len(), times(2, 50), "none came twice");
}

/// What the notices that came are called.
fn of(relay: &Relay, two: &Two) -> Vec<String> {
    let name = |raw: &Vec<u8>| {
        let letter = String::from_utf8_lossy(raw).into_owned();
        // Neither is long enough to be folded.
        let header = |name: &str| letter.lines().find_map(|line| line.strip_prefix(name));
        let is_notice = header("Subject: ") == Some(SUBJECT);
        is_notice.then(|| header("Message-ID: ").unwrap().to_owned())
    };
    relay.raw(&two.jonas.email).iter().filter_map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_the_relay_took_before_a_kill_comes_again_at_most_once_under_its_name() {
    let Held { relay, mut two, hold, _folder } = held("QUIETROOM_FAULT_HOLD_SETTLE").await;
    let conversation = two.provider.create(&[two.jonas.id]).await;
    two.provider.send(conversation, "Good evening").await;
    for sent in [1, 2] {
        eventually("the notice", async || (of(&relay, &two).len() == sent).then_some(())).await;
        two.server.kill9();
        two.server.restart().await;
    }
    std::fs::remove_file(&hold).unwrap();
    eventually("it to be set aside", async || {
        let email = ["channel=\"email\""];
        (two.server.metric("quietroom_notices_set_aside", &email).await == 1.0).then_some(())
    })
    .await;
    let ids = of(&relay, &two);
    assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "at most one double, under one name");
    let data = two.server.data().to_str().unwrap();
    let status = two.server.succeed(&["notify", "status", "--data", data], "");
    assert!(status.contains("went down twice"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_notice_may_have_reached_before_a_kill_counts_as_told() {
    let Held { relay, mut two, hold, _folder } = held("QUIETROOM_FAULT_HOLD_SETTLE").await;
    std::fs::remove_file(&hold).unwrap();
    let first = two.provider.send(two.conversation, "Good evening").await;
    eventually("the first", async || (of(&relay, &two).len() == 1).then_some(())).await;
    read(&two.client, two.conversation, first).await;
    std::fs::write(&hold, "").unwrap();
    let sent = two.provider.send(two.conversation, "Are you there?").await;
    eventually("the second", async || (of(&relay, &two).len() == 2).then_some(())).await;
    let withdraw = Request::Withdraw { conversation: two.conversation, target: sent };
    two.provider.request(withdraw).await.unwrap();
    two.server.kill9();
    std::fs::remove_file(&hold).unwrap();
    two.server.restart().await;
    let jonas = two.jonas.id.to_string();
    said(&two.server, &[&jonas, "email", "dropped", "has been withdrawn"]).await;
    come_back(&mut two).await;
    two.provider.send(two.conversation, "Until tomorrow").await;
    said(&two.server, &[&jonas, "not told", "since they last read"]).await;
    assert_eq!(of(&relay, &two).len(), 2);
}
