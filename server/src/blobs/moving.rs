//! The contents of all files, taken to another place: sealed as they are, a chunk at a time, and
//! read back there. Nothing at the old place is changed. Whatever of it is at the new place already
//! stays, so that a move that was interrupted goes on where it was.

use std::collections::HashSet;
use std::ops::Add;

use futures_util::{StreamExt, TryStreamExt, stream};
use shared_proto::file::chunks;
use shared_proto::id::FileId;
use shared_proto::limits;

use super::{BlobError, Blobs};
use crate::store::files::FileRecord;
use crate::store::{Store, StoreError, keys};

/// Files on their way at a time, with two chunks of each in memory.
const AT_ONCE: usize = 8;

/// Why files were not moved. All of them are at the old place still.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The records could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The old place does not give them.
    #[error("the place where files are: {0}")]
    From(#[source] BlobError),
    /// The new place does not take them.
    #[error("the place where files go: {0}")]
    To(#[source] BlobError),
    /// What was written there is not what is read there.
    #[error("the place where files go does not give back what it was given")]
    Altered,
    /// Files are there that this practice knows nothing of; its server would remove them.
    #[error(
        "files that are not of this practice are where files go; give another place, or empty that one"
    )]
    Taken,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Files that are at the new place now.
    pub files: u64,
    /// Chunks that were copied.
    pub copied: u64,
    /// Chunks that were there already.
    pub there: u64,
    /// Files that were shared of which something could not be read at the old place either.
    pub lost: u64,
}

impl Add for Moved {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            copied: self.copied + other.copied,
            there: self.there + other.there,
            lost: self.lost + other.lost,
        }
    }
}

/// Takes the contents of all files a store knows of from one place to another. Nothing may be sent
/// or removed meanwhile.
///
/// # Errors
/// [`MoveError`].
pub async fn move_all(store: &Store, from: &Blobs, to: &Blobs) -> Result<Moved, MoveError> {
    let mut known = Vec::new();
    store.for_each(keys::FILES, "file", |key, record: FileRecord| {
        known.extend(keys::parse_file(key).map(|file| (file, record)));
        Ok(())
    })?;
    check_free(to, &known.iter().map(|(file, _)| *file).collect()).await?;
    let each = stream::iter(&known).map(|(file, record)| copy(from, to, *file, record));
    let each = each.buffer_unordered(AT_ONCE);
    each.try_fold(Moved::default(), async |all, one| Ok(all + one)).await
}

/// Whether everything at a place is known: what is not would be removed as left behind.
async fn check_free(to: &Blobs, known: &HashSet<FileId>) -> Result<(), MoveError> {
    let mut after = None;
    loop {
        let page = to.list(after, limits::BLOBS_LISTED).await.map_err(MoveError::To)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        if page.iter().any(|blob| !known.contains(&blob.id)) {
            return Err(MoveError::Taken);
        }
    }
}

/// Copies one file, or as much of one that is still sent as there is.
async fn copy(
    from: &Blobs,
    to: &Blobs,
    file: FileId,
    record: &FileRecord,
) -> Result<Moved, MoveError> {
    let whole = chunks(record.bytes);
    let end = match record.entry {
        Some(_) => whole,
        None => {
            let sent = from.stored(file).await.map_err(MoveError::From)?.min(whole);
            // Of an earlier try, since when it was begun anew: would pass for sent.
            if to.stored(file).await.map_err(MoveError::To)? > sent {
                to.delete(file).await.map_err(MoveError::To)?;
            }
            sent
        }
    };
    let mut moved = Moved { files: 1, ..Moved::default() };
    for index in 0..end {
        let Some(chunk) = from.get_chunk(file, index).await.map_err(MoveError::From)? else {
            moved.lost = 1;
            continue;
        };
        let there = async || to.get_chunk(file, index).await.map_err(MoveError::To);
        if there().await?.as_ref() == Some(&chunk) {
            moved.there += 1;
            continue;
        }
        to.put_chunk(file, index, chunk.clone()).await.map_err(MoveError::To)?;
        if there().await?.as_ref() != Some(&chunk) {
            return Err(MoveError::Altered);
        }
        moved.copied += 1;
    }
    Ok(moved)
}

#[cfg(test)]
mod tests;
