//! What waited beside a conversation and does not any more: known by its id for a day, so that a
//! retry of what was asked for changes nothing, and what was called back with it, so that an answer
//! that was lost can be had again. When the day is over it is due, and goes.

use serde::{Deserialize, Serialize};
use shared_proto::conversation::command::Command;
use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Batch, Direction};
use super::vault::SealingKey;
use super::{Store, StoreError, aside, keys, parts, seal, unseal};

/// Something of somebody's that waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledAt {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: ClientMessageId,
    /// What is kept of it.
    pub record: SettledRecord,
}

/// What is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledRecord {
    /// When it was decided or called back.
    pub at: Millis,
    /// Of how many parts the command is that was called back; none, of what was decided.
    pub parts: u8,
}

impl SettledAt {
    /// When it is forgotten.
    #[must_use]
    pub const fn until(&self) -> Millis {
        Millis(self.record.at.0 + limits::SETTLED_MS)
    }
}

/// All that is known of in a conversation.
///
/// # Errors
/// `Damaged` when something does not open.
pub fn load(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Vec<SettledAt>, StoreError> {
    let (mut range, mut all) = (keys::settled_in(conversation), Vec::new());
    loop {
        let page = store.engine.scan(range.clone(), limits::PENDING_PAGE, Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            let (person, id) = keys::parse_pending(key).ok_or(StoreError::Damaged("settled"))?;
            let record = unseal(sealing, key, sealed, "settled")?;
            all.push(SettledAt { person, id, record });
        }
    }
}

/// Adds to `batch` what keeps it.
pub fn put(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    at: &SettledAt,
    batch: &mut Batch,
) {
    let key = keys::settled(conversation, at.person, at.id);
    batch.put.push((key.clone(), seal(sealing, &key, &at.record)));
    let key = keys::due(at.until(), conversation, at.person, at.id);
    let sealed = store.seal(&key, &aside::DUE);
    batch.put.push((key, sealed));
}

/// What was called back; `None` of what was decided.
///
/// # Errors
/// `Damaged` when it does not open, or is not there.
pub fn command(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    at: &SettledAt,
) -> Result<Option<Command>, StoreError> {
    if at.record.parts == 0 {
        return Ok(None);
    }
    let key = keys::command(conversation, at.person, at.id);
    let found = parts::get(&store.engine, sealing, &key, "command called back")?;
    let (command, _) = found.ok_or(StoreError::Damaged("command called back"))?;
    Ok(Some(command))
}

/// Adds to `batch` what removes it.
pub fn delete(conversation: ConversationId, at: &SettledAt, batch: &mut Batch) {
    let command = keys::command(conversation, at.person, at.id);
    parts::delete(&command, usize::from(at.record.parts), batch);
    batch.delete.push(keys::settled(conversation, at.person, at.id));
    batch.delete.push(keys::due(at.until(), conversation, at.person, at.id));
}
