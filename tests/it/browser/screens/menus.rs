//! What opens above a screen.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::browser::PHONE;

use super::look;
use crate::browser::{live, marked, open, practice, send, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_account_and_leaving_with_something_unsent() {
    let (mut server, dana, _, _, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &dana, PHONE, Some(conversation)).await;
    server.kill9();
    browser.find("banner").await;
    send(&browser, "on its way").await;
    browser.press("back").await;
    browser.says("Sending:").await;
    look(&browser, "inbox-unsent").await;
    browser.press("account-menu").await;
    look(&browser, "account-panel").await;
    browser.press("sign-out").await;
    browser.find("sign-out-confirm").await;
    look(&browser, "sign-out-dialog").await;
    browser.press("sign-out-cancel").await;
    browser.gone("sign-out-confirm").await;
    server.restart().await;
    live(&browser).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_and_withdrawing_it() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, PHONE, Some(conversation)).await;
    provider.send(conversation, "How was the week?").await;
    send(&browser, "It was fine, thank you").await;
    marked(&browser, "It was fine, thank you", "sent").await;
    let press = "document.querySelector('[data-own=true] [data-testid=message-menu]').click()";
    browser.script(press, Vec::new()).await;
    browser.find("withdraw").await;
    look(&browser, "message-menu").await;
    browser.press("withdraw").await;
    browser.find("withdraw-confirm").await;
    look(&browser, "withdraw-dialog").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn away_from_the_end_of_a_conversation() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    for number in 0..40 {
        provider.send(conversation, &format!("Line {number} of a long conversation")).await;
    }
    let browser = signed_in(&server, &jonas, PHONE, None).await;
    browser.says("40").await;
    open(&browser, conversation).await;
    browser.find("new-divider").await;
    look(&browser, "new-divider").await;
    browser.find("jump-latest").await;
    look(&browser, "jump-button").await;
    browser.press("jump-latest").await;
    browser.gone("jump-latest").await;
    browser.finish().await;
}
