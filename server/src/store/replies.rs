//! Saved replies as they are kept: all of one person, or of the practice, are one value in parts.

use bytes::Bytes;
use shared_proto::id::PersonId;
use shared_proto::replies::Reply;

use super::engine::{Batch, Direction, Expect};
use super::people::PersonRecord;
use super::{Store, StoreError, keys, parts};

/// The saved replies of somebody, or with `None` of the practice.
///
/// # Errors
/// `Damaged` when they do not open.
pub fn load(store: &Store, of: Option<PersonId>) -> Result<Vec<Reply>, StoreError> {
    let found = parts::get(&store.engine, &store.records, &keys::replies(of), "replies")?;
    Ok(found.map(|(replies, _)| replies).unwrap_or_default())
}

/// The batch that changes them; `change` gets them as they are, and what it refuses is answered.
/// The batch conflicts when somebody else changes them meanwhile.
///
/// # Errors
/// `Damaged` when they do not open.
pub fn change<R>(
    store: &Store,
    of: Option<PersonId>,
    change: impl FnOnce(&mut Vec<Reply>) -> Result<(), R>,
) -> Result<Result<Batch, R>, StoreError> {
    let key = keys::replies(of);
    // Every change seals the first part anew, so that it stands for all of them. Read before them:
    // what was changed in between conflicts.
    let first = parts::first(&key);
    let value = store.engine.get(&first)?.map(|sealed| Bytes::copy_from_slice(&sealed));
    let found = parts::get::<Vec<Reply>>(&store.engine, &store.records, &key, "replies")?;
    let (mut replies, before) = found.unwrap_or_default();
    if let Err(refused) = change(&mut replies) {
        return Ok(Err(refused));
    }
    let mut batch = Batch { expect: vec![Expect { key: first, value }], ..Batch::default() };
    parts::put(&store.records, &key, &replies, before, &mut batch);
    Ok(Ok(batch))
}

/// All of them open, and are of the practice or of people there are.
///
/// # Errors
/// `Damaged` when one does not.
pub fn check(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let mut range = keys::prefix_range(keys::REPLIES);
    while let Some((key, _)) = store.engine.scan(range.clone(), 1, Direction::Forward)?.first() {
        let of = keys::parse_replies(key).ok_or(StoreError::Damaged("replies"))?;
        load(store, of)?;
        if of.is_some_and(|person| people.iter().all(|known| known.id != person)) {
            return Err(StoreError::Damaged("replies (of nobody)"));
        }
        range.start = keys::prefix_range(&keys::replies(of)).end;
    }
    Ok(())
}
