//! Everything sealed anew, under keys that are all new, into another data directory: for when a key
//! may be known, and for when the cipher is exchanged (ASVS 11.2.2). Changing the practice key wraps
//! the other keys anew; here they are replaced, and with them every value. What is there is read
//! and not touched. The new directory opens only when all of it was written and checked.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::id::ConversationId;

use super::backup::{self, BackupError, Group};
use super::committer::Unobserved;
use super::engine::sled::sync_directory;
use super::engine::{Direction, Engine, EngineError};
use super::files::{self, FileRecord};
use super::people::{self, PersonRecord};
use super::vault::{PracticeKey, SealingKey, Vault, VaultError};
use super::verify::{self, Summary};
use super::{Store, StoreError, keys, unseal};
use crate::audit::of;
use crate::blobs::Blobs;
use crate::blobs::sealed::{SealedError, SealedFile, Writer};

/// Why nothing was sealed anew. The directory it should have gone to is empty then.
#[derive(Debug, thiserror::Error)]
pub enum ResealError {
    /// The new directory cannot be used.
    #[error(transparent)]
    Directory(#[from] BackupError),
    /// What is there does not open, or contradicts itself.
    #[error("what is there is damaged: {0}; see: quietroom verify")]
    Old(#[source] StoreError),
    /// The new keys could not be kept.
    #[error("the new keys could not be kept: {0}")]
    Keys(#[from] VaultError),
    /// The contents of a file could not be read, or kept anew.
    #[error("the contents of a file could not be sealed anew: {0}")]
    Files(#[source] SealedError),
    /// The place of files cannot be used.
    #[error("the new place of files cannot be used: {0}")]
    Place(#[source] io::Error),
    /// The new records could not be kept.
    #[error("what was sealed anew could not be kept: {0}")]
    Engine(#[from] EngineError),
    /// What was written is not what was read.
    #[error("what was sealed anew does not hold, and was removed: {0}")]
    New(#[source] StoreError),
}

/// Seals all of `store`, whose files are in `blobs`, anew into the directory `to`, absent or empty,
/// under `key`, and the files into the place that `open` opens. Nothing may be committed to `store`
/// meanwhile. Blocks for as long as it takes.
///
/// # Errors
/// [`ResealError`].
pub fn reseal(
    store: &Store,
    blobs: &Arc<Blobs>,
    to: &Path,
    key: PracticeKey,
    open: impl FnOnce() -> io::Result<Blobs>,
) -> Result<Summary, ResealError> {
    backup::empty_directory(to)?;
    let resealed = write(store, blobs, to, key, open);
    if resealed.is_err() {
        // The first error is the one worth telling; what stays is refused by `Vault::open`.
        let _ = fs::remove_file(Vault::path(to));
        let _ = fs::remove_dir_all(Blobs::directory(to));
        let _ = fs::remove_dir_all(backup::unfinished(to));
    }
    resealed
}

fn write(
    store: &Store,
    blobs: &Arc<Blobs>,
    to: &Path,
    key: PracticeKey,
    open: impl FnOnce() -> io::Result<Blobs>,
) -> Result<Summary, ResealError> {
    let before = verify::verify(store).map_err(ResealError::Old)?;
    let fresh = Vault::successor(&store.vault, to, key)?;
    let unfinished = backup::unfinished(to);
    let engine = Engine::open_sled(&unfinished)?;
    copy(store, &fresh, &engine)?;
    let copied = Store::open(Arc::new(engine), fresh, Arc::new(Unobserved));
    let copied = Arc::new(copied.map_err(ResealError::New)?);
    let after = verify::verify(&copied).map_err(ResealError::New)?;
    if after != before {
        return Err(ResealError::New(StoreError::Damaged("copied (of another number)")));
    }
    let fresh_blobs = Arc::new(open().map_err(ResealError::Place)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(ResealError::Place)?;
    runtime.block_on(async {
        contents(store, blobs, &copied, &fresh_blobs).await?;
        verify::contents(&copied, &fresh_blobs).await.map_err(ResealError::New)?;
        record(&copied).await.map_err(ResealError::New)
    })?;
    drop(copied);
    let at = |error| ResealError::Directory(BackupError::Io(to.to_owned(), error));
    fs::rename(&unfinished, Engine::directory(to)).map_err(at)?;
    sync_directory(to).map_err(at)?;
    Ok(after)
}

/// That it was done stands in the audit log there; nothing more is committed.
async fn record(copied: &Store) -> Result<(), StoreError> {
    let recorded = copied.record(of(Action::KeyRotated).to_practice().naming(&["resealed"])).await;
    copied.committer.stop().await;
    recorded
}

/// Reads the contents of every file, and writes them under its new key.
async fn contents(
    store: &Store,
    blobs: &Arc<Blobs>,
    copied: &Store,
    fresh: &Arc<Blobs>,
) -> Result<(), ResealError> {
    let mut known = Vec::new();
    let all = store.for_each(keys::FILES, "file", |key, record: FileRecord| {
        known.extend(keys::parse_file(key).map(|file| (file, record)));
        Ok(())
    });
    all.map_err(ResealError::Old)?;
    for (file, FileRecord { conversation, bytes, .. }) in known {
        let sealed = |store: &Store, blobs: &Arc<Blobs>| {
            let key = files::sealing(store, conversation)?;
            Ok(SealedFile::new(Arc::clone(blobs), &key, file, bytes))
        };
        let old = sealed(store, blobs).map_err(ResealError::Old)?;
        let new = sealed(copied, fresh).map_err(ResealError::New)?;
        // Of one that is still sent, as much as is there; that a shared one is whole is checked when
        // all are.
        let mut old = Writer::open(old).await.map_err(ResealError::Files)?;
        let mut new = Writer::open(new).await.map_err(ResealError::Files)?;
        while let Some(chunk) = old.recall().await.map_err(ResealError::Files)? {
            new.write(chunk).await.map_err(ResealError::Files)?;
        }
    }
    Ok(())
}

/// Reads every record, and writes it at its place under its new key.
fn copy(store: &Store, fresh: &Vault, engine: &Engine) -> Result<(), ResealError> {
    let records = [store.vault.records(), fresh.records()];
    let mut conversations = HashMap::new();
    let mut group = Group::default();
    let mut range = vec![0]..vec![u8::MAX; 2];
    loop {
        let page = store.engine.scan(range.clone(), backup::CHUNK, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            if key.starts_with(keys::EMAILS) {
                // Its key is a keyed hash: it is made anew with its person.
                continue;
            }
            if key.starts_with(keys::SUMMARIES) || key.starts_with(keys::SEGMENTS) {
                // Made anew by the server that starts there, of what is damaged too.
                continue;
            }
            if key.starts_with(keys::PEOPLE) {
                let person: PersonRecord =
                    unseal(&records[0], key, sealed, "person").map_err(ResealError::Old)?;
                if let Some((key, id)) = people::found_by_email(fresh, &person) {
                    group.put(key, id);
                }
            }
            let [old, new] = match keys::of_conversation(key) {
                None => &records,
                Some(id) => both(store, fresh, &mut conversations, id)?,
            };
            let plain = old.open(key, sealed);
            let plain = plain.map_err(|_| ResealError::Old(StoreError::Damaged("sealed")))?;
            group.put(key.to_vec(), new.seal(key, &plain));
        }
        if group.is_full() {
            engine.commit_group(group.take())?;
        }
    }
    engine.commit_group(group.take())?;
    Ok(())
}

/// The key a conversation is sealed with, and the one it is going to be.
fn both<'a>(
    store: &Store,
    fresh: &Vault,
    known: &'a mut HashMap<ConversationId, [Arc<SealingKey>; 2]>,
    id: ConversationId,
) -> Result<&'a [Arc<SealingKey>; 2], ResealError> {
    match known.entry(id) {
        Entry::Occupied(pair) => Ok(pair.into_mut()),
        Entry::Vacant(place) => {
            let old = store.vault.conversation(id).map_err(StoreError::from);
            let old = old.and_then(|old| old.ok_or(StoreError::Damaged("conversation (no key)")));
            let old = old.map_err(ResealError::Old)?;
            Ok(place.insert([old, fresh.create_conversation(id)?]))
        }
    }
}
