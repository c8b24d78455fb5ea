//! Sessions, groups, announcements, replies and what is sent later, as people do them.

use quietroom_tests::support::browser::{PHONE, WIDE};
use quietroom_tests::support::{Browser, TestServer, eventually, outbox};
use serde_json::json;
use shared_proto::conversation::command::Command;
use shared_proto::people::{PersonChange, Role};
use shared_proto::practice::PracticeChange;
use shared_proto::time::Millis;
use shared_proto::wire::Request;

use super::screens::look;
use super::{open, practice, send, shown, signed_in};
use crate::clock::now;
use crate::conversations::{act, session};
use crate::given::device;
use crate::office::{change, change_practice};

/// A local time so many milliseconds from now, as a field for one takes it.
pub(super) async fn local(browser: &Browser, ms: i64) -> String {
    let script = "const at = new Date(Date.now() + arguments[0]); \
        return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16)";
    browser.script(script, vec![json!(ms)]).await.as_str().unwrap().to_owned()
}

/// Puts a value into a field that a keyboard fills in by its own rules.
pub(super) async fn put(browser: &Browser, testid: &str, value: &str) {
    browser.find(testid).await;
    let script = "const field = document.querySelector(`[data-testid=${arguments[0]}]`); \
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value') \
            .set.call(field, arguments[1]); \
        field.dispatchEvent(new Event('input', { bubbles: true }))";
    browser.script(script, vec![json!(testid), json!(value)]).await;
}

/// Chooses an option of a choice by its value.
pub(super) async fn choose(browser: &Browser, testid: &str, value: &str) {
    browser.find(testid).await;
    let script = "const select = document.querySelector(`[data-testid=${arguments[0]}]`); \
        select.value = arguments[1]; \
        select.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.script(script, vec![json!(testid), json!(value)]).await;
}

