//! A conversation as a Bundle of Communication resources
//! (hl7.org/fhir/R4/communication.html, hl7.org/fhir/R4/bundle.html): a collection, with those who
//! took part first. It is written an entry at a time, however long it is.

use serde_json::{Value, json};
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::people::{PersonCard, Role};
use shared_proto::time::Millis;

use super::parts::{Element, reference, text};
use crate::admin::dates;

/// What is said of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated<'a> {
    /// Which.
    pub id: EntryId,
    /// When.
    pub at: Millis,
    /// What kind it is, in a word.
    pub kind: &'a str,
    /// Who; without a card somebody who took no part, by name.
    pub sender: Result<&'a PersonCard, &'a str>,
    /// Who got it.
    pub to: &'a [&'a PersonCard],
    /// The entry it is about.
    pub about: Option<EntryId>,
    /// Its texts; empty ones are left out.
    pub texts: [&'a str; 2],
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// A Communication.
#[must_use]
pub fn communication(said: &Communicated<'_>) -> Value {
    let mut resource = Element::default();
    resource.set("resourceType", "Communication");
    resource.set("id", said.id.to_string());
    resource.set("status", if said.withdrawn { "entered-in-error" } else { "completed" });
    if said.withdrawn {
        resource.set("statusReason", json!({ "text": "withdrawn by its author" }));
    }
    let mut category = Element::default();
    category.set_text("text", said.kind);
    resource.set_list("category", vec![category.into()]);
    let about = said.about.map(|about| json!({ "reference": format!("urn:uuid:{about}") }));
    resource.set_list("inResponseTo", about.into_iter().collect());
    resource.set("sent", dates::show(said.at));
    resource.set_list("recipient", said.to.iter().map(|person| person_in(person)).collect());
    match said.sender {
        Ok(card) => resource.set("sender", person_in(card)),
        Err(name) => {
            let mut sender = Element::default();
            sender.set_text("display", name);
            resource.set("sender", Value::from(sender));
        }
    }
    let texts = said.texts.into_iter().filter(|said| !text(said).trim().is_empty());
    let payload = texts.map(|said| json!({ "contentString": text(said) }));
    resource.set_list("payload", payload.collect());
    resource.into()
}

/// Somebody who is in the same Bundle.
fn person_in(card: &PersonCard) -> Value {
    let mut person = reference(card);
    person["reference"] = format!("urn:uuid:{}", card.id).into();
    person
}

/// Somebody who took part: a name, and nothing else of them.
fn person(card: &PersonCard) -> Value {
    let kind = match card.role {
        Role::Client => "Patient",
        Role::Provider | Role::Owner => "Practitioner",
    };
    let mut name = Element::default();
    name.set_text("text", &card.name);
    json!({ "resourceType": kind, "id": card.id.to_string(), "name": [Value::from(name)] })
}

/// A Bundle being written.
#[derive(Debug, Default)]
pub struct Collection {
    has_entries: bool,
}

impl Collection {
    /// Begins it with those who took part.
    pub fn begin<'a>(
        &mut self,
        out: &mut Vec<u8>,
        conversation: ConversationId,
        at: Millis,
        people: impl Iterator<Item = &'a PersonCard>,
    ) {
        let at = dates::show(at);
        let head = format!(
            "{{\"resourceType\":\"Bundle\",\"id\":\"{conversation}\",\"type\":\"collection\",\
             \"timestamp\":\"{at}\",\"entry\":["
        );
        out.extend_from_slice(head.as_bytes());
        for card in people {
            self.add(out, &card.id.to_string(), &person(card));
        }
    }

    /// Adds a resource of this id, a UUID.
    pub fn add(&mut self, out: &mut Vec<u8>, id: &str, resource: &Value) {
        out.extend_from_slice(if self.has_entries { b",\n" } else { b"\n" });
        self.has_entries = true;
        let entry = json!({ "fullUrl": format!("urn:uuid:{id}"), "resource": resource });
        out.extend_from_slice(entry.to_string().as_bytes());
    }

    /// Ends it.
    pub fn end(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\n]}\n");
    }
}
