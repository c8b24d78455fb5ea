//! Forms in a conversation: assigned to one of a group, filled in with a reload in the middle,
//! submitted once, read by the host; nobody else sees any of it.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::date::Date;
use shared_proto::form::answers::Value;
use shared_proto::form::ask::{Ask, Known, Told};
use shared_proto::form::{Days, Kind, LinkId, Number, Scale};
use shared_proto::people::Role;

use super::super::keys::{has_focus, strike, type_text};
use super::super::screens::look;
use super::super::{WIDE, practice, signed_in};
use super::{ask, assign, click, counts, form, kept, open_form, put, saved};
use crate::conversations::act;
use crate::given::device;
use shared_proto::conversation::command::Command;

/// Waits until everything that was answered is kept.
async fn is_kept(browser: &Browser) {
    let kept = "document.querySelector('[data-testid=paper-state]')?.dataset.kept === 'true'";
    browser.until("what was answered to be kept", kept).await;
}

/// Picks the choice at `place` of the question at `number`, both from nothing.
async fn pick(browser: &Browser, number: usize, place: usize) {
    let script = "document.querySelectorAll('[data-testid=question]')[arguments[0]]\
        .querySelectorAll('.pick input')[arguments[1]].click()";
    browser.script(script, vec![json!(number), json!(place)]).await;
}

