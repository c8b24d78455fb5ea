//! The main job: a provider and a client write to each other, live, in two browsers.

use quietroom_tests::support::browser::WIDE;
use quietroom_tests::support::{Browser, TestServer, eventually};
use thirtyfour::Key;

use super::{live, mark_of, marked, send, two_browsers};

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_starts_a_conversation_and_both_chat_live() {
    let server = TestServer::start().await;
    let (dana, jonas) = server.pair();
    let (provider, client) = tokio::join!(Browser::start(WIDE), Browser::start(WIDE));
    provider.sign_in(&server, &dana).await;
    client.sign_in(&server, &jonas).await;
    client.find("inbox-empty").await;
    assert!(!client.shows("new-conversation").await, "a client is written to first");

    provider.press("new-conversation").await;
    provider.fill("people-search", "jonas").await;
    provider.press("people-option").await;
    provider.find("people-chosen").await;
    provider.press("start-conversation").await;
    provider.find("composer").await;

    client.press("inbox-row").await;
    client.find("composer").await;
    send(&provider, "Good morning, Jonas").await;
    client.reads("message-text", &["Good morning, Jonas"]).await;
    send(&client, "Good morning").await;
    provider.reads("message-text", &["Good morning, Jonas", "Good morning"]).await;
    client.reads("message-text", &["Good morning, Jonas", "Good morning"]).await;
    marked(&provider, "Good morning, Jonas", "read").await;
    marked(&client, "Good morning", "read").await;
    client.find("presence").await;
    let title = provider.texts("conversation-title").await;
    assert_eq!(title, ["Jonas Keller"]);
    provider.finish().await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_and_read_marks_are_seen_as_they_happen() {
    let two = two_browsers(TestServer::options()).await;
    two.client.type_into("composer", "I am").await;
    two.provider.find("typing").await;
    let typing = two.provider.texts("typing").await;
    assert!(typing[0].contains("Jonas"), "{typing:?}");
    two.client.type_into("composer", " here").await;
    two.client.key("composer", Key::Enter).await;
    two.provider.reads("message-text", &["I am here"]).await;
    two.provider.gone("typing").await;

    two.client.focus(false).await;
    send(&two.provider, "Do you see this?").await;
    two.client.reads("message-text", &["I am here", "Do you see this?"]).await;
    marked(&two.provider, "Do you see this?", "delivered").await;
    let unread = two.client.until("the title to count it", "document.title.includes('1')").await;
    assert_eq!(unread, true);
    assert_eq!(mark_of(&two.provider, "Do you see this?").await, "delivered");
    two.client.focus(true).await;
    marked(&two.provider, "Do you see this?", "read").await;
    two.client.until("the title to forget it", "!document.title.includes('1')").await;
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_break_is_typed_with_shift_and_a_message_can_be_withdrawn() {
    let two = two_browsers(TestServer::options()).await;
    let broken = format!("first{}{}", Key::Shift.value(), Key::Enter.value());
    two.client.type_into("composer", &broken).await;
    two.client.type_into("composer", "second").await;
    two.client.key("composer", Key::Enter).await;
    two.provider.reads("message-text", &["first\nsecond"]).await;
    marked(&two.client, "first\nsecond", "sent").await;
    two.client.script("document.querySelector('[data-testid=message]').dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))", Vec::new()).await;
    two.client.press("message-menu").await;
    two.client.press("withdraw").await;
    two.client.press("withdraw-confirm").await;
    for browser in [&two.client, &two.provider] {
        let withdrawn =
            "document.querySelector('[data-testid=message]').dataset.withdrawn === 'true'";
        browser.until("the message to be withdrawn", withdrawn).await;
        let page = browser.script("return document.querySelector('main').textContent + [...document.querySelectorAll('[data-testid=inbox-row]')].map(e => e.textContent)", Vec::new()).await;
        assert!(!page.as_str().unwrap().contains("second"), "its text is gone: {page}");
    }
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_does_in_one_window_shows_in_the_other_and_presence_ends_with_the_last() {
    let two = two_browsers(TestServer::options()).await;
    let phone = super::signed_in(&two.server, &two.jonas, WIDE, None).await;
    send(&two.provider, "for every device").await;
    two.client.reads("message-text", &["for every device"]).await;
    marked(&two.provider, "for every device", "read").await;
    let read = "document.querySelector('[data-testid=inbox-row]').dataset.unread === '0'";
    phone.until("the other window to count nothing unread", read).await;
    two.provider.find("presence").await;
    two.client.finish().await;
    two.provider.find("presence").await;
    phone.finish().await;
    two.provider.gone("presence").await;
    live(&two.provider).await;
    let connections = eventually("the sockets to be gone", async || {
        let open = two.server.metric("quietroom_connections", &[]).await;
        (open < 1.5).then_some(open)
    })
    .await;
    assert!(connections > 0.5, "{} stays", two.dana.name);
    let _ = two.conversation;
    two.provider.finish().await;
}
