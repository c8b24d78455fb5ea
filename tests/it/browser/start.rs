//! Before the app is there, and when a new one is.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::wire::Request;

use super::tamper::Tamper;
use super::{WIDE, open, practice, shown};

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_cannot_start_says_what_to_do() {
    let server = TestServer::start().await;
    let browser = Browser::start(WIDE).await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] })).await;
    browser.goto(&server.url("/")).await;
    browser.find("boot-failed").await;
    browser.says("load the page again").await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    browser.reload().await;
    browser.find("set-up-needed").await;
    browser.gone("boot").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_is_loaded_after_one_question() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(WIDE).await;
    outdated().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    // Longer than the server keeps for later: of what it keeps nothing is lost, and nobody is asked.
    browser.insert("composer", &"not sent ".repeat(1_400)).await;
    browser.press("reload").await;
    browser.press("reload-cancel").await;
    browser.gone("reload-cancel").await;
    // After the page's own listener: whether that would ask once more.
    let asked = "window.addEventListener('beforeunload', event => \
                 { window.name = event.defaultPrevented ? 'asked twice' : 'asked once' })";
    browser.script(asked, Vec::new()).await;
    browser.press("reload").await;
    browser.press("reload-confirm").await;
    browser.until("how often it asked", "window.name").await;
    shown(&browser, conversation).await;
    assert_eq!(browser.script("return window.name", Vec::new()).await, json!("asked once"));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_way_back_while_a_conversation_is_on_its_way() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(PHONE).await;
    let (inbox, opened) = (Request::Inbox { after: None }, Request::Open { conversation });
    let never = Tamper { dropped: vec![inbox, opened], ..Tamper::default() };
    browser.sign_in(&server, &jonas).await;
    never.at_every_start(&browser).await;
    browser.goto(&server.url(&format!("/c/{conversation}"))).await;
    browser
        .until(
            "it to load",
            "document.querySelector('[data-testid=thread]').dataset.state === 'loading'",
        )
        .await;
    assert_eq!(browser.count("h1.conversation-title[tabindex='-1']").await, 1);
    browser.press("back").await;
    browser.gone("thread").await;
    browser.finish().await;
}

/// The server seems to run another build than the page.
pub fn outdated() -> Tamper {
    let build = shared_proto::BUILD.as_bytes().to_vec();
    let mut other = build.clone();
    other.reverse();
    Tamper { incoming: vec![(build, other)], ..Tamper::default() }
}
