//! R of the trust numbers: a reader that stops reading, and a line that is dead without saying so.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use quietroom_tests::support::client::Upgrade;
use quietroom_tests::support::{TestClient, TestServer, eventually};
use shared_proto::wire::{ServerEvent, close};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;

use crate::given::{Two, two_on};

/// A socket of the client's that is open and never read, with the smallest buffer the system
/// gives.
async fn silent(two: &Two) -> quietroom_tests::support::Connection {
    let session = two.client.session();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(session.server.socket).await.unwrap();
    Upgrade::of(session).connect_over(Box::new(stream), &session.server.host).await.unwrap()
}

/// How long each of `count` messages takes from being sent to reaching the client, sorted.
async fn deliveries(two: &Two, count: usize, text: &str) -> Vec<Duration> {
    let mut taken = Vec::new();
    for _ in 0..count {
        let started = Instant::now();
        let entry = two.provider.send(two.conversation, text).await;
        let arrived = two
            .client
            .event("the message", |arrival| match &arrival.event {
                ServerEvent::Entries { entries, .. } => {
                    entries.iter().any(|one| one.id == entry).then_some(arrival.at)
                }
                _ => None,
            })
            .await;
        taken.push(arrived.saturating_duration_since(started));
        let _ = two.provider.take_events();
    }
    taken.sort_unstable();
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_reading_is_cut_and_the_others_go_on() {
    let two = two_on(TestServer::options().unhurried()).await;
    let large = "x".repeat(8_000);
    let before = deliveries(&two, 300, &large).await;
    let _slow = silent(&two).await;
    let cut_before = two.server.metric("quietroom_socket_closes_total", &["slow"]).await;
    // Its queue may hold 1 MiB; the system's own buffers take some more before that fills.
    let mut during = Vec::new();
    let mut sent = 0usize;
    loop {
        during.extend(deliveries(&two, 100, &large).await);
        sent += 100 * large.len();
        if two.server.metric("quietroom_socket_closes_total", &["slow"]).await > cut_before {
            break;
        }
        assert!(sent < 24 * 1024 * 1024, "{sent} bytes wait for a reader that does not read");
    }
    during.sort_unstable();
    let p99 = |taken: &[Duration]| taken[taken.len() * 99 / 100];
    assert!(
        p99(&during) < p99(&before) * 2 + Duration::from_millis(20),
        "p99 of the others went from {:?} to {:?}",
        p99(&before),
        p99(&during)
    );
    assert!(!two.client.is_closed() && !two.provider.is_closed());
    // Whoever was cut comes back and has everything.
    let back = TestClient::connect(two.client.session()).await;
    assert_eq!(back.history(two.conversation).await.len(), two.client.held(two.conversation).len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_reads_again_in_time_is_told_why_it_was_cut() {
    let two = two_on(TestServer::options().unhurried()).await;
    let large = "x".repeat(8_000);
    let mut slow = silent(&two).await;
    let (cut, is_cut) = tokio::sync::oneshot::channel();
    let sending = async {
        let mut is_cut = is_cut;
        while is_cut.try_recv().is_err() {
            let sent: Vec<_> = (0..16)
                .map(|_| two.provider.begin(two.provider.message(two.conversation, &large)))
                .collect();
            for answer in sent {
                answer.unwrap().await.unwrap().result.unwrap();
            }
            let _ = (two.provider.take_events(), two.client.take_events());
        }
    };
    let reading = async {
        eventually("the reader to be cut", async || {
            let cut = two.server.metric("quietroom_socket_closes_total", &["too-slow"]).await;
            (cut > 0.5).then_some(())
        })
        .await;
        let _ = cut.send(());
        // What the system had buffered still comes, then the reason.
        while let Some(Ok(message)) = slow.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    };
    let ((), code) = tokio::join!(sending, reading);
    assert_eq!(code, Some(close::TOO_SLOW));
}

#[tokio::test]
async fn a_line_that_answers_no_ping_is_cut_in_time() {
    let options = TestServer::options().flag("--silence-ms", 1_500).flag("--ping-ms", 400);
    let two = two_on(options).await;
    two.client.hang_up();
    two.client.close_code().await;
    let Two { server, .. } = &two;
    eventually("one socket left", async || {
        (server.metric("quietroom_connections", &[]).await < 1.5).then_some(())
    })
    .await;
    let started = Instant::now();
    // Nobody polls this socket, so no ping is ever answered; the provider's is.
    let dead = silent(&two).await;
    eventually("the dead line to count", async || {
        (server.metric("quietroom_connections", &[]).await > 1.5).then_some(())
    })
    .await;
    eventually("the dead line to be cut", async || {
        (server.metric("quietroom_connections", &[]).await < 1.5).then_some(())
    })
    .await;
    let took = started.elapsed();
    assert!(took > Duration::from_millis(1_400), "cut after only {took:?}");
    assert!(took < Duration::from_millis(1_500 + 400 + 1_500), "cut only after {took:?}");
    assert!(!two.provider.is_closed(), "a line that answers stays");
    two.provider.settle().await;
    drop(dead);
}
