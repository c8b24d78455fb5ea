//! What the disk can do, measured in the same run: one small write and its sync.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::samples::Samples;

const BLOCK: [u8; 4096] = [0x5a; 4096];

/// Where the blocks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind the end of the file, as a log grows: the file's size is synced with it.
    Append,
    /// Over a block that is there: only data is synced. The least any durable write can take.
    Overwrite,
}

/// Writes 4 KiB and syncs it (`fdatasync`) `per_second` times a second for `length`.
///
/// # Errors
/// When the folder takes no file.
pub fn syncs(
    folder: &Path,
    place: Place,
    per_second: u32,
    length: Duration,
) -> std::io::Result<Samples> {
    let path = folder.join("sync-probe");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    file.write_all(&BLOCK)?;
    file.sync_all()?;
    let mut samples = Samples::default();
    let (started, step) = (Instant::now(), Duration::from_secs(1) / per_second);
    let mut due = started;
    while started.elapsed() < length {
        if place == Place::Overwrite {
            file.seek(SeekFrom::Start(0))?;
        }
        let before = Instant::now();
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        samples.add(before.elapsed());
        due += step;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    std::fs::remove_file(path)?;
    Ok(samples)
}
