//! On its way: how far it is, calling it off, and going on after the line dropped.

use quietroom_tests::support::{Browser, TestServer};
use serde_json::{Value, json};

use super::super::{WIDE, live, practice, signed_in, two_browsers};
use super::given::{choose, send_chosen, text};
use super::look;

/// Bytes a second that go out.
async fn slowly(browser: &Browser, bytes: i64) {
    let network = json!({
        "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes
    });
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.emulateNetworkConditions", network).await;
}

/// From now on the page notes from where on files are sent.
async fn watch(browser: &Browser) {
    let source = "window.offsets = [];
        const set = XMLHttpRequest.prototype.setRequestHeader;
        XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
            if (name === 'upload-offset') offsets.push(Number(value));
            return set.call(this, name, value);
        };";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
}

/// Waits until the first file is sent at least this far, in percent.
async fn sent(browser: &Browser, percent: u32) {
    let there = format!(
        "Number(document.querySelector('[data-testid=attachment]')?.dataset.percent) >= {percent}"
    );
    browser.until(&format!("{percent}% of it"), &there).await;
}

async fn asks_before_closing(browser: &Browser) -> Value {
    let closing = "const event = new Event('beforeunload', { cancelable: true });
                   window.dispatchEvent(event); return event.defaultPrevented";
    browser.script(closing, Vec::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_it_is_shows_and_it_can_be_called_off() {
    let (server, dana, _, provider, conversation) =
        practice(TestServer::options().unhurried()).await;
    let other = provider
        .create(&[server.person_add("Luca Bianchi", shared_proto::people::Role::Client).id])
        .await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    slowly(&browser, 60_000).await;
    let folder = tempfile::tempdir().unwrap();
    let files = [("long.txt", text(1_000_000)), ("after it.txt", text(10))];
    choose(&browser, folder.path(), &files).await;
    send_chosen(&browser).await;
    browser.reads("attachment-name", &["long.txt", "after it.txt"]).await;
    sent(&browser, 1).await;
    let bar = "(bar => bar.max === 100 && bar.value > 0 && bar.ariaLabel.includes('long.txt'))\
               (document.querySelector('[data-testid=attachment-bar]'))";
    browser.until("the bar to say so", bar).await;
    look(&browser, "files-sending").await;
    assert_eq!(asks_before_closing(&browser).await, json!(true), "it is not sent yet");
    // It goes on while another conversation is looked at.
    super::open(&browser, other).await;
    assert!(!browser.shows("attachment").await, "it belongs to the first");
    super::open(&browser, conversation).await;
    browser.reads("attachment-name", &["long.txt", "after it.txt"]).await;
    browser.press("attachment-cancel").await;
    slowly(&browser, -1).await;
    browser.reads("file-name", &["after it.txt"]).await;
    browser.gone("attachment").await;
    assert_eq!(asks_before_closing(&browser).await, json!(false));
    let shared = crate::files::listed(&provider, conversation).await;
    assert_eq!(shared.len(), 1, "the one that was called off never came");
    browser.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_line_dropped_it_goes_on_where_it_was() {
    const LINES: usize = 500_000;
    let mut two = two_browsers(TestServer::options().unhurried()).await;
    watch(&two.client).await;
    two.client.reload().await;
    super::open(&two.client, two.conversation).await;
    slowly(&two.client, 500_000).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&two.client, folder.path(), &[("diary.txt", text(LINES))]).await;
    send_chosen(&two.client).await;
    sent(&two.client, 40).await;
    two.server.kill9();
    two.client.find("banner").await;
    let waiting = "document.querySelector('[data-testid=attachment]').dataset.step === 'waiting'";
    two.client.until("it to wait", waiting).await;
    look(&two.client, "files-stopped").await;
    slowly(&two.client, -1).await;
    two.server.restart().await;
    live(&two.client).await;
    two.client.reads("file-name", &["diary.txt"]).await;
    two.client.gone("attachment").await;
    let offsets = two.client.script("return offsets", vec![]).await;
    let offsets: Vec<u64> = offsets.as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert_eq!(offsets[0], 0);
    assert!(
        offsets.len() >= 2 && offsets[1..].iter().all(|offset| *offset >= 256 * 1024),
        "{offsets:?}"
    );
    // And what the other gets is what was sent.
    two.provider.find("file-download").await;
    let same = format!(
        "const done = arguments[arguments.length - 1];
        fetch(document.querySelector('[data-testid=file-download]').href)
            .then(answer => answer.text()).then(text => done(text.length === {} &&
                text.split('\\n').slice(0, -1).every((line, number) => Number(line) === number)))",
        LINES * 8
    );
    assert_eq!(two.provider.script_async(&same).await, json!(true));
    two.provider.finish().await;
    two.client.finish().await;
}

/// Only the request that carries it fails; the socket stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_fails_alone_is_tried_again_at_once_on_demand() {
    let (server, dana, _, _, conversation) = practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/files/*"] })).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&browser, folder.path(), &[("plan.txt", text(100))]).await;
    send_chosen(&browser).await;
    browser.find("attachment-retry").await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": [] })).await;
    // It may be trying by itself in this very moment.
    let press = "document.querySelector('[data-testid=attachment-retry]')?.click()";
    browser.script(press, vec![]).await;
    browser.reads("file-name", &["plan.txt"]).await;
    browser.gone("attachment").await;
    browser.finish().await;
}

/// A file that was taken away before it was its turn cannot be sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_any_more_says_so_and_stays_until_it_is_dismissed() {
    let (server, dana, _, _, conversation) = practice(TestServer::options().unhurried()).await;
    let browser = signed_in(&server, &dana, WIDE, Some(conversation)).await;
    let folder = tempfile::tempdir().unwrap();
    choose(&browser, folder.path(), &[("plan.txt", text(100))]).await;
    browser.reads("send-files", &["Send 1 file"]).await;
    std::fs::remove_file(folder.path().join("plan.txt")).unwrap();
    send_chosen(&browser).await;
    let failed =
        "document.querySelector('[data-testid=attachment]')?.dataset.rule === 'unreadable'";
    browser.until("why it is not sent", failed).await;
    look(&browser, "files-failed").await;
    browser.press("attachment-cancel").await;
    browser.gone("attachment").await;
    assert_eq!(asks_before_closing(&browser).await, json!(false));
    browser.finish().await;
}

/// Who has sent all they may is told so, and what they wrote goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up_says_so_and_holds_up_nothing_else() {
    let options = TestServer::options().unhurried().flag("--client-files-mb", 1);
    let (server, _, jonas, provider, conversation) = practice(options).await;
    let browser = signed_in(&server, &jonas, WIDE, Some(conversation)).await;
    let folder = tempfile::tempdir().unwrap();
    let files = [("large.txt", text(200_000)), ("small.txt", text(10))];
    choose(&browser, folder.path(), &files).await;
    send_chosen(&browser).await;
    browser.reads("file-name", &["small.txt"]).await;
    let refused =
        "document.querySelector('[data-testid=attachment]')?.dataset.rule === 'quota-used'";
    browser.until("why the first is not sent", refused).await;
    browser.reads("attachment-name", &["large.txt"]).await;
    super::super::send(&browser, "One did not fit").await;
    provider.reads(conversation, &["One did not fit"]).await;
    browser.press("attachment-cancel").await;
    browser.gone("attachment").await;
    browser.finish().await;
}
