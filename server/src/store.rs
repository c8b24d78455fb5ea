//! The store: one ordered key-value space of sealed values, and everything the server keeps in it.
//!
//! `keys` spells every key, `engine` keeps bytes, `committer` makes them durable, `vault` seals
//! them; `conversations`, `people`, `sessions`, `inbox` and `practice` say what is kept.

pub mod activity;
pub mod aside;
pub mod audit;
pub mod backup;
pub mod charts;
pub mod checkpoint;
pub mod committer;
pub mod conversations;
pub mod cursors;
pub mod durability;
pub mod engine;
pub mod entries;
pub mod factors;
pub mod files;
pub mod forms;
#[cfg(test)]
mod golden;
pub mod hours;
pub mod inbox;
pub mod keys;
pub mod keystore;
pub mod links;
pub mod notices;
pub mod parts;
pub mod people;
pub mod practice;
pub mod replies;
pub mod reseal;
pub mod sessions;
pub mod settled;
#[cfg(test)]
pub mod testing;
pub mod vault;
pub mod verify;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared_proto::refusal::Refusal;

use audit::{Chain, Record};
use committer::{CommitError, CommitObserver, Committer};
use engine::{Batch, Direction, Engine, EngineError, Expect};
use vault::{SealingKey, Vault, VaultError};

/// First byte of every stored value, under its seal.
const RECORD_VERSION: u8 = 1;

