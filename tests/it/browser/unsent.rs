//! What was refused, and what has nowhere to go any more, is never out of sight.

use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;

use super::tamper::Tamper;
use super::{WIDE, mark_of, marked, open, practice, send};

/// A text that the server takes for a blank one, and refuses.
pub fn unwelcome() -> Tamper {
    let outgoing = vec![(b"unwelcome".to_vec(), b"         ".to_vec())];
    Tamper { outgoing, ..Tamper::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_can_be_tried_again_edited_and_discarded() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let other = provider.create(&[jonas.id]).await;
    let browser = Browser::start(WIDE).await;
    unwelcome().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    send(&browser, "unwelcome").await;
    browser.find("refused-retry").await;
    assert_eq!(mark_of(&browser, "unwelcome").await, "refused");
    let rule = "document.querySelector('[data-testid=message] [data-testid=refusal]').dataset.rule";
    browser.until("why", &format!("{rule} === 'empty'")).await;
    let told =
        "document.querySelector('[data-testid=announcer]').textContent.includes('Write something')";
    browser.until("why, for a screen reader", told).await;

    open(&browser, other).await;
    let row = format!(
        "document.querySelector('[data-conversation=\"{conversation}\"] \
         [data-testid=row-preview]').textContent.includes('Not sent')"
    );
    browser.until("its row to say so", &row).await;
    open(&browser, conversation).await;

    browser.press("refused-edit").await;
    browser.gone("refused-edit").await;
    let value = "document.querySelector('[data-testid=composer]').value === 'unwelcome'";
    browser.until("its text in the composer", value).await;
    super::keys::has_focus(&browser, "[data-testid=composer]").await;
    browser.insert("composer", "").await;
    browser.key("composer", thirtyfour::Key::Enter).await;
    browser.find("refused-discard").await;
    browser.press("refused-discard").await;
    browser.gone("message").await;

    send(&browser, "unwelcome").await;
    browser.find("refused-retry").await;
    Tamper::default().now(&browser).await;
    browser.press("refused-retry").await;
    marked(&browser, "unwelcome", "sent").await;
    provider.reads(conversation, &["unwelcome"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_for_a_conversation_that_is_gone_can_be_copied_and_discarded() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    let other = provider.create(&[jonas.id]).await;
    let browser = Browser::start(WIDE).await;
    Tamper::default().at_every_start(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    browser.insert("composer", "half a thought").await;
    gone(conversation).now(&browser).await;
    open(&browser, other).await;
    let row = format!(
        "document.querySelector('[data-testid=inbox-row][data-conversation=\"{conversation}\"]')"
    );
    browser.script(&format!("{row}.click()"), Vec::new()).await;
    browser.find("left-behind").await;
    let text = "document.querySelector('[data-testid=left-text]').value === 'half a thought'";
    browser.until("what was written", text).await;
    browser.press("left-copy").await;
    browser.reads("left-copy", &["Copied"]).await;
    open(&browser, other).await;
    browser.press("stranded").await;
    browser.press("left-discard").await;
    browser.gone("left-behind").await;
    let closing = "const event = new Event('beforeunload', { cancelable: true });
                   window.dispatchEvent(event); return event.defaultPrevented";
    assert_eq!(browser.script(closing, Vec::new()).await, json!(false), "nothing is unsent");
    browser.finish().await;
}

/// The server is asked for another conversation instead of this one, and does not know it.
pub fn gone(conversation: shared_proto::id::ConversationId) -> Tamper {
    let here = conversation.as_bytes().to_vec();
    let nowhere = vec![7; here.len()];
    Tamper {
        outgoing: vec![(here.clone(), nowhere.clone())],
        incoming: vec![(nowhere, here)],
        dropped: Vec::new(),
    }
}
