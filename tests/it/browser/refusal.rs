//! A refusal is shown where it happened, with what to do; most are explained before they happen.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::client::texts;
use thirtyfour::Key;

use super::{WIDE, marked, practice, send, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_too_long_is_explained_before_it_is_sent() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.insert("composer", &"a".repeat(8_000)).await;
    browser.find("counter").await;
    let disabled = "document.querySelector('[data-testid=send]').ariaDisabled === 'true'";
    browser.until("the button to work", &format!("!({disabled})")).await;
    browser.insert("composer", "b").await;
    browser.until("the button to refuse", disabled).await;
    let reason = browser.find("composer-reason").await.text().await.unwrap();
    assert!(reason.contains("1 character too long"), "{reason}");
    browser.key("composer", Key::Enter).await;
    browser.key("composer", Key::Backspace).await;
    browser.until("the button to work again", &format!("!({disabled})")).await;
    browser.key("composer", Key::Enter).await;
    provider.reads(conversation, &["a".repeat(8_000).as_str()]).await;
    assert_eq!(texts(&provider.history(conversation).await).len(), 1);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_too_fast_goes_out_a_little_later_once_and_in_order() {
    let options = TestServer::options().flag("--rate-per-second", 4).flag("--rate-burst", 15);
    let (server, _, jonas, provider, conversation) = practice(options).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let expected: Vec<String> = (0..25).map(|number| format!("fast {number}")).collect();
    for text in &expected {
        send(&browser, text).await;
    }
    marked(&browser, "fast 24", "sent").await;
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    provider.reads(conversation, &expected).await;
    browser.reads("message-text", &expected).await;
    assert_eq!(texts(&provider.held(conversation)), expected);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_message_is_not_sent() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.key("composer", Key::Enter).await;
    browser.insert("composer", " \u{2003} ").await;
    browser.key("composer", Key::Enter).await;
    browser.script("document.querySelector('[data-testid=composer]').select()", Vec::new()).await;
    send(&browser, "something").await;
    provider.reads(conversation, &["something"]).await;
    assert_eq!(texts(&provider.history(conversation).await), ["something"]);
    browser.finish().await;
}
