//! Copying the store and, apart, its keys, and making a data directory from them again.

use std::path::{Path, PathBuf, absolute};

use super::reach::{administer, practice_key};
use crate::admin::Request;
use crate::app::StartError;
use crate::settings::DataArgs;
use crate::store::backup;
use crate::store::vault::Vault;

/// Makes a backup.
///
/// # Errors
/// In words for the operator.
pub fn make(
    data: &DataArgs,
    to: PathBuf,
    keys_to: PathBuf,
    files_to: Option<PathBuf>,
) -> Result<Vec<String>, StartError> {
    let files_to = absolute(files_to.unwrap_or_else(|| files_beside(&to)))?;
    let (to, keys_to) = (absolute(to)?, absolute(keys_to)?);
    administer(data, Request::Backup { to, keys_to, files_to })
}

/// Makes a data directory from a backup.
///
/// # Errors
/// In words for the operator. There is no data directory then.
pub fn restore(
    data: &DataArgs,
    from: &Path,
    keys: &Path,
    files: Option<PathBuf>,
) -> Result<Vec<String>, StartError> {
    if let Some(given) = files.as_ref().filter(|given| !given.is_dir()) {
        return Err(format!("{} is no folder of files", given.display()).into());
    }
    let files = files.unwrap_or_else(|| files_beside(from));
    let summary = backup::restore(&data.data, from, keys, &files)?;
    if let Err(error) = check_key(data) {
        // Made a moment ago from files that are still there.
        std::fs::remove_dir_all(&data.data)?;
        return Err(error);
    }
    let backup::Summary { records, bytes, files, .. } = summary;
    Ok(vec![format!("restored {records} records, {bytes} bytes, {files} files")])
}

/// The folder of files that belongs to a backup.
fn files_beside(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".files");
    name.into()
}

/// Whether the practice key is the one a restored key store was wrapped with.
fn check_key(data: &DataArgs) -> Result<(), StartError> {
    let key = practice_key(data)?;
    Vault::open(Some(&data.data), key)?;
    Ok(())
}
