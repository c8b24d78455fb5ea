//! Everything about forms that goes over the socket: the practice's own, those that come along, and
//! those assigned in a conversation. `wire::Request::Form` carries it.
//!
//! Forms and answers travel encoded ([`crate::codec`]), each at most
//! [`FORM_BYTES`](crate::limits::FORM_BYTES) and a few more for its id, or
//! [`ANSWERS_BYTES`](crate::limits::ANSWERS_BYTES), so that who only passes them on does not decode
//! them.

use serde::{Deserialize, Serialize};

use super::check::FormProblem;
use super::fill::AnswerProblem;
use crate::id::{ClientMessageId, ConversationId, EntryId, FormId, PersonId};
use crate::people::PersonCard;
use crate::time::Millis;

/// A form that comes with Quietroom. Its text is the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Known {
    /// What a provider asks before the first session.
    Intake,
    /// Consent to messaging.
    Messaging,
    /// The PHQ-9: how much depression.
    Phq9,
    /// The GAD-7: how much anxiety.
    Gad7,
}

impl Known {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Intake, Self::Messaging, Self::Phq9, Self::Gad7];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Messaging => "messaging-consent",
            Self::Phq9 => "phq-9",
            Self::Gad7 => "gad-7",
        }
    }

    /// Its id, the same in every practice. Version 0 is the form as it came along; with the first
    /// version that is saved it is the practice's.
    #[must_use]
    pub const fn id(self) -> FormId {
        let mut bytes = [0; 16];
        // A version 8 UUID (RFC 9562, 5.8): no other form is given one.
        (bytes[6], bytes[8], bytes[15]) = (0x80, 0x80, 1 + self as u8);
        FormId::from_bytes(bytes)
    }

    /// The one with this id.
    #[must_use]
    pub fn of(id: FormId) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.id() == id)
    }
}

/// What a client asks about forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// The practice's forms and those that come along, in the order of their ids. Providers only.
    /// Answers `Forms`.
    List {
        /// The last of the page before; `None` for the first page.
        after: Option<FormId>,
    },
    /// One form. Providers only. Answers `Template`.
    Read {
        /// Which.
        form: FormId,
        /// Which version: every one stays readable. `None` for the latest.
        version: Option<u32>,
    },
    /// A form as it came along. Providers only. Answers `Template`, in version 0.
    Library {
        /// Which.
        which: Known,
    },
    /// A new form, or the next version of one. Providers only. Answers `Saved`, or `Problems` when
    /// something is wrong with it; refused as `Outdated` when somebody else has saved it meanwhile.
    /// The same `client_id` again answers with the same version. A form that is no different stays
    /// in the version it has.
    Save {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// Which; `None` for a new one. One that came along by [`Known::id`].
        form: Option<FormId>,
        /// The version that was looked at; 0 for a new one, and for one as it came along.
        version: u32,
        /// The form, encoded.
        body: Vec<u8>,
    },
    /// A form is no longer offered for assigning, or is again. What was assigned stays. Providers
    /// only. Answers `Listing`.
    Retire {
        /// Which.
        form: FormId,
        /// Whether it is no longer offered.
        retired: bool,
    },
    /// A form assigned in a conversation, and what was answered. Whom it is assigned to and the
    /// host only; recorded. Answers `Assigned`.
    Open {
        /// Where.
        conversation: ConversationId,
        /// The entry that assigned it.
        entry: EntryId,
    },
    /// Answers given so far, in place of those before; whom it is assigned to only. Answers `Kept`,
    /// or `AnswerProblems` when they cannot even be kept
    /// ([`may_save`](super::fill::may_save)). The person's other devices hear of them.
    Keep {
        /// Where.
        conversation: ConversationId,
        /// The entry that assigned it.
        entry: EntryId,
        /// The answers, encoded.
        answers: Vec<u8>,
    },
    /// Hands the answers over, for good; whom it is assigned to only. Answers `Submitted`, or
    /// `AnswerProblems` when they cannot be ([`submitted`](super::fill::submitted)). The same
    /// `client_message_id` again answers with the entry stored first; another is refused as
    /// `Submitted`.
    Submit {
        /// Where.
        conversation: ConversationId,
        /// The entry that assigned it.
        entry: EntryId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The answers, encoded.
        answers: Vec<u8>,
    },
    /// The forms assigned in a conversation, as far as they are the asker's to see: all for its
    /// host, for others their own. Newest first. Answers `Assignments`.
    Assignments {
        /// Where.
        conversation: ConversationId,
        /// The last of the page before; `None` for the first page.
        before: Option<EntryId>,
    },
}