async fn picked(browser: &Browser, count: usize) {
    counts(browser, "[data-testid=question] .pick input:checked", count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_questionnaire_is_assigned_filled_in_and_read_with_its_score() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let cara = server.person_add("Cara Lindqvist", Role::Client);
    let group = provider.create(&[jonas.id, cara.id]).await;
    provider.open(group).await;
    let Told::Template(bytes) = ask(&provider, Ask::Library { which: Known::Phq9 }).await else {
        panic!("the PHQ-9 comes along")
    };
    let template: shared_proto::form::version::Template =
        shared_proto::codec::decode(&bytes).unwrap();
    let body = shared_proto::codec::encode(&template.form);
    let client_id = quietroom_tests::support::fresh_id();
    let form = Some(Known::Phq9.id());
    ask(&provider, Ask::Save { client_id, form, version: 0, body }).await;

    let host = signed_in(&server, &dana, WIDE, Some(group)).await;
    let third = signed_in(&server, &cara, WIDE, Some(group)).await;
    host.press("details").await;
    host.press("details-assign").await;
    host.find("assign-dialog").await;
    host.press("assign-form").await;
    click(&host, &format!("[data-testid=assign-person][data-person=\"{}\"]", jonas.id)).await;
    look(&host, "forms-assign").await;
    host.press("assign-save").await;
    host.find("form-card").await;
    host.says("Not submitted yet").await;
    look(&host, "forms-card-host").await;

    let client = signed_in(&server, &jonas, PHONE, Some(group)).await;
    client.says("To fill in").await;
    look(&client, "forms-card").await;
    client.resize(PHONE).await;
    client.press("form-card-open").await;
    client.find("paper").await;
    counts(&client, "[data-testid=question]", 10).await;
    look(&client, "forms-fill").await;
    client.resize(PHONE).await;
    for number in 0..4 {
        pick(&client, number, 1).await;
    }
    is_kept(&client).await;
    client.reload().await;
    open_form(&client, group).await;
    picked(&client, 4).await;

    // What is answered on another device appears.
    let other = signed_in(&server, &jonas, WIDE, None).await;
    open_form(&other, group).await;
    picked(&other, 4).await;
    pick(&other, 4, 2).await;
    picked(&client, 5).await;

    // Not everything is answered: the first that is not takes the focus.
    client.press("paper-submit").await;
    counts(&client, "[data-testid=answer-wrong]", 4).await;
    let focus = "document.activeElement?.closest('[data-testid=question]') === \
        document.querySelectorAll('[data-testid=question]')[5]";
    client.until("the first that is missing to have the focus", focus).await;
    look(&client, "forms-fill-missing").await;
    client.resize(PHONE).await;
    for number in 5..9 {
        pick(&client, number, 3).await;
    }
    counts(&client, "[data-testid=answer-wrong]", 0).await;
    client.press("paper-submit").await;
    client.find("submit-confirm").await;
    look(&client, "forms-submit").await;
    client.resize(PHONE).await;
    client.press("submit-confirm").await;
    client.find("paper-submitted").await;
    other.find("paper-submitted").await;
    other.finish().await;
    assert!(!client.shows("answer-score").await, "what it counts is its reader's to see");
    assert!(!client.shows("answer-alerts").await);
    look(&client, "forms-answered").await;
    client.resize(PHONE).await;
    client.press("tool-close").await;
    client.gone("paper").await;
    client.finish().await;

    // 4 × 1 + 2 + 4 × 3.
    host.says("submitted").await;
    let cards = "document.querySelectorAll('[data-testid=form-card][data-submitted=true]')";
    host.until("both cards to say so", &format!("{cards}.length === 2")).await;
    host.press("form-card-open").await;
    host.find("answer-alert").await;
    let points = "document.querySelector('[data-testid=answer-points]').textContent\
        .replace(/[\\u2068\\u2069]/g, '') === '18 of 27'";
    host.until("its score", points).await;
    host.reads("answer-band", &["Moderately severe depression"]).await;
    look(&host, "forms-read").await;
    host.press("tool-close").await;
    host.press("details").await;
    host.find("form-given").await;
    look(&host, "forms-details").await;
    host.finish().await;

    let page = third.script("return document.documentElement.innerHTML", Vec::new()).await;
    assert!(!page.as_str().unwrap().contains("PHQ-9"), "nobody else hears of it");
    assert!(!third.shows("form-card").await);
    third.press("details").await;
    third.find("members").await;
    assert!(!third.shows("form-given").await);
    assert!(!third.shows("details-assign").await, "only its host assigns forms");
    third.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_in_and_submitted_with_the_keyboard_alone() {
    let (server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let scale = Scale { from: 0, to: 4, from_label: "None".into(), to_label: "Much".into() };
    let asked = [
        ("What are you called?", Kind::Text),
        ("What do you weigh?", Kind::Number(Number::default())),
        ("Do you take medicines?", Kind::YesNo),
        ("How much pain?", Kind::Scale(scale)),
        ("Your name", Kind::Signature("It is true.".into())),
    ];
    let asked = asked.map(|(label, kind)| (label.to_owned(), kind));
    let mut form = form("Keys", asked.to_vec());
    form.items.iter_mut().for_each(|item| item.required = true);
    let form = saved(&provider, &form).await;
    let entry = assign(&provider, conversation, form, jonas.id).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.find("form-card-open").await;
    browser.script("document.querySelector('[data-testid=thread]').focus()", Vec::new()).await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=form-card-open]").await;
    strike(&browser, "Enter").await;
    has_focus(&browser, "#paper-title").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=tool-close]").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "#q1").await;
    type_text(&browser, "Jonas").await;
    strike(&browser, "Tab").await;
    type_text(&browser, "72,5").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-link='3'] [data-pick=fill-yes]").await;
    strike(&browser, "ArrowDown").await;
    has_focus(&browser, "[data-link='3'] [data-pick=fill-no]").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-link='4'] [data-pick='0']").await;
    for _ in 0..3 {
        strike(&browser, "ArrowDown").await;
    }
    has_focus(&browser, "[data-link='4'] [data-pick='3']").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "#q5").await;
    // A name is missing, and a number has a decimal that none was asked for.
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=paper-submit]").await;
    strike(&browser, "Enter").await;
    has_focus(&browser, "#q2").await;
    counts(&browser, "[data-testid=answer-wrong]", 2).await;
    put(&browser, "#q2", "72").await;
    browser.script("document.querySelector('#q5').focus()", Vec::new()).await;
    type_text(&browser, "Jonas Weber").await;
    strike(&browser, "Tab").await;
    strike(&browser, "Enter").await;
    browser.find("submit-confirm").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=submit-confirm]").await;
    strike(&browser, "Enter").await;
    browser.find("paper-submitted").await;
    strike(&browser, "Escape").await;
    browser.gone("paper").await;
    let answers = kept(&provider, conversation, entry).await;
    assert_eq!(answers.get(LinkId(3)), Some(&Value::YesNo(false)));
    assert_eq!(answers.get(LinkId(4)), Some(&Value::Number("3".parse().unwrap())));
    assert_eq!(answers.get(LinkId(5)), Some(&Value::Signature("Jonas Weber".into())));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_without_a_connection_is_kept_once_it_is_back() {
    let (mut server, _, jonas, provider, conversation) =
        practice(TestServer::options().unhurried().on_a_free_port()).await;
    let days = Days { earliest: None, latest: Date::new(2026, 12, 31) };
    let asked = vec![
        ("Since when?".to_owned(), Kind::Date(days)),
        ("What happened?".to_owned(), Kind::LongText),
    ];
    let form = saved(&provider, &form("Offline", asked)).await;
    let entry = assign(&provider, conversation, form, jonas.id).await;
    let browser = signed_in(&server, &jonas, PHONE, None).await;
    open_form(&browser, conversation).await;
    put(&browser, "#q1", "2027-01-01").await;
    put(&browser, "#q2", "Much").await;
    is_kept(&browser).await;
    server.kill9();
    browser.until("no line", "document.querySelector('.app').dataset.link !== 'live'").await;
    put(&browser, "#q2", "Much and little").await;
    browser.says("Not saved yet: no connection").await;
    look(&browser, "forms-offline").await;
    browser.resize(PHONE).await;
    // Closing asks, since it would be lost.
    browser.press("tool-close").await;
    browser.press("close-cancel").await;
    server.restart().await;
    is_kept(&browser).await;
    let phone = device(&server, &jonas).await;
    let answers = kept(&phone, conversation, entry).await;
    assert_eq!(answers.get(LinkId(2)), Some(&Value::Text("Much and little".into())));
    // Too late a day is kept, and not submitted.
    browser.press("paper-submit").await;
    browser.says("This has to be").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_a_session_that_is_over_stay_readable() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let session = crate::conversations::session(&provider, &[jonas.id], None).await.unwrap();
    provider.open(session).await;
    let asked = vec![("What happened?".to_owned(), Kind::LongText)];
    let form = saved(&provider, &form("Looking back", asked)).await;
    let entry = assign(&provider, session, form, jonas.id).await;
    let host = signed_in(&server, &dana, WIDE, Some(session)).await;
    host.press("complete").await;
    let open_form =
        "document.querySelector('[data-testid=complete-open] [data-kind=form]') !== null";
    host.until("who has a form to fill in", open_form).await;
    look(&host, "forms-complete").await;
    host.press("tool-close").await;
    let client = device(&server, &jonas).await;
    client.open(session).await;
    let mut answers = shared_proto::form::answers::Answers::default();
    answers.set(LinkId(1), Value::Text("It went well".into()));
    let answers = shared_proto::codec::encode(&answers);
    let client_message_id = quietroom_tests::support::fresh_id();
    let submit = Ask::Submit { conversation: session, entry, client_message_id, answers };
    assert!(matches!(ask(&client, submit).await, Told::Submitted { .. }));
    act(&provider, session, Command::Complete).await.unwrap();
    host.find("ended").await;
    host.press("details").await;
    assert!(!host.shows("details-assign").await, "nothing is assigned any more");
    host.press("form-given-open").await;
    host.reads("answer", &["What happened?It went well"]).await;
    host.finish().await;
    let reader = signed_in(&server, &jonas, PHONE, None).await;
    reader.press("list-archived").await;
    reader.press("inbox-row").await;
    reader.press("form-card-open").await;
    reader.find("paper-submitted").await;
    reader.finish().await;
}
