//! The rules R4 publishes for Questionnaire (que-1 to que-13) and QuestionnaireResponse, and what
//! its text says besides, as far as they apply to what is exported. They are checked on the JSON
//! alone, by an evaluation of `enableWhen` of our own that knows nothing of forms.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Map;
use shared_proto::form::fill::{shown, submitted};

use super::shapes;
use super::*;

/// The one element of `object` whose name begins so, and the rest of its name.
fn only<'a>(object: &'a Value, name: &str) -> (&'a str, &'a Value) {
    let object = object.as_object().expect("an object");
    let mut found = object.iter().filter_map(|(key, value)| Some((key.strip_prefix(name)?, value)));
    let one = found.next().unwrap_or_else(|| panic!("no {name}[x] in {object:?}"));
    assert_eq!(found.next(), None, "{name}[x] twice in {object:?}");
    one
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    let list = object.get(name).map_or(&[][..], |list| list.as_array().expect("a list"));
    assert!(object.get(name).is_none() || !list.is_empty(), "an empty list: {object}");
    list
}

fn word<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}"))
}

/// The element an answer to an item of this type stands in.
fn element_of(kind: &str) -> &'static str {
    match kind {
        "boolean" => "Boolean",
        "decimal" => "Decimal",
        "integer" => "Integer",
        "date" => "Date",
        "string" | "text" => "String",
        "choice" => "Coding",
        other => panic!("nothing is exported as {other}"),
    }
}

fn is_whole(value: &Value) -> bool {
    value.as_i64().is_some_and(|value| i32::try_from(value).is_ok())
}

/// Every item in the order it stands there, with what is above it.
fn flat<'a>(items: &'a [Value], above: &[&'a str], all: &mut Vec<(&'a Value, Vec<&'a str>)>) {
    for item in items {
        all.push((item, above.to_vec()));
        let beneath = [above, &[word(item, "linkId")]].concat();
        flat(list(item, "item"), &beneath, all);
        for answer in list(item, "answer") {
            flat(list(answer, "item"), &beneath, all);
        }
    }
}

