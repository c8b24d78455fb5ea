//! What happens without being asked for.

use serde::{Deserialize, Serialize};

use super::{InboxRow, Page};
use crate::conversation::command::Command;
use crate::entry::Entry;
use crate::form::ask as form;
use crate::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use crate::office;
use crate::people::PersonCard;
use crate::practice::Practice;
use crate::refusal::Refusal;
use crate::time::Millis;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerEvent {
    /// First frame of every socket.
    Hello(Hello),
    /// New entries, in order, each exactly once.
    Entries {
        /// Where.
        conversation: ConversationId,
        /// In order.
        entries: Vec<Entry>,
    },
    /// A row that is new to this person.
    Row(Box<InboxRow>),
    /// The answer of one conversation to `Resume`.
    CaughtUp {
        /// Which.
        conversation: ConversationId,
        /// What it answers.
        catch_up: CatchUp,
    },
    /// Cursors that moved.
    Cursors {
        /// Where.
        conversation: ConversationId,
        /// Those that moved.
        cursors: Vec<Cursor>,
    },
    /// Somebody is typing; forgotten after [`crate::limits::TYPING_MS`] or their next message.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
    },
    /// Somebody came or went.
    Presence {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
        /// Whether they have a live connection now.
        here: bool,
    },
    /// The person read on another device of theirs, or on this one.
    Read {
        /// Where.
        conversation: ConversationId,
        /// Up to and with.
        read_up_to: EntryId,
        /// What is left unread.
        unread: u32,
    },
    /// Something around conversations changed.
    Changed(office::Changed),
    /// What stands in the person's own composer, changed on another device, or as a conversation is
    /// opened.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed; empty for none.
        text: String,
    },
    /// Something of the person's own waits to be decided, or was refused when it was. After
    /// `Opened` and `CaughtUp` everything that does follows; what was known before is not any more.
    Pending {
        /// Where.
        conversation: ConversationId,
        /// What.
        pending: Pending,
    },
    /// It waits no longer: it was done, or called back.
    Settled {
        /// Where.
        conversation: ConversationId,
        /// Which.
        id: ClientMessageId,
    },
    /// Something about forms happened.
    Form(form::Happened),
}

/// The first frame of every socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The server's build; see [`crate::BUILD`].
    pub build: String,
    /// Who is signed in.
    pub me: PersonCard,
    /// The server's clock.
    pub now: Millis,
    /// The practice, as this person may see it.
    pub practice: Practice,
    /// The providers a client is assigned to; of others none.
    pub assigned: Vec<PersonCard>,
}

/// How far somebody has received and read, rounded down to entries the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Whose.
    pub person: PersonId,
    /// On a device of theirs.
    pub received: Option<EntryId>,
    /// On their screen. Absent when they do not show it.
    pub read: Option<EntryId>,
}

/// What a conversation answers to a resuming client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatchUp {
    /// What came since. With `page.more` the rest is asked for by another `Resume`, and live
    /// entries that arrive before it are part of it.
    Page {
        /// The entries since.
        page: Page,
        /// Others' cursors, anew.
        cursors: Vec<Cursor>,
        /// Who is here, anew.
        here: Vec<PersonId>,
        /// The person's own unread count, anew.
        unread: u32,
        /// The person's own read mark, anew.
        read_up_to: Option<EntryId>,
    },
    /// Too far behind: drop what is held and `Open` again.
    StartOver,
    /// Not there, or no longer for this person.
    Gone,
}

/// Something its author wants decided later. Shown to nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Which.
    pub id: ClientMessageId,
    /// When.
    pub due: Millis,
    /// What.
    pub command: Command,
    /// Why it was not done when it was due: it stays until its author takes it back.
    pub refused: Option<Refusal>,
}
