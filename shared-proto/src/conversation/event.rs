//! What can be appended to a conversation. Each kind has a number and a body; a released body
//! never changes, a new field is a new kind. `docs/ARCHITECTURE.md` lists the files one kind
//! touches.

use serde::{Deserialize, Serialize};

use crate::chart::DetailField;
use crate::codec;
use crate::entry::{Audience, Entry};
use crate::file::{FileKind, Pixels};
use crate::id::{ClientMessageId, DivisionId, EntryId, FileId, FormId, PersonId};
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
    /// [`super::Event::Begun`].
    pub const BEGUN: u16 = 5;
    /// [`super::Event::Announced`].
    pub const ANNOUNCED: u16 = 6;
    /// [`super::Event::Rescheduled`].
    pub const RESCHEDULED: u16 = 7;
    /// [`super::Event::Cancelled`].
    pub const CANCELLED: u16 = 8;
    /// [`super::Event::Completed`].
    pub const COMPLETED: u16 = 9;
    /// [`super::Event::Added`].
    pub const ADDED: u16 = 10;
    /// [`super::Event::Left`].
    pub const LEFT: u16 = 11;
    /// [`super::Event::Quoting`].
    pub const QUOTING: u16 = 12;
    /// [`super::Event::Shared`].
    pub const SHARED: u16 = 13;
    /// [`super::Event::Assigned`].
    pub const ASSIGNED: u16 = 14;
    /// [`super::Event::Submitted`].
    pub const SUBMITTED: u16 = 15;
    /// [`super::Event::Activity`].
    pub const ACTIVITY: u16 = 16;
    /// [`super::Event::Away`].
    pub const AWAY: u16 = 17;
    /// [`super::Event::Redacted`]: only ever sent in place of a withdrawn message, never stored.
    pub const REDACTED: u16 = 0x8002;
    /// [`super::Event::RedactedQuoting`]: as [`REDACTED`], for a reply.
    pub const REDACTED_QUOTING: u16 = 0x800c;
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
    /// The conversation begins.
    Begun(Begun),
    /// The host wrote something else across the top.
    Announced(Announced),
    /// The host gave a session another start.
    Rescheduled(Rescheduled),
    /// The host called a session off before it began.
    Cancelled,
    /// The host ended a session, for good.
    Completed,
    /// The host took somebody in.
    Added(Added),
    /// Somebody is no member any more.
    Left(Left),
    /// Somebody answered one message.
    Quoting(Quoting),
    /// A reply as its readers get it after it was withdrawn: without its text.
    RedactedQuoting(Redacted),
    /// The host gave somebody a form to fill in.
    Assigned(Assigned),
    /// Somebody submitted a form they had been given.
    Submitted(Submitted),
    /// Somebody shared a file.
    Shared(Shared),
    /// A client changed something the practice keeps of them.
    Activity(Activity),
    /// The host is away.
    Away(Away),
}

/// The conversation begins: an ongoing thread, as it was written before sessions.
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

/// The conversation begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The provider who leads it. The entry's author is who opened it.
    pub host: PersonId,
    /// Everyone else, sorted.
    pub participants: Vec<PersonId>,
    /// The division it belongs to: its host's.
    pub division: Option<DivisionId>,
    /// `None` for an ongoing conversation.
    pub session: Option<Start>,
    /// What stands across its top; empty for nothing. At most 120 graphemes.
    pub announcement: String,
}

/// When a session begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Nobody writes before; `None` for at once.
    pub at: Option<Millis>,
}

/// Something else stands across the top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// What; empty for nothing. At most 120 graphemes.
    pub text: String,
}

/// A session has another start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescheduled {
    /// When; `None` for at once.
    pub starts_at: Option<Millis>,
}

/// Somebody reads and writes from this entry on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Who. The entry's author is who took them in.
    pub person: PersonId,
}

/// Somebody reads up to this entry, and writes nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Who: the entry's author when they left, another person when they were removed.
    pub person: PersonId,
}

/// Somebody answered one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoting {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
    /// 1 to 8,000 Unicode scalars, trimmed.
    pub text: String,
    /// The message it answers: one of those that everyone may see.
    pub quoted: EntryId,
}

/// The host gave somebody a form to fill in. Whom, and the host, see it; nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The host's own id for it; the same for all they gave it to at once.
    pub client_message_id: ClientMessageId,
    /// Which form.
    pub form: FormId,
    /// In which version, for good.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// To whom.
    pub to: PersonId,
}

/// Somebody submitted a form they had been given. They and the host see it; nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
    /// The entry that assigned it.
    pub assigned: EntryId,
    /// What the form is called.
    pub title: String,
}

/// Somebody shared a file, with everyone or with some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
    /// Which: [`crate::http::file`] says where it is.
    pub file: FileId,
    /// What it is called, as [`crate::file::named`] made it.
    pub name: String,
    /// What it was proven to be.
    pub kind: FileKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// How large the picture is, where it is one and says so.
    pub pixels: Option<Pixels>,
    /// SHA-256 of its contents.
    pub hash: [u8; 32],
}

/// A client changed something the practice keeps of them: what, and never to what. The entry's
/// author is who did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What, each once.
    pub parts: Vec<Part>,
}

/// Something a practice keeps of a client, which they change themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// How they are called.
    Name,
    /// Their mobile number.
    Phone,
    /// Their email.
    Email,
    /// A detail of their chart.
    Detail(DetailField),
}

