//! Wrapped keys in one file of fixed slots, outside the engine and its backups, so that a key can
//! really be destroyed: its slot is overwritten and synced, where the engine's log would keep it.
//!
//! A slot counts when its checksum holds. A write that was cut off leaves a last slot that is too
//! short or ends in zeroes: it was never acknowledged, and is written over. Any other slot whose
//! checksum does not hold is damage: it is named, never used and never written over.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use super::engine::sled::sync_directory;

/// Whose key a slot holds. All zeroes: the records key.
pub type KeyId = [u8; 16];

const MAGIC: &[u8] = b"quietroom keys 1\n";
const SLOT: usize = 128;
const STATE: usize = 0;
const ID: std::ops::Range<usize> = 1..17;
const WRAPPED: std::ops::Range<usize> = 17..89;
const CHECK: std::ops::Range<usize> = 89..97;
const LIVE: u8 = 1;
const DESTROYED: u8 = 2;

/// Nonce (24), key (32) and tag (16) of a wrapped key.
pub type Wrapped = [u8; 72];

/// Why the key store does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// The operating system refused.
    #[error("the operating system refused the key store: {0}")]
    Io(#[from] io::Error),
    /// Another process has it open.
    #[error("the key store is in use by another process")]
    InUse,
    /// The file is something else.
    #[error("the file is not a key store of this version")]
    NotAKeystore,
    /// A file stands where a copy should go.
    #[error("a file of that name exists already, and is not overwritten")]
    Exists,
}

/// The key store.
pub struct Keystore {
    /// Held while the file is written, so that reading a key never waits for a sync.
    writing: Mutex<Slots>,
    keys: RwLock<HashMap<KeyId, Wrapped>>,
    damaged: usize,
}

/// Where things are in the file, in slots from its start; slot 0 is the file's head.
#[derive(Default)]
struct Slots {
    /// `None` = in memory only. The lock on the file is this handle's.
    file: Option<File>,
    places: HashMap<KeyId, u64>,
    free: Vec<u64>,
    next: u64,
}

impl Keystore {
    /// One that is gone when the process ends.
    #[must_use]
    pub fn memory() -> Self {
        Self {
            writing: Mutex::new(Slots { next: 1, ..Slots::default() }),
            keys: RwLock::default(),
            damaged: 0,
        }
    }

    /// Opens the file at `path`, made when it does not exist; only this process may have it open.
    ///
    /// # Errors
    /// When it cannot be read, is in use, or is something else.
    pub fn open(path: &Path) -> Result<Self, KeystoreError> {
        let mut file = owner_only(OpenOptions::new().read(true).write(true).create(true))
            .truncate(false)
            .open(path)?;
        file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => KeystoreError::InUse,
            std::fs::TryLockError::Error(error) => error.into(),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        if bytes.len() < SLOT {
            // Nothing was ever acknowledged from a file whose head is not whole.
            if !head().starts_with(&bytes) {
                return Err(KeystoreError::NotAKeystore);
            }
            write_at(&file, &head(), 0)?;
            file.sync_all()?;
            sync_parent(path)?;
            bytes = head().to_vec();
        }
        let (mut slots, keys, damaged) = read_slots(&bytes)?;
        slots.file = Some(file);
        if damaged > 0 {
            tracing::error!(slots = damaged, "keystore.damaged");
        }
        Ok(Self { writing: Mutex::new(slots), keys: RwLock::new(keys), damaged })
    }

    /// The wrapped key of `id`.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<Wrapped> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// How many keys it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Slots that were found damaged when it was opened.
    #[must_use]
    pub const fn damaged(&self) -> usize {
        self.damaged
    }

    /// Keeps a key, unless there is one: then that one is answered. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses; the key is not kept then.
    pub fn insert(&self, id: KeyId, wrapped: Wrapped) -> Result<Wrapped, KeystoreError> {
        self.keep(id, || wrapped, |kept| *kept)
    }

