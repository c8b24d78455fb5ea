//! The audit log on its page, and who opened a conversation.

use quietroom_tests::support::browser::{PHONE, WIDE};
use quietroom_tests::support::people::try_sign_in;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::chart::{DetailField, Details};
use shared_proto::id::PersonId;
use shared_proto::office::Ask;
use shared_proto::people::{PersonChange, Role};
use shared_proto::practice::PracticeChange;
use shared_proto::wire::Request;

use super::screens::look;
use super::{open, practice, signed_in};
use crate::given::device;
use crate::office::{change, change_practice};

const REASON: &str = "The client may be in danger";

/// What the rows of the log say, in their order.
async fn actions(browser: &Browser) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[data-testid=audit-row]')]\
        .map(row => row.dataset.action)";
    let found = browser.script(script, Vec::new()).await;
    serde_json::from_value(found).unwrap()
}

/// Waits until every row is of one of these actions, and there is one of each.
async fn only(browser: &Browser, wanted: &[&str]) {
    let condition = format!(
        "(() => {{ const wanted = {}; \
           const rows = [...document.querySelectorAll('[data-testid=audit-row]')]\
             .map(row => row.dataset.action); \
           return wanted.every(one => rows.includes(one)) \
             && rows.every(one => wanted.includes(one)); }})()",
        json!(wanted)
    );
    browser.until(&format!("the rows to be {wanted:?}"), &condition).await;
}

async fn choose(browser: &Browser, testid: &str, value: &str) {
    let script = "const field = document.querySelector(`[data-testid=${arguments[0]}]`); \
        const kind = field instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement; \
        Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(field, arguments[1]); \
        for (const name of ['input', 'change']) \
          field.dispatchEvent(new Event(name, { bubbles: true }))";
    browser.script(script, vec![json!(testid), json!(value)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reads_the_log_and_finds_what_they_look_for() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options()).await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let samuels = device(&server, &samuel).await;
    let theirs = samuels.create(&[jonas.id]).await;
    try_sign_in(server.address(), &jonas.email, "not the password at all").await.unwrap();
    let mut details = Details::default();
    details.set(DetailField::Town, "8000 Zürich".into());
    let set = PersonChange::Details(Box::new(details));
    change(&provider, jonas.id, set).await.unwrap();
    let assigned = PersonChange::Assigned { provider: samuel.id, on: true };
    change(&provider, jonas.id, assigned).await.unwrap();
    let division = PracticeChange::AddDivision { name: "Adults".into() };
    change_practice(&provider, division).await.unwrap();
    let grant = Ask::EmergencyOpen { conversation: theirs, reason: REASON.into() };
    provider.request(Request::Office(grant)).await.unwrap();

    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.goto(&server.url("/practice/audit")).await;
    browser.find("audit-row").await;
    let all = actions(&browser).await;
    for action in ["signed-in", "sign-in-failed", "chart-changed", "assigned", "division-changed"] {
        assert!(all.iter().any(|found| found == action), "{action} in {all:?}");
    }
    browser.says(REASON).await;
    let page = browser.script("return document.body.textContent", Vec::new()).await;
    let page = page.as_str().unwrap().replace(['\u{2068}', '\u{2069}'], "");
    assert!(page.contains("Changed the chart: town"), "{page}");
    assert!(page.contains("Assigned to a provider: Samuel Okafor"));
    assert!(!page.contains("Zürich"), "what, and never which");
    let marked = "[data-emergency=true] .audit-mark";
    assert_eq!(browser.count(marked).await, 1, "in words");
    look(&browser, "audit").await;

    choose(&browser, "audit-group", "emergency").await;
    only(&browser, &["emergency-opened"]).await;
    choose(&browser, "audit-group", "sign-ins").await;
    only(&browser, &["signed-in", "sign-in-failed"]).await;
    browser.fill("audit-person", "jon").await;
    browser.find("audit-person-option").await;
    look(&browser, "audit-person").await;
    browser.press("audit-person-option").await;
    only(&browser, &["sign-in-failed"]).await;
    let focused = "document.activeElement?.dataset.testid === 'audit-person-chosen'";
    browser.until("the focus to stay", focused).await;
    choose(&browser, "audit-until", "2001-01-31").await;
    browser.find("audit-empty").await;
    look(&browser, "audit-empty").await;
    browser.press("audit-clear").await;
    browser.find("audit-row").await;
    assert!(actions(&browser).await.len() > 10);
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn older_records_follow_page_by_page_to_the_beginning() {
    let (server, dana, _, provider, _) = practice(TestServer::options().unhurried()).await;
    for number in 0..60 {
        let id = PersonId::from_bytes([number; 16]);
        // Nobody: refused, and so in no log; what is recorded is the reading below.
        assert!(provider.request(Request::Office(Ask::Chart { person: id })).await.is_err());
        let read = Request::Audit { filter: Default::default(), before: None };
        provider.request(read).await.unwrap();
    }
    let browser = signed_in(&server, &dana, PHONE, None).await;
    browser.goto(&server.url("/practice/audit")).await;
    browser.press("audit-older").await;
    browser.find("audit-end").await;
    let script = "return [...document.querySelectorAll('[data-testid=audit-row]')]\
        .map(row => Number(row.dataset.sequence))";
    let shown: Vec<u64> = serde_json::from_value(browser.script(script, Vec::new()).await).unwrap();
    assert_eq!(shown.last(), Some(&1));
    assert!(shown.windows(2).all(|pair| pair[0] == pair[1] + 1), "none twice, none left out");
    assert!(!actions(&browser).await.iter().any(|action| action == "chart-opened"));
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_anybody_but_an_owner_there_is_no_such_page() {
    let (server, _, jonas, ..) = practice(TestServer::options()).await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    for person in [&jonas, &samuel] {
        let browser = signed_in(&server, person, WIDE, None).await;
        browser.goto(&server.url("/practice/audit")).await;
        browser.find("not-found").await;
        assert!(!browser.shows("audit").await);
        browser.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_who_opened_their_conversation_on_a_phone_too() {
    let (server, dana, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, "How was the week?").await;
    let olga = server.person_add("Olga Bauer", Role::Owner);
    let olgas = device(&server, &olga).await;
    let grant = Ask::EmergencyOpen { conversation, reason: REASON.into() };
    olgas.request(Request::Office(grant)).await.unwrap();
    olgas.open(conversation).await;
    let browser = signed_in(&server, &jonas, PHONE, None).await;
    open(&browser, conversation).await;
    browser.press("who-opened").await;
    browser.find("opened-row").await;
    let script = "return [...document.querySelectorAll('[data-testid=opened-row]')]\
        .map(row => [row.dataset.action, row.dataset.person])";
    let rows: Vec<(String, String)> =
        serde_json::from_value(browser.script(script, Vec::new()).await).unwrap();
    let row = |action: &str, id: PersonId| (action.to_owned(), id.to_string());
    let expected = [
        row("conversation-opened", jonas.id),
        row("conversation-opened", olga.id),
        row("emergency-opened", olga.id),
        row("conversation-opened", dana.id),
    ];
    assert_eq!(rows, expected, "newest first");
    browser.says("Opened it by emergency access").await;
    browser.says("Olga Bauer").await;
    look(&browser, "opened-by").await;
    browser.press("tool-close").await;
    browser.gone("opened-by").await;
    let focused = "document.activeElement?.dataset.testid === 'who-opened'";
    browser.until("the focus to come back", focused).await;
    browser.finish().await;
}
