//! Hostile and odd texts in forms and answers are shown exactly as they were typed.

use quietroom_tests::support::{Browser, TestServer, fresh_id};
use serde_json::json;
use shared_proto::codec;
use shared_proto::form::Kind;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::ask::{Ask, Told};
use shared_proto::form::check::checked;
use shared_proto::form::fill::submitted;

use super::super::naughty::{corpus, inert, watch};
use super::super::{WIDE, practice};
use super::{ask, assign, form, open_form, saved};
use crate::given::device;

/// Questions of one form, so that it stays within its bound.
const QUESTIONS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn naughty_strings_in_labels_and_answers_are_shown_unchanged_and_nothing_runs() {
    let (server, dana, jonas, provider, _) = practice(TestServer::options().unhurried()).await;
    let client = device(&server, &jonas).await;
    let [host, reader] = [Browser::start(WIDE).await, Browser::start(WIDE).await];
    for (browser, person) in [(&host, &dana), (&reader, &jonas)] {
        watch(browser).await;
        browser.sign_in(&server, person).await;
    }
    // What the rules let pass, one by one.
    let texts: Vec<String> = corpus()
        .into_iter()
        .filter(|text| text.chars().count() <= 200)
        .filter(|text| checked(form(text, vec![(text.clone(), Kind::Text)])).is_ok())
        .map(|text| text.trim().replace('\t', " "))
        .collect();
    assert!(texts.len() > 300, "{}", texts.len());
    for texts in texts.chunks(QUESTIONS) {
        let conversation = provider.create(&[jonas.id]).await;
        provider.open(conversation).await;
        client.open(conversation).await;
        let asked = texts.iter().map(|text| (text.clone(), Kind::Text)).collect();
        let asked = form(&texts[0], asked);
        let id = saved(&provider, &asked).await;
        let entry = assign(&provider, conversation, id, jonas.id).await;

        // As they are filled in.
        open_form(&reader, conversation).await;
        reader.reads("paper-title", &[&texts[0]]).await;
        let labels = "return [...document.querySelectorAll('[data-testid=question] label > span')]\
            .map(label => label.textContent)";
        let labels = reader.script(labels, Vec::new()).await;
        assert_eq!(labels, json!(texts));
        let mut answers = Answers::default();
        for (item, text) in asked.items.iter().zip(texts) {
            answers.set(item.link, Value::Text(text.clone()));
        }
        let answers = submitted(&asked, &answers).unwrap();
        let answers = codec::encode(&answers);
        let client_message_id = fresh_id();
        let submit = Ask::Submit { conversation, entry, client_message_id, answers };
        assert!(matches!(ask(&client, submit).await, Told::Submitted { .. }));

        // As they are read, by both.
        reader.find("paper-submitted").await;
        open_form(&host, conversation).await;
        host.find("paper-submitted").await;
        for browser in [&reader, &host] {
            for part in ["answer-asked", "answer-given"] {
                let shown = format!(
                    "return [...document.querySelectorAll('.{part}')].map(one => one.textContent)"
                );
                assert_eq!(browser.script(&shown, Vec::new()).await, json!(texts), "{part}");
            }
            let within = ".answer-asked *, .answer-given *, .form-card-words p *, .paper-title *";
            assert_eq!(browser.count(within).await, 0, "an element came of a text");
            inert(browser).await;
            browser.press("tool-close").await;
            browser.gone("paper").await;
        }
    }
    host.finish().await;
    reader.finish().await;
}
