//! Blobs in memory, beside an engine in memory: for tests and trials.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use shared_proto::id::FileId;
use shared_proto::time::Millis;

use super::{Listed, without_a_gap};

/// Blobs that are gone when the process ends.
#[derive(Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<FileId, Blob>>,
}

#[derive(Default)]
struct Blob {
    chunks: BTreeMap<u32, Bytes>,
    touched: Millis,
}

impl MemoryBlobs {
    pub(super) fn put_chunk(&self, id: FileId, index: u32, chunk: Bytes) {
        let mut blobs = self.blobs();
        let blob = blobs.entry(id).or_default();
        // What it is given may be a part of something larger.
        blob.chunks.insert(index, Bytes::copy_from_slice(&chunk));
        blob.touched = crate::clock::now();
    }

    pub(super) fn get_chunk(&self, id: FileId, index: u32) -> Option<Bytes> {
        self.blobs().get(&id)?.chunks.get(&index).cloned()
    }

    pub(super) fn stored(&self, id: FileId) -> u32 {
        self.blobs().get(&id).map_or(0, |blob| without_a_gap(blob.chunks.keys().copied()))
    }

    pub(super) fn delete(&self, id: FileId) -> bool {
        self.blobs().remove(&id).is_some()
    }

    pub(super) fn list(&self, after: Option<FileId>, limit: usize) -> Vec<Listed> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let blobs = self.blobs();
        let listed = blobs.range((from, Bound::Unbounded)).take(limit);
        listed.map(|(id, blob)| Listed { id: *id, touched: blob.touched }).collect()
    }

    fn blobs(&self) -> MutexGuard<'_, BTreeMap<FileId, Blob>> {
        // Each change is one insertion or removal.
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
