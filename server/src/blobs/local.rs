//! Blobs in a folder: a file for each, named by its id, in two levels of folders so that none gets
//! long.
//!
//! A file is slots of [`SLOT_BYTES`], a chunk in each: version, length, checksum, chunk. A slot counts
//! when its checksum holds, so a chunk whose writing was cut off is not there. Slots begin at
//! multiples of what disks and page caches write at once: no write touches a block that an
//! acknowledged chunk lies in. A chunk that is whole is never written over, since a kill in between
//! would lose it: it is replaced in a copy that takes the file's name.
//!
//! Acknowledged is what `fdatasync` has put on the disk, size and blocks included, under names that
//! were synced too, up to the folder. What a killed process wrote but did not sync may still be read
//! from the page cache: [`LocalBlobs::stored`] syncs before it counts, and names are synced anew by
//! the first write of each process.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use shared_proto::id::FileId;
use shared_proto::limits;
use shared_proto::time::Millis;

use super::{BlobError, CHUNK_BYTES, Listed, without_a_gap};
use crate::faults::{self, Point};
use crate::store::committer::RESERVE_BYTES;
use crate::store::durability::free_space;
use crate::store::engine::sled::sync_directory;
use crate::store::keystore::{owner_only, sync_parent};

/// Distance between two chunks of a file.
const SLOT_BYTES: u64 = 65 * 4096;
/// Version (1 byte), length of the chunk (4, big-endian), checksum (8); the rest is zero.
const HEAD_BYTES: usize = 16;
const VERSION: u8 = 1;
const _: () = assert!((HEAD_BYTES + CHUNK_BYTES) as u64 <= SLOT_BYTES);

/// Locks that writers share; blobs fall to them by their ids.
const LOCKS: usize = 64;
/// Blobs a lock remembers to have synced the names of.
const SETTLED: usize = 64;

/// A folder of blobs. Only one process may have it open; the key store of the data directory sees to
/// that.
pub struct LocalBlobs {
    folder: Arc<Folder>,
}

struct Folder {
    root: PathBuf,
    /// Free bytes that chunks leave alone.
    reserve: u64,
    /// Held by whoever writes. Within: whose names this process has synced.
    locks: [Mutex<HashSet<FileId>>; LOCKS],
}

impl LocalBlobs {
    /// Opens the folder, which is made, for its owner's eyes only, when it does not exist.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(root: &Path) -> io::Result<Self> {
        Self::open_with_reserve(root, RESERVE_BYTES)
    }

    /// As [`LocalBlobs::open`], leaving other free space than [`RESERVE_BYTES`] alone.
    ///
    /// # Errors
    /// As there.
    pub fn open_with_reserve(root: &Path, reserve: u64) -> io::Result<Self> {
        make_private(root)?;
        sync_parent(root)?;
        let locks = std::array::from_fn(|_| Mutex::default());
        Ok(Self { folder: Arc::new(Folder { root: root.to_owned(), reserve, locks }) })
    }

    pub(super) async fn put_chunk(
        &self,
        id: FileId,
        index: u32,
        chunk: Bytes,
    ) -> Result<(), BlobError> {
        self.blocking(move |folder| folder.put(id, index, &chunk)).await
    }

    pub(super) async fn get_chunk(
        &self,
        id: FileId,
        index: u32,
    ) -> Result<Option<Bytes>, BlobError> {
        self.blocking(move |folder| {
            let file = opened(&folder.path(id))?;
            Ok(file.map(|file| read_slot(&file, index)).transpose()?.flatten())
        })
        .await
    }

    pub(super) async fn stored(&self, id: FileId) -> Result<u32, BlobError> {
        self.blocking(move |folder| folder.stored(id)).await
    }

    pub(super) async fn delete(&self, id: FileId) -> Result<bool, BlobError> {
        self.blocking(move |folder| folder.delete(id)).await
    }

    pub(super) async fn list(
        &self,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        self.blocking(move |folder| folder.list(after, limit)).await
    }

    /// Away from the async threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, BlobError> + Send + 'static,
    ) -> Result<T, BlobError> {
        let folder = Arc::clone(&self.folder);
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(|_| BlobError::Stopping)?
    }
}

