//! Files as the store knows them: what somebody sends, and which entry shares what. Their contents
//! are in `blobs`, and so is nothing that is not known here.
//!
//! How much somebody keeps is a record that every change to their files expects as it was read: two
//! at a time never come to more than their quota (`kept`).

mod kept;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::conversation::command::{Uploaded, Whole};
use shared_proto::conversation::event::{Event, Shared};
use shared_proto::entry::Entry;
use shared_proto::file::{self, FileKind};
use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;

use super::engine::{Batch, Direction, Expect};
use super::entries::Encoded;
use super::vault::SealingKey;
use super::{Store, StoreError, keys, seal, unseal};
pub use kept::count_anew;

const WHAT: &str = "file";

/// A file somebody sends, before anybody is shown it. Sealed with its conversation's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRecord {
    /// What it is called.
    pub name: String,
    /// What its name says that it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was begun.
    pub begun_at: Millis,
    /// What is known of it once all of it has arrived.
    pub whole: Option<Whole>,
}

/// Where a file belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who sends it, or sent it.
    pub person: PersonId,
    /// Its size in bytes.
    pub bytes: u64,
    /// The entry that shares it, once there is one.
    pub entry: Option<EntryId>,
}

/// Which file: a person's own, in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Where.
    pub conversation: ConversationId,
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub file: FileId,
}

impl Own {
    fn key(self) -> Vec<u8> {
        keys::upload(self.conversation, self.person, self.file)
    }
}

/// Where a file belongs; `None` when there is no such file.
///
/// # Errors
/// `Damaged` when its record does not open.
pub fn find(store: &Store, file: FileId) -> Result<Option<FileRecord>, StoreError> {
    store.get(&keys::file(file), WHAT)
}

/// What seals everything of a conversation.
///
/// # Errors
/// `Damaged` when there is no such key.
pub fn sealing(store: &Store, conversation: ConversationId) -> Result<Arc<SealingKey>, StoreError> {
    store.vault.conversation(conversation)?.ok_or(StoreError::Damaged("conversation key"))
}

/// A file somebody sends, as it is kept; `None` when it is not theirs, not there, or shared.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn upload(store: &Store, own: Own) -> Result<Option<UploadRecord>, StoreError> {
    Ok(upload_to_change(store, own)?.map(|(upload, _)| upload))
}

/// The same, for a change.
fn upload_to_change(store: &Store, own: Own) -> Result<Option<(UploadRecord, Expect)>, StoreError> {
    let key = own.key();
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    let sealing = sealing(store, own.conversation)?;
    let upload = unseal(&sealing, &key, &sealed, WHAT)?;
    let value = Some(Bytes::copy_from_slice(&sealed));
    Ok(Some((upload, Expect { key, value })))
}

/// What comes of wanting to send a file.
#[derive(Debug)]
pub enum Beginning {
    /// It was begun before, and this is what is kept of it.
    Known(UploadRecord),
    /// It has been shared, whole.
    Shared,
    /// It begins with this batch, which conflicts when somebody else was first.
    New(Box<Batch>),
}

/// Begins a file, or goes on with it.
///
/// # Errors
/// The outer one when the store cannot be read. The inner one: `QuotaUsed`; `TooMany` beyond
/// [`limits::UPLOADS_WAITING`]; `Duplicate` when it was begun as another file.
pub fn begin(
    store: &Store,
    own: Own,
    upload: &UploadRecord,
    quota: u64,
) -> Result<Result<Beginning, Refusal>, StoreError> {
    let refused = |rule| Ok(Err(Refusal::invalid(Field::File, rule)));
    if let Some(record) = find(store, own.file)? {
        // Its id is made of where and whose it is, so these are the same.
        if record.bytes != upload.bytes {
            return refused(Rule::Duplicate);
        }
        if record.entry.is_some() {
            return Ok(Ok(Beginning::Shared));
        }
        return match self::upload(store, own)? {
            Some(known) if known.name == upload.name => Ok(Ok(Beginning::Known(known))),
            Some(_) => refused(Rule::Duplicate),
            // Shared or cancelled between the two reads.
            None => Ok(Err(Refusal::Busy)),
        };
    }
    let range = keys::uploads_of(own.conversation, own.person);
    let waiting = store.engine.scan(range, limits::UPLOADS_WAITING, Direction::Forward)?;
    if waiting.len() >= limits::UPLOADS_WAITING {
        return refused(Rule::TooMany { limit: limits::UPLOADS_WAITING as u32 });
    }
    let (kept, expect) = kept::to_change(store, own.person)?;
    let counted = file::counted(upload.bytes);
    if let Err(refusal) = file::check_quota(kept, counted, quota) {
        return Ok(Err(refusal));
    }
    let mut batch = Batch::default();
    kept::put(store, kept + counted, expect, &mut batch);
    let sealing = sealing(store, own.conversation)?;
    let key = own.key();
    batch.expect.push(Expect { key: key.clone(), value: None });
    let sealed = seal(&sealing, &key, upload);
    batch.put.push((key, sealed));
    let Own { conversation, person, file } = own;
    let key = keys::file(file);
    batch.expect.push(Expect { key: key.clone(), value: None });
    let record = FileRecord { conversation, person, bytes: upload.bytes, entry: None };
    let sealed = store.seal(&key, &record);
    batch.put.push((key, sealed));
    Ok(Ok(Beginning::New(Box::new(batch))))
}

