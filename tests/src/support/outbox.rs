//! The folder a server without a relay puts its mail into.

use std::path::{Path, PathBuf};

use super::eventually;
use super::letter::{Letter, decode};

/// The folder of the data directory `data`.
#[must_use]
pub fn folder(data: &Path) -> PathBuf {
    let mut name = data.as_os_str().to_os_string();
    name.push(".outbox");
    PathBuf::from(name)
}

/// Every file in it, the oldest letter first.
#[must_use]
pub fn files(data: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(data)).into_iter().flatten();
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    files
}

/// Every letter to `to` so far, the oldest first.
#[must_use]
pub fn letters(data: &Path, to: &str) -> Vec<Letter> {
    let read = |file: &PathBuf| std::fs::read(file).ok().map(|raw| decode(&raw));
    let all = files(data).iter().filter_map(read).collect::<Vec<_>>();
    all.into_iter().filter(|letter| letter.header("to") == Some(to)).collect()
}

/// The newest letter to `to`, once there is one.
///
/// # Panics
/// When none comes.
pub async fn letter(data: &Path, to: &str) -> Letter {
    eventually(&format!("mail to {to}"), async || letters(data, to).pop()).await
}
