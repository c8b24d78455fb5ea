//! Portal access switched off while the client's window is open.

use quietroom_tests::support::TestServer;
use shared_proto::office::Ask;
use shared_proto::people::PersonChange;
use shared_proto::wire::Request;

use super::screens::look;
use super::{WIDE, practice, signed_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_open_window_of_a_client_says_that_portal_access_was_switched_off() {
    let (server, _, jonas, provider, conversation) = practice(TestServer::options()).await;
    provider.send(conversation, "a secret of the room").await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    browser.says("a secret of the room").await;
    let change = Box::new(PersonChange::Portal(false));
    let off = Request::Office(Ask::ChangePerson { person: jonas.id, change });
    provider.request(off).await.unwrap();
    browser.find("portal-off").await;
    let page = browser.script("return document.documentElement.outerHTML", vec![]).await;
    assert!(!page.as_str().unwrap().contains("a secret of the room"));
    look(&browser, "portal-off").await;
    browser.fill("email", &jonas.email).await;
    browser.fill("password", &jonas.password).await;
    browser.press("sign-in").await;
    let refused = browser.find("refusal").await;
    assert_eq!(refused.attr("data-rule").await.unwrap().as_deref(), Some("portal-off"));
    browser.finish().await;
}
