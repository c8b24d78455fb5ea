//! The practice's page: what the owner decides, and what everyone has of it at once.

use quietroom_tests::support::{Browser, Person, TestClient, TestServer};
use shared_proto::people::PersonChange;
use shared_proto::practice::PracticeChange;

use super::screens::{look, look_at};
use super::{WIDE, signed_in};
use crate::given::{device, stranger};
use crate::office::{change, change_practice, practice};

/// An owner with their socket, and a client who is assigned to them.
async fn given() -> (TestServer, Person, Person, TestClient) {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let owner = device(&server, &dana).await;
    let assigned = PersonChange::Assigned { provider: dana.id, on: true };
    change(&owner, jonas.id, assigned).await.unwrap();
    (server, dana, jonas, owner)
}

/// Waits until the field of this name holds `value`.
async fn holds(browser: &Browser, name: &str, value: &str) {
    let field = format!("document.querySelector('[data-testid={name}]').value === '{value}'");
    browser.until(&format!("{name} to hold {value}"), &field).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_who_could_write_before_saving_and_it_holds_at_once() {
    let (server, dana, jonas, owner) = given().await;
    let client = signed_in(&server, &jonas, WIDE, None).await;
    client.find("new-conversation").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-practice").await;
    browser.find("practice-policies").await;
    look(&browser, "practice").await;
    browser.press("client-start-never").await;
    let line = "document.querySelector('[data-line=client-to-assigned][data-possible=false]\
                [data-changed=true]') !== null";
    browser.until("the line that changes", line).await;
    let focus = "document.querySelector('.writes').scrollIntoView()";
    browser.script(focus, Vec::new()).await;
    look_at(&browser, "practice-writes", Some(".writes")).await;
    assert!(client.shows("new-conversation").await, "nothing is saved yet");
    browser.press("practice-policies-save").await;
    browser.reads("practice-policies-status", &["Saved"]).await;
    client.gone("new-conversation").await;
    let kept = practice(&owner).await.settings.policies.client_start;
    assert_eq!(kept, shared_proto::practice::ClientStart::Never);
    browser.finish().await;
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_window_saves_stands_beside_what_is_typed_and_nothing_is_lost() {
    let (server, dana, _, owner) = given().await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-practice").await;
    browser.fill("announcement", "Closed on Monday").await;
    let mut settings = practice(&owner).await.settings;
    settings.announcement = "Closed on Friday".into();
    settings.idle_minutes = 7;
    let other = PracticeChange::Settings(Box::new(settings));
    change_practice(&owner, other).await.unwrap();
    // What nobody types into follows; what somebody does stays.
    holds(&browser, "idle-minutes", "7").await;
    holds(&browser, "announcement", "Closed on Monday").await;
    browser.find("newer").await;
    look_at(&browser, "practice-newer", Some("[data-testid=newer]")).await;
    browser.press("take-newer").await;
    holds(&browser, "announcement", "Closed on Friday").await;
    browser.gone("newer").await;

    browser.fill("idle-minutes", "900").await;
    browser.press("practice-limits-save").await;
    browser.find("refusal").await;
    holds(&browser, "idle-minutes", "900").await;
    assert_eq!(practice(&owner).await.settings.idle_minutes, 7);
    look_at(&browser, "practice-refused", Some("[data-testid=refusal]")).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_is_added_and_stays_while_somebody_belongs_to_it() {
    let (server, dana, jonas, owner) = given().await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    browser.press("section-practice").await;
    browser.fill("new-division", "Adults").await;
    browser.press("division-add").await;
    let there = "document.querySelector('[data-testid=division][data-name=Adults]') !== null";
    browser.until("the division", there).await;
    let division = practice(&owner).await.divisions[0].id;
    change(&owner, jonas.id, PersonChange::Division(Some(division))).await.unwrap();
    browser.press("division-remove").await;
    let refused = "document.querySelector('[data-testid=practice-divisions] [data-rule=in-use]')";
    browser.until("why it stays", &format!("{refused} !== null")).await;
    look(&browser, "practice-division-in-use").await;
    change(&owner, jonas.id, PersonChange::Division(None)).await.unwrap();
    browser.press("division-remove").await;
    browser.gone("division").await;
    assert!(practice(&owner).await.divisions.is_empty());
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_anybody_but_an_owner_there_is_no_such_page() {
    let (server, _, jonas, _) = given().await;
    let mira = stranger(&server);
    for person in [&mira, &jonas] {
        let browser = signed_in(&server, person, WIDE, None).await;
        assert!(!browser.shows("section-practice").await);
        browser.goto(&server.url("/practice")).await;
        browser.find("not-found").await;
        browser.finish().await;
    }
}
