//! A conversation as a Bundle of Communication resources
//! (hl7.org/fhir/R4/communication.html, hl7.org/fhir/R4/bundle.html): a collection, with those who
//! took part first. It is written an entry at a time, however long it is. Forms that were given and
//! submitted are in it before the entry that says so, which carries them.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};
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
    /// What it carries besides words.
    pub content: Option<&'a Content>,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// A resource of the same Bundle that an entry carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    kind: String,
    place: String,
}

impl Content {
    /// This one.
    #[must_use]
    pub fn of(resource: &Value) -> Self {
        let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
        Self { kind, place: place(resource) }
    }
}

/// A UUID for a resource in a Bundle, where each has one of its own: an entry that says that
/// something was submitted has the same id as what was. By its type and id it is the same in every
/// Bundle.
#[must_use]
pub fn place(resource: &Value) -> String {
    let name = format!("{}/{}", resource["resourceType"], resource["id"]);
    let hash = Sha256::digest(name);
    FileId::from_random(std::array::from_fn(|at| hash[at])).to_string()
}

/// Says of answers that whoever gave them is in the same Bundle.
pub fn refer(answers: &mut Value, person: PersonId) {
    for role in ["subject", "author", "source"] {
        answers[role]["reference"] = format!("urn:uuid:{person}").into();
    }
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
    let content = said.content.map(|Content { kind, place }| {
        let reference = json!({ "reference": format!("urn:uuid:{place}"), "type": kind });
        json!({ "contentReference": reference })
    });
    resource.set_list("payload", payload.chain(content).collect());
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