/// The store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine failed.
    #[error("the store's engine failed: {0}")]
    Engine(#[from] EngineError),
    /// The key store or the vault failed.
    #[error("the vault failed: {0}")]
    Vault(#[from] VaultError),
    /// A value did not open, or is not what its key promises. Nothing of it is served.
    #[error("a {0} record is damaged")]
    Damaged(&'static str),
    /// The audit log is not as it was written.
    #[error("the audit log is damaged at record {sequence}: {what}")]
    Audit {
        /// The record.
        sequence: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The system has no thread for the committer.
    #[error("the store could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// The commit was not made.
    #[error("not committed: {0}")]
    Commit(#[from] CommitError),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

impl StoreError {
    /// Whether one record, or the key to it, is damaged, while the store as a whole works.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Vault(VaultError::DamagedKey))
    }

    /// What the person is told.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Commit(CommitError::StorageFull) => Refusal::StorageFull,
            Self::Commit(CommitError::Stopping) | Self::Stopping => Refusal::Stopping,
            Self::Commit(CommitError::Conflict) => Refusal::Busy,
            _ => Refusal::Unavailable,
        }
    }
}

/// The store. Its methods block unless they are `async`: from async code go through
/// [`Store::read`].
pub struct Store {
    /// Where bytes are kept.
    pub engine: Arc<Engine>,
    /// The one way to change them.
    pub committer: Committer,
    /// What seals them.
    pub vault: Vault,
    /// Seals everything that is not of one conversation.
    records: Arc<SealingKey>,
}

impl Store {
    /// Opens the store over an engine and a vault that are open.
    ///
    /// # Errors
    /// When the committer's thread cannot be started, or the audit log's end does not open.
    pub fn open(
        engine: Arc<Engine>,
        vault: Vault,
        observer: Arc<dyn CommitObserver>,
    ) -> Result<Self, StoreError> {
        let records = vault.records();
        let chain = Chain::recover(&engine, Arc::clone(&records))?;
        let committer = Committer::start(Arc::clone(&engine), chain, observer)?;
        Ok(Self { engine, committer, vault, records })
    }

    /// Runs blocking reads away from the async threads.
    ///
    /// # Errors
    /// What `read` answers, or `Stopping`.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || read(&store)).await.map_err(|_| StoreError::Stopping)?
    }

    /// Makes `batch` durable.
    ///
    /// # Errors
    /// [`CommitError`], when nothing of it was kept.
    pub async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        Ok(self.committer.commit(batch).await?)
    }

    /// As [`Store::commit`], also when the disk is nearly full: for what ends somebody's access.
    ///
    /// # Errors
    /// As there.
    pub async fn commit_from_reserve(&self, batch: Batch) -> Result<(), StoreError> {
        Ok(self.committer.commit_from_reserve(batch).await?)
    }

    /// Writes `record` into the audit log, also when the disk is nearly full; durable when it
    /// returns. What it is about may be answered then, and not before.
    ///
    /// # Errors
    /// [`CommitError`], when it was not written.
    pub async fn record(&self, record: Record) -> Result<(), StoreError> {
        self.record_all(vec![record]).await
    }

    /// As [`Store::record`], for several in one; at most [`shared_proto::limits::AUDIT_BATCH`].
    ///
    /// # Errors
    /// As there.
    pub async fn record_all(&self, audit: Vec<Record>) -> Result<(), StoreError> {
        Ok(self.committer.record(Batch { audit, ..Batch::default() }).await?)
    }

    /// A value of the practice at large, sealed for its place.
    #[must_use]
    pub fn seal<T: Serialize>(&self, key: &[u8], value: &T) -> Vec<u8> {
        seal(&self.records, key, value)
    }

    /// The value of the practice at large that is kept at `key`.
    ///
    /// # Errors
    /// `Damaged` with `what` when it does not open.
    pub fn get<T: DeserializeOwned>(
        &self,
        key: &[u8],
        what: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let Some(sealed) = self.engine.get(key)? else { return Ok(None) };
        unseal(&self.records, key, &sealed, what).map(Some)
    }

    /// The same, for a change: the batch with this expectation conflicts when somebody else has
    /// changed the value since. Value and expectation are of one read.
    ///
    /// # Errors
    /// `Damaged` with `what` when it does not open.
    pub fn get_to_change<T: DeserializeOwned>(
        &self,
        key: Vec<u8>,
        what: &'static str,
    ) -> Result<Option<(T, Expect)>, StoreError> {
        let Some(sealed) = self.engine.get(&key)? else { return Ok(None) };
        let value = unseal(&self.records, &key, &sealed, what)?;
        let sealed = bytes::Bytes::copy_from_slice(&sealed);
        Ok(Some((value, Expect { key, value: Some(sealed) })))
    }

    /// Every value of the practice at large under a prefix, a page at a time.
    ///
    /// # Errors
    /// `Damaged` with `what` when one does not open; what `each` answers.
    pub fn for_each<T: DeserializeOwned>(
        &self,
        prefix: &[u8],
        what: &'static str,
        mut each: impl FnMut(&[u8], T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut range = keys::prefix_range(prefix);
        loop {
            let page = self.engine.scan(range.clone(), 256, Direction::Forward)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            range.start = keys::after(last);
            for (key, sealed) in &page {
                each(key, unseal(&self.records, key, sealed, what)?)?;
            }
        }
    }
}

/// The value of the practice at large that was read from `key`.
///
/// # Errors
/// `Damaged` with `what` when it does not open.
pub fn unseal_record<T: DeserializeOwned>(
    store: &Store,
    key: &[u8],
    sealed: &[u8],
    what: &'static str,
) -> Result<T, StoreError> {
    unseal(&store.records, key, sealed, what)
}

/// `value` sealed for its place.
#[must_use]
pub fn seal<T: Serialize>(sealing: &SealingKey, key: &[u8], value: &T) -> Vec<u8> {
    sealing.seal(key, &shared_proto::codec::encode_into(value, vec![RECORD_VERSION]))
}

/// What was sealed for this place.
///
/// # Errors
/// `Damaged` with `what` when it does not open or does not decode.
pub fn unseal<T: DeserializeOwned>(
    sealing: &SealingKey,
    key: &[u8],
    sealed: &[u8],
    what: &'static str,
) -> Result<T, StoreError> {
    let plain = sealing.open(key, sealed).map_err(|_| StoreError::Damaged(what))?;
    let Some((&RECORD_VERSION, body)) = plain.split_first() else {
        return Err(StoreError::Damaged(what));
    };
    shared_proto::codec::decode(body).map_err(|_| StoreError::Damaged(what))
}

/// Whether a data directory holds a store already.
#[must_use]
pub fn exists(data: &Path) -> bool {
    std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some())
}
