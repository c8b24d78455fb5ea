//! Where bytes are kept: one ordered key-value space behind a narrow port. Everything above it is
//! written once, for every engine; `tests.rs` runs one model over all of them.
//!
//! The committer is the only caller that writes. Reads may come from any thread; they block, so
//! never from an async one.

pub mod memory;
pub mod sled;

#[cfg(test)]
mod tests;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use shared_proto::limits;

use super::audit::Record;
use memory::MemoryEngine;
use sled::SledEngine;

/// What must be true of a key for a batch to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The key that is looked at.
    pub key: Vec<u8>,
    /// Its value; `None` = it must be absent.
    pub value: Option<Bytes>,
}

/// Changes that are judged and then applied together or not at all. When a key is put and deleted
/// in the same batch, the delete wins; of several puts the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// All of these must hold.
    pub expect: Vec<Expect>,
    /// Keys and their new values; together at most [`limits::RECORD_BYTES`] each.
    pub put: Vec<(Vec<u8>, Vec<u8>)>,
    /// Keys that go.
    pub delete: Vec<Vec<u8>>,
    /// What the audit log is to say of it, at most [`limits::AUDIT_BATCH`]. Written by the
    /// committer together with the rest, or not at all.
    pub audit: Vec<Record>,
}

/// Turns the records of batches that hold into operations. Called at most once for what is applied
/// in one piece, just before that.
pub type Trail<'a> = &'a mut dyn FnMut(Vec<Record>) -> Vec<(Vec<u8>, Vec<u8>)>;

/// For batches without records.
fn no_trail(_: Vec<Record>) -> Vec<(Vec<u8>, Vec<u8>)> {
    Vec::new()
}

impl Batch {
    /// Puts and deletes; a record counts as one.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.put.len() + self.delete.len() + self.audit.len()
    }

    /// Bytes of keys and values it writes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let put = self.put.iter().map(|(key, value)| key.len() + value.len());
        put.chain(self.delete.iter().map(Vec::len)).sum()
    }

    /// Whether the engines take it: at most [`limits::ENGINE_BATCH_OPERATIONS`] operations, no
    /// empty key, no record above [`limits::RECORD_BYTES`].
    #[must_use]
    pub fn fits(&self) -> bool {
        let fits = |key: &[u8], value: &[u8]| {
            !key.is_empty() && key.len() + value.len() <= limits::RECORD_BYTES
        };
        self.operations() <= limits::ENGINE_BATCH_OPERATIONS
            && self.audit.len() <= limits::AUDIT_BATCH
            && self.put.iter().all(|(key, value)| fits(key, value))
            && self.delete.iter().all(|key| fits(key, &[]))
            && self.expect.iter().all(|expect| fits(&expect.key, &[]))
    }
}

/// An `expect` of a batch did not hold; nothing of that batch was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;

/// Which end a scan starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the smallest key up.
    Forward,
    /// From the largest key down.
    Backward,
}

/// The engine failed. Says nothing of keys or values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The operating system refused.
    #[error("the operating system refused: {0}")]
    Io(io::ErrorKind),
    /// What is stored contradicts itself.
    #[error("the stored data is damaged")]
    Corrupt,
    /// The disk is full. The sled engine reads and writes wrongly after this until it is reopened.
    #[error("the disk is full")]
    Full,
    /// Another process has the store open.
    #[error("the store is in use by another process")]
    InUse,
    /// A batch is larger than the engines take; nothing of its group was applied.
    #[error("a batch exceeds what the engine takes")]
    TooLarge,
    /// A value lies in a file of its own, where no sync reaches it.
    #[error("a value lies outside the log, where a sync does not reach it (see `blobs/`)")]
    OutsideLog,
}

impl From<io::Error> for EngineError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Io(kind),
        }
    }
}

/// An ordered key-value space.
pub enum Engine {
    /// On disk, embedded.
    Sled(SledEngine),
    /// Gone when the process ends; for tests and trials.
    Memory(MemoryEngine),
}

