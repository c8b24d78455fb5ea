//! Files are what the entries that share them say, and nobody keeps more or less than is counted.

use std::collections::HashMap;
use std::sync::Arc;

use shared_proto::conversation::event::kind;
use shared_proto::entry::Entry;
use shared_proto::file::counted;
use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};

use crate::blobs::Blobs;
use crate::blobs::sealed::SealedFile;
use crate::store::conversations::Loaded;
use crate::store::engine::Direction;
use crate::store::entries::Batches;
use crate::store::files::{FileRecord, Own, find, sealing, shared_by, upload};
use crate::store::{Store, StoreError, keys, unseal};

const OF_NOTHING: StoreError = StoreError::Damaged("shared file (of nothing)");

/// Each entry that shares a file is found from the file, and there are no others; how many.
pub(super) fn check_shared(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
) -> Result<u64, StoreError> {
    let mut files = 0;
    each_shared(store, conversation, loaded, |entry, file, bytes| {
        let known = find(store, file)?;
        let (person, entry) = (entry.author, Some(entry.id));
        let expect = FileRecord { conversation, person, bytes, entry };
        files += 1;
        if known == Some(expect) { Ok(()) } else { Err(StoreError::Damaged("file (not known)")) }
    })?;
    let mut listed = 0;
    let mut range = keys::shared_before(conversation, EntryId::MAX);
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            let file: FileId = unseal(&loaded.sealing, key, sealed, "shared file")?;
            let known = find(store, file)?.ok_or(OF_NOTHING)?;
            if known.entry != keys::parse_shared(key) || known.conversation != conversation {
                return Err(OF_NOTHING);
            }
            listed += 1;
        }
    }
    if listed == files { Ok(files) } else { Err(StoreError::Damaged("shared file (missing)")) }
}

fn each_shared(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
    mut each: impl FnMut(&Entry, FileId, u64) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sealing = &loaded.sealing;
    let mut batches = Batches::forward(&store.engine, sealing, conversation, EntryId::MIN)?;
    while let Some(batch) = batches.next_batch()? {
        for entry in batch.iter().filter(|entry| entry.kind == kind::SHARED) {
            let shared = shared_by(entry).ok_or(StoreError::Damaged("shared file"))?;
            each(entry, shared.file, shared.bytes)?;
        }
    }
    Ok(())
}

/// Each file is sent, or shared; and what everyone keeps is what is counted.
pub(super) fn check(store: &Store) -> Result<(), StoreError> {
    // In bytes, and with small files at their least size.
    let mut kept: HashMap<PersonId, (u64, u64)> = HashMap::new();
    let damaged = |what| Err(StoreError::Damaged(what));
    store.for_each(keys::FILES, "file", |key, known: FileRecord| {
        let file = keys::parse_file(key).ok_or(StoreError::Damaged("file"))?;
        let FileRecord { conversation, person, bytes, entry } = known;
        let sums = kept.entry(person).or_default();
        *sums = (sums.0 + bytes, sums.1 + counted(bytes));
        let own = Own { conversation, person, file };
        let leads = match entry {
            Some(entry) => store.engine.get(&keys::shared(conversation, entry))?.is_some(),
            None => upload(store, own)?.is_some_and(|upload| upload.bytes == bytes),
        };
        if leads { Ok(()) } else { damaged("file (neither sent nor shared)") }
    })?;
    let mut range = keys::prefix_range(keys::UPLOADS);
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        for (key, _) in &page {
            let named = keys::parse_upload(key);
            let (conversation, person, file) = named.ok_or(StoreError::Damaged("file"))?;
            let known = find(store, file)?;
            let leads = known.is_some_and(|known| {
                (known.conversation, known.person, known.entry) == (conversation, person, None)
            });
            if !leads {
                return damaged("file (sent, but not known)");
            }
        }
    }
    let differs = || damaged("files kept (of another size)");
    // What no server has counted anew yet is right in bytes.
    store.for_each(keys::KEPT, "files kept", |key, sum: u64| {
        let person = keys::parse_kept(key).ok_or(StoreError::Damaged("files kept"))?;
        let (bytes, _) = kept.remove(&person).unwrap_or_default();
        if bytes == sum { Ok(()) } else { differs() }
    })?;
    store.for_each(keys::COUNTED, "files kept", |key, sum: u64| {
        let person = keys::parse_counted(key).ok_or(StoreError::Damaged("files kept"))?;
        let (_, counted) = kept.remove(&person).unwrap_or_default();
        if counted == sum { Ok(()) } else { differs() }
    })?;
    if kept.is_empty() { Ok(()) } else { damaged("files kept (missing)") }
}

/// Reads the contents of every file that was shared: whole, sealed for its place, and of the hash
/// its entry says.
///
/// # Errors
/// The first that is not.
pub async fn contents(store: &Arc<Store>, blobs: &Arc<Blobs>) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = store.read(move |store| next(store, after)).await?;
        let Some((last, ..)) = page.last() else { return Ok(()) };
        after = Some(last.clone());
        for (_, conversation, entry) in page {
            let Some(shared) = shared_by(&entry) else {
                return Err(StoreError::Damaged("shared file"));
            };
            let key = store.read(move |store| sealing(store, conversation)).await?;
            let file = SealedFile::new(Arc::clone(blobs), &key, shared.file, shared.bytes);
            match file.hash().await {
                Ok(hash) if hash == shared.hash => {}
                Ok(_) => return Err(StoreError::Damaged("contents of a file (others)")),
                Err(error) => {
                    let file = shared.file;
                    tracing::error!(%conversation, %file, %error, "a file cannot be read");
                    return Err(StoreError::Damaged("contents of a file"));
                }
            }
        }
    }
}

/// The next entries that share files.
fn next(
    store: &Store,
    after: Option<Vec<u8>>,
) -> Result<Vec<(Vec<u8>, ConversationId, Entry)>, StoreError> {
    let mut range = keys::prefix_range(keys::SHARED);
    if let Some(after) = after {
        range.start = keys::after(&after);
    }
    let page = store.engine.scan(range, 64, Direction::Forward)?;
    let mut found = Vec::with_capacity(page.len());
    for (key, _) in page {
        let conversation = keys::parse_conversation(&key).ok_or(OF_NOTHING)?;
        let id = keys::parse_shared(&key).ok_or(OF_NOTHING)?;
        let sealing = sealing(store, conversation)?;
        let mut batches = Batches::forward(&store.engine, &sealing, conversation, id)?;
        let mut entry = None;
        while entry.is_none() {
            let Some(batch) = batches.next_batch()? else { return Err(OF_NOTHING) };
            entry = batch.into_iter().find(|entry| entry.id == id);
        }
        found.push((key.to_vec(), conversation, entry.ok_or(OF_NOTHING)?));
    }
    Ok(found)
}
