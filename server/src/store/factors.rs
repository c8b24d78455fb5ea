//! A person's second factors. One record names them all; a passkey is a record of its own, since
//! one takes up to 3 KiB and five do not fit [`limits::RECORD_BYTES`]. Every change writes the
//! first record anew and expects the one it was read from, so that of two uses of one code at the
//! same time one conflicts.
//!
//! [`limits::RECORD_BYTES`]: shared_proto::limits::RECORD_BYTES

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::factors::{Factors, PasskeyCard};
use shared_proto::id::{PasskeyId, PersonId};
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::people::PersonRecord;
use super::{Store, StoreError, keys, unseal};

/// Codes of an authenticator app, once the person has shown that theirs works.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The secret shared with the app.
    pub secret: [u8; 20],
    /// When the app was set up.
    pub confirmed_at: Millis,
    /// The step of the last code used; it and those before are used up (RFC 6238, 5.2).
    pub last_step: Option<u64>,
}

/// A passkey.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPasskey {
    /// Which, among its person's.
    pub id: PasskeyId,
    /// What they called it.
    pub name: String,
    /// When it was added.
    pub created_at: Millis,
    /// When they last signed in with it.
    pub last_used: Option<Millis>,
    /// The public key and what belongs to it, as [`crate::auth::passkey`] writes them: at most
    /// [`shared_proto::limits::PASSKEY_BYTES`].
    pub credential: Vec<u8>,
}

/// A person's second factors.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FactorsRecord {
    /// Their authenticator app.
    pub totp: Option<Totp>,
    /// Hashes of the recovery codes they have not used.
    pub recovery: Vec<[u8; 32]>,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<StoredPasskey>,
}

