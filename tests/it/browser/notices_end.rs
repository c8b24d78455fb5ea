//! Ways to be told that end, or never begin: what the settings say of each, and what to do.

use quietroom_tests::support::Browser;
use quietroom_tests::support::sms_gateway::{NUMBER, SmsGateway, TOKEN};
use shared_proto::http::SMS_REPLY;

use super::notices::{settings, stopped};
use super::screens::look_at;
use super::{WIDE, signed_in};
use crate::given::two_on;
use crate::notices::{at_once, sms};

/// Where the settings say it of text messages.
const SMS: Option<&str> = Some("[data-testid=notice-sms]");

/// Until the settings say this of a way.
async fn says(browser: &Browser, way: &str, words: &str) {
    browser.reads(&format!("notice-{way}-stopped"), &[words]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answered_stop_reads_so_and_how_they_are_told_again() {
    let gateway = SmsGateway::start().await;
    let two = sms::agreed(sms::through(&gateway)).await;
    let browser = signed_in(&two.server, &two.jonas, WIDE, None).await;
    settings(&browser).await;
    stopped(&browser, "email", "no-way-out").await;
    says(&browser, "email", "Your practice does not send emails.").await;
    stopped(&browser, "push", "no-way-out").await;
    says(&browser, "push", "Your practice does not send notices to browsers.").await;
    look_at(&browser, "notices-no-way-out", Some("[data-testid=notice-email]")).await;

    stopped(&browser, "sms", "none").await;
    browser.find("notice-sms-test").await;
    browser.press("consent-sms").await;
    says(&browser, "sms", "Save to switch this off. Until then you are still told this way.").await;
    browser.gone("notice-sms-test").await;
    look_at(&browser, "notices-save-off", SMS).await;
    browser.press("consent-sms").await;
    browser.gone("notice-sms-stopped").await;

    let stop = [("From", sms::MOBILE[1]), ("To", NUMBER), ("Body", "STOP")];
    assert_eq!(sms::tells(&two, SMS_REPLY, TOKEN, &stop).await.status, 200);
    stopped(&browser, "sms", "stopped").await;
    let answered = "You answered STOP, so no text message is sent. To get them again, send START to \
                    the number they came from.";
    says(&browser, "sms", answered).await;
    let ticked = "document.getElementById('consent-sms').checked";
    browser.until("the switch to be off", &format!("!{ticked}")).await;
    look_at(&browser, "notices-stopped", SMS).await;
    browser.press("consent-sms").await;
    let saving = "Save to switch this on. You answered STOP before: also send START to the number \
                  the messages came from, or none will reach you.";
    says(&browser, "sms", saving).await;
    look_at(&browser, "notices-save-stopped", SMS).await;
    browser.press("settings-consents-save").await;
    stopped(&browser, "sms", "none").await;
    browser.gone("notice-sms-stopped").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_the_practice_does_not_send_by_says_so() {
    let options = at_once().switch("--push").flag("--push-contact", "mailto:it@example.org");
    let two = two_on(options).await;
    let browser = signed_in(&two.server, &two.jonas, WIDE, None).await;
    settings(&browser).await;
    for (way, words) in [
        ("email", "Your practice does not send emails."),
        ("sms", "Your practice does not send text messages."),
    ] {
        stopped(&browser, way, "no-way-out").await;
        says(&browser, way, words).await;
    }
    assert!(!browser.shows("mobile-format").await, "no number is asked for in vain");
    look_at(&browser, "notices-no-sms", SMS).await;
    browser.finish().await;
}
