//! What of a conversation somebody may be told of: its entries from the newest back.

use shared_proto::conversation::state::State;
use shared_proto::entry::Entry;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;
use shared_proto::notice::rule::{concerns, tells};
use shared_proto::time::Millis;

use crate::store::StoreError;
use crate::store::conversations::Log;
use crate::store::entries::Batches;

/// Calls `each` with the entries of a log from `from` back, down to after `until`, or for as long as it
/// says so.
///
/// # Errors
/// When the store fails, and those of `each`.
pub fn walk_back(
    log: &Log<'_>,
    from: EntryId,
    until: Option<EntryId>,
    mut each: impl FnMut(&Entry) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let from = from.min(log.upto);
    if until >= Some(from) {
        return Ok(());
    }
    let (engine, sealing) = (&log.store.engine, log.sealing);
    let mut batches = Batches::backward(engine, sealing, log.conversation, EntryId::MAX);
    while let Some(batch) = batches.next_batch()? {
        for entry in batch.iter().rev().filter(|entry| entry.id <= from) {
            if Some(entry.id) <= until || !each(entry)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The newest entry from `from` back to after `read` that concerns `person`, is not older than `since`, and has not been
/// withdrawn. `None` when there is none. Where it is not among the newest [`limits::NOTICE_ENTRIES`] of
/// those that may be told, the last of these stands for it: rather one is told too much.
///
/// # Errors
/// When the store fails.
pub fn newest_left(
    log: &Log<'_>,
    state: &State,
    person: PersonId,
    (from, read): (EntryId, Option<EntryId>),
    since: Millis,
) -> Result<Option<EntryId>, StoreError> {
    let Some(member) = state.member(person) else { return Ok(None) };
    let (mut found, mut seen) = (None, 0);
    walk_back(log, from, read, |entry| {
        if entry.at < since {
            return Ok(false);
        }
        if tells(entry.kind) {
            seen += 1;
            let counts = concerns(entry, member) && !log.is_withdrawn(entry.id)?;
            found = (counts || seen >= limits::NOTICE_ENTRIES).then_some(entry.id);
        }
        Ok(found.is_none())
    })?;
    Ok(found)
}
