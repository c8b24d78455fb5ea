//! What can be appended to a conversation. Each kind has a number and a body; a released body
//! never changes, a new field is a new kind. `docs/ARCHITECTURE.md` lists the files one kind
//! touches.

use serde::{Deserialize, Serialize};

use crate::codec;
use crate::entry::{Audience, Entry};
use crate::id::{ClientMessageId, DivisionId, EntryId, PersonId};
use crate::time::Millis;

/// The numbers of the kinds.
pub mod kind {
    /// [`super::Event::Created`].
    pub const CREATED: u16 = 1;
    /// [`super::Event::Message`].
    pub const MESSAGE: u16 = 2;
    /// [`super::Event::Withdrawn`].
    pub const WITHDRAWN: u16 = 3;
    /// [`super::Event::Emergency`].
    pub const EMERGENCY: u16 = 4;
    /// [`super::Event::Redacted`]: only ever sent in place of a withdrawn message, never stored.
    pub const REDACTED: u16 = 0x8002;
}

/// The first byte of every body.
pub const BODY_VERSION: u8 = 1;

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The conversation begins.
    Created(Created),
    /// Somebody wrote.
    Message(Message),
    /// The author took a message back.
    Withdrawn(Withdrawn),
    /// Somebody who is no member reads for a while.
    Emergency(Emergency),
    /// A message as its readers get it after it was withdrawn: without its text.
    Redacted(Redacted),
}

/// The conversation begins: an ongoing thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// Who opened it: also the entry's author.
    pub host: PersonId,
    /// Everyone else, sorted.
    pub participants: Vec<PersonId>,
    /// The division it belongs to: its host's.
    pub division: Option<DivisionId>,
}

/// Somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
    /// 1 to 8,000 Unicode scalars, trimmed.
    pub text: String,
}

/// A message taken back by its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Which.
    pub target: EntryId,
}

/// An announced grant (164.312(a)(2)(ii)): its person reads everything, and writes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Who reads: also the entry's author.
    pub person: PersonId,
    /// Their name, as it was then: they are no member whose card comes with the conversation.
    pub name: String,
    /// When it ends by itself.
    pub until: Millis,
    /// Why, 10 to 200 Unicode scalars.
    pub reason: String,
}

/// What is left of a withdrawn message for its readers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
}

/// A body this build cannot read: a newer kind, or damage. Shown as unsupported and skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported;

impl Event {
    /// Its kind's number and its body.
    #[must_use]
    pub fn encode(&self) -> (u16, Vec<u8>) {
        let version = vec![BODY_VERSION];
        match self {
            Self::Created(body) => (kind::CREATED, codec::encode_into(body, version)),
            Self::Message(body) => (kind::MESSAGE, codec::encode_into(body, version)),
            Self::Withdrawn(body) => (kind::WITHDRAWN, codec::encode_into(body, version)),
            Self::Emergency(body) => (kind::EMERGENCY, codec::encode_into(body, version)),
            Self::Redacted(body) => (kind::REDACTED, codec::encode_into(body, version)),
        }
    }

    /// What `entry` says.
    ///
    /// # Errors
    /// [`Unsupported`] when the kind or the body's version is not known here, or it is damaged.
    pub fn decode(entry: &Entry) -> Result<Self, Unsupported> {
        let Some((&BODY_VERSION, body)) = entry.body.split_first() else {
            return Err(Unsupported);
        };
        let event = match entry.kind {
            kind::CREATED => codec::decode(body).map(Self::Created),
            kind::MESSAGE => codec::decode(body).map(Self::Message),
            kind::WITHDRAWN => codec::decode(body).map(Self::Withdrawn),
            kind::EMERGENCY => codec::decode(body).map(Self::Emergency),
            kind::REDACTED => codec::decode(body).map(Self::Redacted),
            _ => return Err(Unsupported),
        };
        event.map_err(|_| Unsupported)
    }
}

/// What a rule decided to append, before the room gives it id and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// For whom.
    pub audience: Audience,
    /// What.
    pub event: Event,
}

/// `entry` without its text, as readers get a withdrawn message. Other kinds come back unchanged.
#[must_use]
pub fn redact(entry: Entry) -> Entry {
    match Event::decode(&entry) {
        Ok(Event::Message(Message { client_message_id, .. })) => {
            let (kind, body) = Event::Redacted(Redacted { client_message_id }).encode();
            Entry { kind, body, ..entry }
        }
        _ => entry,
    }
}
