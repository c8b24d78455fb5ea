use serde_json::{Value, json};
use shared_proto::date::Date;
use shared_proto::form::answers::Value as Answer;
use shared_proto::form::ask::Known;
use shared_proto::form::check::checked;
use shared_proto::form::decimal::Decimal;
use shared_proto::form::{
    Band, Choice, ChoiceId, Condition, Days, Form, Item, Kind, Number, Scale, Score, Test,
};
use shared_proto::id::{FormId, PersonId};
use shared_proto::people::Role;

use super::*;
use crate::forms::library;

/// By the rules R4 publishes in words and FHIRPath.
mod published;
/// By the JSON schema HL7 publishes.
mod schema;
/// Forms and answers of every shape.
mod shapes;

const AT: Millis = Millis(1_709_251_199_999);

fn template(form: Form) -> Template {
    Template { id: FormId::from_bytes([0xf0; 16]), version: 3, form }
}

fn ana() -> PersonCard {
    PersonCard { id: PersonId::from_bytes([0xaa; 16]), name: "Ana".into(), role: Role::Client }
}

fn exported(template: &Template) -> Value {
    questionnaire(&Published { template, at: AT, publisher: "Oak", retired: false })
}

fn exported_answers(template: &Template, answers: &Answers, submitted: bool) -> Value {
    let (subject, author) = (&ana(), &ana());
    let id = "018f2d3e-7a51-7cc1-9c6b-2b1d0a4c9e10";
    questionnaire_response(&Filled { template, id, answers, subject, author, at: AT, submitted })
}

fn item(link: u16, label: &str, kind: Kind) -> Item {
    let (label, help) = (label.to_owned(), String::new());
    Item { link: LinkId(link), label, help, required: false, show_if: None, alert: None, kind }
}

fn choice(id: u16, label: &str, points: Option<i16>) -> Choice {
    Choice { id: ChoiceId(id), label: label.to_owned(), points, alone: label == "None" }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// An item of every kind, in a section and outside, with everything that can be said of one.
fn every_kind() -> Template {
    let days = Days { earliest: Date::new(1900, 1, 1), latest: Date::new(2026, 12, 31) };
    let weight = Number {
        least: Some(decimal("20")),
        most: Some(decimal("300.5")),
        decimals: 1,
        unit: "kg".into(),
    };
    let pain = Scale { from: 0, to: 10, from_label: "None".into(), to_label: "Worst".into() };
    let often = vec![choice(20, "Never", Some(0)), choice(21, "Often", Some(2))];
    let these =
        vec![choice(22, "Sleep", None), choice(23, "Worry", None), choice(24, "None", None)];
    let mut items = vec![
        item(1, "Read this.", Kind::Note),
        item(2, "Name", Kind::Text),
        item(3, "About you", Kind::Section),
        item(4, "Story", Kind::LongText),
        item(5, "Weight", Kind::Number(weight)),
        item(6, "Children", Kind::Number(Number::default())),
        item(7, "Born", Kind::Date(days)),
        item(8, "Medicines", Kind::YesNo),
        item(9, "Mood", Kind::One(often)),
        item(10, "Symptoms", Kind::Several(these)),
        item(11, "Pain", Kind::Scale(pain)),
        item(12, "Nothing in it", Kind::Section),
        item(13, "Agreement", Kind::Section),
        item(14, "Your name", Kind::Signature("I agree.".into())),
    ];
    items[1].required = true;
    items[2].help = "Only what you like.".into();
    items[3].help = "A few lines.".into();
    items[11].help = "Help".into();
    let when = |item, test| Some(Condition { item: LinkId(item), test });
    items[4].show_if = when(2, Test::Answered);
    items[8].show_if = when(8, Test::Is(true));
    items[9].show_if = when(9, Test::OneOf(vec![ChoiceId(20), ChoiceId(21)]));
    items[10].show_if = when(6, Test::AtLeast(decimal("2")));
    items[12].show_if = when(5, Test::AtMost(decimal("72.5")));
    let bands = vec![Band { from: 0, label: "Low".into() }, Band { from: 6, label: "High".into() }];
    let score = Score { label: "Burden".into(), items: vec![LinkId(9), LinkId(11)], bands };
    let form = Form {
        title: "Before we meet".into(),
        description: "Hello\u{a0}there".into(),
        items,
        scores: vec![score],
        next_id: 25,
    };
    template(checked(form).unwrap())
}

fn every_answer() -> Answers {
    let mut answers = Answers::default();
    for (link, value) in [
        (2, Answer::Text("Ana".into())),
        (4, Answer::Text("One\ntwo".into())),
        (5, Answer::Number(decimal("72.5"))),
        (6, Answer::Number(decimal("2"))),
        (7, Answer::Date(Date::new(1984, 2, 29).unwrap())),
        (8, Answer::YesNo(true)),
        (9, Answer::One(ChoiceId(21))),
        (10, Answer::Several(vec![ChoiceId(22), ChoiceId(23)])),
        (11, Answer::Number(decimal("4"))),
        (14, Answer::Signature("Ana Lopez".into())),
    ] {
        answers.set(LinkId(link), value);
    }
    answers
}

/// The item with this link id, wherever it stands.
fn find<'a>(items: &'a Value, link: &str) -> &'a Value {
    fn within<'a>(items: &'a Value, link: &str) -> Option<&'a Value> {
        items.as_array()?.iter().find_map(|item| {
            if item["linkId"] == link { Some(item) } else { within(&item["item"], link) }
        })
    }
    within(items, link).unwrap_or(&Value::Null)
}

