//! How much somebody keeps, of what they may: every file at its size, and a small one at
//! [`limits::FILE_COUNTED_BYTES`].
//!
//! Before there was that least size, the sum was of bytes alone and lay under another key. Which of
//! somebody's files were counted how is written nowhere; so a server that finds such a sum counts
//! that person anew before it serves anybody, and a sum is of the one kind or of the other.

use std::collections::HashMap;
use std::sync::Arc;

use shared_proto::file::counted;
use shared_proto::id::PersonId;
use shared_proto::limits;

use super::FileRecord;
use crate::store::engine::{Batch, Expect};
use crate::store::{Store, StoreError, keys};

/// How much somebody keeps, and what a change of it expects.
pub(super) fn to_change(store: &Store, person: PersonId) -> Result<(u64, Expect), StoreError> {
    let key = keys::counted(person);
    let found = store.get_to_change(key.clone(), "files kept")?;
    Ok(found.unwrap_or((0, Expect { key, value: None })))
}

/// Adds to `batch` that somebody keeps so much.
pub(super) fn put(store: &Store, kept: u64, expect: Expect, batch: &mut Batch) {
    let sealed = store.seal(&expect.key, &kept);
    batch.put.push((expect.key.clone(), sealed));
    batch.expect.push(expect);
}

/// Counts anew what those keep whose sum is of bytes alone; how many they were. Before anything else
/// changes what anybody keeps.
///
/// # Errors
/// When a record is damaged, or nothing can be committed; the rest is counted the next time.
pub async fn count_anew(store: &Arc<Store>) -> Result<usize, StoreError> {
    let sums = store.read(sums).await?;
    // Each is taken away under one key and put under another.
    for some in sums.chunks(limits::ENGINE_BATCH_OPERATIONS / 2) {
        let mut batch = Batch::default();
        for (person, sum) in some {
            put(store, *sum, Expect { key: keys::counted(*person), value: None }, &mut batch);
            batch.delete.push(keys::kept(*person));
        }
        store.commit_from_reserve(batch).await?;
    }
    Ok(sums.len())
}

/// What they come to.
fn sums(store: &Store) -> Result<Vec<(PersonId, u64)>, StoreError> {
    let mut sums: HashMap<PersonId, u64> = HashMap::new();
    store.for_each(keys::KEPT, "files kept", |key, _: u64| {
        sums.insert(keys::parse_kept(key).ok_or(StoreError::Damaged("files kept"))?, 0);
        Ok(())
    })?;
    if !sums.is_empty() {
        store.for_each(keys::FILES, "file", |_, known: FileRecord| {
            if let Some(sum) = sums.get_mut(&known.person) {
                *sum += counted(known.bytes);
            }
            Ok(())
        })?;
    }
    Ok(sums.into_iter().collect())
}
