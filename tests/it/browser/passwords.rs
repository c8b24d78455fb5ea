//! Fields for a password: masked, and open to whoever keeps passwords, a manager or a clipboard.

use quietroom_tests::support::{Browser, TestServer, outbox};
use serde_json::json;
use shared_proto::office::Ask;
use shared_proto::wire::Request;
use thirtyfour::Key;

use super::{WIDE, sign_out};
use crate::given::device;
use crate::office::{add_client, ask};

/// Name, type and `autocomplete` of every field of the page that is for a password, or could show
/// one.
async fn fields(browser: &Browser) -> serde_json::Value {
    let all = "return [...document.querySelectorAll('input')] \
               .filter(field => field.type === 'password' || /password/.test( \
                   field.name + field.id + field.autocomplete)) \
               .map(field => [field.name, field.type, field.autocomplete])";
    browser.script(all, Vec::new()).await
}

/// What stands in a field.
async fn value(browser: &Browser, field: &str) -> String {
    let value = browser.find(field).await.prop("value").await.unwrap();
    value.unwrap_or_default()
}

/// The page asks for these passwords and for no other; each field masks what is in it.
pub async fn masked(browser: &Browser, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, manager)| json!([name, "password", manager])).collect();
    browser.find(expected[0][0].as_str().unwrap()).await;
    assert_eq!(fields(browser).await, json!(expected));
}

/// Presses the keys of `letter` with Control held.
async fn control(browser: &Browser, field: &str, letter: char) {
    browser.type_into(field, &format!("{}{letter}", Key::Control.value())).await;
}

/// The field takes `text` from the clipboard as it is, shows it when asked to, and masks it again.
async fn pasted(browser: &Browser, field: &str, text: &str) {
    control(browser, field, 'v').await;
    assert_eq!(value(browser, field).await, text, "what was pasted into {field}");
    for kind in ["text", "password"] {
        let press =
            "document.querySelector(`[data-testid=${arguments[0]}] ~ .field-reveal`).click()";
        browser.script(press, vec![json!(field)]).await;
        let is = format!(
            "document.querySelector('[data-testid={field}]').type === '{kind}' && \
             document.querySelector('[data-testid={field}] ~ .field-reveal').ariaPressed \
             === '{}'",
            kind == "text"
        );
        browser.until(&format!("{field} to be of type {kind}"), &is).await;
        assert_eq!(value(browser, field).await, text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_password_is_masked_can_be_pasted_and_names_itself_to_a_manager() {
    let mut server = TestServer::start().await;
    let set_up = server.announced("set-up:").await;
    let browser = Browser::start(WIDE).await;
    browser.goto(&set_up).await;
    browser.find("set-up-form").await;
    masked(&browser, &[("password", "new-password")]).await;
    let (dana, jonas) = server.pair();
    let owner = device(&server, &dana).await;
    let ana = add_client(&owner, "Ana Ruiz", "ana@example.org").await.card.id;
    ask(&owner, Ask::Invite { person: ana }).await.unwrap();
    let reset = Request::Office(Ask::SendReset { person: jonas.id });
    owner.request(reset).await.unwrap();

    // By way of a field that can be copied from.
    let secret = jonas.password.as_str();
    browser.fill("name", secret).await;
    for letter in ['a', 'c'] {
        control(&browser, "name", letter).await;
    }
    pasted(&browser, "password", secret).await;

    browser.goto(&server.url("/")).await;
    browser.find("sign-in-form").await;
    masked(&browser, &[("password", "current-password")]).await;
    browser.fill("email", &jonas.email).await;
    pasted(&browser, "password", secret).await;
    browser.press("sign-in").await;
    browser.find("account-menu").await;

    browser.press("account-menu").await;
    browser.press("account-settings").await;
    browser.press("totp-add").await;
    let settings = [
        ("email-password", "current-password"),
        ("current-password", "current-password"),
        ("new-password", "new-password"),
        ("factor-password", "current-password"),
    ];
    browser.find("factor-password").await;
    masked(&browser, &settings).await;
    for (field, _) in settings {
        pasted(&browser, field, secret).await;
    }
    browser.press("task-submit").await;
    let code = browser.find("code").await;
    assert_eq!(code.attr("autocomplete").await.unwrap().as_deref(), Some("one-time-code"));
    browser.press("section-messages").await;
    sign_out(&browser).await;

    for (whose, form) in [("ana@example.org", "invited-form"), (&jonas.email, "new-password-form")]
    {
        browser.goto("about:blank").await;
        browser.goto(outbox::letter(server.data(), whose).await.link()).await;
        browser.find(form).await;
        masked(&browser, &[("password", "new-password")]).await;
        pasted(&browser, "password", secret).await;
    }
    browser.finish().await;
}
