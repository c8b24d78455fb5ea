//! OnCall's "How to Create a Secure Messaging Appointment": at a desk, and on a phone.

use quietroom_tests::support::browser::{PHONE, WIDE};
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{Browser, Window};
use serde_json::json;
use shared_proto::hours::Own;
use shared_proto::people::{PersonChange, Role};
use shared_proto::practice::{ClientStart, PracticeChange, Settings};

use super::super::files::given::{choose as choose_files, pdf, send_chosen, text};
use super::super::invite::{GOOD, judged};
use super::super::screens::look;
use super::super::sessions::{choose, list, local, put};
use super::super::{send, signed_in};
use super::{holds, policies, press};
use crate::desk::set_own;
use crate::given::device;
use crate::mail::through;
use crate::office::{change, change_practice, practice};

/// Somebody who was invited chooses a password and is in.
async fn signs_up(relay: &Relay, email: &str) -> Browser {
    let letter = relay.letter(email).await;
    let client = Browser::start(PHONE).await;
    client.goto(letter.link()).await;
    client.find("invited-form").await;
    client.fill("password", GOOD).await;
    judged(&client, true).await;
    press(&client, "accept", "Accept the invitation").await;
    client.find("account-menu").await;
    client
}

/// Enters a participant by name and email.
async fn enter(browser: &Browser, name: &str, email: &str) {
    browser.press("invite-by-email").await;
    browser.fill("invitee-name", name).await;
    browser.fill("invitee-email", email).await;
    press(browser, "invitee-add", "Add").await;
    browser.find("people-invited").await;
}

/// Says that the session is over, and waits until nobody can undo it.
async fn complete(host: &Browser) {
    press(host, "complete", "Complete session").await;
    let ready =
        "document.querySelector('[data-testid=complete-confirm]')?.ariaDisabled === 'false'";
    host.until("the question", ready).await;
    press(host, "complete-confirm", "Complete session").await;
    host.find("ended").await;
}

