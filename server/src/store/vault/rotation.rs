//! Puts a new practice key in the place of the old one, in steps of which each leaves something
//! that opens:
//!
//! 1. the new key is written beside the key file,
//! 2. all keys, wrapped with it, are written beside the key store,
//! 3. the old key store and the old key file get a second name,
//! 4. the new key store takes the old one's name: from here on the new key counts,
//! 5. the new key takes the old one's name,
//! 6. the bytes of the old key store, then of the old key, are overwritten and removed.
//!
//! A crash before 4 is undone when the vault is next opened, one after it is completed: the key
//! that opens the key store tells which.

#[cfg(test)]
mod tests;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::practice_key::{KeyError, PracticeKey};
use super::{RECORDS, SealingKey, Vault, VaultError, unwrap, wrap, wrapping};
use crate::store::keystore::{Held, Keystore, Replacement, sync_parent};

/// What a change of the practice key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Keys that were wrapped anew, the records key included.
    pub keys: usize,
    /// Where the new key lies.
    pub key_file: PathBuf,
}

/// Why the practice key was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The store is in memory.
    #[error("this practice is in memory only and has no key that could be changed")]
    InMemory,
    /// The key is not in a file.
    #[error(
        "the key comes from QUIETROOM_KEY, where it cannot be changed from here (nothing was \
         changed). Stop the server, write the key into a file that only its user can read, start \
         it with --key-file instead of QUIETROOM_KEY, and try again"
    )]
    FromEnvironment,
    /// Some keys cannot be read, and would be lost.
    #[error(
        "some keys in the key store are damaged and cannot be wrapped anew (nothing was changed); \
         restore the newest backup first"
    )]
    Damaged,
    /// The key file is not the one the server runs with, or is readable by others.
    #[error("{0} (nothing was changed)")]
    Key(#[source] KeyError),
    /// The key file holds another key by now.
    #[error("the key file {path} does not hold the key this data opens with (nothing was changed)", path = .0.display())]
    AnotherKey(PathBuf),
    /// The disk refused before anything counted.
    #[error(
        "the new key or key store could not be written beside {path} (nothing was changed): {1}",
        path = .0.display()
    )]
    Unchanged(PathBuf, #[source] io::Error),
    /// The disk refused after the new key began to count.
    #[error(
        "the new key counts, but the disk refused to finish: {1}. Keep {path} and the files beside \
         it: the next start completes the change",
        path = .0.display()
    )]
    Unfinished(PathBuf, #[source] io::Error),
    /// A test stopped it here.
    #[cfg(test)]
    #[error("stopped")]
    Stopped,
}

/// Names during a change.
struct Names {
    keys: PathBuf,
    key: PathBuf,
    new_keys: PathBuf,
    new_key: PathBuf,
    old_keys: PathBuf,
    old_key: PathBuf,
}

impl Names {
    fn of(data: &Path, key_file: &Path) -> Self {
        let keys = Vault::path(data);
        // Where the key file is a link, what it leads to is replaced, not the link.
        let key = fs::canonicalize(key_file).unwrap_or_else(|_| key_file.to_owned());
        Self {
            new_keys: with_suffix(&keys, ".rotating"),
            new_key: with_suffix(&key, ".rotating"),
            old_keys: with_suffix(&keys, ".replaced"),
            old_key: with_suffix(&key, ".replaced"),
            keys,
            key,
        }
    }

    fn left_over(&self) -> [&Path; 4] {
        [&self.new_keys, &self.old_keys, &self.new_key, &self.old_key]
    }
}

impl Vault {
    /// Makes a new practice key and wraps every key with it; values are not touched. New
    /// conversations and destructions wait meanwhile. Durable when it returns; blocks.
    ///
    /// # Errors
    /// [`RotationError`], which says whether anything was changed.
    pub fn rotate(&self) -> Result<Rotated, RotationError> {
        self.rotate_until(usize::MAX)
    }

    /// As [`Vault::rotate`], up to and with the step of this number.
    fn rotate_until(&self, last: usize) -> Result<Rotated, RotationError> {
        let data = self.data.as_ref().ok_or(RotationError::InMemory)?;
        let key_file = self.key_file.as_ref().ok_or(RotationError::FromEnvironment)?;
        let names = Names::of(data, key_file);
        let mut held = self.keystore.hold();
        if self.keystore.damaged() > 0 {
            return Err(RotationError::Damaged);
        }
        // Also checks who may read it.
        let current =
            wrapping(&PracticeKey::load_or_create(&names.key, false).map_err(RotationError::Key)?);
        if !opens(&self.keystore, &current) {
            return Err(RotationError::AnotherKey(names.key));
        }
        let key = PracticeKey::random().map_err(RotationError::Key)?;
        let fresh = wrapping(&key);
        let replacement = match prepare(&names, &key, &current, &fresh, &held, last) {
            Ok(replacement) => replacement,
            #[cfg(test)]
            Err(RotationError::Stopped) => return Err(RotationError::Stopped),
            Err(error) => {
                // The first error is the one worth telling; the next start tidies up as well.
                let _ = tidy(&names);
                return Err(error);
            }
        };
        if let Err(error) = fs::rename(&names.new_keys, &names.keys) {
            let _ = tidy(&names);
            return Err(RotationError::Unchanged(names.keys, error));
        }
        let keys = held.keys().len();
        // Held until the old file is overwritten: nobody else comes to open it meanwhile.
        let _old = {
            let mut wrapping = self.wrapping.write().unwrap_or_else(PoisonError::into_inner);
            *wrapping = fresh;
            held.adopt(replacement)
        };
        let unfinished = |error| RotationError::Unfinished(names.new_key.clone(), error);
        sync_parent(&names.keys).map_err(unfinished)?;
        reached(4, last)?;
        fs::rename(&names.new_key, &names.key).map_err(unfinished)?;
        let unfinished = |error| RotationError::Unfinished(names.key.clone(), error);
        sync_parent(&names.key).map_err(unfinished)?;
        reached(5, last)?;
        wipe(&names.old_keys).map_err(unfinished)?;
        reached(6, last)?;
        wipe(&names.old_key).map_err(unfinished)?;
        Ok(Rotated { keys, key_file: names.key })
    }
}

