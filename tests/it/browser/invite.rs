//! Everything that goes by an emailed link, as people go through it.

use quietroom_tests::support::links::token;
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{Browser, Person, TestServer, eventually, outbox};
use serde_json::json;
use shared_proto::office::Ask;
use shared_proto::people::Role;

use super::screens::{look, look_at};
use super::{WIDE, live, marked, open, send, signed_in};
use crate::given::device;
use crate::mail::through;
use crate::office::{add_client, ask};

pub(super) const GOOD: &str = "a tin of yellow harbour paint";

/// Waits until the password was judged, and it is at least, or less than, good enough.
pub(super) async fn judged(browser: &Browser, good: bool) {
    let score = "Number(document.querySelector('[data-testid=strength]').dataset.score ?? NaN)";
    let condition = if good { format!("{score} >= 3") } else { format!("{score} < 3") };
    browser.until(&format!("the password to be good: {good}"), &condition).await;
}

async fn rule(browser: &Browser) -> String {
    let refusal = browser.find("refusal").await;
    refusal.attr("data-rule").await.unwrap().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_invited_follows_the_letter_chooses_a_password_and_both_talk() {
    let relay = Relay::start().await;
    let server = through(&relay).start().await;
    let (dana, _) = server.pair();
    let owner = device(&server, &dana).await;
    let provider = signed_in(&server, &dana, WIDE, None).await;
    let ana = add_client(&owner, "Ana Ruiz", "ana@example.org").await.card.id;
    ask(&owner, Ask::Invite { person: ana }).await.unwrap();
    let letter = relay.letter("ana@example.org").await;

    let client = Browser::start(WIDE).await;
    client.goto(letter.link()).await;
    client.find("invited-form").await;
    assert!(!client.url().await.contains('#'), "the token leaves the address");
    client.says("Dana Whitfield").await;
    client.says("ana@example.org").await;
    look(&client, "invited").await;
    client.fill("password", "Ana Ruiz Ana Ruiz").await;
    judged(&client, false).await;
    let reason = client.find("weakness").await;
    assert_eq!(reason.attr("data-name").await.unwrap().as_deref(), Some("name-or-email"));
    look(&client, "invited-weak").await;
    client.press("accept").await;
    assert_eq!(rule(&client).await, "common");
    look(&client, "invited-refused").await;
    let kept = client.script("return document.querySelector('#password').value", vec![]).await;
    assert_eq!(kept, json!("Ana Ruiz Ana Ruiz"), "nothing typed is lost");
    client.fill("password", GOOD).await;
    judged(&client, true).await;
    look(&client, "invited-strong").await;
    client.press("accept").await;
    client.find("account-menu").await;
    assert!(client.url().await.ends_with('/'), "{}", client.url().await);

    let conversation = owner.create(&[ana]).await;
    open(&provider, conversation).await;
    open(&client, conversation).await;
    live(&provider).await;
    send(&provider, "Welcome, Ana").await;
    client.says("Welcome, Ana").await;
    send(&client, "Glad to be here").await;
    provider.says("Glad to be here").await;
    marked(&client, "Glad to be here", "delivered").await;

    client.goto("about:blank").await;
    client.goto(letter.link()).await;
    client.find("link-spent").await;
    look(&client, "link-spent").await;
    client.finish().await;
    provider.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_who_sits_there_signs_out_before_an_invitation_is_accepted() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let owner = device(&server, &dana).await;
    let ana = add_client(&owner, "Ana Ruiz", "ana@example.org").await.card.id;
    ask(&owner, Ask::Invite { person: ana }).await.unwrap();
    let letter = outbox::letter(server.data(), "ana@example.org").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.goto(letter.link()).await;
    browser.find("invited-occupied").await;
    look(&browser, "invited-occupied").await;
    browser.press("invited-sign-out").await;
    browser.fill("password", GOOD).await;
    browser.press("accept").await;
    browser.find("account-menu").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_a_link() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/")).await;
    browser.press("forgotten").await;
    browser.find("forgotten-form").await;
    look(&browser, "forgotten").await;
    browser.fill("email", "jonas").await;
    browser.press("forgotten-send").await;
    assert_eq!(rule(&browser).await, "malformed");
    browser.fill("email", &jonas.email).await;
    browser.press("forgotten-send").await;
    browser.find("forgotten-sent").await;
    look(&browser, "forgotten-sent").await;
    let letter = outbox::letter(server.data(), &jonas.email).await;
    browser.goto(letter.link()).await;
    browser.find("new-password-form").await;
    look(&browser, "new-password").await;
    browser.fill("password", "paint").await;
    judged(&browser, false).await;
    browser.press("new-password").await;
    assert_eq!(rule(&browser).await, "too-short");
    browser.fill("password", GOOD).await;
    browser.press("new-password").await;
    browser.find("new-password-done").await;
    look(&browser, "new-password-done").await;
    browser.sign_in(&server, &Person { password: GOOD.to_owned(), ..jonas }).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_changes_their_password_and_their_email_and_stays_signed_in() {
    let server = TestServer::start().await;
    let dana = server.person_add("Dana Whitfield", Role::Owner);
    let other = device(&server, &dana).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.goto(&server.url("/settings")).await;
    browser.says(&dana.email).await;
    look_at(&browser, "settings-email-password", Some("[data-testid=new-email]")).await;
    browser.fill("current-password", "another lake in autumn").await;
    browser.fill("new-password", GOOD).await;
    judged(&browser, true).await;
    browser.press("change-password").await;
    assert_eq!(rule(&browser).await, "wrong-credentials");
    browser.fill("current-password", &dana.password).await;
    browser.fill("new-password", "Dana Whitfield Dana").await;
    judged(&browser, false).await;
    browser.press("change-password").await;
    assert_eq!(rule(&browser).await, "common");
    look_at(&browser, "settings-password-weak", Some("[data-testid=new-password]")).await;
    browser.fill("new-password", GOOD).await;
    browser.press("change-password").await;
    browser.find("password-changed").await;
    other.close_code().await;
    live(&browser).await;

    browser.fill("new-email", "whitfield@example.net").await;
    browser.fill("email-password", GOOD).await;
    browser.press("change-email").await;
    browser.find("email-sent").await;
    look_at(&browser, "settings-email-sent", Some("[data-testid=email-sent]")).await;
    let data = server.data();
    let new = outbox::letter(data, "whitfield@example.net").await;
    let confirm = async || {
        let letters = outbox::letters(data, &dana.email);
        letters.into_iter().find(|letter| letter.body.contains("/confirm-email#"))
    };
    let old = eventually("a letter to the old address", confirm).await;
    assert_ne!(token(&new), token(&old));
    let elsewhere = Browser::start(WIDE).await;
    elsewhere.goto(new.link()).await;
    elsewhere.find("confirm-email").await;
    look(&elsewhere, "confirm-email").await;
    elsewhere.press("confirm").await;
    elsewhere.find("email-half").await;
    look(&elsewhere, "confirm-email-half").await;
    elsewhere.goto("about:blank").await;
    elsewhere.goto(old.link()).await;
    elsewhere.press("confirm").await;
    elsewhere.find("email-changed").await;
    look(&elsewhere, "confirm-email-changed").await;
    browser.reads("own-email", &["You sign in with \u{2068}whitfield@example.net\u{2069}."]).await;
    elsewhere.finish().await;
    browser.finish().await;
}
