//! The field in which a message is written.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::client::texts;
use serde_json::json;

use super::keys::{strike, strike_shift, type_text};
use super::{WIDE, marked, open, practice, signed_in};

/// The field.
const AREA: &str = "document.querySelector('[data-testid=composer]')";

#[tokio::test(flavor = "multi_thread")]
async fn pressing_twice_sends_once() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.insert("composer", "only once").await;
    // Both before the page is drawn again.
    let twice = format!("const form = {AREA}.form; form.requestSubmit(); form.requestSubmit()");
    browser.script(&twice, Vec::new()).await;
    marked(&browser, "only once", "sent").await;
    browser.insert("composer", "and then").await;
    browser.script(&format!("{AREA}.form.requestSubmit()"), Vec::new()).await;
    provider.reads(conversation, &["only once", "and then"]).await;
    assert_eq!(texts(&provider.history(conversation).await), ["only once", "and then"]);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_enter_that_confirms_a_word_of_an_input_method_sends_nothing() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.insert("composer", "にほん").await;
    // As Safari tells it: the composition is over, only the code is left of it.
    let confirm = format!(
        "return {AREA}.dispatchEvent(new KeyboardEvent('keydown', \
         {{ key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }}))"
    );
    let free = browser.script(&confirm, Vec::new()).await;
    assert_eq!(free, json!(true), "the key is left to the input method");
    browser.insert("composer", "ご").await;
    strike(&browser, "Enter").await;
    provider.reads(conversation, &["にほんご"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spaces_and_breaks_at_the_beginning_stay_while_one_writes() {
    let (server, _, jonas, provider, first) = practice(TestServer::options()).await;
    let second = provider.create(&[jonas.id]).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(first)).await;
    let value = |text: &str| format!("{AREA}.value === {}", json!(text));
    strike_shift(&browser, "Enter").await;
    type_text(&browser, "  ").await;
    browser.until("what was typed", &value("\n  ")).await;
    type_text(&browser, "indented").await;
    browser.until("all that was typed", &value("\n  indented")).await;
    open(&browser, second).await;
    browser.until("an empty field", &value("")).await;
    open(&browser, first).await;
    browser.until("the draft as typed", &value("\n  indented")).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_finger_points_enter_breaks_the_line_and_the_button_sends() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    let touch = json!({ "enabled": true, "maxTouchPoints": 1 });
    browser.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    browser.until("a coarse pointer", "matchMedia('(pointer: coarse)').matches").await;
    open(&browser, conversation).await;
    super::keys::has_focus(&browser, "[data-testid=conversation-title]").await;
    browser.insert("composer", "first").await;
    strike(&browser, "Enter").await;
    type_text(&browser, "second").await;
    let broken = format!("{AREA}.value === 'first\\nsecond'");
    browser.until("a line broken by Enter", &broken).await;
    browser.press("send").await;
    provider.reads(conversation, &["first\nsecond"]).await;
    browser.finish().await;
}
