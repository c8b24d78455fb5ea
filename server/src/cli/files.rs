//! Moving files from the place where they are kept to another.

use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use shared_proto::audit::Action;

use super::reach::require_store;
use crate::app::{StartError, open_store};
use crate::audit::of;
use crate::blobs::moving::{Moved, move_all};
use crate::blobs::{BlobArgs, Secret, place};
use crate::logging;
use crate::settings::{DataArgs, EngineKind, LogFormat};
use crate::store::committer::Unobserved;

/// What may be done with files.
#[derive(Subcommand)]
pub enum Files {
    /// Move what people sent to another place, and have it kept there from then on; the server must
    /// not run
    Move {
        #[command(flatten)]
        data: DataArgs,
        #[command(flatten)]
        from: BlobArgs,
        #[command(flatten)]
        to: ToArgs,
    },
}

/// Flags about the other place. An S3 server is, where a flag is not given, the one files are on.
#[derive(Args, Clone, Debug)]
pub struct ToArgs {
    /// Where files go
    #[arg(long, value_enum)]
    to: To,
    /// S3 server they go to
    #[arg(long, env = "QUIETROOM_TO_S3_ENDPOINT")]
    to_s3_endpoint: Option<String>,
    /// Bucket there
    #[arg(long, env = "QUIETROOM_TO_S3_BUCKET")]
    to_s3_bucket: Option<String>,
    /// Region there
    #[arg(long, env = "QUIETROOM_TO_S3_REGION")]
    to_s3_region: Option<String>,
    /// What the names of all objects are to begin with there
    #[arg(long, env = "QUIETROOM_TO_S3_PREFIX")]
    to_s3_prefix: Option<String>,
    /// Access key there
    #[arg(long, env = "QUIETROOM_TO_S3_ACCESS_KEY", hide_env_values = true)]
    to_s3_access_key: Option<String>,
    /// Its secret; better in the variable, which is not in the list of processes
    #[arg(long, env = "QUIETROOM_TO_S3_SECRET_KEY", hide_env_values = true)]
    to_s3_secret_key: Option<Secret>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// The folder files in the data directory
    Folder,
    /// An S3 server
    S3,
}

impl ToArgs {
    /// As the flags of a server that is to keep files there.
    fn flags(&self, from: &BlobArgs) -> BlobArgs {
        if self.to == To::Folder {
            return BlobArgs {
                s3_endpoint: None,
                s3_bucket: None,
                s3_access_key: None,
                s3_secret_key: None,
                ..from.clone()
            };
        }
        BlobArgs {
            s3_endpoint: or(self.to_s3_endpoint.as_ref(), from.s3_endpoint.as_ref()),
            s3_bucket: or(self.to_s3_bucket.as_ref(), from.s3_bucket.as_ref()),
            s3_region: self.to_s3_region.clone().unwrap_or_else(|| from.s3_region.clone()),
            s3_prefix: self.to_s3_prefix.clone().unwrap_or_else(|| from.s3_prefix.clone()),
            s3_access_key: or(self.to_s3_access_key.as_ref(), from.s3_access_key.as_ref()),
            s3_secret_key: or(self.to_s3_secret_key.as_ref(), from.s3_secret_key.as_ref()),
        }
    }
}

fn or<T: Clone>(given: Option<&T>, from: Option<&T>) -> Option<T> {
    given.or(from).cloned()
}

/// Carries out a command about files.
///
/// # Errors
/// In words for the operator. Files are kept where they were then.
pub fn run(command: Files) -> Result<Vec<String>, StartError> {
    let Files::Move { data, from, to } = command;
    logging::start(LogFormat::Text);
    require_store(&data)?;
    let fresh = to.flags(&from);
    if to.to == To::S3 && fresh.s3_endpoint.is_none() {
        return Err("say which S3 server files go to, with --to-s3-endpoint and the others".into());
    }
    let (old, new) = (from.named()?, fresh.named()?);
    if place::written(&data.data)?.as_ref() == Some(&new) {
        return Ok(vec![format!("files are at \u{201c}{new}\u{201d} already")]);
    }
    if old == new {
        return Err(format!("files are to go where they are, to \u{201c}{new}\u{201d}").into());
    }
    let store = open_store(&data, EngineKind::Sled, Arc::new(Unobserved))?;
    let from = from.open(&data.data, EngineKind::Sled)?;
    // Until all is done no server keeps anything at the new place.
    place::write(&data.data, &old)?;
    let to = fresh.open_anyway(&data.data, EngineKind::Sled)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let moved = runtime.block_on(async {
        let moved = move_all(&store, &from, &to).await?;
        let recorded = store.record(of(Action::FilesMoved).to_practice()).await;
        store.committer.stop().await;
        recorded.map(|()| moved).map_err(StartError::from)
    })?;
    place::write(&data.data, &new)?;
    let Moved { files, copied, there, lost } = moved;
    let mut said = vec![
        format!(
            "moved to \u{201c}{new}\u{201d}: files {files} pieces {copied}, there before {there}"
        ),
        "start the server with the flags of that place from now on; it takes no other".to_owned(),
        format!(
            "what is at \u{201c}{old}\u{201d} was not changed: remove it once you have a backup"
        ),
    ];
    if lost > 0 {
        said.push(format!(
            "of {lost} files something is missing, and was before; see: quietroom verify"
        ));
    }
    Ok(said)
}
