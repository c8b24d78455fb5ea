//! The practice itself.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::id::PersonId;
use shared_proto::people::Role;
use shared_proto::practice::{Division, Practice, Settings};
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::people::Judged;
use super::{Store, StoreError, keys};

/// What a practice is called until somebody names it.
pub const UNNAMED: &str = "Quietroom";

/// The practice. Present once it has been set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeRecord {
    /// What the owner set.
    pub settings: Settings,
    /// Its divisions; by name when shown.
    pub divisions: Vec<Division>,
    /// Counts the changes.
    pub revision: u64,
    /// When it was set up.
    pub created_at: Millis,
}

impl PracticeRecord {
    /// A new practice of this name.
    #[must_use]
    pub fn named(name: &str, created_at: Millis) -> Self {
        let settings = Settings::named(name);
        Self { settings, divisions: Vec::new(), revision: 0, created_at }
    }

    /// As somebody with this role sees it: clients get no divisions.
    #[must_use]
    pub fn seen_by(&self, role: Role) -> Practice {
        let divisions = if role.is_provider() { self.divisions.clone() } else { Vec::new() };
        Practice { settings: self.settings.clone(), divisions, revision: self.revision }
    }
}

/// The practice; `None` before it is set up.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store) -> Result<Option<PracticeRecord>, StoreError> {
    store.get(&keys::practice(), "practice")
}

/// The operation that keeps the practice.
#[must_use]
pub fn put(store: &Store, practice: &PracticeRecord) -> (Vec<u8>, Vec<u8>) {
    let key = keys::practice();
    let sealed = store.seal(&key, practice);
    (key, sealed)
}

/// The batch that changes the practice; it conflicts when somebody else changes it meanwhile.
/// `None` before it is set up.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn change<R>(
    store: &Store,
    change: impl FnOnce(&mut PracticeRecord) -> Result<(), R>,
) -> Result<Judged<PracticeRecord, R>, StoreError> {
    let key = keys::practice();
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    let mut practice: PracticeRecord = super::unseal(&store.records, &key, &sealed, "practice")?;
    if let Err(refused) = change(&mut practice) {
        return Ok(Some(Err(refused)));
    }
    practice.revision += 1;
    let expect = vec![Expect { key, value: Some(Bytes::copy_from_slice(&sealed)) }];
    let put = vec![put(store, &practice)];
    Ok(Some(Ok((practice, Batch { expect, put, ..Batch::default() }))))
}

/// Owners who may sign in. Kept beside their records so that two who step down at once conflict,
/// and one of them stays.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn owners(store: &Store) -> Result<Vec<PersonId>, StoreError> {
    Ok(store.get(&keys::owners(), "owners")?.unwrap_or_default())
}

/// Adds to `batch` that the owners are these from now on; it conflicts when somebody else changes
/// them meanwhile.
///
/// # Errors
/// When the engine fails.
pub fn put_owners(store: &Store, owners: &[PersonId], batch: &mut Batch) -> Result<(), StoreError> {
    let key = keys::owners();
    let before = store.engine.get(&key)?.map(|sealed| Bytes::copy_from_slice(&sealed));
    batch.expect.push(Expect { key: key.clone(), value: before });
    batch.put.push((key.clone(), store.seal(&key, &owners.to_vec())));
    Ok(())
}
