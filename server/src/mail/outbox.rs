//! Mail as files in a folder beside the data directory, for the operator to hand on, or for a
//! program of theirs. A file is there whole or not at all, and its name says when and nothing more.

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{MailError, Problem};
use crate::app::StartError;

/// The folder.
#[derive(Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// The folder, made when it is missing, for its owner's eyes only.
    ///
    /// # Errors
    /// When it cannot be made so.
    pub fn open(folder: PathBuf) -> Result<Self, StartError> {
        make_private(&folder).map_err(|error| {
            format!("cannot make {} for outgoing mail: {error}", folder.display())
        })?;
        Ok(Self { folder })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Keeps a letter. The same name is the same file.
    ///
    /// # Errors
    /// `Passing`: a disk may have space again.
    pub async fn keep(&self, name: String, letter: Vec<u8>) -> Result<(), MailError> {
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &letter)).await;
        written.unwrap_or_else(|error| Err(std::io::Error::other(error))).map_err(|error| {
            let kind = format!("the outbox folder cannot be written: {error}");
            MailError::Passing(Problem { detail: kind.clone(), kind })
        })
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))
}

fn write(folder: &Path, name: &str, letter: &[u8]) -> std::io::Result<()> {
    make_private(folder)?;
    let (temporary, last) = (folder.join(format!(".{name}.part")), folder.join(name));
    let mut file =
        OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(letter)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &last)?;
    File::open(folder)?.sync_all()
}
