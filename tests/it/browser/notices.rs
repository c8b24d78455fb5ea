//! Notices, as people set them: the ways to be told, quiet hours, what they are sent as, and what a
//! chart says of what a client agreed to.

use quietroom_tests::support::browser::by;
use quietroom_tests::support::{Browser, Person, TestClient, TestServer};
use serde_json::json;
use shared_proto::account::{Account, AccountChange};
use shared_proto::chart::Consents;
use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::notice::{How, Quiet};
use shared_proto::office::{Ask, Told};
use shared_proto::people::{Chart, PersonChange};

use super::screens::{look, look_at};
use super::{WIDE, signed_in};
use crate::given::device;
use crate::office::{ask, change, practice};

/// What is said of a code that was not sent.
const WRONG: &str = "That is not the code. Enter the one from the newest message.";

/// Puts a value into an input that is not typed into letter by letter, or chooses it.
async fn put(browser: &Browser, testid: &str, value: &str) {
    browser.find(testid).await;
    let set = "const input = document.querySelector(arguments[0]);
               input.value = arguments[1];
               for (const name of ['input', 'change']) {
                   input.dispatchEvent(new Event(name, { bubbles: true }));
               }";
    browser.script(set, vec![json!(by(testid)), json!(value)]).await;
}

/// Waits until an input holds this.
async fn holds(browser: &Browser, testid: &str, value: &str) {
    let same = format!("document.querySelector({}).value === {}", json!(by(testid)), json!(value));
    browser.until(&format!("{testid:?} to hold {value:?}"), &same).await;
}

/// Waits until a way to be told is stopped by this, or by `none`.
pub async fn stopped(browser: &Browser, way: &str, why: &str) {
    let way = format!("document.querySelector({})", json!(by(&format!("notice-{way}"))));
    browser.until(&format!("{why} of {way}"), &format!("{way}.dataset.stopped === '{why}'")).await;
}

pub async fn settings(browser: &Browser) {
    browser.press("account-menu").await;
    browser.press("account-settings").await;
    browser.find("notice-email").await;
}

async fn account(client: &TestClient) -> Account {
    match ask(client, Ask::Account).await {
        Ok(Told::Account(account)) => *account,
        other => panic!("{other:?}"),
    }
}

async fn standing(client: &TestClient) -> Standing {
    match ask(client, Ask::Notices(NoticeAsk::Standing)).await {
        Ok(Told::Notices(standing)) => *standing,
        other => panic!("{other:?}"),
    }
}

