//! What somebody wants done, and everything a rule may look at.

use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::file::{FileKind, Pixels};
use crate::id::{ClientMessageId, DivisionId, EntryId, FileId, FormId, PersonId};
use crate::people::PersonCard;
use crate::practice::Policies;
use crate::time::Millis;

use super::event::Start;

/// A change somebody asks for. It travels as it is (`wire::Request::Do`), and is kept as it is
/// when it is to be decided later; variants are only ever added at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// A new conversation.
    Create(New),
    /// A message to everyone.
    Send {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// As typed.
        text: String,
        /// The message it answers.
        quoted: Option<EntryId>,
    },
    /// Withdraws a message.
    Withdraw {
        /// Which.
        target: EntryId,
    },
    /// Somebody who is no member reads it for a while, in an emergency.
    Emergency {
        /// Why, as typed.
        reason: String,
    },
    /// Something else is to stand across the top.
    Announce {
        /// As typed; empty for nothing.
        text: String,
    },
    /// A session is to start at another time.
    Reschedule {
        /// When; `None` for at once.
        starts_at: Option<Millis>,
    },
    /// A session that has not begun is called off.
    Cancel,
    /// A session ends.
    Complete,
    /// Somebody is to take part.
    Add {
        /// Who.
        person: PersonId,
    },
    /// Somebody is to take part no longer.
    Remove {
        /// Who.
        person: PersonId,
    },
    /// The actor takes part no longer.
    Leave,
    /// The host gives members a form to fill in.
    Assign {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// Which.
        form: FormId,
        /// In which version.
        version: u32,
        /// To whom.
        to: Vec<PersonId>,
    },
    /// The actor submits a form they were given. Its answers go along in a request of its own.
    Submit {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The entry that assigned it.
        assigned: EntryId,
    },
    /// A file that has arrived whole is shown.
    Share {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// Which.
        file: FileId,
        /// Those among the members who are not to know of it.
        hidden_from: Vec<PersonId>,
    },
}

/// A conversation that is to begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct New {
    /// Everyone but the actor.
    pub participants: Vec<PersonId>,
    /// `None` for an ongoing conversation.
    pub session: Option<Start>,
    /// What is to stand across its top, as typed; `None` for what the practice set.
    pub announcement: Option<String>,
    /// The provider who is to lead it: the actor, or one of the participants. `None` for the actor,
    /// or for the first provider a client names.
    pub host: Option<PersonId>,
    /// The division it is meant to belong to: it has to be its host's. `None` for that one, whichever
    /// it is.
    pub division: Option<DivisionId>,
}

impl New {
    /// An ongoing conversation with these people.
    #[must_use]
    pub const fn ongoing(participants: Vec<PersonId>) -> Self {
        Self { participants, session: None, announcement: None, host: None, division: None }
    }
}

impl Command {
    /// Whether it is something its members do in a conversation there is. The others have requests
    /// of their own.
    #[must_use]
    pub const fn is_by_member(&self) -> bool {
        !matches!(self, Self::Create(_) | Self::Emergency { .. } | Self::Submit { .. })
    }

    /// The people whose part in it is to change: [`Context::pickable`] says who they are.
    #[must_use]
    pub fn named(&self) -> &[PersonId] {
        match self {
            Self::Create(new) => &new.participants,
            Self::Add { person } => std::slice::from_ref(person),
            _ => &[],
        }
    }

    /// The file it is about: [`Context::file`] holds it.
    #[must_use]
    pub const fn file(&self) -> Option<FileId> {
        match self {
            Self::Share { file, .. } => Some(*file),
            _ => None,
        }
    }

    /// What a retry of it is recognised by.
    #[must_use]
    pub const fn client_message_id(&self) -> Option<ClientMessageId> {
        match self {
            Self::Send { client_message_id, .. }
            | Self::Assign { client_message_id, .. }
            | Self::Share { client_message_id, .. } => Some(*client_message_id),
            _ => None,
        }
    }

    /// The entry it is about: [`Context::target`] holds it.
    #[must_use]
    pub const fn target(&self) -> Option<EntryId> {
        match self {
            Self::Withdraw { target } => Some(*target),
            Self::Send { quoted, .. } => *quoted,
            _ => None,
        }
    }

    /// The form it is about, and in which version: [`Context::form`] says what is known of it.
    #[must_use]
    pub const fn form(&self) -> Option<(FormId, u32)> {
        match self {
            Self::Assign { form, version, .. } => Some((*form, *version)),
            _ => None,
        }
    }
}

/// What comes into a rule from outside: nothing else does.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks, from their session.
    pub actor: &'a PersonCard,
    /// Their division.
    pub division: Option<DivisionId>,
    /// The time, for what ends by itself.
    pub now: Millis,
    /// What the owner decided.
    pub policies: Policies,
    /// What new conversations announce, by the practice.
    pub announcement: &'a str,
    /// Whether somebody else in the conversation can read what is written: a colleague, or a
    /// client whose portal access is on.
    pub reachable: bool,
    /// Of its members and the people a command names ([`Command::named`]), those there are.
    pub pickable: &'a [Pickable],
    /// The entry a command names ([`Command::target`]), when it exists.
    pub target: Option<Target<'a>>,
    /// The form a command names ([`Command::form`]), when it exists in that version.
    pub form: Option<FormCard<'a>>,
    /// Forms given in the conversation that are not submitted yet.
    pub open_forms: usize,
    /// The form given by the entry that a `Submit` names, when there is one.
    pub given: Option<Given<'a>>,
    /// The file a command names ([`Command::file`]), when it is the actor's own in this conversation
    /// and nobody has been shown it.
    pub file: Option<&'a Uploaded>,
}

/// A form that is to be given to somebody, as far as the rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct FormCard<'a> {
    /// What it is called.
    pub title: &'a str,
    /// Whether it is no longer offered.
    pub retired: bool,
}

/// A form that was given to somebody, as far as the rules look at it.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// To whom.
    pub to: PersonId,
    /// What it is called.
    pub title: &'a str,
    /// Whether they have submitted it.
    pub submitted: bool,
}

/// Somebody named for a new conversation, as far as its rules look at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pickable {
    /// Who.
    pub card: PersonCard,
    /// Whether they can sign in.
    pub account: Reach,
    /// Whether the actor is assigned to them, or they to the actor.
    pub assigned: bool,
    /// Their division.
    pub division: Option<DivisionId>,
}

/// Whether somebody can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They have an account.
    Active,
    /// They have been invited, or can be.
    NoAccount,
    /// Their portal access is switched off.
    PortalOff,
    /// They are suspended.
    Suspended,
}

/// The entry a command is about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// As it was appended.
    pub entry: &'a Entry,
    /// Whether it has been withdrawn since.
    pub withdrawn: bool,
}

/// A file somebody sends, before anybody is shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Which.
    pub file: FileId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// What is known of it once all of it has arrived.
    pub whole: Option<Whole>,
}

/// What is known of a file that has arrived whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// How large the picture is, where it is one and says so.
    pub pixels: Option<Pixels>,
    /// SHA-256 of its contents.
    pub hash: [u8; 32],
}

impl<'a> Context<'a> {
    /// A context with nothing but who asks.
    #[must_use]
    pub const fn of(actor: &'a PersonCard) -> Self {
        Self {
            actor,
            division: None,
            now: Millis(0),
            policies: Policies::OPEN,
            announcement: "",
            reachable: true,
            pickable: &[],
            target: None,
            form: None,
            open_forms: 0,
            given: None,
            file: None,
        }
    }
}
