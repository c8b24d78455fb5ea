//! Forms as people use them: built, assigned, filled in and read.

mod building;
mod filling;
mod hostile;

use quietroom_tests::support::browser::by;
use quietroom_tests::support::{Browser, TestClient, fresh_id};
use serde_json::json;
use shared_proto::codec;
use shared_proto::conversation::command::Command;
use shared_proto::form::answers::Answers;
use shared_proto::form::ask::{Ask, Told};
use shared_proto::form::{Form, Item, Kind, LinkId};
use shared_proto::id::{ConversationId, EntryId, FormId, PersonId};
use shared_proto::wire::{Reply, Request};

use super::open;
use crate::conversations::act;

/// Clicks what a CSS selector finds, once it is there.
async fn click(browser: &Browser, selector: &str) {
    let found = format!("Boolean(document.querySelector({}))", json!(selector));
    browser.until(&format!("{selector} to be there"), &found).await;
    let click = format!("document.querySelector({}).click()", json!(selector));
    browser.script(&click, Vec::new()).await;
}

/// Puts words into the input that a CSS selector finds.
async fn put(browser: &Browser, selector: &str, words: &str) {
    let found = format!("Boolean(document.querySelector({}))", json!(selector));
    browser.until(&format!("{selector} to be there"), &found).await;
    let script = "const field = document.querySelector(arguments[0]); \
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') \
            .set.call(field, arguments[1]); \
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    browser.script(script, vec![json!(selector), json!(words)]).await;
}

/// Chooses the option that reads so, or begins so, in the list that a CSS selector finds.
async fn choose(browser: &Browser, selector: &str, words: &str) {
    let script = "const list = document.querySelector(arguments[0]); \
        const wanted = [...list.options].find(option => \
            option.textContent.replace(/[\\u2068\\u2069]/g, '').startsWith(arguments[1])); \
        list.value = wanted.value; \
        list.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.until(selector, &format!("Boolean(document.querySelector({}))", json!(selector))).await;
    browser.script(script, vec![json!(selector), json!(words)]).await;
}

/// Waits until a CSS selector finds so many.
async fn counts(browser: &Browser, selector: &str, count: usize) {
    let there = format!("document.querySelectorAll({}).length === {count}", json!(selector));
    browser.until(&format!("{count} of {selector}"), &there).await;
}

/// Waits until an element reads so, without the marks around names.
async fn says(browser: &Browser, testid: &str, words: &str) {
    let there = format!(
        "document.querySelector({})?.textContent.replace(/[\\u2068\\u2069]/g, '') === {}",
        json!(by(testid)),
        json!(words)
    );
    browser.until(&format!("{testid} to say {words:?}"), &there).await;
}

/// Opens the form of the newest card.
async fn open_form(browser: &Browser, conversation: ConversationId) {
    open(browser, conversation).await;
    browser.press("form-card-open").await;
    browser.find("paper").await;
}

/// Somebody asks about forms over a socket.
async fn ask(client: &TestClient, ask: Ask) -> Told {
    match client.request(Request::Form(ask)).await {
        Ok(Reply::Form(told)) => told,
        other => panic!("{other:?}"),
    }
}

/// A form of the practice.
pub(super) async fn saved(host: &TestClient, form: &Form) -> FormId {
    let body = codec::encode(form);
    match ask(host, Ask::Save { client_id: fresh_id(), form: None, version: 0, body }).await {
        Told::Saved { form, .. } => form,
        other => panic!("{other:?}"),
    }
}

/// Assigns a form in its first version, and says by which entry.
async fn assign(
    host: &TestClient,
    conversation: ConversationId,
    form: FormId,
    to: PersonId,
) -> EntryId {
    let command = Command::Assign { client_message_id: fresh_id(), form, version: 1, to: vec![to] };
    act(host, conversation, command).await.unwrap();
    match ask(host, Ask::Assignments { conversation, before: None }).await {
        Told::Assignments { assignments, .. } => assignments[0].entry,
        other => panic!("{other:?}"),
    }
}

/// What is kept of a form so far, as whom it is assigned to has it.
async fn kept(client: &TestClient, conversation: ConversationId, entry: EntryId) -> Answers {
    match ask(client, Ask::Open { conversation, entry }).await {
        Told::Assigned(assigned) if assigned.answers.is_empty() => Answers::default(),
        Told::Assigned(assigned) => codec::decode(&assigned.answers).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A form that asks these things.
pub(super) fn form(title: &str, items: Vec<(String, Kind)>) -> Form {
    let mut form = Form::named(title);
    for (label, kind) in items {
        let link = form.new_link();
        form.items.push(item(link, label, kind));
    }
    form
}

fn item(link: LinkId, label: String, kind: Kind) -> Item {
    let help = String::new();
    Item { link, label, help, required: false, show_if: None, alert: None, kind }
}
