//! What an entry is to whoever reads a record: one row, in plain words. One arm an entry kind.

use shared_proto::conversation::event::{Event, Part, Unsupported};
use shared_proto::entry::Entry;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::time::Millis;

use super::people::{self, People};
use super::zone::Zone;
use crate::auth::sessions::hex;
use crate::fhir::communication::{Communicated, Content};
use crate::store::conversations::{Recorded, Withdrawal};

/// One entry of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its place in this record, from 1 on without a gap.
    pub number: u64,
    /// The entry.
    pub entry: &'a Entry,
    /// Who.
    pub author: String,
    /// Their card, if they took part.
    pub card: Option<&'a PersonCard>,
    /// What kind of entry it is.
    pub kind: String,
    /// What was written, as it was written; empty when nothing was, or it was withdrawn.
    pub text: String,
    /// That it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
    /// Which message it answers or takes back.
    pub target: Option<EntryId>,
    /// What happened besides, in words; empty for a plain message.
    pub details: String,
}

impl Row<'_> {
    /// Whether somebody wrote it to the others, and it is not something that happened.
    #[must_use]
    pub fn is_said(&self) -> bool {
        matches!(self.kind.as_str(), MESSAGE | REPLY)
    }

    /// The author's role; empty for somebody who took no part.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.card.map_or("", |card| people::role(card.role))
    }

    /// As FHIR says it; `to` are those who got it, `content` what it carries besides words.
    #[must_use]
    pub fn communicated<'b>(
        &'b self,
        to: &'b [&'b PersonCard],
        content: Option<&'b Content>,
    ) -> Communicated<'b> {
        // Which message an answer answers has a place of its own.
        let details = if self.is_said() { "" } else { self.details.as_str() };
        Communicated {
            id: self.entry.id,
            at: self.entry.at,
            kind: &self.kind,
            sender: self.card.ok_or(self.author.as_str()),
            to,
            about: self.target,
            texts: [details, &self.text],
            content,
            withdrawn: self.withdrawn.is_some(),
        }
    }

    /// When it was withdrawn, if that is known.
    #[must_use]
    pub fn withdrawn_at(&self) -> Option<Millis> {
        self.withdrawn?.at
    }
}

const MESSAGE: &str = "message";
const REPLY: &str = "reply";

/// What a kind, its text and what happened come to.
struct Said {
    kind: &'static str,
    text: String,
    target: Option<EntryId>,
    details: String,
}

impl Said {
    fn wrote(kind: &'static str, text: String) -> Self {
        Self { kind, text, target: None, details: String::new() }
    }

    fn happened(kind: &'static str, details: impl Into<String>) -> Self {
        Self { kind, text: String::new(), target: None, details: details.into() }
    }

    fn about(self, target: EntryId) -> Self {
        Self { target: Some(target), ..self }
    }
}

/// The row of an entry, by its place in the record.
#[must_use]
pub fn row<'a>(number: u64, recorded: &'a Recorded, people: &'a People, zone: &Zone) -> Row<'a> {
    let entry = &recorded.entry;
    let decoded = Event::decode(entry);
    let author = match &decoded {
        // They are no member; their name is what it was then.
        Ok(Event::Emergency(body)) => body.name.clone(),
        _ => people.name(entry.author).to_owned(),
    };
    let (kind, text, target, details) = match decoded {
        Ok(event) => {
            let Said { kind, text, target, details } = said(event, entry, people, zone);
            (kind.to_owned(), text, target, details)
        }
        Err(Unsupported) => {
            (format!("entry of kind {}", entry.kind), String::new(), None, String::new())
        }
    };
    let card = people.card(entry.author);
    let withdrawn = recorded.withdrawn;
    Row { number, entry, author, card, kind, text, withdrawn, target, details }
}

fn said(event: Event, entry: &Entry, people: &People, zone: &Zone) -> Said {
    let name = |person| people.name(person);
    let at = |at: Millis| format!("{} ({})", zone.words(at), zone.name());
    match event {
        Event::Message(body) => Said::wrote(MESSAGE, body.text),
        Event::Quoting(body) => Said {
            details: format!("Answers the entry {}", body.quoted),
            ..Said::wrote(REPLY, body.text)
        }
        .about(body.quoted),
        Event::Redacted(_) => Said::wrote(MESSAGE, String::new()),
        Event::RedactedQuoting(_) => Said::wrote(REPLY, String::new()),
        Event::Withdrawn(body) => {
            Said::happened("withdrawal", format!("Withdrew the entry {}", body.target))
                .about(body.target)
        }
        Event::Created(body) => {
            Said::happened("begin", began(entry, body.host, &body.participants, people))
        }
        Event::Begun(body) => {
            let mut details = began(entry, body.host, &body.participants, people);
            match body.session.map(|session| session.at) {
                Some(Some(start)) => details += &format!(". A session that starts {}", at(start)),
                Some(None) => details += ". A session that starts at once",
                None => {}
            }
            Said { text: body.announcement, ..Said::happened("begin", details) }
        }
        Event::Announced(body) if body.text.is_empty() => {
            Said::happened("announcement", "Took away what stands across the top")
        }
        Event::Announced(body) => {
            let details = "Wrote across the top".to_owned();
            Said { details, ..Said::wrote("announcement", body.text) }
        }
        Event::Rescheduled(body) => {
            let when = body.starts_at.map_or_else(|| "at once".to_owned(), at);
            Said::happened("rescheduled", format!("The session starts {when}"))
        }
        Event::Cancelled => Said::happened("cancelled", "Called the session off"),
        Event::Completed => Said::happened("completed", "Completed the session"),
        Event::Added(body) => Said::happened("added", format!("Added {}", name(body.person))),
        Event::Left(body) if body.person == entry.author => Said::happened("left", "Left"),
        Event::Left(body) => Said::happened("removed", format!("Removed {}", name(body.person))),
        Event::Shared(body) => Said::happened(
            "file",
            format!(
                "Shared the file \u{201c}{}\u{201d}, {} bytes, SHA-256 {}",
                body.name,
                body.bytes,
                hex(&body.hash)
            ),
        ),
        Event::Assigned(body) => {
            let to = name(body.to);
            Said::happened(
                "form given",
                format!("Gave {to} the form \u{201c}{}\u{201d}", body.title),
            )
        }
        Event::Submitted(body) => Said::happened(
            "form submitted",
            format!("Submitted the form \u{201c}{}\u{201d}", body.title),
        )
        .about(body.assigned),
        Event::Activity(body) => {
            let parts = body.parts.iter().map(|part| match part {
                Part::Name => "name",
                Part::Phone => "phone",
                Part::Email => "email",
                Part::Detail(field) => field.name(),
            });
            let parts = parts.collect::<Vec<_>>().join(", ");
            Said::happened("details changed", format!("Changed their own: {parts}"))
        }
        Event::Away(body) => {
            let by = body.by.map(|by| format!(". Answers by {}", at(by)));
            let details = format!("Sent automatically{}", by.unwrap_or_default());
            Said { details, ..Said::wrote("away reply", body.text) }
        }
        Event::Emergency(body) => Said::happened(
            "emergency",
            format!("Reads everything until {}. Reason: {}", at(body.until), body.reason),
        ),
    }
}

/// With whom, besides who opened it: where that was a colleague, its host first.
fn began(entry: &Entry, host: PersonId, participants: &[PersonId], people: &People) -> String {
    let others = [host].into_iter().chain(participants.iter().copied());
    let others = others.filter(|person| *person != entry.author);
    let names: Vec<&str> = others.map(|person| people.name(person)).collect();
    format!("Began the conversation with {}", names.join(", "))
}
