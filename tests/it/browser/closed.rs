//! A composer that says why nothing can be written, before anybody tries.

use quietroom_tests::support::TestServer;
use quietroom_tests::support::browser::by;
use serde_json::json;
use shared_proto::people::PersonChange;
use shared_proto::practice::{ClientStart, PracticeChange};

use super::screens::look;
use super::{WIDE, practice, signed_in};
use crate::given::device;
use crate::office::{change, change_practice, practice as settings_of};

/// Waits until the composer is closed by this rule, or open for none.
async fn closed_by(browser: &quietroom_tests::support::Browser, rule: Option<&str>) {
    let rule = json!(rule);
    let says = format!(
        "(document.querySelector({})?.dataset.rule ?? null) === {rule} && \
         document.querySelector({}).readOnly === ({rule} !== null)",
        json!(by("composer-closed")),
        json!(by("composer")),
    );
    browser.until(&format!("the composer to be closed by {rule}"), &says).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_composer_closes_and_opens_with_the_policy_and_keeps_what_was_written() {
    let (server, _, jonas, owner, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    closed_by(&browser, None).await;
    browser.insert("composer", "what I wanted to say").await;
    let set = async |client_start| {
        let mut settings = settings_of(&owner).await.settings;
        settings.policies.client_start = client_start;
        let settings = PracticeChange::Settings(Box::new(settings));
        change_practice(&owner, settings).await.unwrap();
    };
    set(ClientStart::AfterProviderFirst).await;
    closed_by(&browser, Some("provider-first")).await;
    let draft = "return document.querySelector(arguments[0]).value";
    let draft = browser.script(draft, vec![json!(by("composer"))]).await;
    assert_eq!(draft, "what I wanted to say");
    look(&browser, "composer-closed").await;
    owner.send(conversation, "Welcome").await;
    closed_by(&browser, None).await;
    set(ClientStart::Never).await;
    closed_by(&browser, Some("sessions-only")).await;
    set(ClientStart::Assigned).await;
    closed_by(&browser, None).await;
    super::send(&browser, "").await;
    super::marked(&browser, "what I wanted to say", "sent").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_told_that_nobody_can_read_what_they_would_write() {
    let (server, dana, jonas, owner, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    closed_by(&browser, None).await;
    change(&owner, jonas.id, PersonChange::Portal(false)).await.unwrap();
    closed_by(&browser, Some("portal-off")).await;
    browser.reload().await;
    browser.find("composer").await;
    closed_by(&browser, Some("portal-off")).await;
    change(&owner, jonas.id, PersonChange::Portal(true)).await.unwrap();
    closed_by(&browser, None).await;
    device(&server, &jonas).await.settle().await;
    browser.finish().await;
}
