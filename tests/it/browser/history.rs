//! A long conversation: older messages come while scrolling up, without a jump, and the page stays
//! light.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, Person, TestClient, TestServer, eventually};
use shared_proto::id::ConversationId;
use shared_proto::wire::Request;
use std::collections::VecDeque;

use super::{WIDE, open, practice, signed_in};
use crate::given::device;

/// Sends `count` numbered messages of different lengths.
async fn fill(provider: &TestClient, conversation: ConversationId, count: usize) {
    let mut answers = VecDeque::new();
    for number in 0..count {
        let text = format!("number {number} {}", "some words ".repeat(number % 13));
        answers.push_back(provider.begin(provider.message(conversation, &text)).unwrap());
        if answers.len() == 60 {
            answers.pop_front().unwrap().await.unwrap().result.unwrap();
        }
    }
    for answer in answers {
        answer.await.unwrap().result.unwrap();
    }
}

/// The numbers of the messages the page holds.
const NUMBERS: &str = "[...document.querySelectorAll('[data-testid=message-text]')]\
    .map(e => Number(e.textContent.split(' ')[1]))";

/// The list.
const THREAD: &str = "document.querySelector('[data-testid=thread]')";

/// Whether the list is scrolled to its end.
fn at_the_end() -> String {
    format!("Math.abs({THREAD}.scrollHeight - {THREAD}.clientHeight - {THREAD}.scrollTop) < 3")
}

/// Reads everything on another device.
async fn read_all(server: &TestServer, person: &Person, conversation: ConversationId) {
    let device = device(server, person).await;
    let opened = device.open(conversation).await;
    let last = opened.page.entries.last().unwrap().id;
    device.tell(Request::ReadUpTo { conversation, entry: last });
    device.settle().await;
}

/// A conversation of 400 messages, all of them read, opened in a browser.
async fn read_before() -> (TestServer, TestClient, Browser, ConversationId) {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    fill(&provider, conversation, 400).await;
    read_all(&server, &jonas, conversation).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    ends_with(&browser, 399).await;
    (server, provider, browser, conversation)
}

