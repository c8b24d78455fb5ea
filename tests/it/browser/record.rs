//! Saving the record of a conversation, as people do it.

use std::path::{Path, PathBuf};

use quietroom_tests::support::browser::{PHONE, WIDE, by};
use quietroom_tests::support::{Browser, TestServer, Theme, eventually};
use serde_json::json;
use shared_proto::conversation::command::Command;

use super::screens::look;
use super::{TwoBrowsers, send, two_browsers};
use crate::conversations::act;
use crate::given::device;

/// Where a browser leaves what it saves.
pub(super) async fn saves_to(browser: &Browser, folder: &Path) {
    let into = json!({ "behavior": "allow", "downloadPath": folder });
    browser.devtools("Browser.setDownloadBehavior", into).await;
}

/// A file that has been saved whole, whose name ends so. While Chromium saves it, an empty one holds
/// its name.
pub(super) async fn saved(folder: &Path, end: &str) -> PathBuf {
    eventually("the file to be saved", async || {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files: Vec<PathBuf> = files.collect();
        let named = |end: &str| files.iter().find(|file| file.to_str().unwrap().ends_with(end));
        let whole = |file: &&PathBuf| file.metadata().is_ok_and(|file| file.len() > 0);
        if named(".crdownload").is_some() {
            return None;
        }
        named(end).filter(whole).cloned()
    })
    .await
}

async fn talk() -> TwoBrowsers {
    let two = two_browsers(TestServer::options()).await;
    send(&two.provider, "How was the week?").await;
    two.client.reads("message-text", &["How was the week?"]).await;
    send(&two.client, "=1+1 is what I counted").await;
    two
}

/// Opens the dialog.
async fn ask(browser: &Browser) {
    browser.press("details").await;
    browser.press("details-record").await;
    browser.find("record-csv").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_saved_from_the_conversation_in_the_form_one_chooses() {
    let two = talk().await;
    let folder = tempfile::tempdir().unwrap();
    saves_to(&two.client, folder.path()).await;
    ask(&two.client).await;
    two.client.says("without their words").await;
    look(&two.client, "record").await;
    two.client.press("record-csv").await;
    let table = saved(folder.path(), ".csv").await;
    let name = table.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("conversation-"), "{name}");
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.contains("How was the week?") && table.contains("'=1+1 is what"), "{table}");
    two.client.press("record-zip").await;
    let bundle = std::fs::read(saved(folder.path(), ".zip").await).unwrap();
    let (fine, said) = crate::record::verified(&two.server, &bundle, &[]);
    assert!(fine, "{said}");
    two.client.press("record-fhir").await;
    let resources = std::fs::read_to_string(saved(folder.path(), ".fhir.json").await).unwrap();
    assert!(resources.contains("\"Communication\""), "{resources}");
    // The page is where it was.
    two.client.find("record-csv").await;

    ask(&two.provider).await;
    two.provider.says("with their words").await;
    two.client.finish().await;
    two.provider.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_shown_to_be_printed_and_nothing_in_it_runs() {
    let two = talk().await;
    let clients = device(&two.server, &two.jonas).await;
    let hostile =
        "<script>document.title = 'ran'</script><b>bold</b>\n\u{5e9}\u{5dc}\u{5d5}\u{5dd}";
    clients.send(two.conversation, hostile).await;
    let slip = clients.send(two.conversation, "a slip of the tongue").await;
    act(&clients, two.conversation, Command::Withdraw { target: slip }).await.unwrap();
    let browser = &two.provider;
    ask(browser).await;
    let link = format!("return document.querySelector('{}').href", by("record-print"));
    let address = browser.script(&link, Vec::new()).await;
    let kept = format!("return document.querySelector('{}').target", by("record-print"));
    assert_eq!(browser.script(&kept, Vec::new()).await, json!("_blank"));
    browser.goto(address.as_str().unwrap()).await;
    assert_eq!(browser.title().await, "Record of a conversation");
    let shown = browser.script("return document.body.innerText", Vec::new()).await;
    let shown = shown.as_str().unwrap();
    for words in
        ["How was the week?", "<script>document.title", "a slip of the tongue", "Withdrawn on"]
    {
        assert!(shown.contains(words), "{words:?} in {shown}");
    }
    assert_eq!(browser.count("script, ol b b, img, form").await, 0);
    for window in [WIDE, PHONE] {
        browser.resize(window).await;
        for theme in [Theme::Light, Theme::Dark] {
            browser.theme(theme).await;
            browser.screenshot("record-page", window, theme).await;
            browser.fits("the record").await;
        }
    }
    browser.theme(Theme::Light).await;
    let printed = browser.devtools("Page.printToPDF", json!({})).await;
    assert!(printed["data"].as_str().unwrap().len() > 10_000, "it is printed");
}