impl Folder {
    fn put(&self, id: FileId, index: u32, chunk: &[u8]) -> Result<(), BlobError> {
        if is_full() || free_space(&self.root)? < self.reserve {
            return Err(BlobError::StorageFull);
        }
        let path = self.path(id);
        let mut settled = self.lock(id);
        let file = self.create(&path)?;
        if read_slot(&file, index)?.is_some() {
            drop(file);
            settled.remove(&id);
            replace(&path, index, chunk)?;
        } else if let Err(error) = write_slot(&file, index, chunk) {
            // Whole it may be, but nobody knows whether it is on the disk.
            let _ = file.write_all_at(&[0; HEAD_BYTES], slot_place(index));
            return Err(error.into());
        }
        self.settle(&mut settled, id, &path)
    }

    fn stored(&self, id: FileId) -> Result<u32, BlobError> {
        let path = self.path(id);
        let mut settled = self.lock(id);
        remove_if_there(&copy_of(&path))?;
        let Some(file) = opened(&path)? else { return Ok(0) };
        file.sync_data()?;
        self.settle(&mut settled, id, &path)?;
        let mut failed = None;
        let whole = (0..limits::FILE_CHUNKS).take_while(|index| match read_slot(&file, *index) {
            Ok(chunk) => chunk.is_some(),
            Err(error) => {
                failed = Some(error);
                false
            }
        });
        let whole = without_a_gap(whole);
        failed.map_or(Ok(whole), |error| Err(error.into()))
    }

    fn delete(&self, id: FileId) -> Result<bool, BlobError> {
        let path = self.path(id);
        let mut settled = self.lock(id);
        settled.remove(&id);
        // The copy first: on its own nobody would look for it.
        remove_if_there(&copy_of(&path))?;
        let was_there = remove_if_there(&path)?;
        if was_there {
            sync_parent(&path)?;
        }
        Ok(was_there)
    }

    fn list(&self, after: Option<FileId>, limit: usize) -> Result<Vec<Listed>, BlobError> {
        let mut listed = Vec::new();
        // What cannot come after `after` is passed by.
        let from = after.map(|id| fan_out(id).map(OsString::from));
        let skips =
            |level: usize, name: &OsString| from.as_ref().is_some_and(|from| name < &from[level]);
        for outer in names(&self.root)? {
            if skips(0, &outer) {
                continue;
            }
            let is_first = from.as_ref().is_some_and(|from| outer == from[0]);
            let outer = self.root.join(outer);
            for inner in names(&outer)? {
                if is_first && skips(1, &inner) {
                    continue;
                }
                let inner = outer.join(inner);
                for name in names(&inner)? {
                    let Some(id) = id_of(&name).filter(|id| Some(*id) > after) else { continue };
                    // It may have been removed since the folder was read.
                    let Some(touched) = touched(&inner.join(name))? else { continue };
                    listed.push(Listed { id, touched });
                    if listed.len() == limit {
                        return Ok(listed);
                    }
                }
            }
        }
        Ok(listed)
    }

    fn path(&self, id: FileId) -> PathBuf {
        let [outer, inner] = fan_out(id);
        self.root.join(outer).join(inner).join(id.to_string())
    }

    /// Opens a blob's file to write to; it and its folders are made where they are missing.
    fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        owner_only(options.read(true).write(true).create(true).truncate(false));
        match options.open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_private(path.parent().unwrap_or(&self.root))?;
                options.open(path)
            }
            opened => opened,
        }
    }

    /// Makes a blob's name durable, unless this process has.
    fn settle(
        &self,
        settled: &mut HashSet<FileId>,
        id: FileId,
        path: &Path,
    ) -> Result<(), BlobError> {
        if settled.contains(&id) {
            return Ok(());
        }
        for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            sync_directory(folder)?;
        }
        if settled.len() >= SETTLED {
            settled.clear();
        }
        settled.insert(id);
        Ok(())
    }

    fn lock(&self, id: FileId) -> MutexGuard<'_, HashSet<FileId>> {
        // Random, as ids are.
        let lock = &self.locks[usize::from(id.as_bytes()[15]) % LOCKS];
        // What is in it is true at every moment.
        lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a test says that the disk is full.
fn is_full() -> bool {
    faults::is_on(Point::Full) || faults::is_on(Point::QuiteFull)
}

