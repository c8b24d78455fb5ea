//! Hours and leave as they are kept: a record a provider, and one of the practice.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared_proto::hours::{Common, Own};
use shared_proto::id::PersonId;

use super::engine::{Batch, Expect};
use super::people::PersonRecord;
use super::{Store, StoreError, keys, unseal_record};

/// What somebody set, and how often it has been changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revised<T> {
    /// Counts the changes.
    pub revision: u64,
    /// As it is now.
    pub set: T,
}

/// Every provider's own.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn all(store: &Store) -> Result<Vec<(PersonId, Revised<Own>)>, StoreError> {
    let mut all = Vec::new();
    store.for_each(keys::OWN_HOURS, "hours", |key, own| {
        let person = keys::parse_own_hours(key).ok_or(StoreError::Damaged("hours"))?;
        all.push((person, own));
        Ok(())
    })?;
    Ok(all)
}

/// The practice's.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn common(store: &Store) -> Result<Revised<Common>, StoreError> {
    Ok(store.get(&keys::common_hours(), "practice hours")?.unwrap_or_default())
}

/// All of them open, and are of people there are.
///
/// # Errors
/// `Damaged` when one does not.
pub fn check(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    common(store)?;
    for (person, _) in all(store)? {
        if people.iter().all(|known| known.id != person) {
            return Err(StoreError::Damaged("hours (of nobody)"));
        }
    }
    Ok(())
}

/// What a change comes to: as it is after, as it was before, and the batch that makes it so; `None`
/// when it is of another revision.
pub type Made<T> = Option<(Revised<T>, T, Batch)>;

/// The batch that puts `set` in place of what is at `key`, and what was there before; `None` when
/// that is of another revision. The batch conflicts when somebody else changes it meanwhile.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn change<T: Serialize + DeserializeOwned + Default>(
    store: &Store,
    key: Vec<u8>,
    revision: u64,
    set: T,
) -> Result<Made<T>, StoreError> {
    let value = store.engine.get(&key)?.map(|sealed| Bytes::copy_from_slice(&sealed));
    let before: Revised<T> = match &value {
        Some(sealed) => unseal_record(store, &key, sealed, "hours")?,
        None => Revised::default(),
    };
    if before.revision != revision {
        return Ok(None);
    }
    let after = Revised { revision: revision + 1, set };
    let put = vec![(key.clone(), store.seal(&key, &after))];
    let expect = vec![Expect { key, value }];
    Ok(Some((after, before.set, Batch { expect, put, ..Batch::default() })))
}