impl Part {
    /// Whether it is about who pays.
    #[must_use]
    pub const fn is_of_insurance(self) -> bool {
        matches!(self, Self::Detail(field) if field as usize >= DetailField::FIRST_OF_INSURANCE)
    }
}

/// Nobody wrote it: the host, who is the entry's author, is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// What they say of it, at most [`crate::limits::AWAY_SCALARS`].
    pub text: String,
    /// When they will have answered what was written.
    pub by: Option<Millis>,
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
            Self::Begun(body) => (kind::BEGUN, codec::encode_into(body, version)),
            Self::Announced(body) => (kind::ANNOUNCED, codec::encode_into(body, version)),
            Self::Rescheduled(body) => (kind::RESCHEDULED, codec::encode_into(body, version)),
            Self::Cancelled => (kind::CANCELLED, version),
            Self::Completed => (kind::COMPLETED, version),
            Self::Added(body) => (kind::ADDED, codec::encode_into(body, version)),
            Self::Left(body) => (kind::LEFT, codec::encode_into(body, version)),
            Self::Quoting(body) => (kind::QUOTING, codec::encode_into(body, version)),
            Self::Activity(body) => (kind::ACTIVITY, codec::encode_into(body, version)),
            Self::Away(body) => (kind::AWAY, codec::encode_into(body, version)),
            Self::RedactedQuoting(body) => {
                (kind::REDACTED_QUOTING, codec::encode_into(body, version))
            }
            Self::Assigned(body) => (kind::ASSIGNED, codec::encode_into(body, version)),
            Self::Submitted(body) => (kind::SUBMITTED, codec::encode_into(body, version)),
            Self::Shared(body) => (kind::SHARED, codec::encode_into(body, version)),
        }
    }

    /// What `entry` says.
    ///
    /// # Errors
    /// [`Unsupported`] when the kind or the body's version is not known here, or it is damaged.
    pub fn decode(entry: &Entry) -> Result<Self, Unsupported> {
        Self::of(entry.kind, &entry.body)
    }

    /// What a body of this kind says.
    ///
    /// # Errors
    /// As [`Event::decode`].
    pub fn of(number: u16, body: &[u8]) -> Result<Self, Unsupported> {
        let Some((&BODY_VERSION, body)) = body.split_first() else {
            return Err(Unsupported);
        };
        let event = match number {
            kind::CREATED => codec::decode(body).map(Self::Created),
            kind::MESSAGE => codec::decode(body).map(Self::Message),
            kind::WITHDRAWN => codec::decode(body).map(Self::Withdrawn),
            kind::EMERGENCY => codec::decode(body).map(Self::Emergency),
            kind::REDACTED => codec::decode(body).map(Self::Redacted),
            kind::BEGUN => codec::decode(body).map(Self::Begun),
            kind::ANNOUNCED => codec::decode(body).map(Self::Announced),
            kind::RESCHEDULED => codec::decode(body).map(Self::Rescheduled),
            kind::CANCELLED => codec::decode(body).map(|()| Self::Cancelled),
            kind::COMPLETED => codec::decode(body).map(|()| Self::Completed),
            kind::ADDED => codec::decode(body).map(Self::Added),
            kind::LEFT => codec::decode(body).map(Self::Left),
            kind::QUOTING => codec::decode(body).map(Self::Quoting),
            kind::ACTIVITY => codec::decode(body).map(Self::Activity),
            kind::AWAY => codec::decode(body).map(Self::Away),
            kind::REDACTED_QUOTING => codec::decode(body).map(Self::RedactedQuoting),
            kind::ASSIGNED => codec::decode(body).map(Self::Assigned),
            kind::SUBMITTED => codec::decode(body).map(Self::Submitted),
            kind::SHARED => codec::decode(body).map(Self::Shared),
            _ => return Err(Unsupported),
        };
        event.map_err(|_| Unsupported)
    }

    /// The author's own id for it, where a retry is recognised by one.
    #[must_use]
    pub const fn client_message_id(&self) -> Option<ClientMessageId> {
        match self {
            Self::Message(Message { client_message_id, .. })
            | Self::Quoting(Quoting { client_message_id, .. })
            | Self::Redacted(Redacted { client_message_id })
            | Self::RedactedQuoting(Redacted { client_message_id })
            | Self::Assigned(Assigned { client_message_id, .. })
            | Self::Submitted(Submitted { client_message_id, .. })
            | Self::Shared(Shared { client_message_id, .. }) => Some(*client_message_id),
            _ => None,
        }
    }

    /// The message it is, whether it answers another or not.
    #[must_use]
    pub fn said(self) -> Option<Said> {
        match self {
            Self::Message(Message { client_message_id, text }) => {
                Some(Said { client_message_id, text: Some(text), quoted: None })
            }
            Self::Quoting(Quoting { client_message_id, text, quoted }) => {
                Some(Said { client_message_id, text: Some(text), quoted: Some(quoted) })
            }
            Self::Redacted(body) | Self::RedactedQuoting(body) => {
                let client_message_id = body.client_message_id;
                Some(Said { client_message_id, text: None, quoted: None })
            }
            _ => None,
        }
    }
}

/// A message, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The sender's own id for it.
    pub client_message_id: ClientMessageId,
    /// `None` once it was withdrawn.
    pub text: Option<String>,
    /// The message it answers.
    pub quoted: Option<EntryId>,
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
        Ok(Event::Quoting(Quoting { client_message_id, .. })) => {
            let (kind, body) = Event::RedactedQuoting(Redacted { client_message_id }).encode();
            Entry { kind, body, ..entry }
        }
        _ => entry,
    }
}
