//! What a client is answered.

use serde::{Deserialize, Serialize};

use super::{Cursor, InboxPage, InboxRow};
use crate::audit::{AccessPage, AuditPage};
use crate::conversation::command::Command;
use crate::desk;
use crate::entry::Entry;
use crate::file;
use crate::form::ask as form;
use crate::id::{ConversationId, EntryId, PersonId};
use crate::office;
use crate::people::PersonCard;
use crate::search;
use crate::time::Millis;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// It is done.
    Done,
    /// A page of the inbox.
    Inbox(InboxPage),
    /// Rows asked for.
    Rows(Vec<InboxRow>),
    /// People found, by name.
    People(Vec<PersonCard>),
    /// The conversation, new or as created before.
    Created(ConversationId),
    /// A conversation as it is now.
    Opened(Box<Opened>),
    /// Entries.
    Page(Page),
    /// The entry is durable.
    Sent {
        /// Its id.
        entry: EntryId,
        /// Its time.
        at: Millis,
    },
    /// To an `Office` request.
    Office(office::Told),
    /// A page of the audit log.
    Audit(AuditPage),
    /// Who opened or exported a conversation.
    Accesses(AccessPage),
    /// What completing a session would come to.
    Rehearsal(Rehearsal),
    /// What was called back.
    CalledBack(Command),
    /// Emails, as far as there are.
    Emails(Vec<(PersonId, String)>),
    /// To a `Form` request.
    Form(form::Told),
    /// To a `File` request.
    File(file::ask::Told),
    /// What a search found.
    Found(search::Found),
    /// To a `Desk` request.
    Desk(desk::Told),
}

/// What the host of a session should know before they complete it: who has something open. Members
/// only, each once, in the order they joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Who has not read everything, and how many messages: the host among them.
    pub unread: Vec<(PersonId, u32)>,
    /// Who has begun to write something and not sent it.
    pub drafts: Vec<PersonId>,
    /// Whose messages wait to be sent at a time.
    pub waiting: Vec<PersonId>,
    /// Who has a form to fill in and has not submitted it.
    pub forms: Vec<PersonId>,
}

/// Entries in order, oldest first, as this person may see them: at most
/// [`crate::limits::PAGE_ENTRIES`] and [`crate::limits::PAGE_BYTES`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether there are more in the direction asked for.
    pub more: bool,
}

/// A conversation when it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its row.
    pub row: InboxRow,
    /// The newest entries; `more` says whether there are older ones.
    pub page: Page,
    /// How far the others have received and read, as far as they show it.
    pub cursors: Vec<Cursor>,
    /// Members with a live connection.
    pub here: Vec<PersonId>,
}
