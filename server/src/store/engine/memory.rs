//! The engine in memory.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;

use super::{Batch, Conflict, Direction, Trail};
use crate::store::audit::Record;

type Records = BTreeMap<Bytes, Bytes>;

/// Everything in one ordered map.
#[derive(Default)]
pub struct MemoryEngine {
    records: RwLock<Records>,
}

impl MemoryEngine {
    fn records(&self) -> RwLockReadGuard<'_, Records> {
        // A panic cannot leave the map half changed: nothing in `apply_group` panics midway.
        self.records.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Bytes> {
        self.records().get(key).cloned()
    }

    pub(super) fn scan(
        &self,
        range: Range<Vec<u8>>,
        limit: usize,
        direction: Direction,
    ) -> Vec<(Bytes, Bytes)> {
        let records = self.records();
        let found = records
            .range(Bytes::from(range.start)..Bytes::from(range.end))
            .map(|(key, value)| (key.clone(), value.clone()));
        match direction {
            Direction::Forward => found.take(limit).collect(),
            Direction::Backward => found.rev().take(limit).collect(),
        }
    }

    pub(super) fn apply_group(
        &self,
        batches: Vec<Batch>,
        trail: Trail<'_>,
    ) -> Vec<Result<(), Conflict>> {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        let mut audit = Vec::new();
        let outcomes =
            batches.into_iter().map(|batch| apply(&mut records, &mut audit, batch)).collect();
        if !audit.is_empty() {
            let put = trail(audit).into_iter();
            records.extend(put.map(|(key, value)| (Bytes::from(key), Bytes::from(value))));
        }
        outcomes
    }
}

fn apply(records: &mut Records, audit: &mut Vec<Record>, batch: Batch) -> Result<(), Conflict> {
    let holds =
        batch.expect.iter().all(|expect| records.get(&*expect.key) == expect.value.as_ref());
    if !holds {
        return Err(Conflict);
    }
    for (key, value) in batch.put {
        records.insert(Bytes::from(key), Bytes::from(value));
    }
    for key in batch.delete {
        records.remove(&*key);
    }
    audit.extend(batch.audit);
    Ok(())
}