const SYSTEM: &str = "urn:uuid:f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0";

fn control(code: &str) -> Value {
    json!({
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": {
            "coding": [{ "system": "http://hl7.org/fhir/questionnaire-item-control", "code": code }],
        },
    })
}

fn bound(name: &str, element: &str, value: Value) -> Value {
    let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
    json!({ "url": url, element: value })
}

#[test]
fn a_form_says_of_itself_what_a_questionnaire_does() {
    let mut exported = exported(&every_kind());
    exported.as_object_mut().unwrap().remove("item").unwrap();
    assert_eq!(
        exported,
        json!({
            "resourceType": "Questionnaire",
            "id": "f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0-3",
            "url": SYSTEM,
            "version": "3",
            "title": "Before we meet",
            "status": "active",
            "subjectType": ["Patient"],
            "date": "2024-02-29T23:59:59.999Z",
            "publisher": "Oak",
            "description": "Hello there",
        })
    );
    let template = every_kind();
    let retired = Published { template: &template, at: AT, publisher: "", retired: true };
    let retired = questionnaire(&retired);
    assert_eq!((&retired["status"], &retired["publisher"]), (&json!("retired"), &Value::Null));
}

#[test]
fn every_kind_of_item_is_exported_as_its_own_type() {
    let exported = exported(&every_kind());
    let check = |link: &str, expect: Value| {
        let mut item = find(&exported["item"], link).clone();
        if item["type"] == "group" {
            // What is within is looked at by itself.
            item.as_object_mut().unwrap().remove("item");
        }
        assert_eq!(item, expect, "{link}");
    };
    check("1", json!({ "linkId": "1", "text": "Read this.", "type": "display" }));
    check(
        "2",
        json!({ "linkId": "2", "text": "Name", "type": "string", "required": true, "maxLength": 200 }),
    );
    check("3", json!({ "linkId": "3", "text": "About you", "type": "group" }));
    check(
        "4",
        json!({
            "linkId": "4", "text": "Story", "type": "text", "maxLength": 4_000,
            "item": [{
                "extension": [control("help")],
                "linkId": "4.help", "text": "A few lines.", "type": "display",
            }],
        }),
    );
    check(
        "5",
        json!({
            "extension": [
                bound("minValue", "valueDecimal", json!(20)),
                bound("maxValue", "valueDecimal", json!(300.5)),
                bound("questionnaire-unit", "valueCoding", json!({ "display": "kg" })),
                bound("maxDecimalPlaces", "valueInteger", json!(1)),
            ],
            "linkId": "5", "text": "Weight", "type": "decimal",
            "enableWhen": [{ "question": "2", "operator": "exists", "answerBoolean": true }],
        }),
    );
    check("6", json!({ "linkId": "6", "text": "Children", "type": "integer" }));
    check(
        "7",
        json!({
            "extension": [
                bound("minValue", "valueDate", json!("1900-01-01")),
                bound("maxValue", "valueDate", json!("2026-12-31")),
            ],
            "linkId": "7", "text": "Born", "type": "date",
        }),
    );
    check("8", json!({ "linkId": "8", "text": "Medicines", "type": "boolean" }));
    let code =
        |code: &str, display: &str| json!({ "system": SYSTEM, "code": code, "display": display });
    check(
        "9",
        json!({
            "linkId": "9", "text": "Mood", "type": "choice",
            "enableWhen": [{ "question": "8", "operator": "=", "answerBoolean": true }],
            "answerOption": [
                {
                    "extension": [bound("ordinalValue", "valueDecimal", json!(0))],
                    "valueCoding": code("20", "Never"),
                },
                {
                    "extension": [bound("ordinalValue", "valueDecimal", json!(2))],
                    "valueCoding": code("21", "Often"),
                },
            ],
        }),
    );
    check(
        "10",
        json!({
            "linkId": "10", "text": "Symptoms", "type": "choice", "repeats": true,
            "enableWhen": [
                { "question": "9", "operator": "=", "answerCoding": code("20", "Never") },
                { "question": "9", "operator": "=", "answerCoding": code("21", "Often") },
            ],
            "enableBehavior": "any",
            "answerOption": [
                { "valueCoding": code("22", "Sleep") },
                { "valueCoding": code("23", "Worry") },
                {
                    "extension": [bound("questionnaire-optionExclusive", "valueBoolean", json!(true))],
                    "valueCoding": code("24", "None"),
                },
            ],
        }),
    );
    check(
        "11",
        json!({
            "extension": [
                control("slider"),
                bound("minValue", "valueInteger", json!(0)),
                bound("maxValue", "valueInteger", json!(10)),
                bound("questionnaire-sliderStepValue", "valueInteger", json!(1)),
            ],
            "linkId": "11", "text": "Pain", "type": "integer",
            "enableWhen": [{ "question": "6", "operator": ">=", "answerInteger": 2 }],
            "item": [
                { "extension": [control("lower")], "linkId": "11.low", "text": "None", "type": "display" },
                { "extension": [control("upper")], "linkId": "11.high", "text": "Worst", "type": "display" },
            ],
        }),
    );
    check("12", json!({ "linkId": "12", "text": "Nothing in it\nHelp", "type": "display" }));
    check(
        "13",
        json!({
            "linkId": "13", "text": "Agreement", "type": "group",
            "enableWhen": [{ "question": "5", "operator": "<=", "answerDecimal": 72.5 }],
        }),
    );
    let author = json!({
        "system": "urn:iso-astm:E1762-95:2013",
        "code": "1.2.840.10065.1.12.1.1",
        "display": "Author's Signature",
    });
    check(
        "14",
        json!({
            "extension": [bound(
                "questionnaire-signatureRequired",
                "valueCodeableConcept",
                json!({ "coding": [author] }),
            )],
            "linkId": "14", "text": "Your name", "type": "string", "maxLength": 100,
            "item": [{ "linkId": "14.statement", "text": "I agree.", "type": "display" }],
        }),
    );
    check(
        "total.1",
        json!({
            "linkId": "total.1", "text": "Burden", "type": "integer", "readOnly": true,
            "item": [{
                "linkId": "total.1.band", "text": "Burden", "type": "string", "readOnly": true,
            }],
        }),
    );
    let links = |items: &Value| -> Vec<String> {
        let items = items.as_array().unwrap().iter();
        items.map(|item| item["linkId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(links(&exported["item"]), ["1", "2", "3", "12", "13", "total.1"]);
    let about = find(&exported["item"], "3");
    assert_eq!(links(&about["item"]), ["3.help", "4", "5", "6", "7", "8", "9", "10", "11"]);
}

#[test]
fn what_was_submitted_is_a_completed_response_with_every_answer_in_its_type() {
    let exported = exported_answers(&every_kind(), &every_answer(), true);
    let ana = json!({
        "type": "Patient",
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": "urn:uuid:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa",
        },
        "display": "Ana",
    });
    let code = |code: &str, display: &str| json!({ "valueCoding": { "system": SYSTEM, "code": code, "display": display } });
    let signed = json!({
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-signature",
        "valueSignature": {
            "type": [{
                "system": "urn:iso-astm:E1762-95:2013",
                "code": "1.2.840.10065.1.12.1.1",
                "display": "Author's Signature",
            }],
            "when": "2024-02-29T23:59:59.999Z",
            "who": ana,
        },
    });
    assert_eq!(
        exported,
        json!({
            "resourceType": "QuestionnaireResponse",
            "id": "018f2d3e-7a51-7cc1-9c6b-2b1d0a4c9e10",
            "questionnaire": format!("{SYSTEM}|3"),
            "status": "completed",
            "subject": ana,
            "authored": "2024-02-29T23:59:59.999Z",
            "author": ana,
            "source": ana,
            "item": [
                { "linkId": "2", "text": "Name", "answer": [{ "valueString": "Ana" }] },
                {
                    "linkId": "3", "text": "About you",
                    "item": [
                        { "linkId": "4", "text": "Story", "answer": [{ "valueString": "One\ntwo" }] },
                        { "linkId": "5", "text": "Weight", "answer": [{ "valueDecimal": 72.5 }] },
                        { "linkId": "6", "text": "Children", "answer": [{ "valueInteger": 2 }] },
                        { "linkId": "7", "text": "Born", "answer": [{ "valueDate": "1984-02-29" }] },
                        { "linkId": "8", "text": "Medicines", "answer": [{ "valueBoolean": true }] },
                        { "linkId": "9", "text": "Mood", "answer": [code("21", "Often")] },
                        {
                            "linkId": "10", "text": "Symptoms",
                            "answer": [code("22", "Sleep"), code("23", "Worry")],
                        },
                        { "linkId": "11", "text": "Pain", "answer": [{ "valueInteger": 4 }] },
                    ],
                },
                {
                    "linkId": "13", "text": "Agreement",
                    "item": [{
                        "linkId": "14", "text": "Your name",
                        "extension": [signed],
                        "answer": [{ "valueString": "Ana Lopez" }],
                    }],
                },
                {
                    "linkId": "total.1", "text": "Burden",
                    "answer": [{
                        "valueInteger": 6,
                        "item": [{
                            "linkId": "total.1.band", "text": "Burden",
                            "answer": [{ "valueString": "High" }],
                        }],
                    }],
                },
            ],
        })
    );
}

#[test]
fn what_is_still_being_filled_in_is_in_progress_and_signed_by_nobody() {
    let template = every_kind();
    let mut answers = every_answer();
    answers.set(LinkId(6), Answer::Number(decimal("2.5")));
    answers.set(LinkId(8), Answer::YesNo(false));
    let exported = exported_answers(&template, &answers, false);
    assert_eq!(exported["status"], "in-progress");
    assert_eq!(find(&exported["item"], "14")["extension"], Value::Null);
    // No whole number, and what it would show; not shown; not shown because the one before is not.
    for link in ["6", "11", "9", "10"] {
        assert_eq!(*find(&exported["item"], link), Value::Null, "{link}");
    }
    // What counts is not shown, and counts nothing.
    assert_eq!(find(&exported["item"], "total.1")["answer"][0]["valueInteger"], 0);
    let none = exported_answers(&template, &Answers::default(), false);
    assert!(none.as_object().unwrap().contains_key("item"), "a total of nothing");
    let none = exported_answers(
        &super::tests::template(library::form(Known::Phq9)),
        &Answers::default(),
        false,
    );
    assert!(!none.as_object().unwrap().contains_key("item"));
}
