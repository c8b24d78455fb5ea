//! Files sealed in chunks as they stream. A chunk is a value of the vault's form (XChaCha20-Poly1305,
//! random nonce) under a key of its file, which is derived from the key of its conversation. With it
//! are authenticated the file's id, its own index, and whether it is the last: a chunk that was
//! changed, swapped, moved to another file or left out at the end does not open as what is read.
//!
//! What is known of a file besides, its size and the hash of its contents, is kept with the entry
//! it belongs to. Whoever reads here gives the size; nothing is read or written of which it does not
//! say that it is there.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use shared_proto::file::{chunk_bytes, chunks};
use shared_proto::id::FileId;
use shared_proto::limits;

use super::{BlobError, Blobs};
use crate::store::vault::{Damaged, SealingKey};

/// The hash of a file's contents.
pub type Hash = [u8; 32];

/// A file could not be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// A chunk is missing, was changed, or is not the one that belongs there. Nothing of it is
    /// served.
    #[error("a file is damaged")]
    Damaged,
    /// Not as many bytes as the file's size says.
    #[error("a file is not of the size it was said to be")]
    Length,
    /// The chunk could not be kept or read.
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

impl From<Damaged> for SealedError {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}

/// A file: where it is, what it is sealed with, and how large it is.
#[derive(Clone)]
pub struct SealedFile {
    blobs: Arc<Blobs>,
    key: Arc<SealingKey>,
    id: FileId,
    bytes: u64,
}

impl SealedFile {
    /// The file of so many bytes that belongs to the conversation with this key.
    #[must_use]
    pub fn new(blobs: Arc<Blobs>, conversation: &SealingKey, id: FileId, bytes: u64) -> Self {
        Self { blobs, key: Arc::new(conversation.of_file(id)), id, bytes }
    }

    /// Its size in bytes, when it is whole.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The contents of one chunk.
    ///
    /// # Errors
    /// `Damaged`, also where the chunk is missing; `Length` beyond the end; when it cannot be read.
    pub async fn chunk(&self, index: u32) -> Result<Vec<u8>, SealedError> {
        let length = chunk_bytes(self.bytes, index).ok_or(SealedError::Length)?;
        let sealed = self.blobs.get_chunk(self.id, index).await?.ok_or(SealedError::Damaged)?;
        let (key, place) = (Arc::clone(&self.key), self.place(index));
        let opened = away(move || key.open(&place, &sealed)).await??;
        if opened.len() == length { Ok(opened) } else { Err(SealedError::Damaged) }
    }

    /// What lies in `range` of its contents, a chunk after the other, each read when the one before
    /// was taken. What lies beyond its end is not there. Ends with the first error.
    pub fn read(
        &self,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, SealedError>> + Send + use<> {
        let range = range.start..range.end.min(self.bytes);
        stream::try_unfold((self.clone(), range), async |(file, rest)| {
            if rest.is_empty() {
                return Ok(None);
            }
            let piece = file.piece(&rest).await?;
            let rest = rest.start + piece.len() as u64..rest.end;
            Ok(Some((piece, (file, rest))))
        })
    }

    /// What the first chunk of a range has of it.
    async fn piece(&self, range: &Range<u64>) -> Result<Bytes, SealedError> {
        let whole = limits::FILE_CHUNK_BYTES as u64;
        let index = u32::try_from(range.start / whole).map_err(|_| SealedError::Length)?;
        let before = range.start - range.start % whole;
        let chunk = Bytes::from(self.chunk(index).await?);
        // No more than a chunk is long, each.
        let start = (range.start - before) as usize;
        let end = (range.end - before).min(chunk.len() as u64) as usize;
        Ok(chunk.slice(start..end))
    }

    /// The hash of its contents, all of which are read: whoever kept it knows by it that these are
    /// the ones.
    ///
    /// # Errors
    /// As [`SealedFile::chunk`].
    pub async fn hash(&self) -> Result<Hash, SealedError> {
        let hashed = self.read(0..self.bytes).try_fold(Sha256::new(), async |hash, piece| {
            Ok(away(move || hash.chain_update(&piece)).await?)
        });
        Ok(hashed.await?.finalize().into())
    }

    /// Where a chunk belongs. The version of this scheme stands in the key's purpose.
    fn place(&self, index: u32) -> [u8; 21] {
        let mut place = [0; 21];
        place[..16].copy_from_slice(self.id.as_bytes());
        place[16..20].copy_from_slice(&index.to_be_bytes());
        place[20] = u8::from(index + 1 == chunks(self.bytes));
        place
    }
}

/// Writes a file, from its beginning or from where an earlier try ended.
pub struct Writer {
    file: SealedFile,
    next: u32,
    /// How many chunks an earlier try left.
    stored: u32,
    hash: Sha256,
}

impl Writer {
    /// For a file of which some chunks may be stored already: take them back one by one with
    /// [`Writer::recall`], or write over them.
    ///
    /// # Errors
    /// When what is stored cannot be seen.
    pub async fn open(file: SealedFile) -> Result<Self, SealedError> {
        let stored = file.blobs.stored(file.id).await?.min(chunks(file.bytes));
        Ok(Self { file, next: 0, stored, hash: Sha256::new() })
    }

    /// How many chunks are written.
    #[must_use]
    pub const fn written(&self) -> u32 {
        self.next
    }

    /// The contents of the next chunk, when an earlier try has stored it and its seal holds: it
    /// counts as written then. `None`: from here on chunks are to be written.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn recall(&mut self) -> Result<Option<Vec<u8>>, SealedError> {
        if self.next >= self.stored {
            return Ok(None);
        }
        let chunk = match self.file.chunk(self.next).await {
            Ok(chunk) => chunk,
            Err(SealedError::Damaged) => {
                self.stored = self.next;
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let hash = std::mem::take(&mut self.hash);
        let (hash, chunk) = away(move || (hash.chain_update(&chunk), chunk)).await?;
        self.hash = hash;
        self.next += 1;
        Ok(Some(chunk))
    }

    /// Seals and keeps the next chunk. Durable when it returns.
    ///
    /// # Errors
    /// `Length`, when it is not as long as the next chunk of the file is; when it could not be kept:
    /// then the writer is of no more use.
    pub async fn write(&mut self, chunk: Vec<u8>) -> Result<(), SealedError> {
        if chunk_bytes(self.file.bytes, self.next) != Some(chunk.len()) {
            return Err(SealedError::Length);
        }
        let (key, place) = (Arc::clone(&self.file.key), self.file.place(self.next));
        let hash = std::mem::take(&mut self.hash);
        let sealed = move || (key.seal(&place, &chunk), hash.chain_update(&chunk));
        let (sealed, hash) = away(sealed).await?;
        self.file.blobs.put_chunk(self.file.id, self.next, sealed.into()).await?;
        self.hash = hash;
        self.next += 1;
        Ok(())
    }

    /// The hash of the contents once all of them are written.
    ///
    /// # Errors
    /// `Length`, when some are missing.
    pub fn finish(self) -> Result<Hash, SealedError> {
        if self.next != chunks(self.file.bytes) {
            return Err(SealedError::Length);
        }
        Ok(self.hash.finalize().into())
    }
}

/// Work of a millisecond, away from the async threads.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| BlobError::Stopping)
}

#[cfg(test)]
mod tests;
