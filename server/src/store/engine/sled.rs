//! The engine on disk: sled 0.34.7, with what it takes to trust it.
//!
//! - `flush_every_ms(None)`: only the committer flushes; a timer would sync half a group.
//! - `durability.rs` turns its `sync_file_range` into a real sync.
//! - Values at or under 4 KiB with their key: a leaf holds 17 at most, and a message of the log
//!   above 128 KiB would go to `blobs/`, which is never synced. [`SledEngine::check`] alarms.
//! - One tree for all records; a second, for the self-test, keeps that out of the key space.
//! - `apply_batch` takes a process-wide lock that blocks reads: at most 500 operations each.
//! - A torn `snap.*.generating` makes opening fail, and is never needed: removed first.
//! - What a killed process wrote but did not sync is still in the page cache and would be read by
//!   the next open, which writes and syncs a snapshot that counts on it. A power cut after that
//!   leaves a snapshot ahead of its log, which sled refuses to open. So the log is synced before
//!   it is read.
//! - Its background threads hold the log's lock for a moment after the store was closed. A lock of
//!   our own tells that moment from another process.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use shared_proto::limits;
use sled::IVec;

use super::{Batch, Conflict, Direction, EngineError, Trail};
use crate::store::audit::Record;

/// Pages kept decoded. A message touches the header and the newest leaf of its conversation, some
/// ten KiB: this holds what 10,000 busy conversations touch, and the operating system caches the
/// file besides. sled's own default of 1 GiB is more than many a practice's server has.
const CACHE_BYTES: u64 = 128 * 1024 * 1024;

/// Size of a segment of sled's log; fixed once a store has been made. A group that crosses from
/// one segment into the next is synced once more: larger ones are crossed less often.
const SEGMENT_BYTES: usize = 8 * 1024 * 1024;

/// A store in a directory.
pub struct SledEngine {
    db: sled::Db,
    dir: PathBuf,
    /// Held while this process has the store open.
    _lock: File,
}

/// How long sled may take to let go of a store that was just closed.
const LETTING_GO: Duration = Duration::from_secs(5);

impl SledEngine {
    pub(super) fn open(dir: &Path) -> Result<Self, EngineError> {
        fs::create_dir_all(dir)?;
        let lock = lock(dir)?;
        remove_torn_snapshots(dir)?;
        sync_if_there(&dir.join("db"))?;
        let db = open_when_let_go(dir)?;
        let engine = Self { db, dir: dir.to_path_buf(), _lock: lock };
        engine.sync_files()?;
        if let Err(error) = engine.check() {
            tracing::error!(%error, "engine.check");
        }
        Ok(engine)
    }

