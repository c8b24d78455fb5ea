//! Reading everything and checking it.

use std::sync::Arc;

use super::reach::require_store;
use crate::app::{StartError, open_store};
use crate::blobs::BlobArgs;
use crate::settings::{DataArgs, EngineKind};
use crate::store::committer::Unobserved;
use crate::store::verify;

/// Checks the records, and the contents of files where they are kept.
///
/// # Errors
/// In words for the operator.
pub fn run(data: &DataArgs, files: Option<&BlobArgs>) -> Result<Vec<String>, StartError> {
    require_store(data)?;
    let store = open_store(data, EngineKind::Sled, Arc::new(Unobserved))?;
    let summary = verify::verify(&store)?;
    if let Some(files) = files {
        let blobs = Arc::new(files.open(&data.data, EngineKind::Sled)?);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(verify::contents(&store, &blobs))?;
    }
    let verify::Summary { conversations, entries, people, audit, files } = summary;
    let counts = format!("conversations {conversations} entries {entries} people {people}");
    Ok(vec![format!("{counts} audit {audit} files {files} ok")])
}
