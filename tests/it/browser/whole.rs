//! The whole way, by nothing but the browser and the letter: a stranger sets a practice up, invites
//! a client, both talk, and portal access ends.

use quietroom_tests::support::Browser;
use quietroom_tests::support::smtp::Relay;

use super::{WIDE, live, send};
use crate::mail::through;

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_sets_up_a_practice_invites_a_client_and_they_talk_until_the_portal_is_closed() {
    let relay = Relay::start().await;
    let mut server = through(&relay).start().await;
    let link = server.announced("set-up:").await;
    let owner = Browser::start(WIDE).await;
    owner.goto(&link).await;
    for (field, typed) in [
        ("practice", "Lakeside Practice"),
        ("name", "Dana Whitfield"),
        ("email", "dana@example.org"),
        ("password", "a tin of yellow harbour paint"),
    ] {
        owner.fill(field, typed).await;
    }
    owner.press("set-up-next").await;
    owner.press("set-up").await;
    owner.find("account-menu").await;

    owner.press("section-people").await;
    owner.press("add-person").await;
    owner.fill("name", "Ana Ruiz").await;
    owner.fill("email", "ana@example.org").await;
    owner.press("add-submit").await;
    owner.press("invite").await;
    owner.find("invite-sent").await;
    assert!(!owner.shows("chart-write").await, "who has not signed up cannot be written to yet");

    let letter = relay.letter("ana@example.org").await;
    let client = Browser::start(WIDE).await;
    client.goto(letter.link()).await;
    client.fill("password", "a blue kite over the dunes").await;
    client.press("accept").await;
    client.find("account-menu").await;

    // Without a reload.
    owner.press("chart-write").await;
    live(&owner).await;
    send(&owner, "Welcome, Ana").await;
    client.press("inbox-row").await;
    client.says("Welcome, Ana").await;
    send(&client, "Glad to be here").await;
    owner.says("Glad to be here").await;

    owner.press("section-people").await;
    owner.press("people-row").await;
    owner.press("portal").await;
    owner.press("portal-off-confirm").await;
    client.find("portal-off").await;
    let page = client.script("return document.documentElement.outerHTML", vec![]).await;
    assert!(!page.as_str().unwrap().contains("Glad to be here"));
    client.finish().await;
    owner.finish().await;
}
