//! How far each member of a conversation has received and read.

use serde::{Deserialize, Serialize};
use shared_proto::id::{ConversationId, EntryId, PersonId};

use super::engine::{Direction, Engine};
use super::vault::SealingKey;
use super::{StoreError, keys, unseal};

/// One member's cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorRecord {
    /// The newest entry that reached one of their devices.
    pub received: Option<EntryId>,
    /// The newest entry that was on their screen.
    pub read: Option<EntryId>,
    /// Messages of others up to `read`: unread is their tally less this.
    pub messages_read: u32,
}

/// The cursors of a conversation.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn load(
    engine: &Engine,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Vec<(PersonId, CursorRecord)>, StoreError> {
    let what = "cursor";
    let limit = shared_proto::limits::MEMBERS * 2;
    let rows = engine.scan(keys::cursors(conversation), limit, Direction::Forward)?;
    rows.iter()
        .map(|(key, sealed)| {
            let person = keys::parse_cursor(key).ok_or(StoreError::Damaged(what))?;
            Ok((person, unseal(sealing, key, sealed, what)?))
        })
        .collect()
}