/// Waits until `last` is shown, at the end of the list.
async fn ends_with(browser: &Browser, last: u64) {
    browser.until("the newest message", &format!("{NUMBERS}.includes({last})")).await;
    browser.until("the end", &at_the_end()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn older_messages_come_while_scrolling_up_and_nothing_jumps() {
    let (_server, provider, browser, conversation) = read_before().await;
    // Scrolls by some pixels, picks the message in the middle of the screen, and tells how far it
    // moves on the screen over the next frames, while older messages arrive.
    let step = format!(
        "const done = arguments[arguments.length - 1]; const thread = {THREAD};
         thread.scrollTop = Math.max(0, thread.scrollTop - 700);
         const frame = () => new Promise(requestAnimationFrame);
         (async () => {{
             await frame(); await frame();
             const box = thread.getBoundingClientRect();
             const middle = box.top + box.height / 2;
             const anchor = [...document.querySelectorAll('[data-testid=message]')]
                 .find(message => message.getBoundingClientRect().bottom > middle);
             const entry = anchor.dataset.entry;
             const place = () => document.querySelector(`[data-entry=\"${{entry}}\"]`)?.getBoundingClientRect().top;
             const before = place(); let worst = 0;
             for (let count = 0; count < 12; count++) {{
                 await frame();
                 worst = Math.max(worst, Math.abs((place() ?? 1e6) - before));
             }}
             const numbers = {NUMBERS};
             done([worst, Math.min(...numbers), numbers.length,
                   numbers.every((n, i) => i === 0 || n === numbers[i - 1] + 1)]);
         }})()"
    );
    let mut oldest = u64::MAX;
    for _ in 0..200 {
        let seen = browser.script_async(&step).await;
        let worst = seen[0].as_f64().unwrap();
        assert!(worst <= 2.0, "the screen jumped by {worst} px; oldest was {oldest}");
        assert_eq!(seen[3], true, "no hole and no double: {seen}");
        assert!(seen[2].as_u64().unwrap() < 200, "the page stays light: {seen}");
        oldest = seen[1].as_u64().unwrap();
        if oldest == 0 {
            break;
        }
    }
    assert_eq!(oldest, 0, "the beginning is reached");
    browser.find("thread-start").await;
    // A message that arrives now does not move what is being read.
    provider.send(conversation, "number 400 while reading").await;
    browser.find("jump-latest").await;
    assert!(!browser.texts("message-text").await.iter().any(|text| text.contains("number 400")));
    browser.press("jump-latest").await;
    ends_with(&browser, 400).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_very_top_older_messages_leave_the_reader_where_they_are() {
    let (_server, _provider, browser, _) = read_before().await;
    let first = format!("return Math.min(...{NUMBERS})");
    browser.script(&format!("{THREAD}.scrollTop = 0"), Vec::new()).await;
    // The messages that were held first are still on screen when more has come above it.
    browser.until("older messages", &format!("Math.min(...{NUMBERS}) < 345")).await;
    let first = browser.script(&first, Vec::new()).await.as_u64().unwrap();
    let on_screen = "[...document.querySelectorAll('[data-testid=message-text]')].some(text => {
        const place = text.getBoundingClientRect();
        return text.textContent.startsWith('number 352 ') && place.bottom > 0 && place.top < innerHeight
    })";
    browser.until("the reader to be where they were", on_screen).await;
    assert!(first > 300, "one page was enough, and the beginning is far: {first}");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_opens_at_the_first_unread_message_and_only_what_was_shown_is_read() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    fill(&provider, conversation, 20).await;
    read_all(&server, &jonas, conversation).await;
    for number in 20..140 {
        provider.send(conversation, &format!("number {number} at night")).await;
    }
    let browser = signed_in(&server, &jonas, PHONE, Some(conversation)).await;
    browser.find("new-divider").await;
    browser.until("the first unread message", &format!("{NUMBERS}.includes(20)")).await;
    let below = "(divider => divider.getBoundingClientRect().bottom > 0
        && divider.getBoundingClientRect().top < innerHeight)\
        (document.querySelector('[data-testid=new-divider]'))";
    browser.until("the divider to be on screen", below).await;
    // A screen of a phone holds some of the messages, and those alone are read.
    let device = device(&server, &jonas).await;
    let unread = eventually("some messages to be read", async || {
        let unread = device.open(conversation).await.row.unread;
        (unread < 120).then_some(unread)
    })
    .await;
    assert!(unread > 80, "{unread} are unread after one screen");
    browser.press("jump-latest").await;
    ends_with(&browser, 139).await;
    eventually("all messages to be read", async || {
        (device.open(conversation).await.row.unread == 0).then_some(())
    })
    .await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_phone_too_one_press_leads_to_the_latest_message() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    fill(&provider, conversation, 400).await;
    let browser = signed_in(&server, &jonas, PHONE, None).await;
    // It opens where its unread messages begin. Drawing takes many frames, and the browser does other things in between.
    browser.slow_down(10).await;
    open(&browser, conversation).await;
    for _ in 0..5 {
        browser.press("jump-latest").await;
        ends_with(&browser, 399).await;
        browser.gone("jump-latest").await;
        browser.script(&format!("{THREAD}.scrollTop -= 6000"), Vec::new()).await;
    }
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_messages_scroll_with_a_small_page() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    // They arrive while the conversation is open: the page holds all of them.
    fill(&provider, conversation, 10_000).await;
    ends_with(&browser, 9999).await;
    assert!(browser.count("[data-testid=message]").await < 200);
    assert!(browser.count("*").await < 3_000, "{} elements", browser.count("*").await);
    // To the middle and through it in large steps: each frame has its messages in order.
    let step = format!(
        "const done = arguments[arguments.length - 1]; const thread = {THREAD};
         thread.scrollTop = thread.scrollTop - 5000;
         const frame = () => new Promise(requestAnimationFrame);
         (async () => {{
             const started = performance.now();
             for (let count = 0; count < 4; count++) await frame();
             const numbers = {NUMBERS};
             const box = thread.getBoundingClientRect();
             const visible = [...document.querySelectorAll('[data-testid=message]')].filter(message => {{
                 const place = message.getBoundingClientRect();
                 return place.bottom > box.top && place.top < box.bottom;
             }}).length;
             done([numbers.every((n, i) => i === 0 || n === numbers[i - 1] + 1), numbers.length,
                   visible, performance.now() - started]);
         }})()"
    );
    for _ in 0..20 {
        let seen = browser.script_async(&step).await;
        assert_eq!(seen[0], true, "in order: {seen}");
        assert!(seen[1].as_u64().unwrap() < 200, "{seen}");
        assert!(seen[2].as_u64().unwrap() > 2, "never a blank screen: {seen}");
    }
    browser.finish().await;
}
