//! Screens nobody hopes to see.

use quietroom_tests::support::browser::WIDE;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::wire::Request;

use super::look;
use crate::browser::start::outdated;
use crate::browser::tamper::Tamper;
use crate::browser::unsent::{gone, unwelcome};
use crate::browser::{open, practice, send, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_refused() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, "How was the week?").await;
    let browser = Browser::start(WIDE).await;
    unwelcome().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    send(&browser, "unwelcome").await;
    browser.find("refused-retry").await;
    look(&browser, "message-refused").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(WIDE).await;
    outdated().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    // Longer than the server keeps for later: nothing else of a draft is lost by a reload.
    browser.insert("composer", &"not sent ".repeat(1_400)).await;
    browser.find("reload").await;
    look(&browser, "outdated").await;
    browser.press("reload").await;
    browser.find("reload-confirm").await;
    look(&browser, "reload-dialog").await;
    browser.press("reload-cancel").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_an_answer() {
    let (server, dana, _, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(WIDE).await;
    let (inbox, opened) = (Request::Inbox { after: None }, Request::Open { conversation });
    let never = Tamper { dropped: vec![inbox, opened], ..Tamper::default() };
    browser.sign_in(&server, &dana).await;
    never.at_every_start(&browser).await;
    browser.goto(&server.url(&format!("/c/{conversation}"))).await;
    let loading = "document.querySelector('[data-testid=thread]').dataset.state === 'loading'";
    browser.until("it to load", loading).await;
    browser.until("the line", "document.querySelector('[data-link=live]')").await;
    look(&browser, "loading-conversation").await;
    browser.goto(&server.url("/")).await;
    browser.until("the line", "document.querySelector('[data-link=live]')").await;
    look(&browser, "loading-inbox").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_a_conversation_without_the_server() {
    let (mut server, dana, ..) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("new-conversation").await;
    browser.press("people-option").await;
    browser.find("people-chosen").await;
    server.kill9();
    browser.says("You are offline. The conversation can be started").await;
    look(&browser, "new-conversation-offline").await;
    server.restart().await;
    browser.gone("banner").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_a_conversation_that_is_gone() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let other = provider.create(&[jonas.id]).await;
    provider.open(other).await;
    provider.send(other, "Here we go on").await;
    let browser = Browser::start(WIDE).await;
    Tamper::default().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    browser.insert("composer", "Half a thought that was never sent").await;
    gone(conversation).now(&browser).await;
    open(&browser, other).await;
    let row = format!("[data-testid=inbox-row][data-conversation=\"{conversation}\"]");
    let press = format!("document.querySelector({}).click()", json!(row));
    browser.script(&press, Vec::new()).await;
    browser.find("left-behind").await;
    look(&browser, "left-behind").await;
    open(&browser, other).await;
    browser.find("stranded").await;
    browser
        .script(
            "history.pushState(null, '', '/'); dispatchEvent(new PopStateEvent('popstate'))",
            Vec::new(),
        )
        .await;
    look(&browser, "stranded").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_cannot_start_and_a_practice_that_is_set_up() {
    let server = TestServer::start().await;
    server.pair();
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/set-up#used")).await;
    browser.find("set-up-done").await;
    look(&browser, "set-up-done").await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*.wasm"] })).await;
    browser.goto(&server.url("/")).await;
    browser.find("boot-failed").await;
    look(&browser, "boot-failed").await;
}
