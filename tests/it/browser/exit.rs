//! The quick exit (A2): gone at once, and nothing on the way back.

use quietroom_tests::support::browser::{PHONE, by};
use quietroom_tests::support::{Browser, TestServer, Window};
use serde_json::{Value, json};

use super::storage::kept;
use super::{WIDE, practice, signed_in};

const SECRET: &str = "a secret of the room";

/// Nobody's test goes to a site of somebody else: the way there is blocked.
async fn walled(browser: &Browser) {
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*wikipedia.org*"] })).await;
}

/// Waits until the browser is elsewhere.
async fn is_elsewhere(browser: &Browser) {
    let gone = async || browser.url().await.contains("wikipedia.org").then_some(());
    quietroom_tests::support::eventually("the page to be gone", gone).await;
}

/// Goes back, and finds the sign-in and nothing else.
async fn way_back(browser: &Browser, server: &TestServer) {
    browser.goto(&server.url("/")).await;
    browser.find("sign-in-form").await;
    let page = browser.script("return document.documentElement.outerHTML", vec![]).await;
    assert!(!page.as_str().unwrap().contains(SECRET));
    let left = kept(browser).await;
    assert_eq!((&left["local"], &left["session"]), (&json!({}), &json!({})));
    assert_eq!(left["cookies"], "");
}

async fn escapes(browser: &Browser, times: usize) {
    for _ in 0..times {
        for kind in ["keyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Escape", "code": "Escape",
                "windowsVirtualKeyCode": 27 });
            browser.devtools("Input.dispatchKeyEvent", key).await;
        }
    }
}

async fn leaves(window: Window, leave: impl AsyncFn(&Browser)) {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, SECRET).await;
    let browser = signed_in(&server, &jonas, window, Some(conversation)).await;
    browser.says(SECRET).await;
    // Nothing asks about it.
    browser.insert("composer", "something unsent").await;
    walled(&browser).await;
    leave(&browser).await;
    is_elsewhere(&browser).await;
    // The session has ended on the server, by what the page sent as it went.
    let signed_out = async || {
        let log = server.log();
        log.contains("signed out").then_some(())
    };
    quietroom_tests::support::eventually("the session to end", signed_out).await;
    // Back in the history: the inbox was there before the conversation.
    browser.back().await;
    browser.find("sign-in-form").await;
    way_back(&browser, &server).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_in_the_rail_leaves_at_once() {
    leaves(WIDE, async |browser| browser.press("quick-exit").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_in_a_conversation_on_a_phone_leaves_at_once() {
    leaves(PHONE, async |browser| browser.press("quick-exit-here").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn escape_three_times_leaves_at_once_and_once_or_twice_does_not() {
    leaves(WIDE, async |browser| {
        escapes(browser, 2).await;
        let none = "new Promise(done => setTimeout(() => done(true), 1600))";
        browser.until("the presses to be too long ago", none).await;
        escapes(browser, 1).await;
        browser.says(SECRET).await;
        let composing = "for (let i = 0; i < 5; i++) document.querySelector(arguments[0])\
            .dispatchEvent(new KeyboardEvent('keydown',\
            { key: 'Escape', isComposing: true, bubbles: true }))";
        browser.script(composing, vec![json!(by("composer"))]).await;
        browser.says(SECRET).await;
        escapes(browser, 2).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_server_the_page_is_left_and_the_next_one_signs_out_first() {
    let (mut server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, SECRET).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.says(SECRET).await;
    walled(&browser).await;
    server.kill9();
    browser.find("banner").await;
    browser.press("quick-exit").await;
    is_elsewhere(&browser).await;
    server.restart().await;
    way_back(&browser, &server).await;
    let cookies = browser.devtools("Network.getAllCookies", json!({})).await;
    let cookies = cookies["cookies"].as_array().cloned().unwrap_or_default();
    let own = cookies.iter().filter(|cookie| !cookie["name"].as_str().unwrap_or("").is_empty());
    assert_eq!(own.collect::<Vec<&Value>>().len(), 0, "the cookie is gone with the session");
    // Whoever signs in afterwards stays so.
    browser.sign_in(&server, &jonas).await;
    browser.reload().await;
    browser.find("account-menu").await;
    browser.finish().await;
}