impl FactorsRecord {
    /// Whether signing in takes a second step. Recovery codes alone are none: they stand in for
    /// one that was lost.
    #[must_use]
    pub fn has_factor(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// What their person sees.
    #[must_use]
    pub fn shown(&self) -> Factors {
        let card = |passkey: &StoredPasskey| PasskeyCard {
            id: passkey.id,
            name: passkey.name.clone(),
            created_at: passkey.created_at,
            last_used: passkey.last_used,
        };
        Factors {
            totp: self.totp.is_some(),
            passkeys: self.passkeys.iter().map(card).collect(),
            recovery_left: u8::try_from(self.recovery.len()).unwrap_or(u8::MAX),
        }
    }
}

/// What lies under the person's key.
#[derive(Serialize, Deserialize)]
struct Main {
    totp: Option<Totp>,
    recovery: Vec<[u8; 32]>,
    passkeys: Vec<PasskeyId>,
}

/// Second factors as they were read, to be changed from.
#[derive(Clone, Default)]
pub struct Loaded {
    /// What was read.
    pub record: FactorsRecord,
    kept: HashMap<Vec<u8>, Bytes>,
}

/// A person's second factors; nothing when they never had one.
///
/// # Errors
/// `Damaged` when a record does not open or is missing.
pub fn load(store: &Store, person: PersonId) -> Result<Loaded, StoreError> {
    let key = keys::factors(person);
    let mut sealed = store.engine.get(&key)?;
    loop {
        let Some(main) = sealed.as_deref().map(Bytes::copy_from_slice) else {
            return Ok(Loaded::default());
        };
        let loaded = load_named(store, person, &key, main.clone());
        if loaded.is_ok() {
            return loaded;
        }
        // A passkey that went between the two reads is no damage.
        let again = store.engine.get(&key)?;
        if again.as_deref() == Some(&main[..]) {
            return loaded;
        }
        sealed = again;
    }
}

/// Whether signing in takes somebody a second step. Reads no passkey.
///
/// # Errors
/// `Damaged` when the record does not open.
pub fn has_factor(store: &Store, person: PersonId) -> Result<bool, StoreError> {
    let main: Option<Main> = store.get(&keys::factors(person), "second factors")?;
    Ok(main.is_some_and(|main| main.totp.is_some() || !main.passkeys.is_empty()))
}

fn load_named(
    store: &Store,
    person: PersonId,
    key: &[u8],
    sealed: Bytes,
) -> Result<Loaded, StoreError> {
    let main: Main = unseal(&store.records, key, &sealed, "second factors")?;
    let mut kept = HashMap::from([(key.to_vec(), sealed)]);
    let mut passkeys = Vec::with_capacity(main.passkeys.len());
    for id in main.passkeys {
        let key = keys::passkey(person, id);
        let sealed = store.engine.get(&key)?.ok_or(StoreError::Damaged("passkey (missing)"))?;
        passkeys.push(unseal(&store.records, &key, &sealed, "passkey")?);
        kept.insert(key, Bytes::copy_from_slice(&sealed));
    }
    let record = FactorsRecord { totp: main.totp, recovery: main.recovery, passkeys };
    Ok(Loaded { record, kept })
}

/// The batch that turns what was read into `record`; it conflicts when any of it has changed
/// since. What is the same is not written, but for the first record.
#[must_use]
pub fn put(store: &Store, person: PersonId, from: &Loaded, record: &FactorsRecord) -> Batch {
    let main_key = keys::factors(person);
    let mut batch = Batch::default();
    let expect = |key: Vec<u8>| Expect { value: from.kept.get(&key).cloned(), key };
    batch.expect.push(expect(main_key.clone()));
    for old in &from.record.passkeys {
        let key = keys::passkey(person, old.id);
        batch.expect.push(expect(key.clone()));
        if !record.passkeys.iter().any(|passkey| passkey.id == old.id) {
            batch.delete.push(key);
        }
    }
    for passkey in &record.passkeys {
        if !from.record.passkeys.contains(passkey) {
            let key = keys::passkey(person, passkey.id);
            batch.put.push((key.clone(), store.seal(&key, passkey)));
        }
    }
    if *record == FactorsRecord::default() {
        if from.kept.contains_key(&main_key) {
            batch.delete.push(main_key);
        }
        return batch;
    }
    let main = Main {
        totp: record.totp,
        recovery: record.recovery.clone(),
        passkeys: record.passkeys.iter().map(|passkey| passkey.id).collect(),
    };
    batch.put.push((main_key.clone(), store.seal(&main_key, &main)));
    batch
}

/// Everything opens, is somebody's, and the passkeys are those that are named.
///
/// # Errors
/// `Damaged` when not.
pub(super) fn check(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let stray = || StoreError::Damaged("second factors (of nobody)");
    let people: HashSet<PersonId> = people.iter().map(|person| person.id).collect();
    let mut range = keys::prefix_range(keys::FACTORS);
    loop {
        let page = store.engine.scan(range.clone(), 64, super::engine::Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.start = keys::after(last);
        for (key, _) in &page {
            let (person, passkey) = keys::parse_factors(key).ok_or_else(stray)?;
            if !people.contains(&person) {
                return Err(stray());
            }
            let loaded = load(store, person)?;
            let named = passkey
                .is_none_or(|id| loaded.record.passkeys.iter().any(|passkey| passkey.id == id));
            if !named {
                return Err(StoreError::Damaged("passkey (of nothing)"));
            }
        }
    }
}

/// For tests of what is built on this.
#[cfg(test)]
pub mod testing {
    use super::*;

    /// A passkey that opens nothing.
    pub fn passkey(n: u8) -> StoredPasskey {
        StoredPasskey {
            id: PasskeyId::from_random([n; 16]),
            name: "Phone".into(),
            created_at: Millis(1),
            last_used: None,
            credential: vec![n; shared_proto::limits::PASSKEY_BYTES],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::passkey;
    use super::*;
    use crate::store::testing::{ANA, BEN, put as commit, store};

    fn app() -> FactorsRecord {
        let totp = Totp { secret: [9; 20], confirmed_at: Millis(1), last_step: None };
        FactorsRecord { totp: Some(totp), recovery: vec![[1; 32]; 10], passkeys: Vec::new() }
    }

    #[tokio::test]
    async fn what_is_put_is_read_and_is_nobody_elses() {
        let store = store();
        let none = load(&store, ANA).unwrap();
        assert!(!none.record.has_factor() && !has_factor(&store, ANA).unwrap());
        let mut record = app();
        record.passkeys = (0..5).map(passkey).collect();
        for passkey in &mut record.passkeys {
            passkey.name = "𝕏".repeat(60);
        }
        let batch = put(&store, ANA, &none, &record);
        assert!(batch.fits(), "the largest passkeys fit their records");
        commit(&store, batch).await;
        let read = load(&store, ANA).unwrap();
        assert!(read.record == record && record.has_factor());
        assert!(has_factor(&store, ANA).unwrap() && !has_factor(&store, BEN).unwrap());
        assert!(load(&store, BEN).unwrap().record == FactorsRecord::default());
        let shown = read.record.shown();
        assert_eq!((shown.totp, shown.passkeys.len(), shown.recovery_left), (true, 5, 10));
    }

    #[tokio::test]
    async fn of_two_uses_of_one_code_at_once_one_conflicts() {
        let store = store();
        commit(&store, put(&store, ANA, &Loaded::default(), &app())).await;
        let read = load(&store, ANA).unwrap();
        let mut used = read.record.clone();
        used.recovery.pop();
        let (first, second) = (put(&store, ANA, &read, &used), put(&store, ANA, &read, &used));
        store.commit(first).await.unwrap();
        let refused = store.commit(second).await.unwrap_err();
        assert!(matches!(
            refused,
            StoreError::Commit(crate::store::committer::CommitError::Conflict)
        ));
        assert_eq!(load(&store, ANA).unwrap().record.recovery.len(), 9);
    }

    #[tokio::test]
    async fn two_passkeys_added_at_once_do_not_pass_each_other() {
        let store = store();
        let none = load(&store, ANA).unwrap();
        let with = |n| FactorsRecord { passkeys: vec![passkey(n)], ..FactorsRecord::default() };
        let (first, second) =
            (put(&store, ANA, &none, &with(1)), put(&store, ANA, &none, &with(2)));
        store.commit(first).await.unwrap();
        store.commit(second).await.unwrap_err();
    }

    #[tokio::test]
    async fn a_removed_passkey_leaves_nothing_behind() {
        let store = store();
        let mut record = FactorsRecord { passkeys: vec![passkey(1), passkey(2)], ..app() };
        commit(&store, put(&store, ANA, &Loaded::default(), &record)).await;
        let read = load(&store, ANA).unwrap();
        record.passkeys.remove(0);
        commit(&store, put(&store, ANA, &read, &record)).await;
        let read = load(&store, ANA).unwrap();
        assert!(read.record == record);
        commit(&store, put(&store, ANA, &read, &FactorsRecord::default())).await;
        let all = keys::prefix_range(keys::FACTORS);
        let left = store.engine.scan(all, 10, crate::store::engine::Direction::Forward).unwrap();
        assert!(left.is_empty());
    }
}
