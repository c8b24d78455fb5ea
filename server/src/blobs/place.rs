//! Where a practice keeps its files, written down beside its records as soon as that is to change.
//! A server that is started with the flags of another place would not find one of them, and begin to
//! keep new ones there: it refuses instead. A practice whose files have always been at one place has
//! nothing written down.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::store::keystore::{owner_only, sync_parent};

/// What the file is called, in the data directory.
const NAME: &str = "files.at";

/// What is written down; `None` when nothing is.
///
/// # Errors
/// When it cannot be read.
pub fn written(data: &Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(data.join(NAME)) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a place down instead of the one there was; durable when it returns.
///
/// # Errors
/// When the disk refuses; the one there was stays then.
pub fn write(data: &Path, place: &str) -> io::Result<()> {
    let (path, fresh) = (data.join(NAME), data.join(format!("{NAME}.new")));
    let mut options = std::fs::OpenOptions::new();
    let mut file = owner_only(options.write(true).create(true).truncate(true)).open(&fresh)?;
    file.write_all(format!("{place}\n").as_bytes())?;
    file.sync_all()?;
    std::fs::rename(fresh, &path)?;
    sync_parent(&path)
}

/// Whether files may be kept at a place.
///
/// # Errors
/// When another is written down.
pub fn check(data: &Path, place: &str) -> io::Result<()> {
    let path: PathBuf = data.join(NAME);
    match written(data)? {
        Some(there) if there != place => Err(io::Error::other(format!(
            "the files of this practice are at \u{201c}{there}\u{201d}, as {} says, and the flags say \
             \u{201c}{place}\u{201d}; give the flags of that place, or move them: quietroom files move",
            path.display()
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_written_down_is_the_only_one() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        assert_eq!(written(data).unwrap(), None);
        assert!(check(data, "folder").is_ok(), "nothing is written down");
        for place in ["folder", "s3 https://s3.example.org files quietroom"] {
            write(data, place).unwrap();
            assert_eq!(written(data).unwrap().as_deref(), Some(place));
            assert!(check(data, place).is_ok());
            let refused = check(data, "elsewhere").unwrap_err().to_string();
            assert!(refused.contains(place) && refused.contains("files move"), "{refused}");
        }
    }
}