/// The folders of a blob, named after the first two bytes of its id.
fn fan_out(id: FileId) -> [String; 2] {
    let [outer, inner, ..] = *id.as_bytes();
    [format!("{outer:02x}"), format!("{inner:02x}")]
}

const fn slot_place(index: u32) -> u64 {
    index as u64 * SLOT_BYTES
}

/// Bound to its index, so that no slot passes for another.
fn checksum(index: u32, chunk: &[u8]) -> [u8; 8] {
    let digest = Sha256::new().chain_update(index.to_be_bytes()).chain_update(chunk).finalize();
    *digest.first_chunk().expect("a digest is longer than its beginning")
}

/// Writes a chunk and waits for the disk.
fn write_slot(file: &File, index: u32, chunk: &[u8]) -> io::Result<()> {
    let mut head = [0; HEAD_BYTES];
    head[0] = VERSION;
    let length = u32::try_from(chunk.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    head[1..5].copy_from_slice(&length.to_be_bytes());
    head[5..13].copy_from_slice(&checksum(index, chunk));
    file.write_all_at(chunk, slot_place(index) + HEAD_BYTES as u64)?;
    file.write_all_at(&head, slot_place(index))?;
    file.sync_data()
}

/// The chunk in a slot, when it is whole.
fn read_slot(file: &File, index: u32) -> io::Result<Option<Bytes>> {
    let mut head = [0; HEAD_BYTES];
    if !read_all_at(file, &mut head, slot_place(index))? || head[0] != VERSION {
        return Ok(None);
    }
    let [_, a, b, c, d, sum @ ..] = head;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length > CHUNK_BYTES {
        return Ok(None);
    }
    let mut chunk = vec![0; length];
    let is_there = read_all_at(file, &mut chunk, slot_place(index) + HEAD_BYTES as u64)?;
    let is_whole = is_there && sum.starts_with(&checksum(index, &chunk));
    Ok(is_whole.then(|| chunk.into()))
}

/// Whether the file had so many bytes there.
fn read_all_at(file: &File, bytes: &mut [u8], place: u64) -> io::Result<bool> {
    match file.read_exact_at(bytes, place) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts a chunk in the place of a whole one. The file is the old one or the new one at every moment.
fn replace(path: &Path, index: u32, chunk: &[u8]) -> Result<(), BlobError> {
    let copy = copy_of(path);
    let replaced = fs::copy(path, &copy)
        .and_then(|_| OpenOptions::new().write(true).open(&copy))
        .and_then(|file| write_slot(&file, index, chunk))
        .and_then(|()| fs::rename(&copy, path));
    if replaced.is_err() {
        // The first error is the one worth telling; what stays is removed with the blob.
        let _ = fs::remove_file(copy);
    }
    Ok(replaced?)
}

fn copy_of(path: &Path) -> PathBuf {
    let mut copy = path.as_os_str().to_owned();
    copy.push(".new");
    copy.into()
}

fn opened(path: &Path) -> io::Result<Option<File>> {
    if_there(File::open(path))
}

fn remove_if_there(path: &Path) -> io::Result<bool> {
    if_there(fs::remove_file(path)).map(|removed| removed.is_some())
}

fn touched(path: &Path) -> io::Result<Option<Millis>> {
    let modified = if_there(fs::metadata(path).and_then(|data| data.modified()))?;
    let since = modified.map(|time| time.duration_since(UNIX_EPOCH).unwrap_or_default());
    Ok(since.map(|since| Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))))
}

fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is in a folder, in order; nothing when it is not there, or is no folder.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        entries => if_there(entries)?,
    };
    let names = entries.into_iter().flatten().map(|entry| entry.map(|entry| entry.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// The id a file of ours is named by.
fn id_of(name: &OsString) -> Option<FileId> {
    let name = name.to_str()?;
    name.parse().ok().filter(|id: &FileId| id.to_string() == name)
}

/// Hands the files of all blobs of a folder to `each`, by rising ids.
pub(super) fn blobs_in(
    root: &Path,
    each: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> io::Result<()> {
    for outer in names(root)? {
        let outer = root.join(outer);
        for inner in names(&outer)? {
            let inner = outer.join(inner);
            for name in names(&inner)? {
                if id_of(&name).is_some() {
                    each(&inner.join(name))?;
                }
            }
        }
    }
    Ok(())
}

/// Makes a folder and those above it, for their owner's eyes only.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests;