    /// Names and sizes of what opening made. Done on every open: it also settles the snapshot's
    /// rename.
    fn sync_files(&self) -> Result<(), EngineError> {
        self.db.flush().map_err(engine_error)?;
        for file in ["conf", "db"] {
            sync_if_there(&self.dir.join(file))?;
        }
        sync_directory(&self.dir.join("blobs"))?;
        sync_directory(&self.dir)?;
        match self.dir.parent() {
            Some(parent) if parent.as_os_str().is_empty() => sync_directory(Path::new("."))?,
            Some(parent) => sync_directory(parent)?,
            None => {}
        }
        Ok(())
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, EngineError> {
        let value = self.db.get(key).map_err(engine_error)?;
        Ok(value.map(|value| Bytes::copy_from_slice(&value)))
    }

    pub(super) fn scan(
        &self,
        range: Range<Vec<u8>>,
        limit: usize,
        direction: Direction,
    ) -> Result<Vec<(Bytes, Bytes)>, EngineError> {
        let mut found = Vec::with_capacity(limit.min(256));
        let mut records = self.db.range(range);
        while found.len() < limit {
            let next = match direction {
                Direction::Forward => records.next(),
                Direction::Backward => records.next_back(),
            };
            let Some(next) = next else { break };
            let (key, value) = next.map_err(engine_error)?;
            found.push((Bytes::copy_from_slice(&key), Bytes::copy_from_slice(&value)));
        }
        Ok(found)
    }

    pub(super) fn apply_group(
        &self,
        batches: Vec<Batch>,
        trail: Trail<'_>,
    ) -> Result<Vec<Result<(), Conflict>>, EngineError> {
        let mut outcomes = Vec::with_capacity(batches.len());
        let mut records = Vec::new();
        // Accepted and not in the tree yet; later batches of the group must see it.
        let mut pending = Pending::new();
        for batch in batches {
            let operations = pending.len() + records.len() + batch.operations();
            if operations > limits::ENGINE_BATCH_OPERATIONS {
                let records = std::mem::take(&mut records);
                self.apply(std::mem::take(&mut pending), records, trail)?;
            }
            if !self.holds(&batch, &pending)? {
                outcomes.push(Err(Conflict));
                continue;
            }
            for (key, value) in batch.put {
                pending.insert(key, Some(IVec::from(value)));
            }
            for key in batch.delete {
                pending.insert(key, None);
            }
            records.extend(batch.audit);
            outcomes.push(Ok(()));
        }
        self.apply(pending, records, trail)?;
        Ok(outcomes)
    }

    fn holds(&self, batch: &Batch, pending: &Pending) -> Result<bool, EngineError> {
        for expect in &batch.expect {
            let holds = match pending.get(&expect.key) {
                Some(value) => value.as_deref() == expect.value.as_deref(),
                None => {
                    let value = self.db.get(&expect.key).map_err(engine_error)?;
                    value.as_deref() == expect.value.as_deref()
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn apply(
        &self,
        mut pending: Pending,
        records: Vec<Record>,
        trail: Trail<'_>,
    ) -> Result<(), EngineError> {
        if !records.is_empty() {
            let put = trail(records).into_iter();
            pending.extend(put.map(|(key, value)| (key, Some(IVec::from(value)))));
        }
        if pending.is_empty() {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        for (key, value) in pending {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.db.apply_batch(batch).map_err(engine_error)
    }

    pub(super) fn sync(&self) -> Result<(), EngineError> {
        self.db.flush().map(drop).map_err(engine_error)
    }

    pub(super) fn size_on_disk(&self) -> u64 {
        self.db.size_on_disk().unwrap_or(0)
    }

    pub(super) fn check(&self) -> Result<(), EngineError> {
        match fs::read_dir(self.dir.join("blobs"))?.next() {
            None => Ok(()),
            Some(_) => Err(EngineError::OutsideLog),
        }
    }

    #[cfg(unix)]
    pub(super) fn free_space(&self) -> Option<u64> {
        crate::store::durability::free_space(&self.dir).ok()
    }

    #[cfg(not(unix))]
    pub(super) fn free_space(&self) -> Option<u64> {
        None
    }

    /// Writes something new outside the records and syncs it.
    pub(in crate::store) fn write_probe(&self, value: &[u8]) -> Result<(), EngineError> {
        let tree = self.db.open_tree("self-test").map_err(engine_error)?;
        tree.insert("probe", value).map_err(engine_error)?;
        tree.flush().map(drop).map_err(engine_error)
    }
}

/// In key order, so that neighbours are written while their leaf is at hand.
type Pending = BTreeMap<Vec<u8>, Option<IVec>>;

fn engine_error(error: sled::Error) -> EngineError {
    match error {
        // sled words this one itself; its kind is only `Other`.
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => {
            EngineError::InUse
        }
        sled::Error::Io(error) => error.into(),
        _ => EngineError::Corrupt,
    }
}

fn lock(dir: &Path) -> Result<File, EngineError> {
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(false).open(dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(EngineError::InUse),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn open_when_let_go(dir: &Path) -> Result<sled::Db, EngineError> {
    let began = Instant::now();
    loop {
        let opened = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .segment_size(SEGMENT_BYTES)
            .flush_every_ms(None)
            .use_compression(false)
            .open()
            .map_err(engine_error);
        match opened {
            // sled offers nothing to wait for here.
            Err(EngineError::InUse) if began.elapsed() < LETTING_GO => {
                std::thread::sleep(Duration::from_millis(2));
            }
            opened => return opened,
        }
    }
}

fn remove_torn_snapshots(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn sync_if_there(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Ok(file) => file.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes names in a directory durable.
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}
