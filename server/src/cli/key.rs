//! Seeing to the practice key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;

use super::reach::{administer, practice_key, require_store};
use crate::admin::Request;
use crate::app::{StartError, open_store};
use crate::blobs::{BlobArgs, place};
use crate::logging;
use crate::settings::{DataArgs, EngineKind, LogFormat};
use crate::store::committer::Unobserved;
use crate::store::{reseal, verify};

/// What may be done with the practice key.
#[derive(Subcommand)]
pub enum Key {
    /// Put a new practice key in the place of the old one; also while the server runs
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Seal everything anew, under keys that are all new, into another data directory; the server
    /// must not run
    Reseal {
        #[command(flatten)]
        data: DataArgs,
        /// The other data directory, which is made
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        files: BlobArgs,
        /// What the names of files on an S3 server are to begin with then
        #[arg(long, requires = "s3_endpoint")]
        to_s3_prefix: Option<String>,
    },
    /// Print the public key that records and checkpoints are signed with: publish it
    Show {
        #[command(flatten)]
        data: DataArgs,
    },
}

/// Carries out a command about the practice key.
///
/// # Errors
/// In words for the operator.
pub fn run(command: Key) -> Result<Vec<String>, StartError> {
    match command {
        Key::Rotate { data } => {
            logging::start(LogFormat::Text);
            administer(&data, Request::KeyRotate)
        }
        Key::Show { data } => administer(&data, Request::KeyShow),
        Key::Reseal { data, to, files, to_s3_prefix } => reseal(&data, &to, &files, to_s3_prefix),
    }
}

fn reseal(
    data: &DataArgs,
    to: &Path,
    files: &BlobArgs,
    to_s3_prefix: Option<String>,
) -> Result<Vec<String>, StartError> {
    require_store(data)?;
    let fresh = match (files.place()?, to_s3_prefix) {
        (None, _) => files.clone(),
        (Some(place), Some(prefix)) if prefix != place.prefix => {
            BlobArgs { s3_prefix: prefix, ..files.clone() }
        }
        (Some(_), _) => return Err("give another prefix for the files, with --to-s3-prefix".into()),
    };
    fresh.check()?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let key = practice_key(data)?;
    let blobs = Arc::new(files.open(&data.data, EngineKind::Sled)?);
    let open = || fresh.open(to, EngineKind::Sled);
    let verify::Summary { conversations, entries, people, audit, files } =
        reseal::reseal(&store, &blobs, to, key, open)?;
    if fresh.place()?.is_some() {
        // Under the prefix there was they do not open any more.
        place::write(to, &fresh.named()?)?;
    }
    let (from, to) = (data.data.display(), to.display());
    Ok(vec![
        format!(
            "sealed anew in {to}: conversations {conversations} entries {entries} people {people} \
             audit {audit} files {files}"
        ),
        format!(
            "{from} was not changed. Move it away, and {to} to its place; the practice key stays"
        ),
        format!(
            "then back up, and destroy what was {from} and its backups as soon as you may: they \
             open with the old keys"
        ),
    ])
}
