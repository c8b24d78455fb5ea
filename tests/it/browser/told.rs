//! What somebody hears who does not see the page, and what shows of it from afar.

use quietroom_tests::support::TestServer;

use super::{WIDE, open, practice, signed_in};
use crate::given::device;

/// How many announcements say `text`.
fn said(text: &str, times: usize) -> String {
    format!(
        "[...document.querySelector('[data-testid=announcer]').children]\
         .filter(one => one.textContent.includes('{text}')).length === {times}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_arriving_message_is_announced_once_also_the_same_again() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let other = provider.create(&[jonas.id]).await;
    provider.open(other).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let region = "document.querySelector('[data-testid=announcer]').ariaLive === 'polite'";
    browser.until("the region to be there before there is news", region).await;
    provider.send(conversation, "yes").await;
    browser.until("the message to be announced", &said("yes", 1)).await;
    provider.send(conversation, "yes").await;
    browser.until("the same again", &said("yes", 2)).await;
    provider.send(other, "not for this screen").await;
    browser.until("where it came from", &said("New message from", 1)).await;
    open(&browser, other).await;
    browser.until("no word of it anew", &said("not for this screen", 0)).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_the_line_is_announced_and_what_was_missed_is_counted() {
    let (mut server, dana, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let region = "document.querySelector('[data-testid=banner-region]')";
    let empty = format!("{region}.role === 'status' && {region}.textContent === ''");
    browser.until("the region to be there before there is news", &empty).await;
    server.kill9();
    browser.until("the loss", &format!("{region}.textContent.includes('Reconnecting')")).await;
    // While the page cannot come back somebody else can, and writes.
    let cut = "window.Socket = WebSocket; window.WebSocket = function () { throw new Error() }";
    browser.script(cut, Vec::new()).await;
    server.restart().await;
    let provider = device(&server, &dana).await;
    provider.open(conversation).await;
    provider.send(conversation, "one").await;
    provider.send(conversation, "two").await;
    browser.script("window.WebSocket = window.Socket", Vec::new()).await;
    browser.until("how many were missed", &said("2 new messages", 1)).await;
    browser.reads("message-text", &["one", "two"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_icon_counts_what_is_unread() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let icon = "decodeURIComponent(document.querySelector('link[rel~=icon]').href)";
    browser.until("an icon without a count", &format!("!{icon}.includes('<text')")).await;
    browser.focus(false).await;
    provider.send(conversation, "one").await;
    browser.until("a count of one", &format!("{icon}.includes('>1</text>')")).await;
    provider.send(conversation, "two").await;
    browser.until("a count of two", &format!("{icon}.includes('>2</text>')")).await;
    browser.focus(true).await;
    browser.until("the count to be gone", &format!("!{icon}.includes('<text')")).await;
    browser.finish().await;
}
