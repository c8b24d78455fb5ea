//! Everything without a pointer.

use quietroom_tests::support::browser::PHONE;
use quietroom_tests::support::{Browser, TestServer};

use super::keys::{has_focus, strike, type_text};
use super::{WIDE, marked, practice, send, shown, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_finding_a_conversation_takes_only_a_keyboard() {
    let (server, _, jonas, provider, first) = practice(TestServer::options()).await;
    provider.send(first, "the older one").await;
    let second = provider.create(&[jonas.id]).await;
    provider.open(second).await;
    provider.send(second, "the newer one").await;
    let browser = Browser::start(WIDE).await;
    browser.goto(&server.url("/")).await;
    has_focus(&browser, "[data-testid=email]").await;
    type_text(&browser, &jonas.email).await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=password]").await;
    type_text(&browser, &jonas.password).await;
    strike(&browser, "Enter").await;
    browser.find("inbox-row").await;

    // From the top of the page.
    browser.reload().await;
    browser.find("inbox-row").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, ".skip").await;
    // Past the sections.
    for section in ["section-messages", "section-settings"] {
        strike(&browser, "Tab").await;
        has_focus(&browser, &format!("a:has([data-testid={section}])")).await;
    }
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=quick-exit]").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=account-menu]").await;
    strike(&browser, "Enter").await;
    browser.find("sign-out").await;
    strike(&browser, "Escape").await;
    browser.gone("sign-out").await;
    has_focus(&browser, "[data-testid=account-menu]").await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=search-open]").await;
    for list in ["list-active", "list-scheduled", "list-archived"] {
        strike(&browser, "Tab").await;
        has_focus(&browser, &format!("[data-testid={list}]")).await;
    }
    strike(&browser, "Tab").await;
    let row = |id| format!("[data-conversation=\"{id}\"]");
    has_focus(&browser, &row(second)).await;
    strike(&browser, "ArrowDown").await;
    has_focus(&browser, &row(first)).await;
    strike(&browser, "Home").await;
    has_focus(&browser, &row(second)).await;
    strike(&browser, "End").await;
    has_focus(&browser, &row(first)).await;
    strike(&browser, "Enter").await;
    shown(&browser, first).await;
    has_focus(&browser, "[data-testid=composer]").await;
    browser.script("document.querySelector('.skip').focus()", Vec::new()).await;
    strike(&browser, "Enter").await;
    has_focus(&browser, "[data-testid=conversation-title]").await;
    for button in ["details", "who-opened"] {
        strike(&browser, "Tab").await;
        has_focus(&browser, &format!("[data-testid={button}]")).await;
    }
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=thread]").await;
    browser.insert("composer", "").await;
    has_focus(&browser, "[data-testid=composer]").await;
    type_text(&browser, "written without a pointer").await;
    strike(&browser, "Enter").await;
    provider.reads(first, &["the older one", "written without a pointer"]).await;
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_gives_the_focus_back_and_escape_goes_no_further() {
    let (server, _, jonas, _, conversation) = practice(TestServer::options()).await;
    let browser = signed_in(&server, &jonas, PHONE, Some(conversation)).await;
    send(&browser, "to be withdrawn").await;
    marked(&browser, "to be withdrawn", "sent").await;
    let focus = "document.querySelector('[data-testid=message-menu]').focus()";
    browser.script(focus, Vec::new()).await;
    let ask = async || {
        strike(&browser, "Enter").await;
        browser.find("withdraw").await;
        for item in ["reply", "withdraw"] {
            strike(&browser, "Tab").await;
            has_focus(&browser, &format!("[data-testid={item}]")).await;
        }
        strike(&browser, "Enter").await;
        browser.find("withdraw-confirm").await;
        has_focus(&browser, "[data-testid=withdraw-cancel]").await;
    };
    ask().await;
    strike(&browser, "Escape").await;
    browser.gone("withdraw-confirm").await;
    has_focus(&browser, "[data-testid=message-menu]").await;
    assert!(browser.url().await.contains("/c/"), "the conversation is still there");
    ask().await;
    strike(&browser, "Tab").await;
    has_focus(&browser, "[data-testid=withdraw-confirm]").await;
    strike(&browser, "Enter").await;
    browser.until("it to be withdrawn", "document.querySelector('[data-withdrawn=true]')").await;
    has_focus(&browser, "[data-testid=composer]").await;
    strike(&browser, "Escape").await;
    browser.find("inbox-row").await;
    has_focus(&browser, ".inbox-title").await;
    browser.finish().await;
}
