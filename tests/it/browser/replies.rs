//! Saved replies in one's settings, where they are kept without a conversation.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::people::Role;

use super::keys::has_focus;
use super::screens::look_at;
use super::{WIDE, signed_in};

/// Waits until the saved replies of a part have these titles.
async fn kept(browser: &Browser, part: &str, titles: &[&str]) {
    let are = format!(
        "JSON.stringify([...document.querySelectorAll('[data-testid={part}] \
           [data-testid=saved-reply-title]')].map(title => title.textContent)) === \
         JSON.stringify({})",
        json!(titles)
    );
    browser.until(&format!("{part} to hold {titles:?}"), &are).await;
}

async fn write(browser: &Browser, title: &str, text: &str) {
    has_focus(browser, "#reply-title").await;
    browser.fill("reply-title", title).await;
    browser.fill("reply-text", text).await;
    browser.press("reply-save").await;
    has_focus(browser, "#saved-replies-title").await;
}

async fn settings(browser: &Browser) {
    browser.press("section-settings").await;
    browser.find("replies-own").await;
    let scroll = "document.querySelector('[data-testid=settings-replies]').scrollIntoView()";
    browser.script(scroll, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_replies_are_kept_in_the_settings_and_the_practices_by_its_owners() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let samuel = server.person_add("Samuel Okafor", Role::Provider);
    let owner = signed_in(&server, &dana, WIDE, None).await;
    settings(&owner).await;
    let named = "[...document.querySelectorAll('[data-testid=settings-index] a')]\
        .some(link => link.textContent === 'Saved replies')";
    owner.until("it among the groups", named).await;
    look_at(&owner, "settings-replies-empty", Some("[data-testid=settings-replies]")).await;
    owner.press("replies-own-add").await;
    let mine = "document.querySelector('[data-testid=reply-shared]')?.checked === false";
    owner.until("one of their own", mine).await;
    look_at(&owner, "settings-reply", Some("#reply-title")).await;
    write(&owner, "Running late", "Dear {client}, I am ten minutes late.").await;
    owner.press("replies-of-practice-add").await;
    let shared = "document.querySelector('[data-testid=reply-shared]')?.checked === true";
    owner.until("one of the practice", shared).await;
    write(&owner, "Opening hours", "{practice} is open from nine to five.").await;
    kept(&owner, "replies-own", &["Running late"]).await;
    kept(&owner, "replies-of-practice", &["Opening hours"]).await;

    // A provider uses the practice's, changes their own, and sees what another changes at once.
    let provider = signed_in(&server, &samuel, PHONE, None).await;
    settings(&provider).await;
    kept(&provider, "replies-of-practice", &["Opening hours"]).await;
    assert!(
        !provider.shows("replies-of-practice-add").await
            && !provider.shows("saved-reply-edit").await
    );
    provider.press("replies-own-add").await;
    assert!(!provider.shows("reply-shared").await, "the practice's are its owners'");
    write(&provider, "See you", "See you on {date}.").await;
    kept(&provider, "replies-own", &["See you"]).await;
    kept(&owner, "replies-own", &["Running late"]).await;
    look_at(&provider, "settings-replies", Some("[data-testid=settings-replies]")).await;
    provider.resize(PHONE).await;
    owner.script(
        "document.querySelector('[data-testid=replies-of-practice] [data-testid=saved-reply-edit]').click()",
        Vec::new(),
    ).await;
    write(&owner, "Hours", "We are open from nine to five.").await;
    kept(&provider, "replies-of-practice", &["Hours"]).await;

    // Taken away, after a second press; what was only begun is not kept.
    provider.press("saved-reply-edit").await;
    provider.press("reply-back").await;
    kept(&provider, "replies-own", &["See you"]).await;
    provider.press("saved-reply-edit").await;
    provider.press("reply-delete").await;
    provider.press("reply-delete").await;
    kept(&provider, "replies-own", &[]).await;
    provider.finish().await;
    owner.finish().await;

    let client = signed_in(&server, &jonas, WIDE, None).await;
    client.press("section-settings").await;
    client.find("settings-details").await;
    assert!(!client.shows("settings-replies").await, "clients have none");
    client.finish().await;
}
