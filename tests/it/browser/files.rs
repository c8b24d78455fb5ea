//! Files, as people send and get them.

pub(super) mod given;
mod going;
mod hidden;
mod hostile;
mod ways;

use quietroom_tests::support::browser::{PHONE, WIDE};
use quietroom_tests::support::{Browser, TestServer};
use serde_json::json;
use shared_proto::conversation::command::Command;

use super::screens::look;
use super::{open, practice, signed_in, two_browsers};
use crate::conversations::{act, session};
use given::{choose, pdf, png, rule_of, send_chosen, sheet, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_small_in_the_list_and_larger_when_it_is_opened() {
    let two = two_browsers(TestServer::options().unhurried()).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&two.provider, folder.path(), &[("garden.png", png(1_200, 900))]).await;
    two.provider.find("send-to").await;
    look(&two.provider, "files-send").await;
    send_chosen(&two.provider).await;
    for browser in [&two.provider, &two.client] {
        browser.reads("file-name", &["garden.png"]).await;
        let loaded = "(image => image.complete && image.naturalWidth === 1200)\
                      (document.querySelector('[data-testid=file-picture] img'))";
        browser.until("the picture", loaded).await;
        let size = "return (r => [r.width, r.height])\
                    (document.querySelector('[data-testid=file-picture] img').getBoundingClientRect())";
        assert_eq!(browser.script(size, vec![]).await, json!([320, 240]), "at a sane size");
    }
    let alt = "document.querySelector('[data-testid=file-picture] img').alt === 'garden.png'";
    two.client.until("its name for who does not see it", alt).await;
    two.client.resize(PHONE).await;
    two.client.fits("a picture on a phone").await;
    two.client.press("file-picture").await;
    two.client.find("picture").await;
    let within = "(r => r.width > 200 && r.right <= innerWidth && r.bottom <= innerHeight)\
                  (document.querySelector('[data-testid=picture]').getBoundingClientRect())";
    two.client.until("the picture within the window", within).await;
    look(&two.client, "files-picture").await;
    two.client.press("tool-close").await;
    two.client.gone("picture").await;
    look(&two.provider, "files-conversation").await;
    let read = "document.querySelector('[data-testid=message]').dataset.mark === 'read'";
    two.provider.until("the other to have read it", read).await;
    let menu = "document.querySelector('[data-testid=message-menu]') === null";
    two.provider.until("no way to take it back", menu).await;
    two.provider.finish().await;
    two.client.finish().await;
}

