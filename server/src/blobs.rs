//! Where the contents of files are kept: sealed chunks under an id, behind a narrow port. Everything
//! above it is written once, for every place there is; `tests.rs` runs one model over all.
//!
//! A blob is the chunks of one file, from 0 on, at most [`limits::FILE_CHUNKS`] of them and each at
//! most [`CHUNK_BYTES`]. What is in them this port neither knows nor asks: `sealed` seals them before
//! they come here. A chunk that was acknowledged survives a kill and a power cut; one that was cut
//! off while it was written is not there. Ids are the server's; one is used again only by its own file,
//! which was cancelled and is sent after all.

mod args;
pub mod copy;
pub mod local;
pub mod memory;
pub mod moving;
pub mod place;
pub mod s3;
pub mod sealed;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use shared_proto::id::FileId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use crate::store::vault::SEAL_BYTES;
pub use args::{BlobArgs, BlobArgsError, S3Place, Secret};
use local::LocalBlobs;
use memory::MemoryBlobs;
use s3::S3Blobs;

/// The largest chunk, sealed.
pub const CHUNK_BYTES: usize = limits::FILE_CHUNK_BYTES + SEAL_BYTES;

/// A chunk could not be kept, read or removed. Says nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// The operating system refused.
    #[error("the operating system refused: {0}")]
    Io(io::ErrorKind),
    /// Too little space is left on the disk. Passes by itself.
    #[error("too little space is left on the disk")]
    StorageFull,
    /// No chunk has such an index or so many bytes.
    #[error("a chunk exceeds what is kept")]
    TooLarge,
    /// The S3 server did not do what it was asked, and why as far as it is known.
    #[error("the S3 server failed: {0}")]
    Remote(&'static str),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

impl BlobError {
    /// What the person is told.
    #[must_use]
    pub const fn refusal(&self) -> Refusal {
        match self {
            Self::StorageFull => Refusal::StorageFull,
            Self::Stopping => Refusal::Stopping,
            Self::Io(_) | Self::TooLarge | Self::Remote(_) => Refusal::Unavailable,
        }
    }
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull,
            kind => Self::Io(kind),
        }
    }
}

/// A blob that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: FileId,
    /// When something was last written to it, by the clock of whoever keeps it.
    pub touched: Millis,
}

/// Where blobs are kept.
pub enum Blobs {
    /// In a folder of this machine.
    Local(LocalBlobs),
    /// On an S3 server.
    S3(S3Blobs),
    /// Gone when the process ends; beside an engine that is.
    Memory(MemoryBlobs),
}

impl Blobs {
    /// Where a data directory keeps its blobs.
    #[must_use]
    pub fn directory(data: &Path) -> PathBuf {
        data.join("files")
    }

    /// Keeps a chunk, in place of the one there was. Durable when it returns.
    ///
    /// # Errors
    /// [`BlobError`]; whether the chunk, or the one before it, is kept is unknown then.
    pub async fn put_chunk(&self, id: FileId, index: u32, chunk: Bytes) -> Result<(), BlobError> {
        if index >= limits::FILE_CHUNKS || chunk.len() > CHUNK_BYTES {
            return Err(BlobError::TooLarge);
        }
        match self {
            Self::Local(blobs) => blobs.put_chunk(id, index, chunk).await,
            Self::S3(blobs) => blobs.put_chunk(id, index, chunk).await,
            Self::Memory(blobs) => {
                blobs.put_chunk(id, index, chunk);
                Ok(())
            }
        }
    }

    /// The chunk at an index; `None` when it is not there, or not whole.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn get_chunk(&self, id: FileId, index: u32) -> Result<Option<Bytes>, BlobError> {
        if index >= limits::FILE_CHUNKS {
            return Ok(None);
        }
        match self {
            Self::Local(blobs) => blobs.get_chunk(id, index).await,
            Self::S3(blobs) => blobs.get_chunk(id, index).await,
            Self::Memory(blobs) => Ok(blobs.get_chunk(id, index)),
        }
    }

    /// How many chunks from the first on are whole and durable: with that many an upload that was
    /// cut off goes on. Reads all of them where they lie on this machine.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn stored(&self, id: FileId) -> Result<u32, BlobError> {
        match self {
            Self::Local(blobs) => blobs.stored(id).await,
            Self::S3(blobs) => blobs.stored(id).await,
            Self::Memory(blobs) => Ok(blobs.stored(id)),
        }
    }

    /// Removes a blob, also one of which only a part is there; answers whether there was anything.
    /// Durable when it returns.
    ///
    /// # Errors
    /// [`BlobError`]; a part may be left then, and goes when it is asked again.
    pub async fn delete(&self, id: FileId) -> Result<bool, BlobError> {
        match self {
            Self::Local(blobs) => blobs.delete(id).await,
            Self::S3(blobs) => blobs.delete(id).await,
            Self::Memory(blobs) => Ok(blobs.delete(id)),
        }
    }

    /// At most `limit` blobs after `after`, by rising ids. `limit` is at most
    /// [`limits::BLOBS_LISTED`].
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn list(
        &self,
        after: Option<FileId>,
        limit: usize,
    ) -> Result<Vec<Listed>, BlobError> {
        let limit = limit.min(limits::BLOBS_LISTED);
        match self {
            Self::Local(blobs) => blobs.list(after, limit).await,
            Self::S3(blobs) => blobs.list(after, limit).await,
            Self::Memory(blobs) => Ok(blobs.list(after, limit)),
        }
    }

    /// Removes blobs that nothing has been written to since `before` and that nothing knows of:
    /// `known` answers which of those it is given are kept. How many were removed.
    ///
    /// Meanwhile one may be sent again under its id. So each is removed only while what `hold`
    /// answers is held, which keeps it from coming in, and if nothing knows of it then either; where
    /// `hold` answers `None` it is coming in, and stays.
    ///
    /// Only for a server that has these blobs to itself: a copy of a practice that was restored from
    /// a backup does not know what the practice was sent since.
    ///
    /// # Errors
    /// [`BlobError`], or what `known` answers; the rest waits for the next time.
    pub async fn sweep<E, F, H>(
        &self,
        before: Millis,
        mut known: impl FnMut(Vec<FileId>) -> F,
        hold: impl Fn(FileId) -> Option<H>,
    ) -> Result<usize, E>
    where
        E: From<BlobError>,
        F: Future<Output = Result<HashSet<FileId>, E>>,
    {
        let (mut after, mut removed) = (None, 0);
        loop {
            let page = self.list(after, limits::BLOBS_LISTED).await?;
            let Some(last) = page.last() else { return Ok(removed) };
            after = Some(last.id);
            let old = page.iter().filter(|blob| blob.touched < before);
            let old: Vec<FileId> = old.map(|blob| blob.id).collect();
            if old.is_empty() {
                continue;
            }
            let kept = known(old.clone()).await?;
            for id in old.into_iter().filter(|id| !kept.contains(id)) {
                let Some(_held) = hold(id) else { continue };
                if known(vec![id]).await?.is_empty() {
                    removed += usize::from(self.delete(id).await?);
                }
            }
        }
    }
}

/// How many chunks there are without a gap, of these indices in rising order.
fn without_a_gap(indices: impl IntoIterator<Item = u32>) -> u32 {
    let mut next = 0;
    for index in indices {
        if index != next {
            break;
        }
        next += 1;
    }
    next
}
