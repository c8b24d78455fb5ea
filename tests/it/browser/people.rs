//! The people of a practice: the list, somebody new, charts, emergency access.

mod charts;

use quietroom_tests::support::browser::{PHONE, by};
use quietroom_tests::support::{Browser, Person, TestClient, TestServer, eventually, fresh_id};
use serde_json::json;
use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{NewPerson, PersonChange, PersonRow, Role};
use shared_proto::wire::{Reply, Request};
use thirtyfour::Key;

use super::keys::{has_focus, strike};
use super::screens::look;
use super::{WIDE, signed_in};
use crate::given::device;

async fn ask(client: &TestClient, ask: Ask) -> Told {
    match client.request(Request::Office(ask)).await {
        Ok(Reply::Office(told)) => told,
        other => panic!("{other:?}"),
    }
}

/// Adds a client, as somebody does in another window.
async fn add(client: &TestClient, new: NewPerson) -> PersonRow {
    let person = Box::new(new);
    match ask(client, Ask::AddPerson { client_id: fresh_id(), person }).await {
        Told::Person(row) => *row,
        other => panic!("{other:?}"),
    }
}

async fn change(client: &TestClient, person: PersonId, change: PersonChange) {
    ask(client, Ask::ChangePerson { person, change: Box::new(change) }).await;
}

fn new_client(name: &str, email: &str, phone: &str, chart_number: &str) -> NewPerson {
    NewPerson {
        role: Role::Client,
        name: name.into(),
        email: email.into(),
        phone: phone.into(),
        chart_number: chart_number.into(),
        division: None,
    }
}

/// An owner, a client, and the owner's socket.
async fn practice() -> (TestServer, Person, Person, TestClient) {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let owner = device(&server, &dana).await;
    (server, dana, jonas, owner)
}

/// Goes to an address of the page that runs.
async fn go(browser: &Browser, server: &TestServer, path: &str) {
    browser.goto(&server.url(path)).await;
}

