//! Backups: the store as of one moment in one file, made while commits go on, and the wrapped keys
//! in another. The first may be kept for years; of the second keep only the newest, or destroyed
//! conversations could be read again.
//!
//! The file: magic and version (16 bytes), then records of key length (u16), value length (u32),
//! key and value, then a key length of zero, the number of records (u64) and the SHA-256 of
//! everything before it. Numbers are big-endian. Values stay sealed.
//!
//! Files that lie on this machine go along in a folder, copied after that moment (`blobs::copy`).

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use shared_proto::limits;

use super::committer::{CommitError, Committer, SnapshotError};
use super::engine::sled::sync_directory;
use super::engine::{Batch, Engine, EngineError};
use super::keystore::{KeystoreError, copy_file, write_new};
use super::vault::Vault;
use crate::blobs::{Blobs, copy};

const MAGIC: &[u8; 16] = b"quietroom data 1";
/// Records read at a time: small enough to hold no commit up for long.
pub(super) const CHUNK: usize = 256;
/// Bytes of records written in one sync, where an engine is new.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records of the store.
    pub records: u64,
    /// Bytes of the data file.
    pub bytes: u64,
    /// Wrapped keys in the other file, the records key included.
    pub keys: u64,
    /// Files in the folder.
    pub files: u64,
}

