//! Parts of the client that are fetched when a page of theirs is first shown.

use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;

use super::{WIDE, open, practice, send};

/// How many parts the page has asked for, in words for `until` and `script`.
const FETCHED: &str =
    "performance.getEntriesByType('resource').filter(one => one.name.includes('/part-')).length";

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_and_writes_fetches_no_part_and_a_page_of_one_is_fetched_once() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(WIDE).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    send(&browser, "hello").await;
    let count = async || browser.script(&format!("return {FETCHED}"), Vec::new()).await;
    assert_eq!(count().await, json!(0));
    browser.press("section-settings").await;
    browser.find("settings-you").await;
    let fetched = count().await;
    assert!(fetched.as_u64().is_some_and(|count| count > 0));
    browser.press("section-messages").await;
    browser.find("inbox").await;
    browser.press("section-settings").await;
    browser.find("settings-you").await;
    assert_eq!(count().await, fetched);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_cannot_be_fetched_says_so_and_comes_when_it_can() {
    let (server, dana, _, _, conversation) = practice(TestServer::options()).await;
    let browser = Browser::start(WIDE).await;
    browser.sign_in(&server, &dana).await;
    open(&browser, conversation).await;
    browser.insert("composer", "not sent yet").await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/part-*"] })).await;
    browser.press("section-people").await;
    browser.find("part-failed").await;
    browser.says("Check your connection and try again").await;
    browser.accessible("a part that cannot be fetched").await;
    browser.press("try-now").await;
    browser.find("part-failed").await;
    // Nobody has to press it again.
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    browser.find("people-list").await;
    browser.gone("part-failed").await;
    // What was being written has waited.
    browser.press("section-messages").await;
    open(&browser, conversation).await;
    browser.until("the draft", "document.querySelector('[data-testid=composer]').value").await;
}
