//! What providers keep at hand for writing, and what clients see of it: saved replies, hours and
//! leave, a promise, an automatic reply, a greeting, and what clients change of themselves.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer, fresh_id};
use serde_json::json;
use shared_proto::account::AccountChange;
use shared_proto::chart::{DetailField, Details};
use shared_proto::desk::Ask;
use shared_proto::hours::{Hours, Leave, Own};
use shared_proto::id::ReplyId;
use shared_proto::office;
use shared_proto::people::PersonChange;
use shared_proto::replies::Reply;

use super::screens::{look, look_at};
use super::{WIDE, open, practice, send, signed_in};
use crate::clock::{Clock, HOUR, now};
use crate::desk::{ask, nine_to_five, set_own};
use crate::given::device;
use crate::office::change;

/// 2027-01-04T03:00:00Z, a Monday, in milliseconds.
const MONDAY_AT_THREE: i64 = 1_799_031_600_000;

async fn holds(browser: &Browser, testid: &str, value: &str) {
    let same =
        format!("document.querySelector('[data-testid={testid}]')?.value === {}", json!(value));
    browser.until(&format!("{testid} to hold {value:?}"), &same).await;
}

/// Puts a value into a field that a keyboard fills in by its own rules.
async fn put(browser: &Browser, testid: &str, value: &str) {
    browser.find(testid).await;
    let script = "const field = document.querySelector(`[data-testid=${arguments[0]}]`); \
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') \
            .set.call(field, arguments[1]); \
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    browser.script(script, vec![json!(testid), json!(value)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_reply_is_written_once_and_used_where_the_person_is() {
    let (server, dana, jonas, provider, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    browser.press("saved-replies").await;
    browser.find("replies-none").await;
    look(&browser, "writing-replies-empty").await;
    browser.press("reply-add").await;
    put(&browser, "reply-title", "Running late").await;
    put(&browser, "reply-text", "Dear {client}, I am {minutes} minutes late. {provider}").await;
    browser.says("{minutes}").await;
    browser.press("reply-shared").await;
    look(&browser, "writing-reply-new").await;
    browser.press("reply-save").await;
    browser.find("reply-use").await;
    // What another device keeps is there at once.
    let id = ReplyId::from_random(*fresh_id().as_bytes());
    let reply = Reply { id, revision: 0, title: "Hours".into(), text: "We are open.".into() };
    ask(&provider, Ask::SaveReply { shared: false, reply: Box::new(reply) }).await.unwrap();
    let count = |count: usize| {
        format!("document.querySelectorAll('[data-testid=reply-use]').length === {count}")
    };
    browser.until("both", &count(2)).await;
    look(&browser, "writing-replies").await;
    browser.press("tool-close").await;
    browser.insert("composer", "Hello! ").await;
    browser.press("saved-replies").await;
    put(&browser, "reply-search", "late").await;
    browser.until("the one sought", &count(1)).await;
    browser.press("reply-use").await;
    browser.gone("replies-dialog").await;
    let filled =
        format!("Hello! Dear {}, I am {{minutes}} minutes late. {}", jonas.name, dana.name);
    holds(&browser, "composer", &filled).await;
    let focused = "document.activeElement?.dataset.testid === 'composer'";
    browser.until("the composer to have the focus", focused).await;
    // Changed, and taken away.
    browser.press("saved-replies").await;
    browser.press("reply-edit").await;
    put(&browser, "reply-title", "Opening hours").await;
    browser.press("reply-save").await;
    browser.says("Opening hours").await;
    browser.press("reply-edit").await;
    browser.press("reply-delete").await;
    browser.press("reply-delete").await;
    browser.until("one less", &count(1)).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_leave_and_words_are_set_by_a_provider_and_by_the_practice() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let elsewhere = device(&server, &dana).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("account-menu").await;
    browser.press("account-settings").await;
    browser.press("own-hours").await;
    holds(&browser, "hours-0", "9:00–17:00").await;
    put(&browser, "hours-0", "nine to five").await;
    let wrong = "document.querySelector('[data-testid=hours-0]')?.ariaInvalid === 'true'";
    browser.until("what is wrong", wrong).await;
    put(&browser, "hours-0", "9-12, 13-16:30").await;
    browser.press("leave-add").await;
    put(&browser, "leave-0-from", "2026-12-24").await;
    put(&browser, "leave-0-until", "2027-01-02").await;
    put(&browser, "away-reply", "I am away until the new year.").await;
    put(&browser, "greeting-words", "Welcome, how can I help?").await;
    look_at(&browser, "writing-settings", Some("[data-testid=leave-0-from]")).await;
    browser.press("settings-hours-save").await;
    browser.find("settings-hours-saved").await;
    holds(&browser, "hours-0", "9:00–12:00, 13:00–16:30").await;
    // Somebody else has changed it: what is typed stays, and is saved once they were told.
    put(&browser, "away-reply", "Mine").await;
    set_own(&elsewhere, Own { greeting: "Theirs".into(), ..Own::default() }).await.unwrap();
    browser.press("settings-hours-save").await;
    let answered = "document.querySelector('[data-testid=settings-hours-saved], [data-rule=outdated]') !== null";
    browser.until("an answer", answered).await;
    // Unless the page had heard of it by then.
    if !browser.shows("settings-hours-saved").await {
        browser.press("settings-hours-save").await;
    }
    browser.find("settings-hours-saved").await;
    holds(&browser, "away-reply", "Mine").await;

    browser.goto(&server.url("/practice")).await;
    browser.press("common-hours").await;
    browser.press("holidays-add").await;
    put(&browser, "holidays-0-from", "2026-12-25").await;
    look_at(&browser, "writing-practice", Some("[data-testid=holidays-0-from]")).await;
    browser.press("practice-hours-save").await;
    browser.find("practice-hours-saved").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_by_when_they_have_an_answer_and_what_is_said_for_who_is_away() {
    let clock = Clock::new();
    clock.jump(MONDAY_AT_THREE - now());
    let (server, _, jonas, provider, conversation) = practice(clock.options()).await;
    let day = "2027-01-04".parse().unwrap();
    let own = Own {
        hours: Some(nine_to_five()),
        leave: vec![Leave { from: day, until: day }],
        away: "I am on leave. In an emergency call 112.".into(),
        ..Own::default()
    };
    set_own(&provider, own).await.unwrap();
    provider.hang_up();
    let client = signed_in(&server, &jonas, PHONE, Some(conversation)).await;
    client.find("promise-back").await;
    client.find("promise-by").await;
    client.says("In an emergency call 112.").await;
    look(&client, "writing-promise").await;
    send(&client, "Are you there?").await;
    let note = "[...document.querySelectorAll('[data-testid=note]')]\
        .some(note => note.textContent.includes('Automatic reply'))";
    client.until("an automatic reply", note).await;
    let waits = "document.querySelector('[data-testid=promise-by]')?.dataset.waits === 'true'";
    client.until("that it waits", waits).await;
    look(&client, "writing-away").await;
    // Within the hours the promise is all there is to say, and once they are over it is not kept.
    clock.jump(MONDAY_AT_THREE + 26 * HOUR - now());
    let client = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    client.find("promise-by").await;
    let by = client.find("promise-by").await.text().await.unwrap();
    assert!(by.contains("answers by"), "{by}");
    clock.jump(MONDAY_AT_THREE + 36 * HOUR - now());
    let client = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let late = client.find("promise-by").await.text().await.unwrap();
    assert!(late.contains("was to answer by"), "{late}");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_is_offered_once_and_never_sent_by_itself() {
    let (server, dana, _, provider, conversation) = practice(TestServer::options()).await;
    let own = Own {
        greeting: "Welcome, how can I help?".into(),
        hours: Some(Hours::always()),
        ..Own::default()
    };
    set_own(&provider, own).await.unwrap();
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    browser.find("greeting-use").await;
    look(&browser, "writing-greeting").await;
    browser.press("greeting-use").await;
    holds(&browser, "composer", "Welcome, how can I help?").await;
    browser.gone("greeting").await;
    provider.settle().await;
    assert_eq!(
        quietroom_tests::support::client::texts(&provider.history(conversation).await),
        [""; 0]
    );
    send(&browser, "").await;
    provider.reads(conversation, &["Welcome, how can I help?"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_changed_stands_in_the_conversation_and_in_the_inbox() {
    let (server, dana, jonas, provider, conversation) = practice(TestServer::options()).await;
    let on = PersonChange::Assigned { provider: dana.id, on: true };
    change(&provider, jonas.id, on).await.unwrap();
    let browser = signed_in(&server, &dana, WIDE, None).await;
    let client = device(&server, &jonas).await;
    let mut details = Details::default();
    details.set(DetailField::MemberNumber, "M-4711".into());
    details.set(DetailField::Insurer, "Helvetia".into());
    let own = AccountChange::Details(Box::new(details));
    crate::office::ask(&client, office::Ask::ChangeAccount(own)).await.unwrap();
    let row = "document.querySelector('[data-testid=inbox-row]')?.textContent.includes('insurer')";
    browser.until("its row to say so", row).await;
    open(&browser, conversation).await;
    browser.says("insurance member number").await;
    look(&browser, "writing-activity").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_sent_later_still_answers() {
    let (server, dana, jonas, provider, conversation) = practice(TestServer::options()).await;
    let client = device(&server, &jonas).await;
    client.open(conversation).await;
    client.send(conversation, "When do we meet?").await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    browser.press("message-menu").await;
    browser.press("reply").await;
    browser.find("replying").await;
    browser.insert("composer", "Tomorrow").await;
    browser.press("send-later").await;
    let local = "const at = new Date(Date.now() + 3600000); \
        return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16)";
    let at = browser.script(local, vec![]).await;
    put(&browser, "send-at", at.as_str().unwrap()).await;
    browser.press("later-save").await;
    browser.gone("replying").await;
    let phone = device(&server, &dana).await;
    phone.open(conversation).await;
    let quoted = phone
        .event("what waits", |arrival| match &arrival.event {
            shared_proto::wire::ServerEvent::Pending { pending, .. } => Some(pending.clone()),
            _ => None,
        })
        .await;
    let target = provider.history(conversation).await.last().unwrap().id;
    let shared_proto::conversation::command::Command::Send { quoted, .. } = quoted.command else {
        panic!()
    };
    assert_eq!(quoted, Some(target));
    browser.finish().await;
}