pub(super) async fn list(browser: &Browser, name: &str, count: usize) {
    browser.press(name).await;
    let rows = format!("document.querySelectorAll('[data-testid=inbox-row]').length === {count}");
    browser.until(&format!("{count} in {name}"), &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_set_up_counted_down_to_held_and_completed() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let host = signed_in(&server, &dana, WIDE, None).await;
    host.press("new-conversation").await;
    let option = "document.querySelector('[data-testid=people-option]') !== null";
    host.until("people to choose from", option).await;
    host.press("people-option").await;
    host.press("kind-session").await;
    let past = local(&host, -86_400_000).await;
    put(&host, "starts-at", &past).await;
    host.until("why not", "document.querySelector('[data-rule=past]') !== null").await;
    let start = local(&host, 3_600_000).await;
    put(&host, "starts-at", &start).await;
    host.press("new-announcement-open").await;
    host.find("announcement-preset").await;
    put(&host, "new-announcement", "Please be here ten minutes before.").await;
    look(&host, "new-session").await;
    host.press("start-conversation").await;
    host.find("countdown").await;
    host.says("Please be here ten minutes before.").await;
    let closed =
        "document.querySelector('[data-testid=composer-closed]')?.dataset.rule === 'not-started'";
    host.until("that nobody writes yet", closed).await;
    look(&host, "session-scheduled").await;

    // The client sees the same, in their list of scheduled ones, on a phone.
    let client = signed_in(&server, &jonas, PHONE, None).await;
    list(&client, "list-scheduled", 1).await;
    client.press("inbox-row").await;
    client.find("countdown").await;
    client.until("that nobody writes yet", closed).await;
    assert!(!client.shows("announcement-edit").await, "only the host edits it");

    // The host lets it start now; the client's page follows by itself.
    host.press("details").await;
    host.press("details-reschedule").await;
    put(&host, "starts-at", "").await;
    look(&host, "session-reschedule").await;
    host.press("reschedule-save").await;
    client.gone("countdown").await;
    client.gone("composer-closed").await;
    send(&client, "Here I am").await;
    host.says("Here I am").await;

    host.press("announcement-edit").await;
    put(&host, "announcement-text", &"é".repeat(121)).await;
    host.until("too long", "document.querySelector('[data-rule=too-long]') !== null").await;
    choose(&host, "announcement-preset", "preset-emergency").await;
    look(&host, "announcement-edited").await;
    host.press("announcement-save").await;
    client.says("In an emergency do not write here").await;

    // A draft of the client's shows in the rehearsal, and is not shown.
    client.insert("composer", "something half said").await;
    let kept = "document.querySelector('[data-testid=composer]').value === 'something half said'";
    client.until("it typed", kept).await;
    host.press("complete").await;
    host.find("complete-confirm").await;
    let open_things =
        "document.querySelector('[data-testid=complete-open] [data-kind=draft]') !== null";
    let looked = "document.querySelector('[data-testid=complete-open], [data-testid=complete-clear]') !== null";
    // Who has something open is looked at when it is asked; a draft is kept a moment after typing.
    eventually("the draft that is not sent to be among what is open", async || {
        host.until("what is open", looked).await;
        let shown = host.script(&format!("return {open_things}"), vec![]).await;
        if shown == json!(true) {
            return Some(());
        }
        host.press("tool-close").await;
        host.gone("complete-confirm").await;
        host.press("complete").await;
        None
    })
    .await;
    look(&host, "session-complete").await;
    host.press("complete-confirm").await;
    host.find("complete-undo").await;
    look(&host, "session-ending").await;
    host.press("complete-undo").await;
    host.gone("completing").await;
    host.press("complete").await;
    host.until(
        "the question",
        "document.querySelector('[data-testid=complete-confirm]')?.ariaDisabled === 'false'",
    )
    .await;
    host.press("complete-confirm").await;
    host.find("ended").await;
    client.find("ended").await;
    let unsent = "document.querySelector('[data-testid=composer]').value === 'something half said'";
    client.until("what was not sent, to be copied", unsent).await;
    look(&host, "session-completed").await;
    list(&host, "list-archived", 1).await;
    list(&host, "list-active", 0).await;
    look(&host, "inbox-lists").await;
    host.finish().await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_looked_at_grown_and_left() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let [ben, cara] =
        ["Ben Adeyemi", "Cara Lindqvist"].map(|name| server.person_add(name, Role::Client));
    let group = provider.create(&[jonas.id, ben.id]).await;
    provider.open(group).await;
    provider.send(group, "Welcome, both of you").await;
    let host = signed_in(&server, &dana, WIDE, Some(group)).await;
    let client = signed_in(&server, &jonas, PHONE, Some(group)).await;
    host.press("details").await;
    host.find("members").await;
    let count = |browser: Browser, count: usize| async move {
        let members =
            format!("document.querySelectorAll('[data-testid=members] > li').length === {count}");
        browser.until(&format!("{count} people"), &members).await;
        browser
    };
    let host = count(host, 3).await;
    let summary = format!(
        "document.querySelector('[data-testid=member][data-person=\"{}\"] summary')",
        jonas.id
    );
    host.until("the way to an email", &format!("{summary} !== null")).await;
    host.script(&format!("{summary}.click()"), vec![]).await;
    host.says(&jonas.email).await;
    host.fill("member-search", "Cara").await;
    host.find("member-option").await;
    look(&host, "group-details").await;
    host.press("member-option").await;
    let host = count(host, 4).await;
    let late = signed_in(&server, &cara, WIDE, Some(group)).await;
    late.gone("message").await;
    late.says("added \u{2068}you\u{2069}").await;
    late.finish().await;

    client.press("details").await;
    let client = count(client, 4).await;
    assert!(!client.shows("member-email").await, "nobody but the host sees emails");
    let page = client.script("return document.documentElement.innerHTML", vec![]).await;
    assert!(!page.as_str().unwrap().contains(&dana.email));
    client.press("details-leave").await;
    client.press("leave-confirm").await;
    client.find("read-only").await;
    client.says("You left the conversation").await;
    look(&client, "group-left").await;
    let host = count(host, 3).await;
    host.press("invite-by-email").await;
    host.find("invitee-name").await;
    host.fill("invitee-name", "Ana Ruiz").await;
    host.fill("invitee-email", "ana@example.org").await;
    host.press("invitee-add").await;
    let host = count(host, 4).await;
    outbox::letter(server.data(), "ana@example.org").await;
    host.press("tool-close").await;
    host.says("left the conversation").await;
    host.finish().await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_sent_later_and_drafted_on_two_devices() {
    let (server, dana, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    provider.send(conversation, "How did the week go?").await;
    let one = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let two = signed_in(&server, &jonas, PHONE, Some(conversation)).await;
    one.insert("composer", "Better than").await;
    let there = "document.querySelector('[data-testid=composer]').value === 'Better than'";
    two.until("the draft of the other device", there).await;
    two.type_into("composer", " the last one").await;
    let there =
        "document.querySelector('[data-testid=composer]').value === 'Better than the last one'";
    one.until("what was added to it", there).await;

    one.press("message-menu").await;
    one.press("reply").await;
    one.find("replying").await;
    look(&one, "replying").await;
    one.press("send").await;
    let quoted = "[...document.querySelectorAll('[data-testid=message]')].some(message => \
        message.querySelector('[data-testid=quoted]')?.textContent.includes('How did the week go?'))";
    one.until("the reply with what it answers", quoted).await;
    two.until("it on the other device too", quoted).await;
    let empty = "document.querySelector('[data-testid=composer]').value === ''";
    two.until("the draft gone", empty).await;
    look(&one, "reply").await;

    one.insert("composer", "A thought for tomorrow").await;
    one.press("send-later").await;
    let tomorrow = local(&one, 86_400_000).await;
    put(&one, "send-at", &tomorrow).await;
    look(&one, "send-later").await;
    one.press("later-save").await;
    one.find("pending-row").await;
    two.find("pending-row").await;
    look(&one, "pending").await;
    two.press("pending-edit").await;
    one.gone("pending-row").await;
    let back =
        "document.querySelector('[data-testid=composer]').value === 'A thought for tomorrow'";
    two.until("its text back", back).await;

    // One that goes out into a session that is over by then comes back with why.
    let host = device(&server, &dana).await;
    let talk = session(&host, &[jonas.id], None).await.unwrap();
    open(&one, talk).await;
    let id = quietroom_tests::support::fresh_id();
    let due = shared_proto::wire::Due::At(Millis(u64::try_from(now()).unwrap() + 1_500));
    let command = Command::Send { client_message_id: id, text: "Too late".into(), quoted: None };
    let phone = device(&server, &jonas).await;
    let later = Request::Later { conversation: talk, id, due, command };
    phone.request(later).await.unwrap();
    let other = server.person_add("Cara Lindqvist", Role::Client);
    act(&host, talk, Command::Add { person: other.id }).await.unwrap();
    act(&host, talk, Command::Remove { person: jonas.id }).await.unwrap();
    one.until(
        "why it was not sent",
        "document.querySelector('[data-testid=pending-row][data-rule=no-member]') !== null",
    )
    .await;
    look(&one, "pending-refused").await;
    one.press("pending-discard").await;
    one.gone("pending-row").await;
    one.finish().await;
    two.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_into_a_new_conversation_by_name_and_email() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, _) = server.pair();
    let browser = signed_in(&server, &dana, PHONE, None).await;
    browser.press("new-conversation").await;
    browser.press("invite-by-email").await;
    browser.find("invitee-name").await;
    browser.fill("invitee-name", "Ana Ruiz").await;
    browser.fill("invitee-email", "not an address").await;
    browser.press("invitee-add").await;
    browser.until("why not", "document.querySelector('[data-rule=malformed]') !== null").await;
    browser.fill("invitee-email", "ana@example.org").await;
    browser.press("invitee-add").await;
    browser.find("people-invited").await;
    look(&browser, "new-invited").await;
    browser.resize(PHONE).await;
    browser.press("start-conversation").await;
    let title = "document.querySelector('[data-testid=conversation-title]')?.textContent.includes('Ana Ruiz')";
    browser.until("the conversation with her", title).await;
    let letter = server.data().join("outbox");
    let invited = std::fs::read_dir(letter).map(|all| all.count()).unwrap_or_default();
    assert!(invited > 0 || server.log().contains("invited"), "a letter is on its way");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_opens_a_conversation_for_a_colleague_of_a_division() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let owner = device(&server, &dana).await;
    let add = PracticeChange::AddDivision { name: "Children".into() };
    let children = change_practice(&owner, add).await.unwrap().divisions[0].id;
    let to = PersonChange::Division(Some(children));
    change(&owner, samuel.id, to).await.unwrap();
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("new-conversation").await;
    let client = format!("[data-testid=people-option][data-person='{}']", jonas.id);
    browser.until("people", &format!("document.querySelector(\"{client}\") !== null")).await;
    browser.script("document.querySelector(arguments[0]).click()", vec![json!(client)]).await;
    browser.find("new-host").await;
    choose(&browser, "new-division", &children.to_string()).await;
    browser.says("\u{2068}Samuel Okafor\u{2069} leads it. You take part, and can leave.").await;
    look(&browser, "new-led").await;
    browser.press("start-conversation").await;
    browser.find("composer").await;
    let host = signed_in(&server, &samuel, PHONE, None).await;
    host.press("inbox-row").await;
    host.press("details").await;
    host.find("details-announcement").await;
    host.finish().await;
    // Who opened it takes part, and leads nothing.
    browser.resize(WIDE).await;
    browser.press("details").await;
    browser.find("details-leave").await;
    assert!(!browser.shows("details-announcement").await);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_have_a_list_of_their_own_with_what_is_unread() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let samuels = device(&server, &samuel).await;
    let internal = samuels.create(&[dana.id]).await;
    samuels.open(internal).await;
    samuels.send(internal, "Do you have a minute?").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    let unread = "document.querySelector('[data-testid=list-colleagues]')?.dataset.unread";
    browser.until("one unread", &format!("{unread} === '1'")).await;
    samuels.send(internal, "It can wait").await;
    browser.until("two, live", &format!("{unread} === '2'")).await;
    list(&browser, "list-active", 0).await;
    list(&browser, "list-colleagues", 1).await;
    look(&browser, "inbox-colleagues").await;
    browser.press("inbox-row").await;
    shown(&browser, internal).await;
    browser.until("all read", &format!("{unread} === '0'")).await;
    browser.finish().await;
    // A client has no such list.
    let client = signed_in(&server, &jonas, WIDE, None).await;
    client.find("list-active").await;
    assert!(!client.shows("list-colleagues").await);
    client.finish().await;
}
