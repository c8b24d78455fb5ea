//! The second step in a browser: setting it up, and signing in with it.

use quietroom_tests::support::authenticator::Authenticator;
use quietroom_tests::support::browser::WIDE;
use quietroom_tests::support::{Browser, Person, TestServer};

use super::screens::{look, look_at};
use crate::clock::Clock;
use crate::codes::Codes;

/// Enters the password and is asked for more.
async fn first_step(browser: &Browser, server: &TestServer, person: &Person) {
    browser.goto(&server.url("/")).await;
    browser.fill("email", &person.email).await;
    browser.fill("password", &person.password).await;
    browser.press("sign-in").await;
    browser.find("second-step-form").await;
}

async fn sign_out(browser: &Browser, server: &TestServer) {
    browser.goto(&server.url("/")).await;
    browser.press("account-menu").await;
    browser.press("sign-out").await;
    browser.find("sign-in-form").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_sets_an_app_up_before_anything_else_and_signs_in_with_it() {
    let clock = Clock::new();
    let server = clock.options().flag("--second-factor", "required").start().await;
    let (dana, _) = server.pair();
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/people")).await;
    browser.fill("email", &dana.email).await;
    browser.fill("password", &dana.password).await;
    browser.press("sign-in").await;
    browser.find("enrol").await;
    browser.find("totp-add").await;
    assert_eq!(browser.count("nav").await, 0, "nothing else is there");
    look(&browser, "enrol").await;

    browser.press("totp-add").await;
    browser.press("task-submit").await;
    browser.find("refusal").await;
    browser.fill("factor-password", "this is not it at all").await;
    browser.press("task-submit").await;
    browser.until("the refusal", "document.querySelector('[data-rule=wrong]') !== null").await;
    look(&browser, "enrol-password-refused").await;
    browser.fill("factor-password", &dana.password).await;
    browser.press("task-submit").await;
    let secret = browser.find("totp-secret").await.text().await.unwrap();
    let mut codes = Codes::new(&clock, secret);
    look(&browser, "enrol-app").await;
    browser.fill("code", "000000").await;
    browser.press("totp-finish").await;
    browser.until("the refusal", "document.querySelector('[data-rule=wrong-code]') !== null").await;
    browser.fill("code", &codes.fresh()).await;
    browser.press("totp-finish").await;
    browser.find("recovery-codes").await;
    look(&browser, "enrol-recovery-codes").await;
    browser.press("recovery-kept").await;
    browser.find("section-settings").await;

    sign_out(&browser, &server).await;
    first_step(&browser, &server, &dana).await;
    look(&browser, "second-step").await;
    browser.fill("code", "000000").await;
    browser.press("second-step").await;
    browser.until("the refusal", "document.querySelector('[data-rule=wrong-code]') !== null").await;
    look(&browser, "second-step-refused").await;
    browser.fill("code", &codes.fresh()).await;
    browser.press("second-step").await;
    browser.find("account-menu").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_and_a_recovery_code_let_somebody_in() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let browser = Browser::start(WIDE).await;
    browser.sign_in(&server, &jonas).await;
    let device = Authenticator::add(&browser).await;
    browser.press("section-settings").await;
    browser.find("passkey-add").await;
    look_at(&browser, "settings-factors-none", Some("[data-testid=passkey-add]")).await;
    browser.press("passkey-add").await;
    browser.fill("passkey-name", "Work laptop").await;
    browser.fill("factor-password", &jonas.password).await;
    look_at(&browser, "settings-passkey-add", Some("[data-testid=passkey-name]")).await;
    browser.press("task-submit").await;
    browser.find("recovery-codes").await;
    assert_eq!(device.passkeys().await.len(), 1);
    let area = "return document.querySelector('[data-testid=recovery-text]').value";
    let codes = browser.script(area, Vec::new()).await.as_str().unwrap().to_owned();
    let codes: Vec<&str> = codes.lines().collect();
    assert_eq!(codes.len(), 10);
    browser.press("recovery-kept").await;
    browser.reads("passkey-card-name", &["Work laptop"]).await;
    look_at(&browser, "settings-factors", Some("[data-testid=passkey-card-name]")).await;

    sign_out(&browser, &server).await;
    first_step(&browser, &server, &jonas).await;
    look(&browser, "second-step-passkey").await;
    device.recognises(false).await;
    browser.press("use-passkey").await;
    let cancelled = "document.querySelector('[data-rule=passkey-cancelled]') !== null";
    browser.until("the refusal", cancelled).await;
    device.recognises(true).await;
    browser.press("use-passkey").await;
    browser.find("account-menu").await;

    sign_out(&browser, &server).await;
    first_step(&browser, &server, &jonas).await;
    browser.press("use-recovery").await;
    browser.find("code").await;
    look(&browser, "second-step-recovery").await;
    browser.fill("code", &codes[0].to_lowercase()).await;
    browser.press("second-step").await;
    browser.find("account-menu").await;

    browser.press("section-settings").await;
    browser.press("passkey-rename").await;
    browser.fill("passkey-name", "Old laptop").await;
    browser.fill("factor-password", &jonas.password).await;
    browser.press("task-submit").await;
    browser.reads("passkey-card-name", &["Old laptop"]).await;
    browser.press("passkey-remove").await;
    browser.find("factor-task").await;
    look_at(&browser, "settings-passkey-remove", Some("[data-testid=factor-task]")).await;
    browser.fill("factor-password", &jonas.password).await;
    browser.press("task-submit").await;
    browser.gone("passkey").await;
    sign_out(&browser, &server).await;
    browser.sign_in(&server, &jonas).await;
    browser.finish().await;
}
