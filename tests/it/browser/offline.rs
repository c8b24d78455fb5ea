//! What is sent while the server is away waits, and goes out once.

use quietroom_tests::support::client::texts;
use quietroom_tests::support::{Browser, TestServer};

use super::{live, marked, send, two_browsers};
use crate::given::device;

/// Whether the page would ask before it is closed.
async fn asks_before_closing(browser: &Browser) -> bool {
    let closing = "const event = new Event('beforeunload', { cancelable: true });
                   window.dispatchEvent(event); return event.defaultPrevented";
    browser.script(closing, Vec::new()).await == true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_written_without_the_server_goes_out_once_when_it_is_back() {
    let mut two = two_browsers(TestServer::options()).await;
    send(&two.client, "all is well").await;
    marked(&two.client, "all is well", "sent").await;
    assert!(!asks_before_closing(&two.client).await, "nothing is unsent");
    two.server.kill9();
    two.client.find("banner").await;
    send(&two.client, "first while away").await;
    send(&two.client, "second while away").await;
    marked(&two.client, "second while away", "sending").await;
    assert!(asks_before_closing(&two.client).await, "something is unsent");
    two.server.restart().await;
    live(&two.client).await;
    two.client.gone("banner").await;
    let all = ["all is well", "first while away", "second while away"];
    two.provider.reads("message-text", &all).await;
    two.client.reads("message-text", &all).await;
    marked(&two.client, "second while away", "sent").await;
    assert!(!asks_before_closing(&two.client).await);
    let reader = device(&two.server, &two.jonas).await;
    assert_eq!(texts(&reader.history(two.conversation).await), all);
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_back_at_once_is_one_press_away() {
    let mut two = two_browsers(TestServer::options()).await;
    two.server.kill9();
    two.client.find("banner").await;
    two.server.restart().await;
    if two.client.shows("try-now").await {
        // It may have come back by itself in this very moment.
        let press = "document.querySelector('[data-testid=try-now]')?.click()";
        two.client.script(press, Vec::new()).await;
    }
    live(&two.client).await;
    two.client.gone("banner").await;
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_kept_for_each_conversation() {
    let (server, _, jonas, provider, first) = super::practice(TestServer::options()).await;
    let second = provider.create(&[jonas.id]).await;
    let browser = super::signed_in(&server, &jonas, super::WIDE, Some(first)).await;
    browser.insert("composer", "half a thought").await;
    super::open(&browser, second).await;
    let value = |text: &str| {
        format!(
            "document.querySelector('[data-testid=composer]').value === {}",
            serde_json::json!(text)
        )
    };
    browser.until("an empty composer", &value("")).await;
    browser.insert("composer", "another").await;
    super::open(&browser, first).await;
    browser.until("the first draft", &value("half a thought")).await;
    super::open(&browser, second).await;
    browser.until("the second draft", &value("another")).await;
    browser.finish().await;
}
