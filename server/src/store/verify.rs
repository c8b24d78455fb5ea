//! Reads everything the store keeps and checks it against itself: every value opens at its place,
//! every log folds to its header, every chain has its head.

use shared_proto::id::EntryId;

use super::conversations::{Header, load};
use super::engine::Direction;
use super::entries::{Batches, Encoded};
use super::{Store, StoreError, keys, people};

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Conversations whose log, header and chain agree.
    pub conversations: u64,
    /// Their entries.
    pub entries: u64,
    /// People.
    pub people: u64,
}

/// Reads and checks everything.
///
/// # Errors
/// The first thing that is damaged.
pub fn verify(store: &Store) -> Result<Summary, StoreError> {
    let mut summary = Summary { people: people::all(store)?.len() as u64, ..Summary::default() };
    let mut range = keys::prefix_range(keys::HEADERS);
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(summary) };
        range.start = keys::after(last);
        for (key, _) in &page {
            let conversation =
                keys::parse_header(key).ok_or(StoreError::Damaged("conversation header"))?;
            let loaded = load(store, conversation)?.ok_or(StoreError::Damaged("header"))?;
            let mut folded = Header::default();
            let (engine, sealing) = (&store.engine, &loaded.sealing);
            let mut batches = Batches::forward(engine, sealing, conversation, EntryId::MIN)?;
            while let Some(batch) = batches.next_batch()? {
                for entry in batch {
                    if Some(entry.id) <= folded.last {
                        return Err(StoreError::Damaged("conversation entries (order)"));
                    }
                    folded.append(&Encoded::new(entry));
                }
            }
            folded.inbox.clone_from(&loaded.header.inbox);
            if folded != loaded.header {
                return Err(StoreError::Damaged("conversation (log and header differ)"));
            }
            summary.conversations += 1;
            summary.entries += folded.entries;
        }
    }
}
