//! The lock: an idle screen is blanked, and goes on where it was.

use quietroom_tests::support::TestServer;
use serde_json::json;

use super::passwords::masked;
use super::screens::look;
use super::{WIDE, open, practice, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_screen_shows_nothing_and_keeps_what_was_being_written() {
    let options = TestServer::options().flag("--idle-seconds", 8);
    let (server, dana, jonas, provider, conversation) = practice(options).await;
    provider.send(conversation, "a secret of the room").await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.says("a secret of the room").await;
    browser.insert("composer", "what I wanted to say").await;
    browser.find("lock-form").await;
    let page = browser.script("return document.documentElement.outerHTML", vec![]).await;
    let page = page.as_str().unwrap();
    for hidden in ["a secret of the room", "what I wanted to say", dana.name.as_str()] {
        assert!(!page.contains(hidden), "{hidden} is still in the page");
    }
    masked(&browser, &[("password", "current-password")]).await;
    look(&browser, "locked").await;

    browser.fill("password", "another lake in autumn").await;
    browser.press("unlock").await;
    browser.find("refusal").await;
    browser.fill("password", &jonas.password).await;
    browser.press("unlock").await;
    open(&browser, conversation).await;
    browser.says("a secret of the room").await;
    let draft = browser.script(
        "return document.querySelector(arguments[0]).value",
        vec![json!("[data-testid=composer]")],
    );
    assert_eq!(draft.await, "what I wanted to say");
    browser.finish().await;
}
