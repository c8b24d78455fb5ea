//! Reading the store as of one moment while commits go on.
//!
//! A reader goes through the keys in order. Before the committer changes a key the reader has not
//! passed, it keeps the value from before; the reader prefers what was kept over what it finds.
//! A key is looked up before it is changed and what was kept is looked at after the key was read,
//! so a reader that saw a change always finds the value from before it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use shared_proto::limits;

use super::Batch;
use crate::store::engine::{Direction, Engine, EngineError};

/// Bytes of values from before that are kept for one reader; past it the reader must start again.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Why a snapshot cannot be read on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// More was changed meanwhile than is kept aside.
    #[error(
        "more was written meanwhile than can be kept aside; try again when less is being written"
    )]
    Overtaken,
    /// The engine failed.
    #[error("the store's engine failed: {0}")]
    Engine(#[from] EngineError),
}

/// The store as of one moment, read once from its first key to its last.
pub struct Snapshot {
    engine: Arc<Engine>,
    state: Arc<Mutex<State>>,
    done: bool,
}

struct State {
    /// Keys below it have been read.
    passed: Vec<u8>,
    kept: BTreeMap<Vec<u8>, Option<Bytes>>,
    bytes: usize,
    bound: usize,
    overtaken: bool,
}

impl State {
    fn wants(&self, key: &[u8]) -> bool {
        !self.overtaken && *key >= *self.passed && !self.kept.contains_key(key)
    }

    fn keep(&mut self, key: &[u8], value: Option<Bytes>) {
        if self.wants(key) {
            self.bytes += weight(key, value.as_ref());
            self.kept.insert(key.to_vec(), value);
            if self.bytes > self.bound {
                self.overtake();
            }
        }
    }

    fn overtake(&mut self) {
        self.overtaken = true;
        self.kept = BTreeMap::new();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // A panic between two statements of a holder leaves at worst an overtaken reader.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Snapshot {
    /// The next records in key order, about `limit`; empty at the end.
    ///
    /// # Errors
    /// [`SnapshotError`]; nothing read so far may be used then.
    pub fn next(&mut self, limit: usize) -> Result<Vec<(Bytes, Bytes)>, SnapshotError> {
        while !self.done {
            let start = lock(&self.state).passed.clone();
            // Above every key, as keys are shorter.
            let end = vec![u8::MAX; limits::RECORD_BYTES + 1];
            let found = self.engine.scan(start..end, limit, Direction::Forward)?;
            let until = match found.last() {
                Some((last, _)) if found.len() == limit => Some([&last[..], &[0]].concat()),
                _ => None,
            };
            self.done = until.is_none();
            let merged = self.merge(found, until)?;
            // All of this stretch may have come after the moment.
            if !merged.is_empty() {
                return Ok(merged);
            }
        }
        Ok(Vec::new())
    }

    fn merge(
        &self,
        found: Vec<(Bytes, Bytes)>,
        until: Option<Vec<u8>>,
    ) -> Result<Vec<(Bytes, Bytes)>, SnapshotError> {
        let mut state = lock(&self.state);
        if state.overtaken {
            return Err(SnapshotError::Overtaken);
        }
        let kept = match &until {
            Some(until) => {
                let later = state.kept.split_off(until);
                std::mem::replace(&mut state.kept, later)
            }
            None => std::mem::take(&mut state.kept),
        };
        state.bytes -= kept.iter().map(|(key, value)| weight(key, value.as_ref())).sum::<usize>();
        // Past every key, so that nothing more is kept for a reader at its end.
        state.passed = until.unwrap_or_else(|| vec![u8::MAX; limits::RECORD_BYTES + 1]);
        drop(state);
        if kept.is_empty() {
            return Ok(found);
        }
        let mut records: BTreeMap<Bytes, Bytes> = found.into_iter().collect();
        for (key, value) in kept {
            match value {
                Some(value) => records.insert(Bytes::from(key), value),
                None => records.remove(&*key),
            };
        }
        Ok(records.into_iter().collect())
    }

    #[cfg(test)]
    pub(super) fn set_bound(&self, bound: usize) {
        lock(&self.state).bound = bound;
    }
}

fn weight(key: &[u8], value: Option<&Bytes>) -> usize {
    // What a map's node costs besides.
    64 + key.len() + value.map_or(0, Bytes::len)
}

/// The readers under way, as the committer sees them.
#[derive(Default)]
pub(super) struct Snapshots {
    readers: Vec<Weak<Mutex<State>>>,
}

impl Snapshots {
    pub(super) fn begin(&mut self, engine: &Arc<Engine>) -> Snapshot {
        let state = Arc::new(Mutex::new(State {
            passed: Vec::new(),
            kept: BTreeMap::new(),
            bytes: 0,
            bound: KEPT_BYTES,
            overtaken: false,
        }));
        self.readers.push(Arc::downgrade(&state));
        Snapshot { engine: Arc::clone(engine), state, done: false }
    }

    /// Keeps what these batches may change; called before they are applied.
    pub(super) fn keep_before(
        &mut self,
        batches: &[Batch],
        engine: &Engine,
    ) -> Result<(), EngineError> {
        self.readers.retain(|reader| reader.strong_count() > 0);
        for reader in self.readers.iter().filter_map(Weak::upgrade) {
            for batch in batches {
                let keys = batch.put.iter().map(|(key, _)| key).chain(&batch.delete);
                for key in keys {
                    keep(&reader, key, engine)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps that these keys, which are about to be written, were not there.
    pub(super) fn keep_absent<'a>(&mut self, keys: impl Iterator<Item = &'a Vec<u8>> + Clone) {
        for reader in self.readers.iter().filter_map(Weak::upgrade) {
            let mut state = lock(&reader);
            for key in keys.clone() {
                state.keep(key, None);
            }
        }
    }

    /// No reader can rely on the engine any more.
    pub(super) fn abandon(&mut self) {
        for reader in self.readers.drain(..).filter_map(|reader| reader.upgrade()) {
            lock(&reader).overtake();
        }
    }
}

fn keep(reader: &Mutex<State>, key: &[u8], engine: &Engine) -> Result<(), EngineError> {
    if !lock(reader).wants(key) {
        return Ok(());
    }
    // Only this thread changes keys, so the value cannot change between here and the lock.
    let value = engine.get(key)?;
    lock(reader).keep(key, value);
    Ok(())
}
