//! Hostile and odd names of files are only names.

use quietroom_tests::support::{TestServer, Window};
use serde_json::json;
use shared_proto::file::named;

use super::super::naughty::{corpus, inert, watch};
use super::super::{open, practice, signed_in};
use super::given::{send_chosen, sheet};
use quietroom_tests::support::Browser;

/// Tall, so that all files of a batch are on the screen.
const TALL: Window = Window { width: 1280, height: 4000 };
/// Fewer than may wait.
const BATCH: usize = 18;

#[tokio::test(flavor = "multi_thread")]
async fn every_name_is_shown_as_the_rules_make_it_and_nothing_of_it_runs() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let sender = signed_in(&server, &dana, TALL, None).await;
    let reader = Browser::start(TALL).await;
    watch(&reader).await;
    reader.sign_in(&server, &jonas).await;
    let names: Vec<String> = corpus().iter().step_by(9).map(|text| format!("{text}.txt")).collect();
    let mut shown = 0;
    for batch in names.chunks(BATCH) {
        let conversation = provider.create(&[jonas.id]).await;
        provider.open(conversation).await;
        open(&sender, conversation).await;
        let files: Vec<_> = batch.iter().map(|name| (name.clone(), b"a".to_vec())).collect();
        let given = sheet(&sender, &files).await;
        let expected: Vec<String> = given.iter().map(|name| named(name).unwrap().name).collect();
        send_chosen(&sender).await;
        open(&reader, conversation).await;
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        reader.reads("file-name", &expected).await;
        inert(&reader).await;
        let odd = "return document.querySelectorAll('[data-testid=file-name] *').length";
        assert_eq!(reader.script(odd, vec![]).await, json!(0), "an element came of a name");
        let saved = "return [...document.querySelectorAll('[data-testid=file-download]')]
            .map(link => [link.download, new URL(link.href).origin === location.origin])";
        let saved = reader.script(saved, vec![]).await;
        let own: Vec<_> = expected.iter().map(|name| json!([name, true])).collect();
        assert_eq!(saved, json!(own));
        reader.press("details").await;
        reader.press("details-files").await;
        let newest: Vec<&str> = expected.iter().rev().copied().collect();
        reader.reads("listed-name", &newest).await;
        reader.press("tool-close").await;
        shown += expected.len();
    }
    assert!(shown > 40, "{shown}");
    sender.finish().await;
    reader.finish().await;
}
