//! Search: found as one types, opened where it stands, and read on from there both ways.

use quietroom_tests::support::browser::{PHONE, by};
use quietroom_tests::support::{Browser, TestClient, TestServer, eventually};
use serde_json::json;
use shared_proto::id::ConversationId;
use shared_proto::people::Role;
use thirtyfour::Key;

use super::keys::{has_focus, strike, strike_control};
use super::screens::look;
use super::{WIDE, practice, shown, signed_in};
use crate::given::device;
use crate::search::{said, settled};

/// Messages in the long conversation; the one that is looked for is at a third of them.
const MESSAGES: usize = 300;
const NEEDLE: &str = "number 100 Café breathing exercise";

/// The numbers of the messages the page holds.
const NUMBERS: &str = "[...document.querySelectorAll('[data-testid=message-text]')]\
    .map(e => Number(e.textContent.split(' ')[1]))";
const THREAD: &str = "document.querySelector('[data-testid=thread]')";

async fn fill(client: &TestClient, conversation: ConversationId) {
    for number in 0..MESSAGES {
        let text = match number {
            100 => NEEDLE.to_owned(),
            _ => format!("number {number} {}", "about this and that ".repeat(number % 7)),
        };
        client.send(conversation, &text).await;
    }
    settled(client, conversation).await;
}

/// Types into the search field what is there then.
async fn look_for(browser: &Browser, text: &str) {
    browser.fill("search-words", text).await;
    browser.until("the search to be done", &state("ready")).await;
}

fn state(state: &str) -> String {
    format!("document.querySelector({}).dataset.state === '{state}'", json!(by("search")))
}

/// Whether the message that was found is shown, in view and marked.
fn is_at(text: &str) -> String {
    format!(
        "(() => {{ const row = document.querySelector('.thread-row-aimed'); \
           if (!row || !row.textContent.includes({})) return false; \
           const [a, b] = [row.getBoundingClientRect(), {THREAD}.getBoundingClientRect()]; \
           return a.top >= b.top && a.bottom <= b.bottom && document.activeElement === row; }})()",
        json!(text)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_opens_where_it_stands_and_is_read_on_both_ways() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    fill(&provider, conversation).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    strike(&browser, "/").await;
    browser.find("search-hint").await;
    has_focus(&browser, &by("search-words")).await;
    look(&browser, "search-begins").await;
    look_for(&browser, "cafe breath").await;
    browser
        .until(
            "one to be found",
            "document.querySelectorAll('[data-testid=search-hit]').length === 1",
        )
        .await;
    let marked = "[...document.querySelectorAll('[data-testid=search-hit] mark')].map(e => e.textContent).join()";
    assert_eq!(browser.script(&format!("return {marked}"), vec![]).await, json!("Café,breathing"));
    browser.key("search-words", Key::Down).await;
    has_focus(&browser, &by("search-hit")).await;
    browser.key("search-hit", Key::Enter).await;
    shown(&browser, conversation).await;
    browser.until("the message to be shown", &is_at(NEEDLE)).await;
    look(&browser, "search-opened").await;

    // Up and down from there, without a hole; nothing counts as read but what comes at the end.
    let whole =
        format!("(n => n.every((one, at) => at === 0 || one === n[at - 1] + 1))({NUMBERS})");
    for (step, number) in [(-900, 60), (900, 200)] {
        let reached =
            format!("{THREAD}.scrollBy(0, {step}), {NUMBERS}.includes({number}) && {whole}");
        browser.until("more of it", &reached).await;
    }
    assert!(browser.shows("jump-latest").await);
    // One press leads to the end, also for who has not read what stands between.
    browser.press("jump-latest").await;
    browser.until("the end", "document.body.textContent.includes('settled')").await;
    browser.gone("jump-latest").await;
    // The search is where it was, and the same opens again.
    browser.press("search-hit").await;
    browser.until("the message to be shown again", &is_at(NEEDLE)).await;
    strike_control(&browser, "k").await;
    has_focus(&browser, &by("search-words")).await;
    browser.press("search-close").await;
    browser.find("list-active").await;
    has_focus(&browser, &by("search-open")).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_pages_sort_out_what_is_found() {
    let (server, dana, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let mira = server.person_add("Mira Lindqvist", Role::Provider);
    let other = provider.create(&[mira.id, jonas.id]).await;
    let client = device(&server, &jonas).await;
    for number in 0..30 {
        provider.send(conversation, &format!("exercise {number} for this week")).await;
    }
    client.send(conversation, "I did the exercise").await;
    provider.send(other, "Jonas does his exercise every day").await;
    settled(&provider, conversation).await;
    eventually("all to be found", async || {
        (said(&client, "exercise every").await.len() == 1).then_some(())
    })
    .await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("search-open").await;
    look_for(&browser, "exercise").await;
    let hits = "document.querySelectorAll('[data-testid=search-hit]').length";
    browser.until("a page", &format!("{hits} === 20")).await;
    look(&browser, "search-found").await;
    browser.press("search-more").await;
    browser.until("all of them", &format!("{hits} === 32")).await;
    browser.gone("search-more").await;
    browser.press("search-filters").await;
    choose(&browser, "search-person", &jonas.id.to_string()).await;
    browser.until("his own", &format!("{hits} === 1")).await;
    look(&browser, "search-filtered").await;
    browser.press("search-clear").await;
    browser.until("all again", &format!("{hits} === 20")).await;
    browser.press("search-file").await;
    browser.find("search-none").await;
    look(&browser, "search-none").await;
    browser.press("search-file").await;
    browser.fill("search-words", "?!").await;
    browser.find("search-hint").await;
    browser.key("search-words", Key::Escape).await;
    browser.find("list-active").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_search_takes_the_place_of_the_inbox_and_stays_on_the_way_back() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    fill(&provider, conversation).await;
    let browser = signed_in(&server, &jonas, PHONE, None).await;
    browser.press("search-open").await;
    look_for(&browser, "breathing").await;
    browser.press("search-hit").await;
    browser.until("the message to be shown", &is_at(NEEDLE)).await;
    browser.press("back").await;
    browser.find("search-hit").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_line_a_search_waits_and_is_answered_then() {
    let (mut server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    provider.send(conversation, "a needle").await;
    settled(&provider, conversation).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    browser.press("search-open").await;
    browser.find("search-words").await;
    server.sigterm().await;
    let app = format!("document.querySelector({}).dataset.link !== 'live'", json!(by("app")));
    browser.until("the link to be down", &app).await;
    browser.fill("search-words", "needle").await;
    browser.until("it to be looked for", &state("looking")).await;
    server.restart().await;
    browser.find("search-hit").await;
    browser.finish().await;
}

async fn choose(browser: &Browser, select: &str, value: &str) {
    let script = "const select = document.querySelector(arguments[0]); \
        select.value = arguments[1]; select.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.script(script, vec![json!(by(select)), json!(value)]).await;
}
