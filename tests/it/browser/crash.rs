//! The server is killed in the middle of a conversation and started again under both browsers.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{TestServer, Window};

use super::{live, marked, send, two_browsers};
use crate::given::device;

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_mid_conversation_loses_doubles_and_reorders_nothing() {
    let mut two = two_browsers(TestServer::options().unhurried()).await;
    for browser in [&two.provider, &two.client] {
        // Tall enough that the page draws every message of this test at once.
        browser.resize(Window { width: 1280, height: 3000 }).await;
    }
    let mut written = Vec::new();
    for round in 0..3 {
        for number in 0..3 {
            for (browser, who) in [(&two.provider, "provider"), (&two.client, "client")] {
                let text = format!("{who} {round}.{number}");
                send(browser, &text).await;
                written.push(text);
            }
        }
        // Some of these are under way, some acknowledged, some not yet seen by the other.
        two.server.kill9();
        for (browser, who) in [(&two.provider, "provider"), (&two.client, "client")] {
            browser.find("banner").await;
            let text = format!("{who} {round} while it was away");
            send(browser, &text).await;
            marked(browser, &text, "sending").await;
            written.push(text);
        }
        two.server.restart().await;
        for browser in [&two.provider, &two.client] {
            live(browser).await;
            browser.gone("banner").await;
        }
        for (browser, who) in [(&two.provider, "provider"), (&two.client, "client")] {
            marked(browser, &format!("{who} {round} while it was away"), "sent").await;
        }
    }
    let reader = device(&two.server, &two.dana).await;
    let stored = texts(&reader.history(two.conversation).await);
    let shown: Vec<&str> = stored.iter().map(String::as_str).collect();
    two.provider.reads("message-text", &shown).await;
    two.client.reads("message-text", &shown).await;
    for who in ["provider", "client"] {
        let of = |all: &[String]| -> Vec<String> {
            all.iter().filter(|text| text.starts_with(who)).cloned().collect()
        };
        assert_eq!(of(&stored), of(&written), "each once, in the order of writing");
    }
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_restart_is_hardly_noticed() {
    let mut two = two_browsers(TestServer::options()).await;
    send(&two.provider, "before").await;
    two.client.reads("message-text", &["before"]).await;
    let (status, _) = two.server.sigterm().await;
    assert!(status.success());
    two.server.restart().await;
    send(&two.client, "after").await;
    two.provider.reads("message-text", &["before", "after"]).await;
    two.client.reads("message-text", &["before", "after"]).await;
    two.provider.finish().await;
    two.client.finish().await;
}
