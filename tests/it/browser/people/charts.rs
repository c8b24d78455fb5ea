//! Charts: what is known, who may do what, the client's own inbox, emergency access.

use quietroom_tests::support::TestServer;
use shared_proto::chart::{DetailField, Details};
use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{PersonChange, Role};

use super::{add, ask, change, choose, division, go, new_client, practice};
use crate::browser::screens::look;
use crate::browser::{WIDE, signed_in};
use crate::given::device;

async fn chart_of(
    client: &quietroom_tests::support::TestClient,
    person: PersonId,
) -> shared_proto::people::Chart {
    match ask(client, Ask::Chart { person }).await {
        Told::Chart(chart) => *chart,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_read_and_changed_and_follows_what_others_change() {
    let (server, dana, _, owner) = practice().await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let ana = add(&owner, new_client("Ana Ruiz", "ana@example.org", "", "C-1042")).await.card.id;
    division(&owner, "Adults").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    go(&browser, &server, &format!("/people/{ana}")).await;
    browser.find("chart-head").await;
    look(&browser, "chart-details").await;
    browser.fill("phone", "call me").await;
    browser.press("save-contact").await;
    browser.until("the refusal", "document.querySelector('#phone-refusal')").await;
    browser.fill("phone", "+41 79 555 01 02").await;
    browser.press("save-contact").await;
    browser
        .until(
            "it to be saved",
            "document.querySelector('[data-testid=save-contact-done]').dataset.done === 'true'",
        )
        .await;
    assert_eq!(chart_of(&owner, ana).await.row.phone, "+41 79 555 01 02");

    browser.fill("birth-date", "yesterday").await;
    browser.fill("town", "8000 Zürich").await;
    browser.press("save-details").await;
    browser.until("the refusal", "document.querySelector('#birth-date-refusal')").await;
    // Somebody else changes another detail meanwhile: what is typed here stays.
    let mut details = Details::default();
    details.set(DetailField::Insurer, "Helsana".into());
    change(&owner, ana, PersonChange::Details(Box::new(details))).await;
    browser.until("the insurer", "document.querySelector('#insurer').value === 'Helsana'").await;
    browser.until("the town", "document.querySelector('#town').value === '8000 Zürich'").await;
    browser.fill("birth-date", "1984-02-29").await;
    browser.press("save-details").await;
    browser
        .until(
            "it to be saved",
            "document.querySelector('[data-testid=save-details-done]').dataset.done === 'true'",
        )
        .await;
    let kept = chart_of(&owner, ana).await.details;
    assert_eq!(kept.get(DetailField::Insurer), "Helsana");
    assert_eq!(kept.get(DetailField::Town), "8000 Zürich");
    assert_eq!(kept.get(DetailField::BirthDate), "1984-02-29");

    choose(&browser, "assign", &samuel.id.to_string()).await;
    browser.press("assign-add").await;
    browser.reads("assigned", &["Samuel Okafor"]).await;
    browser.press("assigned").await;
    browser.find("assigned-none").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn portal_access_is_switched_off_after_a_question_and_messaging_says_so() {
    let (server, dana, jonas, owner) = practice().await;
    let client = device(&server, &jonas).await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    go(&browser, &server, &format!("/people/{}", jonas.id)).await;
    browser.press("portal").await;
    browser.find("portal-off-confirm").await;
    look(&browser, "chart-portal-off").await;
    browser.press("portal-off-cancel").await;
    browser.until("the box to be ticked again", "document.querySelector('#portal').checked").await;
    assert!(chart_of(&owner, jonas.id).await.row.portal);
    browser.press("portal").await;
    browser.press("portal-off-confirm").await;
    browser.until("the mark", "document.querySelector('[data-standing=portal-off]')").await;
    assert!(client.close_code().await.is_some(), "the client is out");
    browser.press("tab-communications").await;
    let why = browser.find("messaging-unavailable").await;
    assert_eq!(why.attr("data-rule").await.unwrap().as_deref(), Some("portal-off"));
    assert!(!browser.shows("new-message").await);
    look(&browser, "chart-messaging-unavailable").await;
    browser.press("tab-details").await;
    browser.press("portal").await;
    browser.until("the mark", "document.querySelector('[data-standing=active]')").await;
    assert!(chart_of(&owner, jonas.id).await.row.portal);

    browser.press("suspend").await;
    browser.press("suspend-confirm").await;
    browser.find("restore").await;
    browser.press("restore").await;
    browser.find("suspend").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_holds_the_inbox_of_one_client_and_no_row_of_another() {
    let (server, dana, jonas, owner) = practice().await;
    let luca = server.person_add("Luca Bianchi", Role::Client);
    let with_luca = owner.create(&[luca.id]).await;
    owner.open(with_luca).await;
    owner.send(with_luca, "For Luca only").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    // A deep link, and the way there.
    go(&browser, &server, &format!("/people/{}/communications/messaging", jonas.id)).await;
    browser.find("messaging-empty").await;
    go(&browser, &server, "/people").await;
    browser.fill("people-find", "Jonas").await;
    browser.reads("people-name", &["Jonas Keller"]).await;
    browser.press("people-row").await;
    browser.press("tab-communications").await;
    browser.find("messaging-empty").await;
    assert!(browser.url().await.ends_with("/communications/messaging"));
    let with_jonas = owner.create(&[jonas.id]).await;
    owner.open(with_jonas).await;
    owner.send(with_jonas, "For Jonas only").await;
    browser.says("For Jonas only").await;
    let rows = "[...document.querySelectorAll('[data-testid=messaging] [data-testid=inbox-row]')]\
                .map(row => row.dataset.conversation).join()";
    browser.until("one row", &format!("{rows} === '{with_jonas}'")).await;
    look(&browser, "chart-messaging").await;
    browser.press("inbox-row").await;
    browser.find("composer").await;
    assert!(browser.url().await.contains(&with_jonas.to_string()));
    go(&browser, &server, &format!("/people/{}/communications/messaging", jonas.id)).await;
    browser.press("new-message").await;
    browser.find("composer").await;
    let new = browser.url().await;
    assert!(new.contains("/c/") && !new.contains(&with_jonas.to_string()), "{new}");
    super::super::send(&browser, "Composed from the chart").await;
    let client = device(&server, &jonas).await;
    quietroom_tests::support::eventually("the client's inbox", async || {
        (client.inbox().await.rows.len() == 2).then_some(())
    })
    .await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_told_why_something_is_not_theirs_and_the_last_owner_stays() {
    let (server, dana, jonas, _) = practice().await;
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let browser = signed_in(&server, &samuel, WIDE, None).await;
    go(&browser, &server, &format!("/people/{}", jonas.id)).await;
    let rule = "document.querySelector('[data-testid=access] [data-testid=unavailable]')\
                .dataset.rule === 'owner-only'";
    browser.until("why they may not suspend", rule).await;
    assert!(!browser.shows("emergency-link").await);
    go(&browser, &server, &format!("/people/{}/emergency", jonas.id)).await;
    browser.find("not-found").await;
    go(&browser, &server, "/people/018f2d3e-7a51-4cc1-9c6b-2b1d0a4c9e10").await;
    browser.find("not-found").await;
    go(&browser, &server, &format!("/people/{}", dana.id)).await;
    browser.find("chart-head").await;
    look(&browser, "chart-colleague").await;
    browser.finish().await;

    let browser = signed_in(&server, &dana, WIDE, None).await;
    go(&browser, &server, &format!("/people/{}", dana.id)).await;
    browser.press("step-down").await;
    browser.press("step-down-confirm").await;
    browser.until("the refusal", "document.querySelector('[data-rule=last-owner]')").await;
    go(&browser, &server, &format!("/people/{}", samuel.id)).await;
    browser.press("make-owner").await;
    browser.press("make-owner-confirm").await;
    browser.find("step-down").await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_opens_a_conversation_in_an_emergency_and_only_reads() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let provider = device(&server, &samuel).await;
    let conversation = provider.create(&[jonas.id]).await;
    provider.open(conversation).await;
    provider.send(conversation, "How are you today?").await;
    let browser = signed_in(&server, &dana, WIDE, None).await;
    go(&browser, &server, &format!("/people/{}", jonas.id)).await;
    browser.press("emergency-link").await;
    browser.fill("reason", "because").await;
    browser.press("emergency-list").await;
    let refusal = browser.find("refusal").await;
    assert_eq!(refusal.attr("data-rule").await.unwrap().as_deref(), Some("too-short"));
    browser.fill("reason", "The client may be in danger").await;
    browser.press("emergency-list").await;
    browser.find("emergency-row").await;
    browser.says("Samuel Okafor").await;
    look(&browser, "emergency").await;
    browser.press("emergency-open").await;
    browser.says("Everyone in it is told").await;
    browser.press("emergency-confirm").await;
    browser.says("How are you today?").await;
    browser.says("opened this conversation by emergency access").await;
    assert!(browser.url().await.contains(&conversation.to_string()));
    let began = "new Date(document.querySelector('[data-testid=row-time]').dateTime)";
    browser.until("when it began", &format!("Date.now() - {began} < 600000")).await;
    browser.gone("composer").await;
    look(&browser, "emergency-conversation").await;
    browser.finish().await;
}