    /// As [`Keystore::insert`], with a key that is wrapped, and the kept one read, while no other
    /// key store can take this one's place.
    ///
    /// # Errors
    /// As there.
    pub(super) fn keep<T>(
        &self,
        id: KeyId,
        wrap: impl FnOnce() -> Wrapped,
        read: impl FnOnce(&Wrapped) -> T,
    ) -> Result<T, KeystoreError> {
        let mut slots = self.slots();
        if let Some(existing) = self.get(&id) {
            return Ok(read(&existing));
        }
        let wrapped = wrap();
        let place = slots.free.last().copied().unwrap_or(slots.next);
        slots.write(place, &slot(LIVE, &id, &wrapped))?;
        if slots.free.pop().is_none() {
            slots.next += 1;
        }
        slots.places.insert(id, place);
        self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(id, wrapped);
        Ok(read(&wrapped))
    }

    /// Overwrites a key; answers whether there was one. Gone for good when it returns.
    ///
    /// # Errors
    /// When the disk refuses; the key is not answered any more, but may still lie on the disk.
    pub fn destroy(&self, id: &KeyId) -> Result<bool, KeystoreError> {
        let mut slots = self.slots();
        let known = self.keys.write().unwrap_or_else(PoisonError::into_inner).remove(id).is_some();
        // A place without a key: an earlier try failed, and is made again.
        let Some(place) = slots.places.get(id).copied() else { return Ok(known) };
        slots.write(place, &slot(DESTROYED, &[0; 16], &[0; 72]))?;
        slots.places.remove(id);
        slots.free.push(place);
        Ok(true)
    }

    /// Writes every key to a new file at `to`, readable by its owner only.
    ///
    /// # Errors
    /// `Exists`, or when the disk refuses.
    pub fn copy_to(&self, to: &Path) -> Result<usize, KeystoreError> {
        // Holding it keeps a destruction from finishing meanwhile and living on in the copy.
        let _slots = self.slots();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        write_new(to, |file| {
            file.write_all(&head())?;
            for (id, wrapped) in &keys {
                file.write_all(&slot(LIVE, id, wrapped))?;
            }
            Ok(())
        })?;
        Ok(keys.len())
    }

    /// Keeps everything else from writing to it, for as long as the answer lives.
    pub(super) fn hold(&self) -> Held<'_> {
        Held { keystore: self, slots: self.slots() }
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        // Places change only after their write succeeded; a panic leaves them as they were.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn write(&self, place: u64, slot: &[u8; SLOT]) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        write_at(file, slot, place * SLOT as u64)?;
        file.sync_data()
    }
}

/// A key store that nothing else writes to meanwhile.
pub(super) struct Held<'a> {
    keystore: &'a Keystore,
    slots: MutexGuard<'a, Slots>,
}

impl Held<'_> {
    /// Every key it holds.
    pub(super) fn keys(&self) -> HashMap<KeyId, Wrapped> {
        self.keystore.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with a file that has taken this one's name. The old file, which stays locked while
    /// the answer lives.
    pub(super) fn adopt(&mut self, replacement: Replacement) -> Option<File> {
        let mut keys = self.keystore.keys.write().unwrap_or_else(PoisonError::into_inner);
        *keys = replacement.keys;
        std::mem::replace(&mut *self.slots, replacement.slots).file
    }
}

/// A whole key store under another name, locked for this process.
pub(super) struct Replacement {
    slots: Slots,
    keys: HashMap<KeyId, Wrapped>,
}

impl Replacement {
    /// Writes it to a new file at `path`. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses; part of the file may be there then.
    pub(super) fn write(path: &Path, keys: HashMap<KeyId, Wrapped>) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = owner_only(options.read(true).write(true).create_new(true)).open(path)?;
        file.try_lock().map_err(io::Error::from)?;
        let mut bytes = head().to_vec();
        let mut places = HashMap::new();
        for (place, (id, wrapped)) in (1..).zip(&keys) {
            places.insert(*id, place);
            bytes.extend_from_slice(&slot(LIVE, id, wrapped));
        }
        file.write_all(&bytes)?;
        file.sync_all()?;
        sync_parent(path)?;
        let next = 1 + keys.len() as u64;
        Ok(Self { slots: Slots { file: Some(file), places, free: Vec::new(), next }, keys })
    }
}

