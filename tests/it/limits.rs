//! The bounds of one person: how fast, how many sockets, how much at once.

use std::time::Duration;

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestClient, TestServer};
use shared_proto::codec;
use shared_proto::limits::REQUESTS_PENDING;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, Request, close};
use tokio_tungstenite::tungstenite::Message;

use crate::given::{device, two_on};

#[tokio::test]
async fn who_sends_too_fast_is_told_how_long_to_wait_and_the_others_are_not_held_up() {
    let options = TestServer::options().flag("--rate-per-second", 5).flag("--rate-burst", 10);
    let two = two_on(options).await;
    let answers: Vec<_> = (0..40)
        .map(|number| {
            let request = two.client.message(two.conversation, &number.to_string());
            two.client.begin(request).unwrap()
        })
        .collect();
    let mut sent = 0;
    let mut waits = Vec::new();
    for answer in answers {
        match answer.await.unwrap().result {
            Ok(_) => sent += 1,
            Err(Refusal::TooFast { retry_after_ms }) => waits.push(retry_after_ms),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!((1..=15).contains(&sent), "{sent} of 40 within a burst of 10");
    assert!(waits.iter().all(|&wait| (1..=10_000).contains(&wait)), "{waits:?}");
    two.provider.request(Request::Ping).await.expect("another person is not held up");
    // Waiting as long as was said is enough.
    let longest = waits.iter().copied().max().unwrap();
    tokio::time::sleep(Duration::from_millis(u64::from(longest) + 50)).await;
    two.client.send(two.conversation, "patience").await;
    two.provider.reads(two.conversation, &["patience"]).await;
    assert_eq!(texts(&two.provider.history(two.conversation).await).len(), sent + 1);
}

#[tokio::test]
async fn who_goes_on_sending_too_fast_is_cut() {
    let two = two_on(TestServer::options()).await;
    let ping = || Message::Ping(Vec::new().into());
    let ask = || Message::binary(codec::encode(&ClientFrame { id: 1, request: Request::Ping }));
    for flood in [ping as fn() -> Message, || Message::Pong(Vec::new().into()), ask] {
        let device = device(&two.server, &two.jonas).await;
        for _ in 0..2_000 {
            device.raw(flood());
        }
        assert_eq!(device.close_code().await, Some(close::MALFORMED));
    }
    assert!(two.server.metric("quietroom_socket_closes_total", &["too-fast"]).await > 2.5);
    two.provider.settle().await;
    assert!(!two.client.is_closed(), "only the sockets that do it");
}

#[tokio::test]
async fn the_rate_is_a_persons_and_not_a_sockets() {
    let options = TestServer::options().flag("--rate-per-second", 1).flag("--rate-burst", 10);
    let two = two_on(options).await;
    let phone = device(&two.server, &two.jonas).await;
    let mut refused = 0;
    for device in [&two.client, &phone] {
        for _ in 0..9 {
            if device.request(Request::Ping).await.is_err() {
                refused += 1;
            }
        }
    }
    assert!(refused >= 7, "two sockets do not make twice the rate: {refused}");
}

#[tokio::test]
async fn more_sockets_than_allowed_are_closed_with_their_code() {
    let two = two_on(TestServer::options().flag("--sockets-per-person", 3)).await;
    let session = two.client.session();
    let mut open = vec![TestClient::connect(session).await, TestClient::connect(session).await];
    let code = match TestClient::try_connect(session).await {
        Ok(one_more) => one_more.close_code().await,
        Err(0) => Some(close::TOO_MANY_SOCKETS),
        Err(status) => panic!("{status}"),
    };
    assert_eq!(code, Some(close::TOO_MANY_SOCKETS));
    for device in open.iter().chain([&two.client, &two.provider]) {
        device.settle().await;
    }
    let closed = open.pop().unwrap();
    closed.hang_up();
    closed.close_code().await;
    let again = quietroom_tests::support::eventually("room for one more", async || {
        let client = TestClient::try_connect(session).await.ok()?;
        client.ask(Request::Ping).await.ok()?;
        Some(client)
    })
    .await;
    again.settle().await;
}

#[tokio::test]
async fn requests_beyond_the_bound_are_refused_or_held_back_but_never_lost() {
    let folder = tempfile::tempdir().unwrap();
    let hold = folder.path().join("hold");
    let options = TestServer::options()
        .unhurried()
        .variable("QUIETROOM_FAULT_HOLD_SYNC", hold.to_str().unwrap());
    let two = two_on(options).await;
    std::fs::write(&hold, b"").unwrap();
    let answers: Vec<_> = (0..REQUESTS_PENDING * 4)
        .map(|number| {
            let request = two.client.message(two.conversation, &number.to_string());
            two.client.begin(request).unwrap()
        })
        .collect();
    // The provider is served while the client's requests wait for the disk.
    two.provider.settle().await;
    std::fs::remove_file(&hold).unwrap();
    let mut sent = Vec::new();
    for (number, answer) in answers.into_iter().enumerate() {
        match answer.await.expect("each is answered").result {
            Ok(_) => sent.push(number.to_string()),
            Err(Refusal::Busy | Refusal::TooFast { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(sent.len() >= REQUESTS_PENDING, "{}", sent.len());
    assert_eq!(texts(&two.provider.history(two.conversation).await), sent);
}