/// Steps 1 to 3: everything that still counts for nothing.
fn prepare(
    names: &Names,
    key: &PracticeKey,
    current: &SealingKey,
    fresh: &SealingKey,
    held: &Held<'_>,
    last: usize,
) -> Result<Replacement, RotationError> {
    let unchanged = |path: &Path| {
        let path = path.to_owned();
        |error| RotationError::Unchanged(path, error)
    };
    tidy(names).map_err(unchanged(&names.key))?;
    key.create(&names.new_key).map_err(unchanged(&names.key))?;
    owned_alike(&names.key, &names.new_key).map_err(unchanged(&names.key))?;
    reached(1, last)?;
    let mut keys = held.keys();
    for (id, wrapped) in &mut keys {
        let plain = unwrap(current, id, wrapped).ok_or(RotationError::Damaged)?;
        *wrapped = wrap(fresh, id, &plain);
    }
    let replacement = Replacement::write(&names.new_keys, keys).map_err(unchanged(&names.keys))?;
    owned_alike(&names.keys, &names.new_keys).map_err(unchanged(&names.keys))?;
    reached(2, last)?;
    for (path, second) in [(&names.keys, &names.old_keys), (&names.key, &names.old_key)] {
        fs::hard_link(path, second).and_then(|()| sync_parent(second)).map_err(unchanged(path))?;
    }
    reached(3, last)?;
    Ok(replacement)
}

/// Gives a new file the owner of the old one: the operator may change the key as root, and the
/// server's own user has to read it afterwards.
fn owned_alike(old: &Path, new: &Path) -> io::Result<()> {
    let (was, is) = (fs::metadata(old)?, fs::metadata(new)?);
    if (was.uid(), was.gid()) == (is.uid(), is.gid()) {
        return Ok(());
    }
    chown(new, Some(was.uid()), Some(was.gid()))
}

/// Where a test stops it.
#[cfg_attr(not(test), expect(clippy::unnecessary_wraps, reason = "only tests stop it"))]
fn reached(_step: usize, _last: usize) -> Result<(), RotationError> {
    #[cfg(test)]
    if _step >= _last {
        return Err(RotationError::Stopped);
    }
    Ok(())
}

/// Completes or undoes what a crash cut off. What wraps the keys, when it is not `current`.
///
/// # Errors
/// When a new key is needed and cannot be read or take its place.
pub(super) fn recover(
    data: &Path,
    key_file: &Path,
    keystore: &Keystore,
    current: &SealingKey,
) -> Result<Option<SealingKey>, VaultError> {
    let names = Names::of(data, key_file);
    if !names.left_over().iter().any(|path| path.exists()) {
        return Ok(None);
    }
    let io =
        |path: &Path, error| VaultError::Rotation(KeyError::Io(path.display().to_string(), error));
    let mut completed = None;
    if !opens(keystore, current) {
        if !names.new_key.exists() {
            return Ok(None);
        }
        let key = PracticeKey::load_or_create(&names.new_key, false);
        let fresh = wrapping(&key.map_err(VaultError::Rotation)?);
        if !opens(keystore, &fresh) {
            return Ok(None);
        }
        sync_parent(&names.keys).map_err(|error| io(&names.keys, error))?;
        fs::rename(&names.new_key, &names.key).map_err(|error| io(&names.key, error))?;
        sync_parent(&names.key).map_err(|error| io(&names.key, error))?;
        completed = Some(fresh);
    }
    let what = if completed.is_some() { "completed" } else { "tidied up after" };
    tidy(&names).map_err(|error| io(&names.key, error))?;
    tracing::warn!("a change of the practice key had been cut off, and was {what}");
    Ok(completed)
}

/// Whether this is what wraps the keys.
fn opens(keystore: &Keystore, wrapping: &SealingKey) -> bool {
    let records = keystore.get(&RECORDS);
    records.is_some_and(|wrapped| unwrap(wrapping, &RECORDS, &wrapped).is_some())
}

/// Removes what an earlier change left lying.
fn tidy(names: &Names) -> io::Result<()> {
    names.left_over().into_iter().try_for_each(wipe)
}

/// Overwrites a file, unless its bytes have another name under which they may still count, and
/// removes it.
fn wipe(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if metadata.nlink() == 1 {
        // The key store holds 128 bytes a conversation: it fits into memory, as it does when read.
        let zeroes = vec![0; usize::try_from(metadata.len()).map_err(io::Error::other)?];
        file.write_all(&zeroes)?;
        file.sync_all()?;
    }
    fs::remove_file(path)?;
    sync_parent(path)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
