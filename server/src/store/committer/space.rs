//! The space on the disk that is kept free, and for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::faults::{self, Point};
use crate::store::engine::Engine;

/// Below this many free bytes commits are refused; reads and the audit of reads use the reserve.
pub const RESERVE_BYTES: u64 = 256 * 1024 * 1024;
/// Below this many free bytes nothing is committed at all: the engine itself must not meet a full
/// disk.
pub const LAST_BYTES: u64 = 16 * 1024 * 1024;
/// How long a look at the free space counts, unless `FREE_SPACE_BYTES` are written before.
pub(super) const FREE_SPACE_AGE: Duration = Duration::from_secs(1);
const FREE_SPACE_BYTES: usize = 16 * 1024 * 1024;

/// Watches the reserve.
pub(super) struct Space {
    reserve: Arc<AtomicU64>,
    looked_at: Option<Instant>,
    written: usize,
    /// `None` where the system does not say.
    free: Option<u64>,
}

impl Space {
    /// Nothing is known yet; `reserve` stands for [`RESERVE_BYTES`] and may change meanwhile.
    pub(super) const fn new(reserve: Arc<AtomicU64>) -> Self {
        Self { reserve, looked_at: None, written: 0, free: None }
    }

    /// So much is about to be written.
    pub(super) const fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
    }

    /// Whether there is more space than is to be kept: [`RESERVE_BYTES`], or whatever stands for
    /// it, or less.
    pub(super) fn leaves(&mut self, keep: u64, engine: &Engine) -> bool {
        let reserve = self.reserve.load(Ordering::Relaxed);
        let keep = if keep == RESERVE_BYTES { reserve } else { keep.min(reserve) };
        let fresh = self.looked_at.is_some_and(|at| at.elapsed() < FREE_SPACE_AGE)
            && self.written < FREE_SPACE_BYTES;
        if !fresh {
            self.free = engine.free_space();
            self.looked_at = Some(Instant::now());
            self.written = 0;
        }
        self.free.is_none_or(|free| free >= keep)
            && (keep <= LAST_BYTES || !faults::is_on(Point::Full))
            && !faults::is_on(Point::QuiteFull)
    }
}