/// Why there is no backup, or no restored store.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file stands where the backup should go.
    #[error("{0} exists already, and is not overwritten; name another file or move it away")]
    Exists(PathBuf),
    /// The data directory holds something.
    #[error("{0} is not empty; restore into a new directory")]
    NotEmpty(PathBuf),
    /// The file is cut short, altered, or something else.
    #[error("{0} is not a whole backup of this version; nothing was restored")]
    Damaged(PathBuf),
    /// The disk refused.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The server is stopping, or its store has failed.
    #[error("no backup was made: {0}")]
    Commit(#[from] CommitError),
    /// The store could not be read as of one moment.
    #[error("no backup was made: {0}")]
    Snapshot(#[from] SnapshotError),
    /// The restored store could not be written.
    #[error("the restored store could not be written: {0}")]
    Engine(#[from] EngineError),
}

/// Writes the store as of now to `to`, its wrapped keys to `keys_to`, and the files that lie in the
/// first folder of `files` to the second. Commits go on meanwhile. Blocks for as long as it takes.
///
/// # Errors
/// [`BackupError`]; nothing of it is there then.
pub fn backup(
    committer: &Committer,
    vault: &Vault,
    to: &Path,
    keys_to: &Path,
    files: (&Path, &Path),
) -> Result<Summary, BackupError> {
    for path in [to, keys_to, files.1] {
        if path.try_exists().map_err(|error| BackupError::Io(path.to_owned(), error))? {
            return Err(BackupError::Exists(path.to_owned()));
        }
    }
    let mut snapshot = committer.snapshot()?;
    let mut failed = None;
    let written = write_new(to, |file| {
        let mut out = Hashing::new(BufWriter::with_capacity(256 * 1024, file));
        out.write(MAGIC)?;
        let mut records = 0_u64;
        loop {
            let found = match snapshot.next(CHUNK) {
                Ok(found) => found,
                Err(error) => {
                    failed = Some(error);
                    return Err(io::ErrorKind::Other.into());
                }
            };
            if found.is_empty() {
                break;
            }
            for (key, value) in &found {
                let key_length = u16::try_from(key.len()).expect("records are bounded");
                let value_length = u32::try_from(value.len()).expect("records are bounded");
                out.write(&key_length.to_be_bytes())?;
                out.write(&value_length.to_be_bytes())?;
                out.write(key)?;
                out.write(value)?;
                records += 1;
            }
        }
        out.write(&[0, 0])?;
        out.write(&records.to_be_bytes())?;
        let bytes = out.finish()?;
        Ok(Summary { records, bytes, ..Summary::default() })
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    let summary = written.map_err(|error| keystore_error(to, error))?;
    // After the snapshot: every conversation in it has its key here, unless destroyed meanwhile.
    let keys = vault.keystore().copy_to(keys_to).map_err(|error| keystore_error(keys_to, error));
    let copied = keys.and_then(|keys| {
        let copied = copy::copy(files.0, files.1);
        let copied = copied.map_err(|error| BackupError::Io(files.1.to_owned(), error));
        copied.inspect_err(|_| drop(fs::remove_file(keys_to))).map(|copied| (keys, copied))
    });
    match copied {
        Ok((keys, copied)) => Ok(Summary { keys: keys as u64, files: copied.files, ..summary }),
        Err(error) => {
            // Without its keys or files it is no backup; the first error is the one worth telling.
            let _ = fs::remove_file(to);
            let _ = fs::remove_dir_all(files.1);
            Err(error)
        }
    }
}

/// Where a restore that is not finished lies.
pub(super) fn unfinished(data: &Path) -> PathBuf {
    data.join("engine.restoring")
}

/// Makes a data directory of a backup; `data` must be absent or empty. The store becomes usable
/// only when the whole backup was read, its checksum holds, and its files are there.
///
/// # Errors
/// [`BackupError`]; the directory is then as it was, or empty.
pub fn restore(
    data: &Path,
    from: &Path,
    keys: &Path,
    files: &Path,
) -> Result<Summary, BackupError> {
    let at = |error: io::Error| BackupError::Io(data.to_owned(), error);
    empty_directory(data)?;
    let restoring = unfinished(data);
    let restored = restore_engine(&restoring, from).and_then(|summary| {
        let keys_count = copy_file(keys, &Vault::path(data)).map_err(|error| match error {
            KeystoreError::NotAKeystore => BackupError::Damaged(keys.to_owned()),
            error => keystore_error(keys, error),
        })?;
        let copied = copy::copy(files, &Blobs::directory(data));
        let copied = copied.map_err(|error| BackupError::Io(files.to_owned(), error))?;
        // Without keys an engine is refused, and with this name it is not looked at: there is no
        // moment at which half of it could be taken for a store.
        fs::rename(&restoring, Engine::directory(data)).map_err(at)?;
        sync_directory(data).map_err(at)?;
        Ok(Summary { keys: keys_count as u64, files: copied.files, ..summary })
    });
    if restored.is_err() {
        // The first error is the one worth telling; what stays is refused by `Vault::open`.
        let _ = fs::remove_file(Vault::path(data));
        let _ = fs::remove_dir_all(Blobs::directory(data));
        let _ = fs::remove_dir_all(&restoring);
    }
    restored
}

/// Makes `data`, for its user only; one that is there must be empty.
///
/// # Errors
/// `NotEmpty`; when the disk refuses.
pub(super) fn empty_directory(data: &Path) -> Result<(), BackupError> {
    let at = |error: io::Error| BackupError::Io(data.to_owned(), error);
    make_private(data).map_err(at)?;
    match fs::read_dir(data).map_err(at)?.next() {
        Some(_) => Err(BackupError::NotEmpty(data.to_owned())),
        None => Ok(()),
    }
}

fn make_private(data: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(data)
}

fn restore_engine(dir: &Path, from: &Path) -> Result<Summary, BackupError> {
    let at = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Damaged(from.to_owned()),
        _ => BackupError::Io(from.to_owned(), error),
    };
    let damaged = || BackupError::Damaged(from.to_owned());
    let mut input = BufReader::with_capacity(256 * 1024, File::open(from).map_err(at)?);
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    let mut read = |into: &mut [u8]| -> Result<(), BackupError> {
        input.read_exact(into).map_err(at)?;
        hash.update(&*into);
        bytes += into.len() as u64;
        Ok(())
    };
    let mut magic = [0; MAGIC.len()];
    read(&mut magic)?;
    if magic != *MAGIC {
        return Err(damaged());
    }
    let engine = Engine::open_sled(dir)?;
    let mut records = 0_u64;
    let mut group = Group::default();
    loop {
        let mut key_length = [0; 2];
        read(&mut key_length)?;
        let key_length = usize::from(u16::from_be_bytes(key_length));
        if key_length == 0 {
            break;
        }
        let mut value_length = [0; 4];
        read(&mut value_length)?;
        let value_length = u32::from_be_bytes(value_length) as usize;
        // Before anything is made room for.
        if key_length.saturating_add(value_length) > limits::RECORD_BYTES {
            return Err(damaged());
        }
        let (mut key, mut value) = (vec![0; key_length], vec![0; value_length]);
        read(&mut key)?;
        read(&mut value)?;
        group.put(key, value);
        if group.is_full() {
            engine.commit_group(group.take())?;
        }
        records += 1;
    }
    let mut count = [0; 8];
    read(&mut count)?;
    let mut trailer = [0; 32];
    input.read_exact(&mut trailer).map_err(at)?;
    let whole = trailer == *hash.finalize() && u64::from_be_bytes(count) == records;
    if !whole || input.read(&mut [0]).map_err(at)? != 0 {
        return Err(damaged());
    }
    engine.commit_group(group.take())?;
    Ok(Summary { records, bytes: bytes + trailer.len() as u64, ..Summary::default() })
}

/// Records on their way into an engine that is new.
#[derive(Default)]
pub(super) struct Group {
    batches: Vec<Batch>,
    bytes: usize,
}

impl Group {
    /// Whether those that wait are enough for one sync.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes >= GROUP_BYTES
    }

    /// Adds one.
    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.bytes += key.len() + value.len();
        match self.batches.last_mut() {
            Some(batch) if batch.put.len() < limits::ENGINE_BATCH_OPERATIONS => {
                batch.put.push((key, value));
            }
            _ => self.batches.push(Batch { put: vec![(key, value)], ..Batch::default() }),
        }
    }

    /// Those that wait, for one sync.
    pub(super) fn take(&mut self) -> Vec<Batch> {
        std::mem::take(self).batches
    }
}

/// Writes and hashes.
struct Hashing<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    fn new(out: W) -> Self {
        Self { out, hash: Sha256::new(), bytes: 0 }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Writes the hash; the bytes written in all.
    fn finish(mut self) -> io::Result<u64> {
        let hash = self.hash.finalize();
        self.out.write_all(&hash)?;
        self.out.flush()?;
        Ok(self.bytes + hash.len() as u64)
    }
}

fn keystore_error(path: &Path, error: KeystoreError) -> BackupError {
    match error {
        KeystoreError::Exists => BackupError::Exists(path.to_owned()),
        KeystoreError::Io(error) => BackupError::Io(path.to_owned(), error),
        error => BackupError::Io(path.to_owned(), io::Error::other(error.to_string())),
    }
}