async fn nobody_writes(browser: &Browser) {
    browser.find("read-only").await;
    assert!(!browser.shows("composer").await && !browser.shows("attach").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_created_held_and_completed_at_a_desk() {
    let relay = Relay::start().await;
    let server = through(&relay).unhurried().start().await;
    let (dana, _) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let owner = device(&server, &dana).await;
    let provider = device(&server, &samuel).await;
    let adults = PracticeChange::AddDivision { name: "Adults".into() };
    let adults = change_practice(&owner, adults).await.unwrap().divisions[0].id;
    change(&owner, samuel.id, PersonChange::Division(Some(adults))).await.unwrap();
    let settings = practice(&owner).await.settings;
    let settings = Settings { announcement: "Not for emergencies.".into(), ..settings };
    change_practice(&owner, PracticeChange::Settings(Box::new(settings))).await.unwrap();
    // "Providers MUST message the client first."
    policies(&owner, |policies| policies.client_start = ClientStart::AfterProviderFirst).await;
    set_own(&provider, Own { greeting: "Welcome, {client}.".into(), ..Own::default() })
        .await
        .unwrap();

    // Division, provider, date and time, participant.
    let host = signed_in(&server, &samuel, WIDE, None).await;
    press(&host, "section-messages", "Messages").await;
    press(&host, "new-conversation", "New conversation").await;
    host.find("new-host").await;
    choose(&host, "new-division", &adults.to_string()).await;
    enter(&host, "Ana Ruiz", "ana@example.org").await;
    host.press("kind-session").await;
    let at = local(&host, 3_600_000).await;
    put(&host, "starts-at", &at).await;
    look(&host, "seeds-appointment").await;
    press(&host, "start-conversation", "Start conversation").await;
    host.find("countdown").await;
    list(&host, "list-scheduled", 1).await;

    // The email, and the account: the appointment is there, and nobody writes before it starts.
    let client = signs_up(&relay, "ana@example.org").await;
    client.gone("new-conversation").await;
    list(&client, "list-scheduled", 1).await;
    client.press("inbox-row").await;
    client.find("countdown").await;
    client.find("composer-closed").await;
    client.fits("an appointment on a phone").await;

    // "If you want to start a messaging session instantly, do not fill out Date and Time."
    press(&host, "new-conversation", "New conversation").await;
    press(&host, "people-option", "Ana Ruiz").await;
    host.press("kind-session").await;
    press(&host, "start-conversation", "Start conversation").await;
    host.find("running").await;
    // A greeting is suggested; text and files go both ways.
    host.says("Welcome, Ana Ruiz.").await;
    press(&host, "greeting-use", "Use your greeting").await;
    holds(&host, "composer", "Welcome, Ana Ruiz.").await;
    press(&host, "send", "Send").await;
    client.press("back").await;
    list(&client, "list-active", 1).await;
    client.press("inbox-row").await;
    client.says("Welcome, Ana Ruiz.").await;
    send(&client, "Here is the letter").await;
    let folder = tempfile::tempdir().unwrap();
    choose_files(&client, folder.path(), &[("letter.pdf", pdf())]).await;
    client.fits("a file to send on a phone").await;
    send_chosen(&client).await;
    host.reads("file-name", &["letter.pdf"]).await;
    choose_files(&host, folder.path(), &[("plan.txt", text(3))]).await;
    send_chosen(&host).await;
    client.reads("file-name", &["letter.pdf", "plan.txt"]).await;

    // The announcement: the practice's, until the host has another; the client only reads it.
    client.says("Not for emergencies.").await;
    assert!(!client.shows("announcement-edit").await);
    press(&host, "announcement-edit", "Edit").await;
    for preset in ["preset-emergency", "preset-early", "preset-reply"] {
        choose(&host, "announcement-preset", preset).await;
        host.until(
            "as many characters as there may be",
            "(() => {
                const words = document.querySelector('[data-testid=announcement-text]').value;
                const count = [...new Intl.Segmenter('en').segment(words)].length;
                return count > 0 && count <= 120;
            })()",
        )
        .await;
    }
    put(&host, "announcement-text", "I answer within ten minutes.").await;
    press(&host, "announcement-save", "Save").await;
    client.says("I answer within ten minutes.").await;

    // "Complete is forever."
    complete(&host).await;
    nobody_writes(&client).await;
    nobody_writes(&host).await;
    assert!(!host.shows("complete").await && !host.shows("announcement-edit").await);
    list(&host, "list-archived", 1).await;
    client.press("back").await;
    list(&client, "list-archived", 1).await;
    client.press("inbox-row").await;
    client.says("Here is the letter").await;
    client.finish().await;
    host.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_created_held_and_completed_on_a_phone() {
    let relay = Relay::start().await;
    let server = through(&relay).unhurried().start().await;
    server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let host = signed_in(&server, &samuel, PHONE, None).await;
    press(&host, "section-messages", "Messages").await;
    press(&host, "new-conversation", "New conversation").await;
    // "The participant's name, email address and a start date (optional)."
    enter(&host, "Ana Ruiz", "ana@example.org").await;
    host.press("kind-session").await;
    host.fits("a new appointment on a phone").await;
    press(&host, "start-conversation", "Start conversation").await;
    host.find("running").await;
    host.fits("an appointment of a provider on a phone").await;
    send(&host, "Good morning, Ana").await;
    let client = signs_up(&relay, "ana@example.org").await;
    client.press("inbox-row").await;
    client.says("Good morning, Ana").await;
    send(&client, "Good morning").await;
    host.says("Good morning").await;

    // "Click into the messaging conversation and then select the pencil icon": here there is none to
    // edit yet, so it is found where everything about the conversation is.
    press(&host, "details", "About this conversation").await;
    press(&host, "details-announcement", "Change the announcement").await;
    put(&host, "announcement-text", &"é".repeat(121)).await;
    host.until("too long", "document.querySelector('[data-rule=too-long]') !== null").await;
    put(&host, "announcement-text", &"é".repeat(120)).await;
    host.fits("an announcement on a phone").await;
    press(&host, "announcement-save", "Save").await;
    client.says(&"é".repeat(120)).await;
    press(&host, "announcement-edit", "Edit").await;
    put(&host, "announcement-text", "Call me in an emergency.").await;
    press(&host, "announcement-save", "Save").await;
    client.says("Call me in an emergency.").await;

    in_sight(&host, "complete", PHONE).await;
    complete(&host).await;
    host.fits("a completed appointment on a phone").await;
    nobody_writes(&client).await;
    client.finish().await;
    host.finish().await;
}

/// Waits until something is in sight as it is, without scrolling.
async fn in_sight(browser: &Browser, testid: &str, window: Window) {
    let Window { width, height } = window;
    let rect = format!("document.querySelector('[data-testid=' + {} + ']')", json!(testid));
    let within = format!(
        "(r => r.width > 0 && r.left >= 0 && r.right <= {width} && r.top >= 0 && \
         r.bottom <= {height})({rect}.getBoundingClientRect())"
    );
    browser.until(&format!("{testid} to be in sight"), &within).await;
}