async fn chart(client: &TestClient, person: &Person) -> Chart {
    match ask(client, Ask::Chart { person: person.id }).await {
        Ok(Told::Chart(chart)) => *chart,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_says_how_they_are_told_and_finds_it_again() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let elsewhere = device(&server, &jonas).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    settings(&browser).await;
    let to = browser.texts("notice-email-to").await.concat();
    assert!(to.contains(&jonas.email), "{to}");
    stopped(&browser, "email", "consent").await;
    browser.says("There is no mobile number yet").await;
    assert!(!browser.shows("notice-email-test").await, "nothing goes there yet");
    look_at(&browser, "notices", Some("[data-testid=notice-email]")).await;

    browser.press("consent-email").await;
    browser.says("Save to switch this on.").await;
    browser.press("quiet").await;
    holds(&browser, "quiet-from", "22:00").await;
    holds(&browser, "quiet-until", "07:00").await;
    put(&browser, "quiet-from", "23:30").await;
    put(&browser, "remind-after", "24").await;
    browser.press("sound").await;
    look_at(&browser, "notices-quiet", Some("[data-testid=notice-quiet]")).await;
    browser.press("settings-consents-save").await;
    browser.find("settings-consents-saved").await;
    let wishes = standing(&elsewhere).await.wishes;
    assert_eq!(wishes.quiet, Some(Quiet { from: 23 * 60 + 30, until: 7 * 60 }));
    assert_eq!((wishes.remind_after, wishes.sound), (Some(24), true));
    assert!(account(&elsewhere).await.consents.email);
    stopped(&browser, "email", "none").await;
    browser.find("notice-email-test").await;

    // A number without its country, and one with it: confirmed by a code, once it is agreed to.
    let mobile = |number: &str| Ask::ChangeAccount(AccountChange::Mobile(number.to_owned()));
    ask(&elsewhere, mobile("079 123 45 67")).await.unwrap();
    browser.says("Your number does not say its country").await;
    ask(&elsewhere, mobile("+41 79 123 45 67")).await.unwrap();
    browser.gone("mobile-format").await;
    browser.press("consent-sms").await;
    browser.find("mobile-send-code").await;
    browser.press("settings-consents-save").await;
    browser.find("settings-consents-saved").await;
    look_at(&browser, "notices-mobile", Some("[data-testid=notice-sms]")).await;

    browser.reload().await;
    browser.find("notice-email").await;
    holds(&browser, "quiet-from", "23:30").await;
    holds(&browser, "remind-after", "24").await;
    let ticked = "['consent-email', 'consent-sms', 'quiet', 'sound']\
                  .every(id => document.getElementById(id).checked)";
    browser.until("what was switched on", ticked).await;
    look(&browser, "notices-again").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_shown_to_be_ones_own_by_the_code_it_was_sent() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let elsewhere = device(&server, &jonas).await;
    let mobile = AccountChange::Mobile("+41 79 123 45 67".to_owned());
    ask(&elsewhere, Ask::ChangeAccount(mobile)).await.unwrap();
    crate::notices::agree(&elsewhere, false, true).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    settings(&browser).await;
    browser.press("mobile-send-code").await;
    let code = crate::notices::code(&server).await;
    browser.fill("mobile-code", if code == "123456" { "654321" } else { "123456" }).await;
    browser.press("mobile-confirm").await;
    browser.says(WRONG).await;
    look_at(&browser, "notices-code-refused", Some("[data-testid=notice-sms]")).await;
    browser.fill("mobile-code", &code).await;
    browser.gone("refusal").await;
    browser.press("mobile-confirm").await;
    browser.gone("mobile-unconfirmed").await;
    stopped(&browser, "sms", "none").await;
    assert!(standing(&elsewhere).await.mobile_confirmed);
    look_at(&browser, "notices-confirmed", Some("[data-testid=notice-sms]")).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_that_are_none_are_refused_where_they_stand_and_nothing_is_lost() {
    let server = TestServer::start().await;
    let (_, jonas) = server.pair();
    let elsewhere = device(&server, &jonas).await;
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    settings(&browser).await;
    browser.press("consent-email").await;
    browser.press("quiet").await;
    put(&browser, "quiet-from", "07:00").await;
    browser.press("settings-consents-save").await;
    let refusal = "document.querySelector('[data-testid=notice-quiet] [data-rule=malformed]')";
    browser.until("the refusal", &format!("{refusal} !== null")).await;
    browser.says("Quiet hours begin at one time and end at another").await;
    holds(&browser, "quiet-from", "07:00").await;
    look_at(&browser, "notices-refused", Some("[data-testid=notice-quiet]")).await;
    // What is right is not held back by it.
    assert!(account(&elsewhere).await.consents.email);
    assert_eq!(standing(&elsewhere).await.wishes.quiet, None);
    put(&browser, "quiet-from", "21:00").await;
    browser.until("it to be put right", &format!("{refusal} === null")).await;
    browser.press("settings-consents-save").await;
    browser.find("settings-consents-saved").await;
    let quiet = Quiet { from: 21 * 60, until: 7 * 60 };
    assert_eq!(standing(&elsewhere).await.wishes.quiet, Some(quiet));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_says_what_notices_are_sent_as_beside_what_it_may_not_say() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, _) = server.pair();
    let owner = device(&server, &dana).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-practice").await;
    browser.find("sender-warning").await;
    browser.says("shown on locked screens").await;
    look_at(&browser, "practice-sender", Some("[data-testid=sender]")).await;
    browser.fill("sender", &"a".repeat(41)).await;
    browser.press("practice-policies-save").await;
    browser.until("the refusal", "document.querySelector('#sender-refusal') !== null").await;
    assert_eq!(practice(&owner).await.settings.sender, "");
    browser.fill("sender", " Lake House ").await;
    browser.press("practice-policies-save").await;
    browser.reads("practice-policies-status", &["Saved"]).await;
    holds(&browser, "sender", "Lake House").await;
    assert_eq!(practice(&owner).await.settings.sender, "Lake House");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_says_since_when_a_client_agrees_and_how_that_came() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let owner = device(&server, &dana).await;
    let client = device(&server, &jonas).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.goto(&server.url(&format!("/people/{}", jonas.id))).await;
    browser.find("consents-recorded").await;
    let how = |which: &str, how: &str, on: bool| {
        let since = by(&format!("consent-{which}-since"));
        format!(
            "(since => since.dataset.how === '{how}' && since.dataset.on === '{on}')\
             (document.querySelector({}))",
            json!(since)
        )
    };
    let never =
        "document.querySelector('[data-testid=consent-email-since]').dataset.how === 'never'";
    browser.until("nothing to have been said", never).await;

    let consents = |email, sms| AccountChange::Consents(Consents { email, sms });
    ask(&client, Ask::ChangeAccount(consents(true, false))).await.unwrap();
    browser.until("what the client said", &how("email", "themselves", true)).await;
    browser.says("in their settings").await;

    browser.press("consent-sms").await;
    browser.press("save-consents").await;
    browser.until("what the provider recorded", &how("sms", "practice", true)).await;
    let words = browser.texts("consent-sms-since").await.concat();
    assert!(words.contains(&dana.name) && words.contains("as told to the practice"), "{words}");
    look_at(&browser, "chart-consents", Some("[data-testid=consents]")).await;
    let agreed = chart(&owner, &jonas).await.agreed;
    assert_eq!(agreed.email.map(|agreed| agreed.how), Some(How::Themselves));
    let by = agreed.sms.and_then(|agreed| agreed.by).map(|by| by.id);
    assert_eq!(by, Some(dana.id));

    ask(&client, Ask::ChangeAccount(consents(true, true))).await.unwrap();
    ask(&client, Ask::ChangeAccount(consents(false, true))).await.unwrap();
    browser.until("that they withdrew it", &how("email", "themselves", false)).await;
    browser.says("Withdrawn on").await;
    // What is as it was keeps since when it is.
    browser.until("the other to stay", &how("sms", "practice", true)).await;
    let withdrawn = PersonChange::Consents(Consents { email: false, sms: false });
    change(&owner, jonas.id, withdrawn).await.unwrap();
    browser.until("what was recorded elsewhere", &how("sms", "practice", false)).await;
    look_at(&browser, "chart-withdrawn", Some("[data-testid=consents]")).await;
    browser.finish().await;
}
