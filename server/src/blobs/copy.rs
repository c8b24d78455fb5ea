//! The blobs of a folder, copied with a backup and put back with it. They stay sealed; whoever has
//! them without the keys of the store has nothing.
//!
//! A backup copies them after the store's point in time: what the store knew then is there, and is
//! never written to again once it was shared. What is there besides, nothing knows of, and is swept.

use std::fs;
use std::io;
use std::path::Path;

use super::local::{blobs_in, make_private};
use crate::store::engine::sled::sync_directory;

/// How many files were copied, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many.
    pub files: u64,
    /// Their bytes, as they lie on the disk.
    pub bytes: u64,
}

/// Copies every blob of the folder `from` to the folder `to`, which is made; durable when it
/// returns. Blocks for as long as it takes.
///
/// # Errors
/// When the disk refuses.
pub fn copy(from: &Path, to: &Path) -> io::Result<Copied> {
    make_private(to)?;
    let mut copied = Copied::default();
    blobs_in(from, &mut |path| {
        let inside = path.strip_prefix(from).map_err(io::Error::other)?;
        let there = to.join(inside);
        let folder = there.parent().unwrap_or(to);
        make_private(folder)?;
        let bytes = match fs::copy(path, &there) {
            // Cancelled since the folder was read: nobody was shown it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            bytes => bytes?,
        };
        fs::File::open(&there)?.sync_all()?;
        sync_directory(folder)?;
        copied.files += 1;
        copied.bytes += bytes;
        Ok(())
    })?;
    for outer in fs::read_dir(to)? {
        sync_directory(&outer?.path())?;
    }
    sync_directory(to)?;
    Ok(copied)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use shared_proto::id::FileId;

    use super::*;
    use crate::blobs::Blobs;
    use crate::blobs::local::LocalBlobs;

    #[tokio::test]
    async fn what_is_copied_is_what_was_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["files", "copied"].map(|name| folder.path().join(name));
        assert_eq!(copy(&from, &to).unwrap(), Copied::default(), "before there is a folder");
        let open = |path: &Path| Blobs::Local(LocalBlobs::open_with_reserve(path, 0).unwrap());
        let blobs = open(&from);
        let ids = [1, 2, 0xff].map(|n| FileId::from_bytes([n; 16]));
        for (n, id) in ids.iter().enumerate() {
            blobs.put_chunk(*id, 0, Bytes::from(vec![n as u8; 1_000])).await.unwrap();
            blobs.put_chunk(*id, 1, Bytes::from_static(b"second")).await.unwrap();
        }
        fs::write(from.join("a stranger"), "not ours").unwrap();
        assert_eq!(copy(&from, &to).unwrap().files, 3);
        assert!(!to.join("a stranger").exists());
        let back = open(&to);
        for (n, id) in ids.iter().enumerate() {
            assert_eq!(back.stored(*id).await, Ok(2));
            let first = back.get_chunk(*id, 0).await.unwrap().unwrap();
            assert_eq!(first, vec![n as u8; 1_000]);
        }
    }
}
