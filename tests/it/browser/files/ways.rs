//! Dropped over the conversation, and pasted into its composer.

use quietroom_tests::support::TestServer;
use serde_json::json;
use shared_proto::wire::Request;

use super::super::{WIDE, practice, signed_in};
use super::given::{drag, png, send_chosen, sheet, text};
use super::look;

/// Pastes into the composer; whether the page took it for itself.
const PASTE: &str = "const [name, bytes, kinds] = arguments;
    const data = new DataTransfer();
    for (const kind of kinds) data.items.add('words', kind);
    data.items.add(new File([new Uint8Array(bytes)], name));
    const area = document.querySelector('[data-testid=composer]');
    return !area.dispatchEvent(new ClipboardEvent('paste',
        { clipboardData: data, bubbles: true, cancelable: true }))";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_dropped_over_the_conversation_and_pasted_into_the_composer() {
    let (server, dana, _, _, conversation) = practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    let dropped = [("plan.txt".to_owned(), text(5))];
    drag(&browser, &["dragenter", "dragover"], &dropped).await;
    browser.find("drop-area").await;
    look(&browser, "files-drop").await;
    drag(&browser, &["dragleave"], &dropped).await;
    browser.gone("drop-area").await;
    sheet(&browser, &dropped).await;
    browser.gone("drop-area").await;
    browser.reads("chosen-name", &["plan.txt"]).await;
    // More can be dropped while it is asked who gets them, and taken back.
    sheet(&browser, &[("second.txt".to_owned(), text(6))]).await;
    browser.reads("chosen-name", &["plan.txt", "second.txt"]).await;
    browser.press("chosen-remove").await;
    browser.reads("chosen-name", &["second.txt"]).await;
    send_chosen(&browser).await;
    browser.reads("file-name", &["second.txt"]).await;

    let picture = vec![json!("image.png"), json!(png(60, 40)), json!([])];
    assert_eq!(browser.script(PASTE, picture).await, json!(true), "a picture");
    browser.find("send-files").await;
    send_chosen(&browser).await;
    browser.reads("file-name", &["second.txt", "image.png"]).await;
    // An office program puts a picture of its words beside them: it is the words one wants.
    let words = vec![json!("image.png"), json!(png(6, 4)), json!(["text/plain", "text/html"])];
    assert_eq!(browser.script(PASTE, words).await, json!(false), "words");
    assert!(!browser.shows("send-files").await);
    browser.finish().await;
}

/// A file let go anywhere would otherwise take the place of the page, and of what was not sent.
#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_may_be_sent_a_dropped_file_does_nothing_and_says_why() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let host = crate::given::device(&server, &dana).await;
    let start = u64::try_from(crate::clock::now()).unwrap() + 3_600_000;
    let start = shared_proto::time::Millis(start);
    let talk = crate::conversations::session(&host, &[jonas.id], Some(start)).await.unwrap();
    host.request(Request::Open { conversation: talk }).await.unwrap();
    let browser = signed_in(&server, &jonas, WIDE, None).await;
    browser.press("list-scheduled").await;
    super::super::open(&browser, talk).await;
    assert!(!browser.shows("attach").await);
    let file = [("plan.txt".to_owned(), text(5))];
    drag(&browser, &["dragenter", "dragover"], &file).await;
    let why = "document.querySelector('[data-testid=drop-area]').innerText.includes('not started')";
    browser.until("why not", why).await;
    drag(&browser, &["drop"], &file).await;
    browser.gone("drop-area").await;
    assert!(!browser.shows("send-files").await);
    browser.finish().await;
}