fn row(person: PersonId, inside: &str) -> String {
    format!("[data-testid=people-row][data-person=\"{person}\"] {inside}")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_email_phone_and_chart_number_as_one_types() {
    let (server, dana, _, owner) = practice().await;
    let ana = new_client("Ana Ruiz", "ana@first.example", "+41 79 555 01 02", "C-1042");
    let ana = add(&owner, ana).await.card.id;
    add(&owner, new_client("Luca Bianchi", "luca@second.example", "+41 76 111 22 33", "K-77"))
        .await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-people").await;
    browser.reads("people-name", &["Ana Ruiz", "Jonas Keller", "Luca Bianchi"]).await;
    browser.reads("people-count", &["3 clients"]).await;
    for typed in ["ruiz", "ana@fir", "795550102", "c-1042"] {
        browser.fill("people-find", typed).await;
        browser.reads("people-name", &["Ana Ruiz"]).await;
        browser.fill("people-find", "LUCA").await;
        browser.reads("people-name", &["Luca Bianchi"]).await;
    }
    browser.fill("people-find", "nobody at all").await;
    browser.find("people-empty").await;
    look(&browser, "people-none").await;
    browser.fill("people-find", "a").await;
    browser.reads("people-name", &["Ana Ruiz", "Jonas Keller", "Luca Bianchi"]).await;
    // By how far they are; what is looked for stays, and the list follows what becomes of them.
    choose(&browser, "people-standing", "no-account").await;
    browser.reads("people-name", &["Ana Ruiz", "Luca Bianchi"]).await;
    choose(&browser, "people-standing", "invited").await;
    browser.find("people-empty").await;
    browser.says("Nobody found here is shown as").await;
    ask(&owner, Ask::Invite { person: ana }).await;
    browser.reads("people-name", &["Ana Ruiz"]).await;
    look(&browser, "people-invited").await;
    browser.fill("people-find", "luca").await;
    browser.find("people-empty").await;
    choose(&browser, "people-standing", "").await;
    browser.reads("people-name", &["Luca Bianchi"]).await;
    browser.fill("people-find", "x").await;
    browser.key("people-find", Key::Backspace).await;
    browser.press("show-providers").await;
    browser.reads("people-name", &["Dana Whitfield"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_thousand_clients_only_those_in_view_are_in_the_page() {
    let (server, dana, jonas, owner) = practice().await;
    let mut added = tokio::task::JoinSet::new();
    let owner = std::sync::Arc::new(owner);
    for number in 0..2_000 {
        let owner = std::sync::Arc::clone(&owner);
        added.spawn(async move {
            let email = format!("client{number}@example.org");
            let name = format!("Client {number:04}");
            add(&owner, new_client(&name, &email, "", &format!("N-{number}"))).await;
        });
        if added.len() == 32 {
            added.join_next().await;
        }
    }
    while added.join_next().await.is_some() {}
    change(&owner, jonas.id, PersonChange::Assigned { provider: dana.id, on: true }).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-people").await;
    browser.reads("people-count", &["2001 clients"]).await;
    let first = browser.find("people-name").await.text().await.unwrap();
    assert_eq!(first, "Jonas Keller", "who is assigned comes first");
    let most = browser.count(&by("people-row")).await;
    assert!(most < 60, "{most} rows in the page");
    // Down to the end, as far as it is here each time.
    let down = "(list => { list.scrollTop = list.scrollHeight; \
                return [...document.querySelectorAll('[data-testid=people-name]')]\
                    .at(-1).textContent === 'Client 1999' })(document.querySelector(\
                '[data-testid=people-list]'))";
    browser.until("the last of them", down).await;
    let most = browser.count(&by("people-row")).await;
    assert!(most < 60, "{most} rows in the page at the end");
    let end = "document.querySelector('[data-testid=people-list] li:last-child').ariaPosInSet";
    browser.until("the place of the last", &format!("{end} === '2001'")).await;
    // What was here is here again after a chart.
    browser
        .script(
            "document.querySelector('[data-testid=people-list] li:last-child a').click()",
            vec![],
        )
        .await;
    browser.find("chart-head").await;
    browser.press("back").await;
    browser.until("the same end of the list", &format!("{end} === '2001'")).await;
    browser.fill("people-find", "1234").await;
    browser.reads("people-name", &["Client 1234"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_changes_while_it_is_looked_at() {
    let (server, dana, jonas, owner) = practice().await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let browser = signed_in(&server, &samuel, WIDE, None).await;
    browser.press("section-people").await;
    browser.reads("people-name", &["Jonas Keller"]).await;
    let ana = add(&owner, new_client("Ana Ruiz", "", "", "C-1")).await;
    browser.reads("people-name", &["Ana Ruiz", "Jonas Keller"]).await;
    assert_eq!(browser.count(&row(ana.card.id, "[data-standing=no-account]")).await, 1);
    change(&owner, jonas.id, PersonChange::Assigned { provider: samuel.id, on: true }).await;
    browser.reads("people-name", &["Jonas Keller", "Ana Ruiz"]).await;
    browser.press("people-write").await;
    browser.find("composer").await;
    let written = browser.url().await;
    browser.press("section-people").await;
    browser.press("people-write").await;
    browser.find("composer").await;
    assert_eq!(browser.url().await, written, "the same conversation again");
    browser.press("section-people").await;
    change(&owner, jonas.id, PersonChange::Portal(false)).await;
    browser
        .until(
            "the mark",
            &format!(
                "document.querySelector({})",
                json!(row(jonas.id, "[data-standing=portal-off]"))
            ),
        )
        .await;
    browser.gone("people-write").await;
    change(&owner, jonas.id, PersonChange::Suspended(true)).await;
    browser
        .until(
            "the mark",
            &format!(
                "document.querySelector({})",
                json!(row(jonas.id, "[data-standing=suspended]"))
            ),
        )
        .await;
    // A division of its own, and she is not for this provider any more.
    let division = division(&owner, "Children").await;
    change(&owner, ana.card.id, PersonChange::Division(Some(division))).await;
    browser.reads("people-name", &["Jonas Keller"]).await;
    assert_eq!(dana.role, Role::Owner);
    browser.finish().await;
}

/// A new division.
async fn division(owner: &TestClient, name: &str) -> shared_proto::id::DivisionId {
    use shared_proto::practice::PracticeChange;
    let Told::Practice(practice) = ask(owner, Ask::Practice).await else { panic!("no practice") };
    let change = PracticeChange::AddDivision { name: name.into() };
    let revision = practice.revision;
    match ask(owner, Ask::ChangePractice { revision, change }).await {
        Told::Practice(practice) => practice.divisions[0].id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_added_and_what_was_typed_stays_when_it_is_refused() {
    let (server, dana, jonas, owner) = practice().await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    division(&owner, "Adults").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-people").await;
    browser.find("people-row").await;
    look(&browser, "people").await;
    browser.press("add-person").await;
    browser.fill("name", "Ana Ruiz").await;
    browser.fill("email", "ana at example").await;
    browser.fill("phone", "+41 79 555 01 02").await;
    browser.fill("chart-number", "C-1042").await;
    choose(&browser, "assign", &samuel.id.to_string()).await;
    browser.press("assign-add").await;
    browser.reads("assigned", &["Samuel Okafor"]).await;
    browser.press("add-submit").await;
    let refusal = browser.find("refusal").await;
    assert_eq!(refusal.attr("data-rule").await.unwrap().as_deref(), Some("malformed"));
    has_focus(&browser, "[data-testid=email]").await;
    look(&browser, "people-add-refused").await;
    let value = async |field: &str| {
        browser.find(field).await.prop("value").await.unwrap().unwrap_or_default()
    };
    assert_eq!(value("email").await, "ana at example");
    assert_eq!(value("phone").await, "+41 79 555 01 02");
    // One that somebody has: only the server knows.
    browser.fill("email", &jonas.email).await;
    browser.press("add-submit").await;
    browser.until("the other refusal", "document.querySelector('[data-rule=taken]')").await;
    assert_eq!(value("name").await, "Ana Ruiz");
    browser.fill("email", "ana@example.org").await;
    browser.press("add-submit").await;
    browser.find("chart-head").await;
    browser.says("C-1042").await;
    browser.reads("assigned", &["Samuel Okafor"]).await;
    let chart = browser.url().await;
    let id: PersonId = chart.rsplit('/').next().unwrap().parse().unwrap();
    let Told::Chart(chart) = ask(&owner, Ask::Chart { person: id }).await else { panic!() };
    assert_eq!(chart.row.email, "ana@example.org");
    assert_eq!(chart.row.assigned, [samuel.id]);
    // A provider, by an owner.
    browser.press("section-people").await;
    browser.press("add-person").await;
    choose(&browser, "role", "provider").await;
    browser.gone("chart-number").await;
    browser.fill("name", "Mira Berg").await;
    browser.press("add-submit").await;
    browser.find("chart-head").await;
    browser.gone("tab-communications").await;
    browser.finish().await;
}

/// Chooses an option of a select by its value.
async fn choose(browser: &Browser, testid: &str, value: &str) {
    let option = format!(
        "document.querySelector('{} option[value=\"{value}\"]')",
        by(testid).replace('"', "")
    );
    browser.until("the option", &format!("Boolean({option})")).await;
    let choose = format!(
        "(option => {{ option.parentElement.value = option.value; \
          option.parentElement.dispatchEvent(new Event('change', {{ bubbles: true }})) }})({option})"
    );
    browser.script(&choose, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_takes_only_a_keyboard() {
    let (server, dana, jonas, owner) = practice().await;
    let mut ids = Vec::new();
    for number in 0..60 {
        let name = format!("Client {number:02}");
        ids.push(add(&owner, new_client(&name, "", "", "")).await.card.id);
    }
    let browser = signed_in(&server, &dana, WIDE, None).await;
    go(&browser, &server, "/people").await;
    browser.reads("people-count", &["61 clients"]).await;
    has_focus(&browser, ".sheet-title").await;
    browser.script("document.querySelector('[data-testid=show-providers]').focus()", vec![]).await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=people-standing]").await;
    strike(&browser, "Tab").await;
    let at = |id: PersonId| format!("[data-testid=people-row][data-person=\"{id}\"]");
    has_focus(&browser, &at(ids[0])).await;
    strike(&browser, "ArrowDown").await;
    has_focus(&browser, &at(ids[1])).await;
    for _ in 0..20 {
        strike(&browser, "ArrowDown").await;
    }
    has_focus(&browser, &at(ids[21])).await;
    // The end of what is here; then more is.
    eventually("the last row to have the focus", async || {
        strike(&browser, "End").await;
        let there = format!("return document.activeElement?.dataset.person === '{}'", jonas.id);
        (browser.script(&there, Vec::new()).await == json!(true)).then_some(())
    })
    .await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=people-write]").await;
    strike(&browser, "Home").await;
    has_focus(&browser, &at(ids[0])).await;
    strike(&browser, "Enter").await;
    browser.find("chart-head").await;
    browser.says("Client 00").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_not_for_clients_nor_for_who_is_not_signed_in() {
    let (server, _, jonas, _) = practice().await;
    let browser = Browser::start(PHONE).await;
    go(&browser, &server, "/people").await;
    browser.find("sign-in-form").await;
    browser.fill("email", &jonas.email).await;
    browser.fill("password", &jonas.password).await;
    browser.key("password", Key::Enter).await;
    browser.find("not-found").await;
    for path in ["/people/add", &format!("/people/{}", jonas.id)] {
        go(&browser, &server, path).await;
        browser.find("not-found").await;
    }
    browser.finish().await;
}
