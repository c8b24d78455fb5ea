//! What a room is only looked at for: a row of an inbox, what a search finds. A room that is in
//! memory for nothing else leaves first and answers then, so that whoever has the answer finds it
//! gone, however busy the machine is. Both answers are gathered from several rooms anyway, and in
//! no order with what comes live.

use shared_proto::refusal::Refusal;
use shared_proto::wire::InboxRow;
use tokio::sync::{mpsc, oneshot};

use super::{FoundHere, Message, Room};
use crate::socket::requests::gather::RowSlot;

/// An answer that is read and not given yet.
pub(super) enum Look {
    /// To an inbox.
    Row(RowSlot, Result<Box<InboxRow>, Refusal>),
    /// To a search.
    Found(oneshot::Sender<Result<FoundHere, Refusal>>, Result<FoundHere, Refusal>),
}

impl Look {
    /// Gives it.
    pub(super) fn answer(self) {
        match self {
            Self::Row(slot, Ok(row)) => slot.fill(row),
            Self::Row(slot, Err(refusal)) => slot.refused(refusal),
            // Whoever asked may be gone.
            Self::Found(answer, found) => drop(answer.send(found)),
        }
    }
}

impl Room {
    /// Leaves memory, when all it was asked for was a look or by nobody it belongs to, and nobody
    /// waits for it. After `true` no message can reach it any more.
    pub(super) fn passes(&self, mailbox: &mpsc::Receiver<Message>) -> bool {
        let passing = !self.kept || self.header.state.created.is_none();
        passing
            && self.waiting.is_empty()
            && self.dirty_cursors.is_empty()
            && mailbox.is_empty()
            && self.hub.forget(self.id, mailbox)
    }
}
