//! S of the trust numbers: two thousand sockets come back at once after a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use quietroom_tests::support::{TestClient, TestServer, raise_open_files};
use shared_proto::people::Role;

const SOCKETS: usize = 2_000;
const PEOPLE: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_sockets_reconnect_at_once_without_a_gap_or_a_double() {
    assert!(raise_open_files() > 2 * SOCKETS as u64 + 500, "ulimit -n is too low for this test");
    let mut server = TestServer::options().unhurried().start().await;
    let dana = server.person_add("Dana Whitfield", Role::Owner);
    let provider_session = server.sign_in(&dana).await;
    let provider = TestClient::connect(&provider_session).await;
    let mut clients = Vec::new();
    let mut conversations = Vec::new();
    for number in 0..PEOPLE {
        let person = server.person_add(&format!("Client {number}"), Role::Client);
        let session = server.sign_in(&person).await;
        let conversation = provider.create(&[person.id]).await;
        provider.open(conversation).await;
        conversations.push(conversation);
        let connecting = (0..SOCKETS / PEOPLE).map(|_| async {
            let client = TestClient::connect(&session).await;
            client.open(conversation).await;
            client
        });
        for client in futures_util::future::join_all(connecting).await {
            clients.push((client, conversation));
        }
    }
    for &conversation in &conversations {
        provider.send(conversation, "before").await;
    }
    for (client, conversation) in &clients {
        client.holds(*conversation, 1).await;
    }

    server.kill9();
    server.restart().await;
    let started = Instant::now();
    let provider = provider.reconnect().await.unwrap();
    provider.resume().await.unwrap();
    let refused = Arc::new(AtomicUsize::new(0));
    let returning = clients.iter().map(|(client, conversation)| {
        let refused = Arc::clone(&refused);
        async move {
            loop {
                if let Ok(back) = client.reconnect().await {
                    back.resume().await.unwrap();
                    return (back, *conversation);
                }
                refused.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    });
    let sending = async {
        for round in 0..5 {
            for &conversation in &conversations {
                provider.send(conversation, &format!("meanwhile {round}")).await;
            }
        }
    };
    let (back, ()) = tokio::join!(futures_util::future::join_all(returning), sending);
    let took = started.elapsed();
    println!("{SOCKETS} sockets back after {took:?}, {refused:?} tries in vain");

    let expected: Vec<String> = std::iter::once("before".to_owned())
        .chain((0..5).map(|round| format!("meanwhile {round}")))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    for (client, conversation) in &back {
        client.reads(*conversation, &expected).await;
        assert_eq!(client.held(*conversation).len(), 1 + expected.len());
        assert_eq!(client.breaches(), Vec::<String>::new());
    }
    assert_eq!(back.len(), SOCKETS);
}