/// The batch that says all of a file has arrived; `None` when it is not there any more.
///
/// # Errors
/// `Damaged` when its record does not open.
pub fn complete(store: &Store, own: Own, whole: Whole) -> Result<Option<Batch>, StoreError> {
    let Some((upload, expect)) = upload_to_change(store, own)? else { return Ok(None) };
    let sealing = sealing(store, own.conversation)?;
    let upload = UploadRecord { whole: Some(whole), ..upload };
    let sealed = seal(&sealing, &expect.key, &upload);
    let put = vec![(expect.key.clone(), sealed)];
    Ok(Some(Batch { expect: vec![expect], put, ..Batch::default() }))
}

/// The batch that forgets a file nobody has been shown; `None` when there is no such file.
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn forget(store: &Store, own: Own) -> Result<Option<Batch>, StoreError> {
    let Some((upload, expect)) = upload_to_change(store, own)? else { return Ok(None) };
    let mut batch = Batch::default();
    let (kept, of_person) = kept::to_change(store, own.person)?;
    let kept = kept.saturating_sub(file::counted(upload.bytes));
    kept::put(store, kept, of_person, &mut batch);
    batch.delete = vec![expect.key.clone(), keys::file(own.file)];
    batch.expect.push(expect);
    Ok(Some(batch))
}

/// A file that is about to be shared, as its rule looks at it.
pub struct Unshared {
    /// What is known of it.
    pub uploaded: Uploaded,
    /// That it is still so.
    expect: Expect,
}

/// A file of somebody's that nobody has been shown.
///
/// # Errors
/// `Damaged` when its record does not open.
pub fn unshared(store: &Store, own: Own) -> Result<Option<Unshared>, StoreError> {
    let Some((upload, expect)) = upload_to_change(store, own)? else { return Ok(None) };
    let UploadRecord { name, kind, bytes, whole, .. } = upload;
    let uploaded = Uploaded { file: own.file, name, kind, bytes, whole };
    Ok(Some(Unshared { uploaded, expect }))
}

/// Adds to `batch` what makes a file the one this entry shares.
pub fn share(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    unshared: Unshared,
    encoded: &Encoded,
    batch: &mut Batch,
) {
    let Uploaded { file, bytes, .. } = unshared.uploaded;
    let (person, entry) = (encoded.entry.author, encoded.entry.id);
    let key = keys::file(file);
    let record = FileRecord { conversation, person, bytes, entry: Some(entry) };
    let sealed = store.seal(&key, &record);
    batch.put.push((key, sealed));
    let key = keys::shared(conversation, entry);
    let sealed = seal(sealing, &key, &file);
    batch.put.push((key, sealed));
    batch.delete.push(unshared.expect.key.clone());
    batch.expect.push(unshared.expect);
}

/// What an entry shares.
#[must_use]
pub fn shared_by(entry: &Entry) -> Option<Shared> {
    match Event::decode(entry) {
        Ok(Event::Shared(shared)) => Some(shared),
        _ => None,
    }
}

/// Of the next [`limits::BLOBS_LISTED`] files that nobody has been shown, those begun before `before`;
/// and the last one looked at, `None` when there is none left.
///
/// # Errors
/// When the engine fails. What does not open is stepped over.
pub fn left_behind(
    store: &Store,
    before: Millis,
    after: Option<Own>,
) -> Result<(Vec<Own>, Option<Own>), StoreError> {
    let mut range = keys::prefix_range(keys::UPLOADS);
    if let Some(after) = after {
        range.start = keys::after(&after.key());
    }
    let page = store.engine.scan(range, limits::BLOBS_LISTED, Direction::Forward)?;
    let (mut old, mut last) = (Vec::new(), None);
    for (key, sealed) in &page {
        let (conversation, person, file) =
            keys::parse_upload(key).ok_or(StoreError::Damaged(WHAT))?;
        let own = Own { conversation, person, file };
        last = Some(own);
        // One that is damaged keeps nobody else's from being removed. `verify` tells of it.
        let opened = sealing(store, conversation)
            .and_then(|sealing| unseal::<UploadRecord>(&sealing, key, sealed, WHAT));
        match opened {
            Ok(upload) if upload.begun_at < before => old.push(own),
            Ok(_) => {}
            Err(StoreError::Damaged(what)) => tracing::error!(what, "an upload stays: damaged"),
            Err(error) => return Err(error),
        }
    }
    Ok((old, last))
}

/// Which of these files are known.
///
/// # Errors
/// When the engine fails.
pub fn known(store: &Store, files: &[FileId]) -> Result<HashSet<FileId>, StoreError> {
    let mut known = HashSet::new();
    for file in files {
        if store.engine.get(&keys::file(*file))?.is_some() {
            known.insert(*file);
        }
    }
    Ok(known)
}