fn no_element_is_empty(value: &Value) {
    match value {
        Value::Null => panic!("null"),
        Value::String(text) => assert!(!text.trim().is_empty(), "an empty text"),
        Value::Array(values) => {
            assert!(!values.is_empty(), "an empty list");
            values.iter().for_each(no_element_is_empty);
        }
        Value::Object(object) => {
            assert!(!object.is_empty(), "an empty object");
            object.values().for_each(no_element_is_empty);
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}

#[track_caller]
pub fn check_questionnaire(resource: &Value) {
    assert_eq!(resource["resourceType"], "Questionnaire");
    no_element_is_empty(resource);
    let mut all = Vec::new();
    flat(list(resource, "item"), &[], &mut all);
    let mut known: BTreeMap<&str, &Value> = BTreeMap::new();
    for (item, _) in all {
        let (link, kind) = (word(item, "linkId"), word(item, "type"));
        let has = |name: &str| item.get(name).is_some();
        // que-1
        assert!(kind != "group" || !list(item, "item").is_empty(), "que-1: {item}");
        assert!(kind != "display" || !has("item"), "que-1: {item}");
        // que-3, que-6, que-8, que-9
        for name in ["code", "required", "repeats", "readOnly", "initial", "answerOption"] {
            assert!(kind != "display" || !has(name), "{name}: {item}");
        }
        assert!(kind != "group" || !has("required") && !has("readOnly"), "{item}");
        // que-10
        assert!(!has("maxLength") || ["string", "text"].contains(&kind), "que-10: {item}");
        assert_eq!(has("answerOption"), kind == "choice", "que-5: {item}");
        for option in list(item, "answerOption") {
            let (element, coding) = only(option, "value");
            assert_eq!((element, word(coding, "system")), ("Coding", word(resource, "url")));
        }
        for extension in list(item, "extension") {
            let (element, value) = only(extension, "value");
            if ["minValue", "maxValue"].iter().any(|end| word(extension, "url").ends_with(end)) {
                assert_eq!(element, element_of(kind), "{item}");
            }
            assert!(element != "Integer" || is_whole(value), "{item}");
        }
        let when = list(item, "enableWhen");
        // que-12
        assert_eq!(has("enableBehavior"), when.len() > 1, "que-12: {item}");
        for when in when {
            let asked = known.get(word(when, "question")).expect("an earlier question");
            let (element, value) = only(when, "answer");
            if when["operator"] == "exists" {
                // que-7
                assert_eq!(element, "Boolean");
            } else {
                assert_eq!(element, element_of(word(asked, "type")), "{item}");
            }
            assert!(element != "Integer" || is_whole(value), "{item}");
            if element == "Coding" {
                let mut options = list(asked, "answerOption").iter();
                assert!(options.any(|option| option["valueCoding"] == *value), "{item}");
            }
        }
        // que-2
        assert!(known.insert(link, item).is_none(), "que-2: {link}");
    }
}

/// Whether an item is enabled, by what R4 says of `enableWhen`: the answers are those of questions
/// that are enabled themselves.
fn is_enabled(item: &Value, answers: &BTreeMap<&str, &[Value]>) -> bool {
    let holds = |when: &Value| {
        let answers = answers.get(word(when, "question")).copied().unwrap_or_default();
        let (element, wanted) = only(when, "answer");
        let operator = word(when, "operator");
        if operator == "exists" {
            return wanted.as_bool() == Some(!answers.is_empty());
        }
        answers.iter().any(|answer| {
            let said = &answer[format!("value{element}")];
            match operator {
                "=" => said == wanted || said.is_number() && said.as_f64() == wanted.as_f64(),
                ">=" => said.as_f64() >= wanted.as_f64(),
                "<=" => said.as_f64() <= wanted.as_f64(),
                other => panic!("nothing is exported with {other}"),
            }
        })
    };
    let when = list(item, "enableWhen");
    when.is_empty() || when.iter().any(holds)
}

/// The link ids of items that are enabled, by the answers there are.
fn enabled<'a>(questionnaire: &'a Value, response: &'a Value) -> BTreeSet<&'a str> {
    let mut given = Vec::new();
    flat(list(response, "item"), &[], &mut given);
    let given: BTreeMap<&str, &[Value]> =
        given.iter().map(|(item, _)| (word(item, "linkId"), list(item, "answer"))).collect();
    let (mut all, mut enabled, mut answers) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    flat(list(questionnaire, "item"), &[], &mut all);
    for (item, above) in all {
        let link = word(item, "linkId");
        if is_enabled(item, &answers) && above.iter().all(|link| enabled.contains(link)) {
            enabled.insert(link);
            answers.insert(link, given.get(link).copied().unwrap_or_default());
        }
    }
    enabled
}

#[track_caller]
pub fn check_response(questionnaire: &Value, response: &Value) {
    assert_eq!(response["resourceType"], "QuestionnaireResponse");
    no_element_is_empty(response);
    let named = format!("{}|{}", word(questionnaire, "url"), word(questionnaire, "version"));
    assert_eq!(word(response, "questionnaire"), named);
    let (mut asked, mut given) = (Vec::new(), Vec::new());
    flat(list(questionnaire, "item"), &[], &mut asked);
    flat(list(response, "item"), &[], &mut given);
    let enabled = enabled(questionnaire, response);
    let mut rest = asked.iter();
    for (item, above) in &given {
        let link = word(item, "linkId");
        // In the order of the questionnaire, each once, within the same groups.
        let of = rest.find(|(asked, _)| word(asked, "linkId") == link);
        let (asked, at) = of.unwrap_or_else(|| panic!("{link} is out of order or twice"));
        assert_eq!(above, at, "{link}");
        assert_eq!(item["text"], asked["text"], "{link}");
        assert!(enabled.contains(link), "{link} is answered and not enabled");
        let kind = word(asked, "type");
        assert_ne!(kind, "display", "{link}");
        let answers = list(item, "answer");
        // qrs-1, and groups have no answers.
        assert!(item.get("item").is_none() || answers.is_empty(), "qrs-1: {item}");
        assert_eq!(answers.is_empty(), kind == "group", "{item}");
        assert!(answers.len() <= 1 || asked["repeats"] == true, "{item}");
        for answer in answers {
            let (element, value) = only(answer, "value");
            assert_eq!(element, element_of(kind), "{item}");
            assert!(element != "Integer" || is_whole(value), "{item}");
            if kind == "choice" {
                let mut options = list(asked, "answerOption").iter();
                assert!(options.any(|option| option["valueCoding"] == *value), "{item}");
            }
        }
    }
    if response["status"] == "completed" {
        let answered: BTreeSet<_> = given.iter().map(|(item, _)| word(item, "linkId")).collect();
        for (item, _) in &asked {
            let link = word(item, "linkId");
            let is_missing = item["required"] == true && enabled.contains(link);
            assert!(!is_missing || answered.contains(link), "{link} is required");
        }
    }
}

#[test]
fn the_library_keeps_the_published_rules() {
    for known in Known::ALL {
        check_questionnaire(&exported(&template(library::form(known))));
    }
}

#[test]
fn an_item_of_every_kind_and_its_answer_keep_the_published_rules() {
    let template = every_kind();
    let questionnaire = exported(&template);
    check_questionnaire(&questionnaire);
    check_response(&questionnaire, &exported_answers(&template, &every_answer(), true));
}

/// Each breaks one rule, and is found.
#[test]
fn the_rules_here_can_fail() {
    let template = every_kind();
    let (whole, answers) =
        (exported(&template), exported_answers(&template, &every_answer(), true));
    type Break = fn(&mut Value);
    let breaks: [Break; 9] = [
        |form| form["item"][0]["item"] = json!([{ "linkId": "x", "text": "x", "type": "display" }]),
        |form| form["item"][1]["linkId"] = json!("1"),
        |form| form["item"][2]["item"] = json!([]),
        |form| form["item"][0]["required"] = json!(true),
        |form| drop(form["item"][2]["item"][7].as_object_mut().map(|o| o.remove("enableBehavior"))),
        |form| form["item"][2]["item"][2]["enableWhen"][0]["question"] = json!("14"),
        |form| form["item"][2]["item"][8]["enableWhen"][0]["answerInteger"] = json!(1.5),
        |form| form["item"][2]["item"][8]["enableWhen"][0]["answerDecimal"] = json!(1),
        |form| form["description"] = json!(""),
    ];
    for (place, damage) in breaks.iter().enumerate() {
        let mut form = whole.clone();
        damage(&mut form);
        assert!(std::panic::catch_unwind(|| check_questionnaire(&form)).is_err(), "{place}");
    }
    let breaks: [Break; 8] = [
        |said| said["questionnaire"] = json!("urn:uuid:other|3"),
        |said| said["item"][0]["answer"][0] = json!({ "valueInteger": 1 }),
        |said| said["item"][0]["answer"] = json!([{ "valueString": "a" }, { "valueString": "b" }]),
        |said| said["item"][1]["item"][4]["answer"][0]["valueBoolean"] = json!(false),
        |said| said["item"][1]["item"][5]["answer"][0]["valueCoding"]["code"] = json!("99"),
        |said| drop(said["item"].as_array_mut().map(|items| items.remove(0))),
        |said| said["item"].as_array_mut().unwrap().swap(0, 1),
        |said| said["item"][2]["item"][0]["linkId"] = json!("14.statement"),
    ];
    for (place, damage) in breaks.iter().enumerate() {
        let mut said = answers.clone();
        damage(&mut said);
        assert!(std::panic::catch_unwind(|| check_response(&whole, &said)).is_err(), "{place}");
    }
    assert_ne!(Map::new(), *whole.as_object().unwrap());
}

// As many as `PROPTEST_CASES` says.
proptest! {
    #[test]
    fn whatever_is_asked_and_answered_keeps_the_published_rules(
        (form, answers) in shapes::form_and_answers(),
        completed in any::<bool>(),
    ) {
        let template = template(form);
        let questionnaire = exported(&template);
        check_questionnaire(&questionnaire);
        let kept = submitted(&template.form, &answers);
        let kept = kept.as_ref().ok().filter(|_| completed);
        let response = exported_answers(&template, kept.unwrap_or(&answers), kept.is_some());
        check_response(&questionnaire, &response);
        // What is shown here is what is enabled there, and nothing that counts is lost.
        if kept.is_some() {
            let enabled = enabled(&questionnaire, &response);
            for (item, shown) in template.form.items.iter().zip(shown(&template.form, &answers)) {
                let link = item.link.0.to_string();
                prop_assert_eq!(enabled.contains(link.as_str()), shown, "{}", link);
                if shown && answers.get(item.link).is_some() {
                    prop_assert!(!find(&response["item"], &link).is_null(), "{}", link);
                }
            }
        }
    }
}
