//! What a client asks.

use serde::{Deserialize, Serialize};

use super::InboxMark;
use crate::audit::AuditFilter;
use crate::conversation::command::{Command, New};
use crate::desk;
use crate::file;
use crate::form::ask as form;
use crate::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use crate::office;
use crate::search;
use crate::time::Millis;

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Whether the line is alive. Answers `Done`.
    Ping,
    /// The person's conversations, last activity first. Answers `Inbox`.
    Inbox {
        /// Where the page before ended; `None` for the first.
        after: Option<InboxMark>,
    },
    /// Rows of conversations the client heard of but holds no row for; at most
    /// [`crate::limits::ROWS_ASKED`]. Answers `Rows`; those it may not see are absent from it.
    Rows {
        /// Which.
        conversations: Vec<ConversationId>,
    },
    /// People to pick for a conversation, by part of their name. Answers `People`.
    FindPeople {
        /// What was typed, at most [`crate::limits::QUERY_SCALARS`]; empty lists everyone.
        text: String,
    },
    /// A new ongoing conversation with the sender as its host. Answers `Created`; the same
    /// `client_id` again answers with the same conversation.
    Create {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// Everyone but the host, 1 to 25.
        participants: Vec<PersonId>,
    },
    /// Shows a conversation: its latest page, cursors and who is here, and from now on typing,
    /// presence and cursors as they change. Answers `Opened`.
    Open {
        /// Which.
        conversation: ConversationId,
    },
    /// No longer shown: ends what `Open` began. Entries still arrive. Answers `Done`.
    Leave {
        /// Which.
        conversation: ConversationId,
    },
    /// After a reconnect: what is new in the conversations the client shows, at most
    /// [`crate::limits::RESUME_CONVERSATIONS`]. Each is answered by a `CaughtUp` event, in order
    /// with its live entries, and watched as by `Open`; then `Done`.
    Resume {
        /// Which, and up to where each is held.
        held: Vec<Held>,
    },
    /// A page of older or newer entries. Answers `Page`.
    History {
        /// Which.
        conversation: ConversationId,
        /// Entries strictly before or after this one.
        from: EntryId,
        /// Which way.
        direction: Direction,
    },
    /// A message. Answers `Sent` once it is durable. The same `client_message_id` again answers
    /// with the entry stored first.
    Send {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The last entry held when it was first sent: a retry is looked for after it.
        held: Option<EntryId>,
        /// 1 to 8,000 Unicode scalars after trimming.
        text: String,
    },
    /// Withdraws one's own message. Answers `Sent` with the entry that says so.
    Withdraw {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: EntryId,
    },
    /// Everything up to this entry has reached this device. Answers nothing unless refused.
    ReceivedUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// Everything up to this entry has been on the person's screen. Answers nothing unless
    /// refused.
    ReadUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// The person is typing; repeated every [`crate::limits::TYPING_REPEAT_MS`]. Answers nothing
    /// unless refused.
    Typing {
        /// Where.
        conversation: ConversationId,
    },
    /// Something around conversations. Answers `Office`.
    Office(office::Ask),
    /// A page of the audit log; owners only, and itself recorded. Answers `Audit`.
    Audit {
        /// Which records.
        filter: AuditFilter,
        /// The page before's `next`; `None` for the newest.
        before: Option<u64>,
    },
    /// Who opened or exported a conversation, and when; members only. Answers `Accesses`.
    Accesses {
        /// Which.
        conversation: ConversationId,
        /// The page before's `next`; `None` for the newest.
        before: Option<u64>,
    },
    /// A new conversation. Answers `Created`; the same `client_id` again answers with the same
    /// conversation.
    Begin {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// What is to begin.
        new: New,
        /// People without an account to take in too: each is added and invited at once. Providers
        /// only.
        invited: Vec<Invitee>,
    },
    /// A change a member makes ([`Command::is_by_member`]). Answers `Sent` with the last entry that
    /// came of it, or `Done` when it was so already.
    Do {
        /// Where.
        conversation: ConversationId,
        /// For a message: the last entry held when it was first sent.
        held: Option<EntryId>,
        /// What.
        command: Command,
    },
    /// The person's conversations that are only read any more, last activity first. Answers
    /// `Inbox`.
    Archive {
        /// Where the page before ended; `None` for the first.
        after: Option<InboxMark>,
    },
    /// What completing a session would come to; its host only. Answers `Rehearsal`.
    Rehearse {
        /// Which.
        conversation: ConversationId,
    },
    /// A message, or the completion of a session, to be decided later by the rights its author has
    /// then, whether they are here or not. The same `id` again changes nothing. Answers `Done`.
    Later {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry; for a message, its `client_message_id`.
        id: ClientMessageId,
        /// When.
        due: Due,
        /// What.
        command: Command,
    },
    /// Calls back what waits to be decided, or what was refused when it was. Answers `CalledBack`,
    /// for a day also when it is asked again; `NotFound` when it has been decided.
    CallBack {
        /// Where.
        conversation: ConversationId,
        /// Which.
        id: ClientMessageId,
    },
    /// What stands in the person's composer, the same on every device. Answers `Done` once it
    /// is kept: what the server says of it before that is older.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed, at most [`crate::limits::DRAFT_SCALARS`]; empty for none.
        text: String,
    },
    /// The emails of a conversation's members; its host only (O21). Answers `Emails`.
    Emails {
        /// Which.
        conversation: ConversationId,
    },
    /// Something about forms. Answers `Form`.
    Form(form::Ask),
    /// Something about files. Answers `File`.
    File(file::ask::Ask),
    /// A page of what is written in the person's own conversations, newest first. Answers `Found`.
    Search(search::Search),
    /// About what providers keep at hand for writing. Answers `Desk`.
    Desk(desk::Ask),
}

/// Somebody without an account, by name and email (O1b).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
}

/// When something is to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// At a time, at most [`crate::limits::AHEAD_MS`] ahead.
    At(Millis),
    /// After [`crate::limits::UNDO_MS`]: so long it can be undone.
    Undoable,
}

impl Request {
    /// Whether it is answered even when it succeeds.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        match self {
            Self::ReceivedUpTo { .. } | Self::ReadUpTo { .. } | Self::Typing { .. } => false,
            Self::Office(ask) => ask.is_answered(),
            _ => true,
        }
    }
}

/// A conversation the client holds entries of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub conversation: ConversationId,
    /// The last entry it holds.
    pub last: EntryId,
}

/// Which way a page goes from its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Older.
    Before,
    /// Newer.
    After,
}
