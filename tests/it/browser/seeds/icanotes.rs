//! "Messaging Clients from ICANotes+".

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};
use shared_proto::people::{PersonChange, Role};

use super::super::screens::look;
use super::super::{WIDE, send, signed_in};
use super::{press, press_of};
use crate::given::device;
use crate::office::change;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_messaged_from_their_chart_once_portal_access_is_on() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let other = server.person_add("Luca Bianchi", Role::Client);
    let owner = device(&server, &dana).await;
    let assigned = PersonChange::Assigned { provider: samuel.id, on: true };
    change(&owner, jonas.id, assigned).await.unwrap();
    change(&owner, jonas.id, PersonChange::Portal(false)).await.unwrap();
    let clinician = signed_in(&server, &samuel, WIDE, None).await;

    // Access the Messaging section. Without portal access it is unavailable, and says so.
    press(&clinician, "section-people", "People").await;
    press_of(&clinician, "people-row", jonas.id).await;
    press(&clinician, "tab-communications", "Communications").await;
    clinician.find("messaging").await;
    clinician.find("messaging-unavailable").await;
    assert!(!clinician.shows("new-message").await);
    let client = Browser::start(PHONE).await;
    client.goto(&server.url("/")).await;
    client.fill("email", &jonas.email).await;
    client.fill("password", &jonas.password).await;
    press(&client, "sign-in", "Sign in").await;
    let refused = client.find("refusal").await;
    assert_eq!(refused.attr("data-rule").await.unwrap().as_deref(), Some("portal-off"));
    press(&clinician, "tab-details", "Details").await;
    clinician.press("portal").await;
    press(&clinician, "tab-communications", "Communications").await;
    clinician.find("messaging-empty").await;
    clinician.gone("messaging-unavailable").await;

    // Send a message to a client.
    press(&clinician, "new-message", "New message").await;
    clinician.find("composer").await;
    send(&clinician, "How was the first week?").await;
    let address = clinician.url().await;

    // "Clients must log in to the Client Portal to view and respond to messages."
    client.goto(&address).await;
    client.find("sign-in-form").await;
    client.sign_in(&server, &jonas).await;
    client.press("inbox-row").await;
    client.says("How was the first week?").await;
    client.fits("the conversation on a phone").await;
    send(&client, "Better than I thought").await;
    clinician.says("Better than I thought").await;

    // Review client message history: of this client, with this clinician.
    press(&clinician, "section-people", "People").await;
    press_of(&clinician, "people-row", jonas.id).await;
    press(&clinician, "tab-communications", "Communications").await;
    let row = "document.querySelector('[data-testid=messaging] [data-testid=inbox-row]')\
        ?.textContent.includes('Better than I thought')";
    clinician.until("the history", row).await;
    look(&clinician, "seeds-history").await;
    press(&clinician, "inbox-row", "Better than I thought").await;
    clinician.says("How was the first week?").await;
    press(&clinician, "section-people", "People").await;
    press_of(&clinician, "people-row", other.id).await;
    press(&clinician, "tab-communications", "Communications").await;
    clinician.find("messaging-empty").await;
    let colleague = signed_in(&server, &dana, WIDE, None).await;
    press(&colleague, "section-people", "People").await;
    press_of(&colleague, "people-row", jonas.id).await;
    press(&colleague, "tab-communications", "Communications").await;
    colleague.find("messaging-empty").await;
    colleague.finish().await;

    // "Updates to demographic or insurance information."
    client.press("back").await;
    press(&client, "section-settings", "Settings").await;
    client.fill("insurer", "Helvetia").await;
    press(&client, "settings-details-save", "Save").await;
    client.find("settings-details-saved").await;
    client.fits("the client's details on a phone").await;
    press(&clinician, "section-people", "People").await;
    press_of(&clinician, "people-row", jonas.id).await;
    press(&clinician, "tab-communications", "Communications").await;
    let told = "document.querySelector('[data-testid=messaging] [data-testid=inbox-row]')\
        ?.textContent.includes('insurer')";
    clinician.until("that it was changed", told).await;
    client.finish().await;
    clinician.finish().await;
}
