//! H of the trust numbers: hostile and odd texts are shown exactly as they were sent. Nothing in
//! them runs, no element comes of them.

use std::collections::HashMap;

use quietroom_tests::support::{Browser, TestServer, Window};
use serde_json::json;
use shared_proto::people::Role;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::Reply;
use thirtyfour::Key;

use super::{open, practice, signed_in};
use crate::given::device;

/// The Big List of Naughty Strings (see `corpora/README.md`).
pub(super) fn corpus() -> Vec<String> {
    let text = include_str!("../../corpora/naughty-strings.json");
    serde_json::from_str(text).expect("the corpus is a list of strings")
}

/// Tall, so that a whole conversation of one batch is on the screen.
const TALL: Window = Window { width: 1280, height: 4000 };
const BATCH: usize = 40;

/// From now on the page notes when a script of a message calls any of the usual proofs.
pub(super) async fn watch(browser: &Browser) {
    let source = "window.__ran = [];
        for (const name of ['alert', 'confirm', 'prompt', 'print'])
            window[name] = (...words) => { window.__ran.push([name, ...words]); };";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
}

/// Fails when anything ran, or a message holds an element other than a link that is safe to follow.
pub(super) async fn inert(browser: &Browser) {
    let ran = browser.script("return window.__ran", Vec::new()).await;
    assert_eq!(ran, json!([]), "a script ran");
    let odd = browser
        .script(
            "return [...document.querySelectorAll('[data-testid=message-text] *, \
                [data-testid=row-preview] *, [data-testid=row-name] *, \
                [data-testid=conversation-title] *')].filter(element =>
                !(element.localName === 'a' && /^(https?|mailto):/.test(element.href)
                  && element.rel.includes('noopener') && !element.hasAttribute('onclick')))
                .map(element => element.outerHTML)",
            Vec::new(),
        )
        .await;
    assert_eq!(odd, json!([]), "an element came of a text");
    let scripts = "return [...document.querySelectorAll('script')].filter(s => !s.src.startsWith(location.origin) && s.src).length + document.querySelectorAll('iframe, object, embed').length";
    assert_eq!(browser.script(scripts, Vec::new()).await, json!(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_naughty_string_is_shown_unchanged_and_nothing_runs() {
    let (server, _, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let browser = Browser::start(TALL).await;
    watch(&browser).await;
    browser.sign_in(&server, &jonas).await;
    let mut shown = 0;
    for batch in corpus().chunks(BATCH) {
        let conversation = provider.create(&[jonas.id]).await;
        provider.open(conversation).await;
        let mut expected = HashMap::new();
        for text in batch {
            let answer = provider.request(provider.message(conversation, text)).await;
            if text.trim().is_empty() {
                assert_eq!(answer, Err(Refusal::invalid(Field::Text, Rule::Empty)), "{text:?}");
                continue;
            }
            let Ok(Reply::Sent { entry, .. }) = answer else { panic!("{text:?}: {answer:?}") };
            expected.insert(entry.to_string(), text.trim().to_owned());
        }
        open(&browser, conversation).await;
        let all = format!(
            "document.querySelectorAll('[data-testid=message][data-entry]').length === {}",
            expected.len()
        );
        browser.until("the whole batch", &all).await;
        let texts = "return Object.fromEntries([...document.querySelectorAll('[data-testid=message]')]\
            .map(message => [message.dataset.entry, message.querySelector('[data-testid=message-text]').textContent]))";
        let texts = browser.script(texts, Vec::new()).await;
        for (entry, text) in &expected {
            assert_eq!(texts[entry].as_str(), Some(text.as_str()), "shown unchanged");
        }
        shown += expected.len();
        inert(&browser).await;
    }
    assert!(shown > 400, "{shown}");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn naughty_strings_go_through_the_composer_unchanged() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let browser = Browser::start(TALL).await;
    watch(&browser).await;
    browser.sign_in(&server, &jonas).await;
    open(&browser, conversation).await;
    let mut expected = Vec::new();
    for text in corpus().iter().step_by(12) {
        // A text field has no carriage returns and no NUL, in any browser.
        if text.trim().is_empty() || text.contains(['\r', '\0']) {
            continue;
        }
        browser.insert("composer", text).await;
        browser.key("composer", Key::Enter).await;
        expected.push(text.trim().to_owned());
    }
    assert!(expected.len() > 30);
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    provider.reads(conversation, &expected).await;
    browser.reads("message-text", &expected).await;
    inert(&browser).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_name_is_only_a_name() {
    let (server, dana, ..) = practice(TestServer::options()).await;
    let hostile = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";
    let person = server.person_add(hostile, Role::Client);
    let guest = device(&server, &person).await;
    let browser = Browser::start(super::WIDE).await;
    watch(&browser).await;
    browser.sign_in(&server, &dana).await;
    browser.press("new-conversation").await;
    browser.fill("people-search", "onerror").await;
    browser.press("people-option").await;
    browser.press("start-conversation").await;
    browser.find("composer").await;
    browser.reads("conversation-title", &[hostile]).await;
    let conversation = guest.inbox().await.rows[0].conversation;
    guest.open(conversation).await;
    guest.send(conversation, "<b>hello</b>").await;
    browser.reads("message-text", &["<b>hello</b>"]).await;
    inert(&browser).await;
    assert_eq!(browser.count("img[src=x]").await, 0);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_followed_only_when_it_is_safe() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, "see https://example.org/a?b=c&d=(e) or write to me").await;
    provider
        .send(conversation, "javascript:alert(1) data:text/html,<script>alert(2)</script>")
        .await;
    let browser = signed_in(&server, &jonas, super::WIDE, Some(conversation)).await;
    browser.until("the link", "document.querySelector('[data-testid=message-text] a')").await;
    let links = "return [...document.querySelectorAll('[data-testid=message-text] a')]\
                 .map(a => [a.href, a.target, a.rel])";
    let links = browser.script(links, Vec::new()).await;
    assert_eq!(links.as_array().unwrap().len(), 1, "{links}");
    assert_eq!(links[0][0], "https://example.org/a?b=c&d=(e)");
    assert_eq!(links[0][1], "_blank");
    assert!(links[0][2].as_str().unwrap().contains("noopener"), "{links}");
    browser.finish().await;
}
