//! The practice's forms: found, built, previewed, saved in versions.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::form::Kind;
use shared_proto::form::ask::Ask;

use super::super::keys::has_focus;
use super::super::screens::look;
use super::super::{WIDE, open, practice, signed_in};
use super::{ask, choose, click, counts, put, saved, says};
use crate::given::device;

async fn forms_page(browser: &Browser) {
    browser.press("section-people").await;
    browser.press("forms-link").await;
    browser.find("forms-page").await;
}

/// One more item with this label; it is open then.
async fn add(browser: &Browser, kind: &str, label: &str) {
    click(browser, &format!("[data-testid=item-add][data-kind={kind}]")).await;
    counts(browser, ".build-item:last-child [data-testid=item-label]", 1).await;
    put(browser, ".build-item:last-child [data-testid=item-label]", label).await;
}

async fn choices(browser: &Browser, labels: &[&str]) {
    for (place, label) in labels.iter().enumerate() {
        let field = format!(".build-choice:nth-child({}) [data-testid=choice-label]", place + 1);
        put(browser, &field, label).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_every_kind_is_built_previewed_saved_and_changed() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, _) = server.pair();
    let browser = signed_in(&server, &dana, WIDE, None).await;
    forms_page(&browser).await;
    browser.find("forms-empty").await;
    counts(&browser, "[data-testid=forms-library] [data-testid=form-row]", 4).await;
    look(&browser, "forms-empty").await;

    browser.press("new-form").await;
    browser.find("builder").await;
    browser.press("form-save").await;
    browser.find("form-problems").await;
    has_focus(&browser, "[data-testid=form-title]").await;
    look(&browser, "forms-new-refused").await;
    put(&browser, "[data-testid=form-title]", "Before we meet").await;
    put(&browser, "[data-testid=form-description]", "It takes about five minutes.").await;
    add(&browser, "section", "About you").await;
    add(&browser, "note", "There are no wrong answers.").await;
    add(&browser, "text", "What are you called?").await;
    browser.press("item-required").await;
    add(&browser, "long-text", "What brings you here?").await;
    put(&browser, "[data-testid=item-help]", "As much or as little as you like.").await;
    add(&browser, "number", "What do you weigh?").await;
    put(&browser, "[data-testid=item-least]", "20").await;
    put(&browser, "[data-testid=item-most]", "three hundred").await;
    put(&browser, "[data-testid=item-unit]", "kg").await;
    add(&browser, "date", "When were you born?").await;
    put(&browser, "[data-testid=item-latest]", "2026-12-31").await;
    add(&browser, "yes-no", "Do you take medicines?").await;
    add(&browser, "text", "Which ones?").await;
    choose(&browser, "[data-testid=show-if-item]", "By the answer to: Do you take").await;
    browser.find("test-how").await;
    look(&browser, "forms-builder").await;

    // It is not moved past what it depends on, and says so.
    click(&browser, ".build-item:last-child [data-testid=item-up]").await;
    browser.says("so it comes after it").await;
    add(&browser, "one", "How often are you sad?").await;
    choices(&browser, &["Never", "Often"]).await;
    browser.press("choice-add").await;
    has_focus(&browser, ".build-choice:last-child input").await;
    choices(&browser, &["Never", "Often", "Always"]).await;
    look(&browser, "forms-builder-choices").await;
    add(&browser, "several", "What else is there?").await;
    choices(&browser, &["Sleep", "Worry"]).await;
    add(&browser, "scale", "How much pain?").await;
    put(&browser, "[data-testid=item-from-label]", "None").await;
    put(&browser, "[data-testid=item-to-label]", "The worst").await;
    add(&browser, "signature", "Your name").await;
    put(&browser, "[data-testid=item-statement]", "All of this is true.").await;

    // Deleted, and back where it was.
    click(&browser, ".build-item:nth-child(4) [data-testid=item-delete]").await;
    browser.find("item-removed").await;
    has_focus(&browser, "[data-testid=item-undo]").await;
    counts(&browser, ".build-item", 11).await;
    browser.press("item-undo").await;
    counts(&browser, ".build-item", 12).await;
    let fourth = "document.querySelector('.build-item:nth-child(4) .build-label').textContent \
        === 'What brings you here?'";
    browser.until("it where it was", fourth).await;

    // What is wrong is said at its place: the number that is none.
    browser.press("form-save").await;
    browser.find("form-problems").await;
    let marked = "document.querySelectorAll('.build-item[data-wrong=true]').length === 1";
    browser.until("one item that is marked", marked).await;
    click(&browser, ".build-item:nth-child(5) [data-testid=item-open]").await;
    browser.find("form-wrong").await;
    look(&browser, "forms-builder-refused").await;
    put(&browser, "[data-testid=item-most]", "300").await;
    browser.gone("form-problems").await;

    // The preview is the view it is filled in by; nothing is sent.
    browser.press("form-preview").await;
    browser.find("preview").await;
    counts(&browser, "[data-testid=question]", 9).await;
    click(&browser, "[data-pick=fill-yes] input").await;
    counts(&browser, "[data-testid=question]", 10).await;
    browser.press("preview-check").await;
    counts(&browser, "[data-testid=answer-wrong]", 1).await;
    look(&browser, "forms-preview").await;
    let down = "document.querySelector('[data-testid=preview] .tool-body').scrollTop = 100000";
    browser.script(down, Vec::new()).await;
    look(&browser, "forms-preview-end").await;
    browser.press("tool-close").await;
    browser.gone("preview").await;

    browser.press("form-save").await;
    says(&browser, "form-saved", "Saved. It can be assigned now.").await;
    let address = browser.url().await;
    assert!(address.contains("/forms/") && !address.ends_with("/new"), "{address}");
    put(&browser, "[data-testid=form-title]", "Before we begin").await;
    browser.press("form-save").await;
    let words = "Version 2 saved. Forms already assigned stay as they are.";
    says(&browser, "form-saved", words).await;
    look(&browser, "forms-builder-saved").await;

    // What is not saved is asked about: by a link, and by the way back.
    put(&browser, "[data-testid=form-title]", "Something else").await;
    browser.press("back").await;
    browser.press("leave-cancel").await;
    browser.find("builder").await;
    browser.try_back().await;
    browser.find("leave-cancel").await;
    look(&browser, "forms-leave").await;
    browser.press("leave-cancel").await;
    let there = "document.querySelector('[data-testid=form-title]').value === 'Something else'";
    browser.until("what was typed", there).await;
    assert_eq!(browser.url().await, address);
    browser.press("back").await;
    browser.press("leave-confirm").await;
    browser.find("forms-page").await;
    let row = "document.querySelector('[data-testid=forms-own] [data-testid=form-row]')\
        ?.dataset.version === '2'";
    browser.until("its second version", row).await;

    // From a reload on, what was saved is there.
    browser.press("form-open").await;
    let there = "document.querySelector('[data-testid=form-title]')?.value === 'Before we begin'";
    browser.until("what was saved", there).await;
    browser.reload().await;
    browser.until("what was saved", there).await;
    counts(&browser, ".build-item", 12).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_the_library_is_taken_and_no_longer_offered() {
    let server = TestServer::options().unhurried().start().await;
    server.pair();
    let samuel = server.person_add("Samuel Okafor", shared_proto::people::Role::Provider);
    let browser = signed_in(&server, &samuel, PHONE, None).await;
    forms_page(&browser).await;
    let row = "[...document.querySelectorAll('[data-testid=form-row]')]\
        .find(row => row.textContent.includes('PHQ-9'))";
    browser.until("the PHQ-9", &format!("Boolean({row})")).await;
    browser.script(&format!("{row}.querySelector('button').click()"), Vec::new()).await;
    says(&browser, "forms-outcome", "“PHQ-9” is one of your forms now. It can be assigned.").await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 1).await;
    counts(&browser, "[data-testid=forms-library] [data-testid=form-row]", 3).await;
    look(&browser, "forms-list").await;
    browser.resize(PHONE).await;

    // Its points, its score and its alert are there to be seen.
    browser.press("form-open").await;
    browser.find("scores").await;
    counts(&browser, "[data-testid=band]", 5).await;
    click(&browser, ".build-item:nth-child(10) [data-testid=item-open]").await;
    counts(&browser, "[data-testid=choice-points]", 4).await;
    let alerts = "document.querySelector('[data-testid=item-alert]').checked";
    browser.until("the alert", alerts).await;
    let alert = "document.querySelector('[data-testid=alert]').scrollIntoView()";
    browser.script(alert, Vec::new()).await;
    look(&browser, "forms-builder-score").await;
    browser.press("back").await;

    browser.press("form-retire").await;
    counts(&browser, "[data-testid=forms-retired] [data-testid=form-row]", 1).await;
    look(&browser, "forms-retired").await;
    browser.press("form-offer").await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 1).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_saves_is_in_the_list_and_can_be_assigned_at_once() {
    let mut server = TestServer::options().unhurried().on_a_free_port().start().await;
    let (dana, jonas) = server.pair();
    let colleague = device(&server, &dana).await;
    let samuel = server.person_add("Samuel Okafor", shared_proto::people::Role::Provider);
    let provider = device(&server, &samuel).await;
    let conversation = provider.create(&[jonas.id]).await;
    let browser = signed_in(&server, &samuel, WIDE, None).await;
    forms_page(&browser).await;
    browser.find("forms-empty").await;
    let asked = || vec![("What brought you here?".to_owned(), Kind::LongText)];
    let form = saved(&colleague, &super::form("Before we meet", asked())).await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 1).await;
    ask(&colleague, Ask::Retire { form, retired: true }).await;
    counts(&browser, "[data-testid=forms-retired] [data-testid=form-row]", 1).await;
    ask(&colleague, Ask::Retire { form, retired: false }).await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 1).await;

    // Also while one is chosen for a client.
    browser.press("section-messages").await;
    open(&browser, conversation).await;
    browser.press("details").await;
    browser.press("details-assign").await;
    counts(&browser, "[data-testid=assign-form]", 1).await;
    saved(&colleague, &super::form("After we met", asked())).await;
    counts(&browser, "[data-testid=assign-form]", 2).await;

    // What was saved while this window had no line is there once it has.
    browser.press("tool-close").await;
    forms_page(&browser).await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 2).await;
    server.kill9();
    browser.find("banner").await;
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.emulateNetworkConditions", network(true)).await;
    let offline = "document.querySelector('[data-testid=banner]')?.dataset.state === 'offline'";
    browser.until("it to be offline", offline).await;
    server.restart().await;
    let colleague = device(&server, &dana).await;
    saved(&colleague, &super::form("Much later", asked())).await;
    browser.devtools("Network.emulateNetworkConditions", network(false)).await;
    counts(&browser, "[data-testid=forms-own] [data-testid=form-row]", 3).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_assigned_in_a_conversation_longer_than_one_answer_holds() {
    let (server, dana, _, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    for number in 0..=shared_proto::limits::RESUME_ENTRIES {
        provider.send(conversation, &format!("Line {number}")).await;
    }
    let asked = vec![("What brought you here?".to_owned(), Kind::LongText)];
    saved(&provider, &super::form("Before we meet", asked)).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    browser.press("details").await;
    browser.press("details-assign").await;
    browser.press("assign-form").await;
    browser.press("assign-save").await;
    browser.find("form-card").await;
    browser.gone("assign-dialog").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_no_forms_page() {
    let server = TestServer::options().unhurried().start().await;
    let (_, jonas) = server.pair();
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    for path in ["/forms", "/forms/new"] {
        browser.goto(&server.url(path)).await;
        browser.find("not-found").await;
    }
    let links = browser.count("a[href*=forms]").await;
    assert_eq!(json!(links), json!(0));
    browser.finish().await;
}
