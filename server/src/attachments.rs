//! Files as they come in and go out: what a request about one does, but for who may.
//!
//! A file comes in pieces of any length. They are gathered to chunks; each chunk is judged by what
//! the file says it is (`shared_proto::file`), then sealed and kept (`blobs::sealed`), so that
//! nothing is kept of what is refused and never more than one chunk is in memory. A line that was
//! cut costs the chunk it was in: whoever comes back with the same file goes on behind what is kept.

pub mod headers;
#[cfg(test)]
mod tests;
pub mod underway;

use shared_proto::file::{self, FileKind, Judge, Seen};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};

use crate::blobs::BlobError;
use crate::blobs::sealed::{Hash, SealedError, SealedFile, Writer};

/// A file is not taken, or not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// A rule is against it. What is kept of it is to be removed: it is refused again.
    #[error("the file is refused: {}", .0.rule())]
    Refused(Refusal),
    /// It could not be kept. What is kept stays, to go on behind it.
    #[error(transparent)]
    Blobs(#[from] BlobError),
    /// It ended too early. What is kept stays.
    #[error("the file is not whole")]
    Unfinished,
}

impl UploadError {
    /// What the person is told.
    #[must_use]
    pub const fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(refusal) => *refusal,
            Self::Blobs(error) => error.refusal(),
            Self::Unfinished => Refusal::invalid(Field::File, Rule::Malformed),
        }
    }
}

impl From<SealedError> for UploadError {
    fn from(error: SealedError) -> Self {
        match error {
            SealedError::Blobs(error) => Self::Blobs(error),
            SealedError::Length => Self::Unfinished,
            // What does not open is written anew, so nobody is told of it here.
            SealedError::Damaged => Self::Blobs(BlobError::Io(std::io::ErrorKind::InvalidData)),
        }
    }
}

/// A file that has come in whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its contents.
    pub hash: Hash,
    /// What was seen in it.
    pub seen: Seen,
}

/// A file that is coming in.
pub struct Upload {
    writer: Writer,
    judge: Judge,
    bytes: u64,
    /// What has come of the next chunk.
    gathered: Vec<u8>,
    /// Why it is refused, once it is: a judge that refused has seen what it should not have.
    refused: Option<Refusal>,
}

impl Upload {
    /// For a file whose name says that it is of this kind, from where an earlier try ended. Only one
    /// at a time for each file: see [`underway`].
    ///
    /// # Errors
    /// When its size is refused, or what is kept of it cannot be read.
    pub async fn open(file: SealedFile, kind: FileKind) -> Result<Self, UploadError> {
        let bytes = file.bytes();
        file::check_size(bytes).map_err(UploadError::Refused)?;
        let mut writer = Writer::open(file).await?;
        let mut judge = Judge::new(kind);
        while let Some(chunk) = writer.recall().await? {
            judge.take(&chunk).map_err(UploadError::Refused)?;
        }
        Ok(Self { writer, judge, bytes, gathered: Vec::new(), refused: None })
    }

    /// The first byte that is not kept yet: from here on it is to be sent.
    #[must_use]
    pub fn offset(&self) -> u64 {
        let written = u64::from(self.writer.written()) * limits::FILE_CHUNK_BYTES as u64;
        written.min(self.bytes)
    }

    /// Takes the next bytes; each chunk they complete is durable when it returns.
    ///
    /// # Errors
    /// [`UploadError`]; the upload is of no more use then.
    pub async fn take(&mut self, mut piece: &[u8]) -> Result<(), UploadError> {
        if let Some(refusal) = self.refused {
            return Err(UploadError::Refused(refusal));
        }
        while !piece.is_empty() {
            let Some(length) = file::chunk_bytes(self.bytes, self.writer.written()) else {
                // More than the file was said to have.
                return self.refuse(Refusal::invalid(Field::File, Rule::Malformed));
            };
            self.gathered.reserve_exact(length - self.gathered.len());
            let taken = piece.len().min(length - self.gathered.len());
            self.gathered.extend_from_slice(&piece[..taken]);
            piece = &piece[taken..];
            if self.gathered.len() == length {
                let chunk = std::mem::take(&mut self.gathered);
                if let Err(refusal) = self.judge.take(&chunk) {
                    return self.refuse(refusal);
                }
                self.writer.write(chunk).await?;
            }
        }
        Ok(())
    }

    /// The file, when all of it has come and is what it says it is.
    ///
    /// # Errors
    /// `Unfinished`, or when it is refused.
    pub fn finish(self) -> Result<Received, UploadError> {
        if let Some(refusal) = self.refused {
            return Err(UploadError::Refused(refusal));
        }
        let hash = self.writer.finish()?;
        let seen = self.judge.finish().map_err(UploadError::Refused)?;
        Ok(Received { bytes: self.bytes, hash, seen })
    }

    fn refuse(&mut self, refusal: Refusal) -> Result<(), UploadError> {
        self.refused = Some(refusal);
        Err(UploadError::Refused(refusal))
    }
}