impl Engine {
    /// Where a data directory keeps its engine.
    #[must_use]
    pub fn directory(data: &Path) -> PathBuf {
        data.join("engine")
    }

    /// Opens the store in `dir`, which is made when it does not exist.
    ///
    /// # Errors
    /// When the disk refuses, another process has it open, or its files are damaged.
    pub fn open_sled(dir: &Path) -> Result<Self, EngineError> {
        SledEngine::open(dir).map(Self::Sled)
    }

    /// An empty store in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(MemoryEngine::default())
    }

    /// The value of a key. May answer with what is applied but not durable yet.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, key: &[u8]) -> Result<Option<Bytes>, EngineError> {
        match self {
            Self::Sled(engine) => engine.get(key),
            Self::Memory(engine) => Ok(engine.get(key)),
        }
    }

    /// At most `limit` keys of `range` and their values, from its start or from its end. Not a
    /// point in time: a batch applied meanwhile may be seen in part.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn scan(
        &self,
        range: Range<Vec<u8>>,
        limit: usize,
        direction: Direction,
    ) -> Result<Vec<(Bytes, Bytes)>, EngineError> {
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        match self {
            Self::Sled(engine) => engine.scan(range, limit, direction),
            Self::Memory(engine) => Ok(engine.scan(range, limit, direction)),
        }
    }

    /// Judges and applies batches without records in order, each seeing the earlier ones; durable
    /// when it returns.
    /// Blocks for a sync of the disk: for the committer's thread.
    ///
    /// # Errors
    /// `TooLarge` when a batch does not fit, and then nothing is applied; otherwise the engine
    /// failed and nothing may be acknowledged.
    pub fn commit_group(
        &self,
        batches: Vec<Batch>,
    ) -> Result<Vec<Result<(), Conflict>>, EngineError> {
        let outcomes = self.apply_group(batches, &mut no_trail)?;
        self.sync()?;
        Ok(outcomes)
    }

    /// The first half of [`Engine::commit_group`]: visible to readers, not durable. `trail` writes
    /// the records of the batches that hold, in one piece with them.
    ///
    /// # Errors
    /// As there.
    pub fn apply_group(
        &self,
        batches: Vec<Batch>,
        trail: Trail<'_>,
    ) -> Result<Vec<Result<(), Conflict>>, EngineError> {
        if !batches.iter().all(Batch::fits) {
            return Err(EngineError::TooLarge);
        }
        match self {
            Self::Sled(engine) => engine.apply_group(batches, trail),
            Self::Memory(engine) => Ok(engine.apply_group(batches, trail)),
        }
    }

    /// The second half of [`Engine::commit_group`]: makes everything applied durable.
    ///
    /// # Errors
    /// When the engine fails; nothing applied since the last sync may be acknowledged.
    pub fn sync(&self) -> Result<(), EngineError> {
        match self {
            Self::Sled(engine) => engine.sync(),
            Self::Memory(_) => Ok(()),
        }
    }

    /// Bytes the engine's files take; 0 in memory.
    #[must_use]
    pub fn size_on_disk(&self) -> u64 {
        match self {
            Self::Sled(engine) => engine.size_on_disk(),
            Self::Memory(_) => 0,
        }
    }

    /// Whether the engine is fit to make anything durable. Reads a directory, so not for a hot
    /// path.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), EngineError> {
        match self {
            Self::Sled(engine) => engine.check(),
            Self::Memory(_) => Ok(()),
        }
    }

    /// Whether [`Engine::check`] finds nothing wrong.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.check().is_ok()
    }

    /// Bytes left on the engine's disk; `None` in memory or when the system does not say.
    #[must_use]
    pub fn free_space(&self) -> Option<u64> {
        match self {
            Self::Sled(engine) => engine.free_space(),
            Self::Memory(_) => None,
        }
    }
}
