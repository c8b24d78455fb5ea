//! What goes through a room's mailbox.

use std::sync::Arc;

use shared_proto::conversation::command::Pickable;
use shared_proto::conversation::state::State;
use shared_proto::id::{ClientMessageId, DivisionId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Direction;
use tokio::sync::oneshot;

use crate::socket::requests::gather::{Resuming, RowSlot};
use crate::socket::session::{Asker, Session};

/// What a room is told or asked.
pub enum Message {
    /// A change.
    Write {
        /// By whom.
        asker: Asker,
        /// Which.
        write: Write,
    },
    /// Show it, and watch it.
    Open {
        /// For whom.
        asker: Asker,
    },
    /// Stop watching it.
    Leave {
        /// Which socket.
        session: Arc<Session>,
    },
    /// What came since, and watch it.
    Resume {
        /// Where the answer is counted.
        resuming: Arc<Resuming>,
        /// The last entry held.
        last: EntryId,
    },
    /// A page.
    History {
        /// For whom.
        asker: Asker,
        /// Strictly before or after this entry.
        from: EntryId,
        /// Which way.
        direction: Direction,
    },
    /// Whether somebody may read it.
    Reads {
        /// Who.
        person: PersonId,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<bool, Refusal>>,
    },
    /// Who saw it.
    Accesses {
        /// For whom.
        asker: Asker,
        /// Older ones than this record.
        before: Option<u64>,
    },
    /// Whether somebody else in it can read what is written.
    Reachable {
        /// For whom.
        asker: Asker,
    },
    /// Its row in an inbox.
    Row {
        /// Where it goes.
        slot: RowSlot,
    },
    /// Received or read up to an entry.
    Cursor {
        /// By whom.
        asker: Asker,
        /// Up to and with.
        entry: EntryId,
        /// On screen, not only on the device.
        read: bool,
    },
    /// Somebody is typing.
    Typing {
        /// Who.
        asker: Asker,
    },
    /// Somebody came or went.
    Presence {
        /// Who.
        person: PersonId,
        /// Whether they are here now.
        here: bool,
    },
}

/// A change.
pub enum Write {
    /// The conversation begins.
    Create {
        /// Everyone but the host.
        participants: Vec<PersonId>,
        /// Of them, those there are, as the rules see them.
        pickable: Vec<Pickable>,
        /// The host's division.
        division: Option<DivisionId>,
    },
    /// A message.
    Send {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// A retry is looked for after this entry.
        held: Option<EntryId>,
        /// As typed.
        text: String,
    },
    /// A message is withdrawn.
    Withdraw {
        /// Which.
        target: EntryId,
    },
    /// Somebody who is no member is to read for a while.
    Emergency {
        /// Why, as typed.
        reason: String,
    },
}

impl Message {
    /// Answers it without a room: it was refused, or there is none.
    pub fn refuse(self, refusal: Refusal) {
        match self {
            Self::Write { asker, .. }
            | Self::Open { asker }
            | Self::History { asker, .. }
            | Self::Accesses { asker, .. }
            | Self::Reachable { asker }
            | Self::Cursor { asker, .. }
            | Self::Typing { asker } => asker.answer(Err(refusal)),
            Self::Resume { resuming, .. } => resuming.refused(refusal),
            Self::Row { slot } => slot.refused(refusal),
            // Whoever asked may be gone.
            Self::Reads { answer, .. } => drop(answer.send(Err(refusal))),
            Self::Leave { .. } | Self::Presence { .. } => {}
        }
    }

    /// Whether a room that was loaded for this is likely to be asked again soon: a member reads or
    /// writes it, or it begins. A row in an inbox is read once, and somebody who is no member must
    /// not find out, by the time it takes, that there is something.
    pub(super) fn keeps(&self, state: &State) -> bool {
        let asker = match self {
            Self::Write { write: Write::Create { .. }, .. } => return true,
            Self::Write { asker, .. }
            | Self::Open { asker }
            | Self::History { asker, .. }
            | Self::Accesses { asker, .. }
            | Self::Reachable { asker }
            | Self::Cursor { asker, .. }
            | Self::Typing { asker } => asker.session.person.id,
            Self::Reads { person, .. } => *person,
            Self::Resume { resuming, .. } => resuming.session().person.id,
            Self::Row { .. } | Self::Leave { .. } | Self::Presence { .. } => return false,
        };
        state.is_member(asker)
    }
}
