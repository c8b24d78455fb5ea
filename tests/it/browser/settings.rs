//! One's own settings.

use quietroom_tests::support::browser::by;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::account::{Account, AccountChange};
use shared_proto::chart::DetailField;
use shared_proto::office::{Ask, Told};
use thirtyfour::Key;

use super::screens::{look, look_at};
use super::{WIDE, signed_in};
use crate::given::device;
use crate::office::ask;

async fn shows(browser: &Browser, testid: &str, value: &str) {
    let same = format!("document.querySelector({}).value === {}", json!(by(testid)), json!(value));
    browser.until(&format!("{testid:?} to hold {value:?}"), &same).await;
}

async fn account(client: &quietroom_tests::support::TestClient) -> Account {
    match ask(client, Ask::Account).await {
        Ok(Told::Account(account)) => *account,
        other => panic!("{other:?}"),
    }
}

async fn settings(browser: &Browser) {
    browser.press("account-menu").await;
    browser.press("account-settings").await;
    browser.find("settings-you").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_to_their_account_and_nothing_typed_is_lost() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let elsewhere = device(&server, &jonas).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    settings(&browser).await;
    shows(&browser, "name", &jonas.name).await;
    look(&browser, "settings-client").await;

    // What is wrong is said beside it, and what is right is not held back by it.
    browser.fill("name", "Jonas the Second").await;
    browser.fill("mobile", "call me").await;
    browser.press("settings-you-save").await;
    browser
        .reads(
            "refusal",
            &["This is not a telephone number. It has digits, spaces and + - ( ) only."],
        )
        .await;
    shows(&browser, "mobile", "call me").await;
    look(&browser, "settings-refused").await;
    let kept = account(&elsewhere).await;
    assert_eq!((kept.card.name.as_str(), kept.mobile.as_str()), ("Jonas the Second", ""));

    // Another window changes the account: what is being typed stays, the rest follows.
    ask(&elsewhere, Ask::ChangeAccount(AccountChange::Name("Jonas the Third".into())))
        .await
        .unwrap();
    shows(&browser, "name", "Jonas the Third").await;
    shows(&browser, "mobile", "call me").await;
    browser.fill("mobile", "+41 79 555 01 01").await;
    browser.gone("refusal").await;
    browser.press("settings-you-save").await;
    browser.find("settings-you-saved").await;
    assert_eq!(account(&elsewhere).await.mobile, "+41 79 555 01 01");

    browser.press("consent-email").await;
    browser.press("settings-consents-save").await;
    browser.find("settings-consents-saved").await;
    browser.press("read-receipts").await;
    browser.press("settings-messages-save").await;
    browser.find("settings-messages-saved").await;
    let kept = account(&elsewhere).await;
    assert!(kept.consents.email && !kept.consents.sms && !kept.read_receipts);

    browser.fill("town", "8000 Zürich").await;
    browser.fill("insurer", &"x".repeat(201)).await;
    browser.press("settings-details-save").await;
    browser.find("refusal").await;
    browser.fill("insurer", "Helvetia").await;
    browser.key("insurer", Key::Enter).await;
    browser.find("settings-details-saved").await;
    let details = account(&elsewhere).await.details.unwrap();
    assert_eq!(details.get(DetailField::Town), "8000 Zürich");
    assert_eq!(details.get(DetailField::Insurer), "Helvetia");
    assert!(!browser.url().await.contains('#'));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_signs_their_other_devices_out() {
    let server = TestServer::start().await;
    let (dana, _) = server.pair();
    let (phone, tablet) = (device(&server, &dana).await, device(&server, &dana).await);
    let browser = signed_in(&server, &dana, WIDE, None).await;
    settings(&browser).await;
    let devices = |count: usize| {
        format!("document.querySelectorAll({}).length === {count}", json!(by("device")))
    };
    browser.until("three devices", &devices(3)).await;
    assert_eq!(browser.count("[data-testid=device][data-this=true]").await, 1);
    assert_eq!(browser.count("[data-testid=settings-details]").await, 0, "clients only");
    look(&browser, "settings-provider").await;
    browser.press("device-sign-out").await;
    browser.find("device-sign-out-confirm").await;
    look_at(&browser, "settings-sign-out", Some("[data-testid=device-sign-out-confirm]")).await;
    browser.press("device-sign-out-cancel").await;
    browser.until("nothing to have happened", &devices(3)).await;
    browser.press("device-sign-out").await;
    browser.fill("device-password", "not the one at all").await;
    browser.press("device-sign-out-confirm").await;
    browser.until("the refusal", "document.querySelector('[data-rule=wrong]') !== null").await;
    look_at(&browser, "settings-sign-out-refused", Some("[data-rule=wrong]")).await;
    browser.fill("device-password", &dana.password).await;
    browser.press("device-sign-out-confirm").await;
    browser.until("two devices", &devices(2)).await;
    // A device that comes is there once the window is looked at again.
    let third = device(&server, &dana).await;
    browser.script("window.dispatchEvent(new Event('focus'))", vec![]).await;
    browser.until("three devices again", &devices(3)).await;
    browser.press("sign-out-others").await;
    browser.fill("device-password", &dana.password).await;
    browser.press("device-sign-out-confirm").await;
    browser.until("this device alone", &devices(1)).await;
    browser.gone("sign-out-others").await;
    for one in [phone, tablet, third] {
        one.close_code().await;
    }
    browser.finish().await;
}
