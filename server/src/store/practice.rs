//! The practice itself.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::id::PersonId;
use shared_proto::people::Role;
use shared_proto::practice::{Division, Practice, Settings};
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::people::{Judged, PersonRecord};
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

/// Owners who may sign in. Kept beside their records, and expected as they were read by whoever
/// changes them: of two who step down at once one conflicts, is judged anew, and stays.
pub struct Owners {
    ids: Vec<PersonId>,
    /// The stored value `ids` were read from.
    sealed: Option<Bytes>,
}

impl Owners {
    /// As they are now.
    ///
    /// # Errors
    /// `Damaged` when the record does not open.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        let key = keys::owners();
        let Some(sealed) = store.engine.get(&key)? else {
            return Ok(Self { ids: Vec::new(), sealed: None });
        };
        let ids = super::unseal(&store.records, &key, &sealed, "owners")?;
        Ok(Self { ids, sealed: Some(Bytes::copy_from_slice(&sealed)) })
    }

    /// Who they are, in no order that means anything.
    #[must_use]
    pub fn ids(&self) -> &[PersonId] {
        &self.ids
    }

    /// Counts `person` among them or not, as their record says; whether that was a change.
    pub fn follow(&mut self, person: &PersonRecord) -> bool {
        let counted = self.ids.contains(&person.id);
        if counted == person.leads() {
            return false;
        }
        self.ids.retain(|owner| *owner != person.id);
        if person.leads() {
            self.ids.push(person.id);
        }
        true
    }

    /// Adds them to `batch`, which conflicts when they have changed since they were read.
    pub fn put(&self, store: &Store, batch: &mut Batch) {
        let key = keys::owners();
        let sealed = store.seal(&key, &self.ids);
        batch.expect.push(Expect { key: key.clone(), value: self.sealed.clone() });
        batch.put.push((key, sealed));
    }
}
