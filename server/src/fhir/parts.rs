//! The pieces that resources are made of.

use serde_json::{Map, Number, Value, json};
use shared_proto::form::decimal::Decimal;
use shared_proto::form::version::Template;
use shared_proto::form::{Choice, Item, Kind};
use shared_proto::id::FormId;
use shared_proto::people::{PersonCard, Role};

/// Where the extensions that R4 itself publishes live.
const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition/";
const ITEM_CONTROLS: &str = "http://hl7.org/fhir/questionnaire-item-control";
/// ASTM E1762-95, as R4 writes it for kinds of signatures.
const SIGNATURES: &str = "urn:iso-astm:E1762-95:2013";

/// A text as R4 takes it: of all white space it knows spaces, tabs and line ends. Those that others
/// know, as the spaces that do not break, become plain ones; what is no character of a text becomes
/// the sign for that.
pub fn text(text: &str) -> String {
    let plain = |c: char| match c {
        ' ' | '\n' | '\t' | '\r' => c,
        '\u{feff}' => ' ',
        c if c.is_whitespace() => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(plain).collect()
}

/// A number as JSON has it. Forms hold no more digits than survive this.
pub fn number(number: Decimal) -> Value {
    if number.decimals() == 0 {
        return number.truncated().into();
    }
    let float = number.to_string().parse().ok().and_then(Number::from_f64);
    float.map_or(Value::Null, Value::Number)
}

/// Whether an item is answered with whole numbers, so that it and all that is said of its answers
/// are integers.
pub fn is_whole(item: &Item) -> bool {
    match &item.kind {
        Kind::Number(number) => number.decimals == 0,
        kind => matches!(kind, Kind::Scale(_)),
    }
}

/// `value` or `answer` as the name of an element, followed by the type of the number.
pub fn numbered(name: &str, item: &Item) -> String {
    format!("{name}{}", if is_whole(item) { "Integer" } else { "Decimal" })
}

/// One of the extensions that R4 publishes.
pub fn extension(name: &str, element: &str, value: Value) -> Value {
    let mut extension = Map::new();
    extension.insert("url".to_owned(), format!("{EXTENSIONS}{name}").into());
    extension.insert(element.to_owned(), value);
    Value::Object(extension)
}

/// How an item is to be shown.
pub fn item_control(code: &str) -> Value {
    let coding = json!({ "system": ITEM_CONTROLS, "code": code });
    let concept = json!({ "coding": [coding] });
    extension("questionnaire-itemControl", "valueCodeableConcept", concept)
}

/// The kind of signature there is: an author's.
pub fn signature_kind() -> Value {
    json!({
        "system": SIGNATURES,
        "code": "1.2.840.10065.1.12.1.1",
        "display": "Author's Signature",
    })
}

/// What a form is called everywhere, whatever its version.
pub fn url(form: FormId) -> String {
    format!("urn:uuid:{form}")
}

/// A form in one version.
pub fn canonical(template: &Template) -> String {
    format!("{}|{}", url(template.id), template.version)
}

/// A choice. Its code means the same in every version of the form: ids are never given twice.
pub fn coding(form: FormId, choice: &Choice) -> Value {
    json!({
        "system": url(form),
        "code": choice.id.0.to_string(),
        "display": text(&choice.label),
    })
}

/// A person, by an identifier: there is no server of theirs to look them up on.
pub fn reference(person: &PersonCard) -> Value {
    let kind = match person.role {
        Role::Client => "Patient",
        Role::Provider | Role::Owner => "Practitioner",
    };
    json!({
        "type": kind,
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": format!("urn:uuid:{}", person.id),
        },
        "display": text(&person.name),
    })
}

/// An object under construction; elements that say nothing are left out, as FHIR demands.
#[derive(Default)]
pub struct Element(Map<String, Value>);

impl Element {
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    pub fn set_text(&mut self, name: &str, value: &str) {
        let value = text(value);
        if !value.trim().is_empty() {
            self.set(name, value);
        }
    }

    pub fn set_list(&mut self, name: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.set(name, values);
        }
    }
}

impl From<Element> for Value {
    fn from(element: Element) -> Self {
        Self::Object(element.0)
    }
}