/// Checks that the file at `from` is a whole key store and copies it to `to`, which must not exist.
///
/// # Errors
/// When it is not, `Exists`, or the disk refuses.
pub fn copy_file(from: &Path, to: &Path) -> Result<usize, KeystoreError> {
    let bytes = std::fs::read(from)?;
    if bytes.len() < SLOT || bytes.len() % SLOT != 0 {
        return Err(KeystoreError::NotAKeystore);
    }
    let (slots, keys, damaged) = read_slots(&bytes)?;
    if damaged > 0 || slots.next != (bytes.len() / SLOT) as u64 {
        return Err(KeystoreError::NotAKeystore);
    }
    write_new(to, |file| file.write_all(&bytes))?;
    Ok(keys.len())
}

type Found = (Slots, HashMap<KeyId, Wrapped>, usize);

fn read_slots(bytes: &[u8]) -> Result<Found, KeystoreError> {
    if !bytes.starts_with(&head()) {
        return Err(KeystoreError::NotAKeystore);
    }
    let mut slots = Slots::default();
    let mut keys = HashMap::new();
    let mut damaged = 0;
    let (whole, _) = bytes.as_chunks::<SLOT>();
    slots.next = whole.len() as u64;
    for (place, slot) in whole.iter().enumerate().skip(1) {
        let sound = slot[CHECK] == Sha256::digest(&slot[..CHECK.start])[..CHECK.len()];
        match slot[STATE] {
            LIVE if sound => {
                let id = slot[ID].try_into().expect("the range is as long as an id");
                let wrapped = slot[WRAPPED].try_into().expect("the range is as long as a key");
                slots.places.insert(id, place as u64);
                keys.insert(id, wrapped);
            }
            DESTROYED if sound => slots.free.push(place as u64),
            _ if place + 1 == whole.len() && slot[CHECK] == [0; 8] => slots.next = place as u64,
            _ => damaged += 1,
        }
    }
    Ok((slots, keys, damaged))
}

pub(super) fn head() -> [u8; SLOT] {
    let mut head = [0; SLOT];
    head[..MAGIC.len()].copy_from_slice(MAGIC);
    head
}

pub(super) fn slot(state: u8, id: &KeyId, wrapped: &Wrapped) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[STATE] = state;
    slot[ID].copy_from_slice(id);
    slot[WRAPPED].copy_from_slice(wrapped);
    let check = Sha256::digest(&slot[..CHECK.start]);
    slot[CHECK].copy_from_slice(&check[..CHECK.len()]);
    slot
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// Has new files readable and writable by their owner only.
pub(crate) fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_directory(parent),
        _ => sync_directory(Path::new(".")),
    }
}

/// Writes a file that did not exist: first beside its name, then synced and renamed, so that it is
/// whole or not there.
pub(crate) fn write_new<T>(
    to: &Path,
    write: impl FnOnce(&mut File) -> io::Result<T>,
) -> Result<T, KeystoreError> {
    if to.try_exists()? {
        return Err(KeystoreError::Exists);
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let mut options = OpenOptions::new();
    let mut file = owner_only(options.write(true).create(true).truncate(true)).open(partial)?;
    let written = write(&mut file).and_then(|written| file.sync_all().map(|()| written));
    let renamed = written.and_then(|written| std::fs::rename(partial, to).map(|()| written));
    match renamed {
        Ok(written) => {
            sync_parent(to)?;
            Ok(written)
        }
        Err(error) => {
            // The first error is the one worth telling.
            let _ = std::fs::remove_file(partial);
            Err(error.into())
        }
    }
}