/// An answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// A page of forms, at most [`FORM_ROWS`](crate::limits::FORM_ROWS).
    Forms {
        /// In the order of their ids.
        forms: Vec<Listing>,
        /// Who changed them.
        people: Vec<PersonCard>,
        /// Whether there are more after them.
        more: bool,
    },
    /// One form as it is now.
    Listing(Box<Listing>),
    /// A [`Template`](super::version::Template), encoded.
    Template(Vec<u8>),
    /// It is kept.
    Saved {
        /// Which form.
        form: FormId,
        /// In which version.
        version: u32,
    },
    /// It is not: what is wrong with it, at most [`FORM_PROBLEMS`](crate::limits::FORM_PROBLEMS).
    Problems(Vec<FormProblem>),
    /// A form assigned in a conversation.
    Assigned(Box<Assigned>),
    /// The answers are kept.
    Kept {
        /// When.
        at: Millis,
    },
    /// The answers are handed over.
    Submitted {
        /// The entry that says so.
        entry: EntryId,
    },
    /// They are not: what is wrong with them, at most
    /// [`FORM_PROBLEMS`](crate::limits::FORM_PROBLEMS).
    AnswerProblems(Vec<AnswerProblem>),
    /// A page of forms assigned in a conversation, at most
    /// [`ASSIGNMENT_ROWS`](crate::limits::ASSIGNMENT_ROWS).
    Assignments {
        /// Newest first.
        assignments: Vec<Assignment>,
        /// Whether there are older ones.
        more: bool,
    },
}

/// A form as the list of forms shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Which.
    pub id: FormId,
    /// Its latest version; 0 for one as it came along, which cannot be assigned before it is saved.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// How many questions it has.
    pub questions: u16,
    /// Where it is from.
    pub source: Source,
    /// Who changed it last, and when; `None` for one as it came along.
    pub changed: Option<ChangedBy>,
    /// Whether it is no longer offered for assigning.
    pub retired: bool,
}

/// Where a form is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Somebody in the practice made it.
    Own,
    /// It came along; from version 1 on as the practice keeps it.
    Library(Known),
}

/// Who changed a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedBy {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Millis,
}

/// A form assigned in a conversation, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The [`Template`](super::version::Template) in the version that was assigned, encoded; for
    /// whom it is assigned to, as [`Form::for_filling`](super::Form::for_filling) leaves it.
    pub template: Vec<u8>,
    /// The [`Answers`](super::answers::Answers), encoded. For the host none until they are
    /// submitted.
    pub answers: Vec<u8>,
    /// To whom.
    pub to: PersonId,
    /// Once they are.
    pub submitted: Option<Handed>,
    /// When they were kept last; for the host not before they are submitted.
    pub saved_at: Option<Millis>,
}

/// That answers were submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
}

/// A form assigned in a conversation, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The entry that assigned it.
    pub entry: EntryId,
    /// Which form.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// To whom.
    pub to: PersonId,
    /// When.
    pub at: Millis,
    /// Once it is.
    pub submitted: Option<Handed>,
    /// Whether its reader is alerted to an answer; the host only.
    pub alerts: bool,
}

/// Something about forms happened; sent to those whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happened {
    /// The person's own answers, kept from another device.
    Kept {
        /// Where.
        conversation: ConversationId,
        /// The entry that assigned the form.
        entry: EntryId,
        /// The answers, encoded.
        answers: Vec<u8>,
        /// When.
        at: Millis,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_that_comes_along_is_known_by_its_id() {
        for known in Known::ALL {
            assert_eq!(Known::of(known.id()), Some(known));
            let id = uuid::Uuid::from_bytes(*known.id().as_bytes());
            assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
        }
        assert_eq!(Known::of(FormId::from_random([0; 16])), None);
    }
}