/// The place of a picture is kept before it is there: nothing jumps.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_when_a_picture_arrives() {
    let two = two_browsers(TestServer::options().unhurried()).await;
    let blocked = json!({ "urls": ["*/preview"] });
    two.client.devtools("Network.enable", json!({})).await;
    two.client.devtools("Network.setBlockedURLs", blocked).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&two.provider, folder.path(), &[("tall.png", png(300, 600))]).await;
    send_chosen(&two.provider).await;
    let height = "return document.querySelector('[data-testid=file-picture] img')\
                  ?.getBoundingClientRect().height";
    two.client.find("file-picture").await;
    assert_eq!(two.client.script(height, vec![]).await, json!(320), "before it is there");
    let kept =
        "return document.querySelector('[data-testid=message]').getBoundingClientRect().height";
    let before = two.client.script(kept, vec![]).await;
    assert_eq!(two.provider.script(kept, vec![]).await, before, "as where it is there");
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_opens_in_a_window_of_its_own_where_nothing_in_it_runs() {
    let two = two_browsers(TestServer::options().unhurried()).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&two.provider, folder.path(), &[("letter.pdf", pdf())]).await;
    send_chosen(&two.provider).await;
    two.client.find("file-open").await;
    look(&two.client, "files-pdf").await;
    let policy = "const done = arguments[arguments.length - 1];
        fetch(document.querySelector('[data-testid=file-open]').href).then(answer =>
            done([answer.status, answer.headers.get('content-type'),
                  answer.headers.get('content-security-policy').split(';')[0],
                  answer.headers.get('content-disposition')?.split(';')[0]]))";
    let answer = two.client.script_async(policy).await;
    assert_eq!(answer, json!([200, "application/pdf", "sandbox", "inline"]));
    let download = policy.replace("file-open", "file-download");
    let answer = two.client.script_async(&download).await;
    assert_eq!(answer[3], json!("attachment"), "{answer}");
    let link = "return (link => [link.href, link.target, link.rel])\
                (document.querySelector('[data-testid=file-open]'))";
    let link = two.client.script(link, vec![]).await;
    assert_eq!((&link[1], &link[2]), (&json!("_blank"), &json!("noopener noreferrer")));
    // Its driver knows of no windows that show a document: it is looked at in this one.
    two.client.goto(link[0].as_str().unwrap()).await;
    let shown = "document.contentType === 'application/pdf'";
    two.client.until("the document", shown).await;
    assert!(!two.client.has_alert().await, "a script in it ran");
    two.provider.finish().await;
    two.client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_says_why_before_anything_is_sent() {
    let (server, dana, _, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("film.mp4");
    std::fs::File::create(&large).unwrap().set_len(26 * 1024 * 1024).unwrap();
    let files = [
        ("run.exe", b"MZ\x90\0".to_vec()),
        ("page.html", b"<script>alert(1)</script>".to_vec()),
        ("empty.pdf", Vec::new()),
        ("disguised.pdf", b"MZ\x90\0 a program".to_vec()),
        ("notes.txt", text(10)),
    ];
    choose(&browser, folder.path(), &files).await;
    browser.choose("send-more-input", &[large.as_path()]).await;
    for (name, rule) in [
        ("run.exe", "not-accepted"),
        ("page.html", "not-accepted"),
        ("empty.pdf", "empty"),
        ("disguised.pdf", "differs"),
        ("film.mp4", "too-large"),
    ] {
        browser.until(&format!("{name}: {rule}"), &rule_of(name, rule)).await;
    }
    look(&browser, "files-refused").await;
    browser.reads("send-files", &["Send 1 file"]).await;
    send_chosen(&browser).await;
    browser.reads("file-name", &["notes.txt"]).await;
    assert_eq!(provider.held(conversation).len(), 2, "the beginning, and what is taken");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_listed_and_still_there_where_nothing_more_is_written() {
    let server = TestServer::options().unhurried().start().await;
    let (dana, jonas) = server.pair();
    let host = crate::given::device(&server, &dana).await;
    let talk = session(&host, &[jonas.id], None).await.unwrap();
    let browser = signed_in(&server, &dana, WIDE, Some(talk)).await;
    let folder = tempfile::tempdir().unwrap();
    let files = [("plan.txt", text(20)), ("garden.png", png(40, 30)), ("letter.pdf", pdf())];
    choose(&browser, folder.path(), &files).await;
    send_chosen(&browser).await;
    browser.reads("file-name", &["plan.txt", "garden.png", "letter.pdf"]).await;
    act(&host, talk, Command::Complete).await.unwrap();
    browser.find("read-only").await;
    assert!(!browser.shows("attach").await, "nothing more is sent");
    browser.finish().await;

    let client = signed_in(&server, &jonas, PHONE, None).await;
    client.press("list-archived").await;
    client.press("inbox-row").await;
    client.find("read-only").await;
    client.press("details").await;
    client.press("details-files").await;
    client.reads("listed-name", &["letter.pdf", "garden.png", "plan.txt"]).await;
    look(&client, "files-list").await;
    let get = "const done = arguments[arguments.length - 1];
        Promise.all([...document.querySelectorAll('[data-testid=listed-download]')]
            .map(link => fetch(link.href).then(answer => answer.status))).then(done)";
    assert_eq!(client.script_async(get).await, json!([200, 200, 200]));
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_files_than_a_page_are_listed_page_by_page() {
    let (server, dana, _, _, conversation) = practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    let name = |number: usize| format!("note {number:02}.txt");
    for batch in 0..3 {
        let files: Vec<(String, Vec<u8>)> =
            (0..18).map(|number| (name(batch * 18 + number), b"a".to_vec())).collect();
        sheet(&browser, &files).await;
        send_chosen(&browser).await;
        browser.gone("attachment").await;
    }
    browser.press("details").await;
    browser.press("details-files").await;
    browser.press("files-older").await;
    let expected: Vec<String> = (0..54).rev().map(name).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    browser.reads("listed-name", &expected).await;
    browser.gone("files-older").await;
    browser.finish().await;
}

/// The whole way fits a small phone, and a keyboard goes it too.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_small_phone_everything_is_within_reach() {
    let (server, dana, _, _, conversation) = practice(TestServer::options().unhurried()).await;
    let browser: Browser = signed_in(&server, &dana, PHONE, Some(conversation)).await;
    browser.fits("a composer with a paper clip").await;
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}.txt", "a-rather-long-name-".repeat(6));
    let files = [(long.as_str(), text(3)), ("wide.png", png(2_000, 100))];
    // Whoever presses the paper clip has the focus on it when the device's picker comes.
    browser.script("document.querySelector('[data-testid=attach]').focus()", vec![]).await;
    choose(&browser, folder.path(), &files).await;
    browser.fits("files that were chosen").await;
    browser.key("send-files", thirtyfour::Key::Enter).await;
    let both = "document.querySelectorAll('[data-testid=file]').length === 2";
    browser.until("both", both).await;
    browser.fits("files in a conversation").await;
    browser.accessible("files in a conversation on a phone").await;
    super::keys::has_focus(&browser, "[data-testid=attach]").await;
    browser.finish().await;
}
