//! "Using iCouch Secure Messaging".

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::smtp::Relay;
use quietroom_tests::support::{Browser, Person, TestServer};
use serde_json::json;
use shared_proto::people::Role;
use shared_proto::practice::CreateForInvited;

use super::super::invite::{GOOD, judged};
use super::super::screens::look_at;
use super::super::{WIDE, live, send, sign_out, signed_in};
use super::{has, holds, of, policies, press, press_of, scroll_to, ticked};
use crate::given::device;
use crate::mail::through;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_an_account_is_invited_signs_up_and_messages_go_both_ways() {
    let relay = Relay::start().await;
    let server = through(&relay).unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    // "Before you can have a Messaging appointment, your client will have needed to create a free
    // account."
    let owner = device(&server, &dana).await;
    policies(&owner, |policies| policies.create_for_invited = CreateForInvited::No).await;
    let provider = signed_in(&server, &samuel, WIDE, None).await;

    // How to know if your client has an account.
    press(&provider, "section-people", "People").await;
    press(&provider, "add-person", "Add a person").await;
    provider.fill("name", "Ana Ruiz").await;
    provider.fill("email", "ana@example.org").await;
    press(&provider, "add-submit", "Add").await;
    provider.find("chart-head").await;
    let ana = provider.url().await.rsplit('/').next().unwrap().parse().unwrap();
    press(&provider, "section-people", "People").await;
    provider.reads("people-name", &["Ana Ruiz", "Jonas Keller"]).await;
    has(&provider, "people-write", jonas.id).await;
    press(&provider, "people-write", "Send message").await;
    provider.find("composer").await;
    press(&provider, "section-people", "People").await;
    has(&provider, "people-write", jonas.id).await;
    assert_eq!(provider.count(&of("people-write", ana)).await, 0, "she has no account");

    // When your client does not have an account. Nobody selects her before she has one.
    press(&provider, "section-messages", "Messages").await;
    press(&provider, "new-conversation", "New conversation").await;
    has(&provider, "people-option", jonas.id).await;
    assert_eq!(provider.count(&of("people-option", ana)).await, 0);
    press(&provider, "section-people", "People").await;
    press(&provider, "invite", "Send invitation").await;
    provider.find("invite-sent").await;
    let letter = relay.letter("ana@example.org").await;
    assert_eq!(letter.header("subject"), Some("You have an invitation"));
    let client = Browser::start(PHONE).await;
    client.goto(letter.link()).await;
    client.find("invited-form").await;
    client.fits("the invitation").await;
    client.fill("password", GOOD).await;
    judged(&client, true).await;
    press(&client, "accept", "Accept the invitation").await;
    client.find("account-menu").await;
    client.fits("the client's conversations").await;
    // "After they've done this, you'll see the "Send Message" option available."
    has(&provider, "people-write", ana).await;

    // "Your client can also message you by visiting the Messages section."
    press(&client, "section-messages", "Messages").await;
    press(&client, "new-conversation", "New conversation").await;
    press(&client, "people-option", "Samuel Okafor").await;
    client.fits("whom the client writes to").await;
    press(&client, "start-conversation", "Start conversation").await;
    client.find("composer").await;
    live(&client).await;
    send(&client, "Am I right here?").await;

    // Having a messaging session.
    press(&provider, "section-messages", "Messages").await;
    press(&provider, "new-conversation", "New conversation").await;
    has(&provider, "people-option", ana).await;
    press_of(&provider, "people-option", ana).await;
    press(&provider, "start-conversation", "Start conversation").await;
    provider.find("composer").await;
    send(&provider, "Welcome, Ana").await;
    client.press("back").await;
    let row = |words: &str| {
        format!(
            "[...document.querySelectorAll('[data-testid=inbox-row]')]\
             .find(row => row.textContent.includes({}))",
            json!(words)
        )
    };
    client.until("the new conversation", &format!("Boolean({})", row("Welcome, Ana"))).await;
    client.script(&format!("{}.click()", row("Welcome, Ana")), Vec::new()).await;
    client.says("Welcome, Ana").await;
    send(&client, "Glad to be here").await;
    provider.says("Glad to be here").await;

    // "Or you can respond to messages later."
    client.press("back").await;
    sign_out(&client).await;
    send(&provider, "Sleep well").await;
    let ana = Person {
        id: ana,
        name: "Ana Ruiz".into(),
        role: Role::Client,
        email: "ana@example.org".into(),
        password: GOOD.into(),
    };
    client.sign_in(&server, &ana).await;
    client.until("what came meanwhile", &format!("Boolean({})", row("Sleep well"))).await;
    client.script(&format!("{}.click()", row("Sleep well")), Vec::new()).await;
    send(&client, "I did").await;
    provider.says("I did").await;
    client.finish().await;
    provider.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_consents_in_their_record_and_each_has_a_number_for_text_messages() {
    let server = TestServer::options().unhurried().start().await;
    let (_, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let provider = signed_in(&server, &samuel, WIDE, None).await;
    // "Be sure you have checked the box in your client's record."
    press(&provider, "section-people", "People").await;
    press(&provider, "people-row", "Jonas Keller").await;
    provider.fill("phone", "+41 79 555 01 02").await;
    press(&provider, "save-contact", "Save").await;
    ticked(&provider, "consent-email", false).await;
    let says = "document.querySelector('label[for=consent-email]').textContent \
        === 'Consents to email notifications'";
    provider.until("the box to say what it is for", says).await;
    provider.press("consent-email").await;
    provider.press("consent-sms").await;
    press(&provider, "save-consents", "Save").await;
    let done = "document.querySelector('[data-testid=save-consents-done]').dataset.done === 'true'";
    provider.until("it to be written down", done).await;
    scroll_to(&provider, "consents").await;
    look_at(&provider, "seeds-consents", Some("[data-testid=consents]")).await;

    // It is theirs: they see it, and take it back.
    let client = signed_in(&server, &jonas, PHONE, None).await;
    press(&client, "section-settings", "Settings").await;
    holds(&client, "mobile", "+41 79 555 01 02").await;
    ticked(&client, "consent-email", true).await;
    ticked(&client, "consent-sms", true).await;
    client.press("consent-sms").await;
    press(&client, "settings-consents-save", "Save").await;
    client.find("settings-consents-saved").await;
    client.fits("the client's settings").await;
    ticked(&provider, "consent-sms", false).await;
    ticked(&provider, "consent-email", true).await;
    client.finish().await;

    // Unread message notifications for you.
    press(&provider, "section-settings", "Settings").await;
    provider.fill("mobile", "+41 79 555 01 03").await;
    press(&provider, "settings-you-save", "Save").await;
    provider.find("settings-you-saved").await;
    provider.press("consent-sms").await;
    press(&provider, "settings-consents-save", "Save").await;
    provider.find("settings-consents-saved").await;
    provider.finish().await;
}
