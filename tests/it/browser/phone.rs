//! Everything on a screen of 360 pixels, without scrolling sideways.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};

use super::{send, sign_out};
use crate::given::device;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_way_fits_a_small_phone() {
    let server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    let browser = Browser::start(PHONE).await;
    browser.goto(&server.url("/")).await;
    browser.find("sign-in-form").await;
    browser.fits("sign-in").await;
    browser.sign_in(&server, &dana).await;
    browser.fits("an empty inbox").await;
    browser.press("new-conversation").await;
    browser.find("people-search").await;
    browser.fits("a new conversation").await;
    browser.fill("people-search", "keller").await;
    browser.press("people-option").await;
    browser.press("start-conversation").await;
    browser.find("composer").await;
    browser.fits("an empty conversation").await;
    assert!(!browser.shows("inbox").await, "one pane at a time");
    send(&browser, "Hello").await;
    send(&browser, &format!("https://example.org/{}", "a-very-long-path".repeat(20))).await;
    send(&browser, &"W".repeat(400)).await;
    let client = device(&server, &jonas).await;
    let conversation = client.inbox().await.rows[0].conversation;
    client.open(conversation).await;
    client.holds(conversation, 3).await;
    client.send(conversation, &"an answer of some length. ".repeat(30)).await;
    browser.says("an answer of some length").await;
    browser.fits("a conversation").await;
    let composer = "(r => r.bottom <= window.innerHeight + 1 && r.top > 0)\
                    (document.querySelector('[data-testid=composer]').getBoundingClientRect())";
    browser.until("the composer to be on the screen", composer).await;
    browser.press("back").await;
    browser.find("inbox-row").await;
    browser.gone("composer").await;
    browser.fits("the inbox").await;
    sign_out(&browser).await;
    browser.fits("sign-in again").await;
    browser.finish().await;
}
