//! How slowly something may come in or go out before its line is cut.

use std::time::Duration;

use shared_proto::limits;
use tokio::time::{Instant, timeout};

/// The pace of one transfer, from its beginning on: it may make wait for
/// [`limits::TRANSFER_GRACE_MS`], and besides as long as what has moved takes at
/// [`limits::TRANSFER_BYTES_PER_SECOND`]. Only the time counts in which the other end is waited for,
/// and not what the server takes for its own part.
#[derive(Debug, Default)]
pub struct Pace {
    waited: Duration,
    moved: u64,
}

impl Pace {
    /// How long the other end may be waited for from now on, unless something moves.
    #[must_use]
    pub fn left(&self) -> Duration {
        let grace = Duration::from_millis(limits::TRANSFER_GRACE_MS);
        let moving = self.moved.saturating_mul(1_000) / limits::TRANSFER_BYTES_PER_SECOND;
        (grace + Duration::from_millis(moving)).saturating_sub(self.waited)
    }

    /// It was waited for so long.
    pub fn waited(&mut self, time: Duration) {
        self.waited += time;
    }

    /// So much has moved.
    pub fn moved(&mut self, bytes: usize) {
        self.moved += bytes as u64;
    }

    /// Waits until a piece of so many bytes has moved: `None` when that takes longer than `stall`, or
    /// the whole gets on too slowly.
    pub async fn moves<T>(
        &mut self,
        bytes: usize,
        stall: Duration,
        piece: impl Future<Output = T>,
    ) -> Option<T> {
        let since = Instant::now();
        let moved = timeout(stall.min(self.left()), piece).await.ok();
        self.waited(since.elapsed());
        if moved.is_some() {
            self.moved(bytes);
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const GRACE: Duration = Duration::from_millis(limits::TRANSFER_GRACE_MS);
    const A_SECOND: usize = limits::TRANSFER_BYTES_PER_SECOND as usize;
    const STALL: Duration = Duration::from_millis(limits::FILE_STALL_MS);

    /// For how long pieces move of which each takes `each`, up to an hour.
    async fn lasts(pace: &mut Pace, bytes: usize, each: Duration) -> Duration {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60 * 60) {
            if pace.moves(bytes, STALL, sleep(each)).await.is_none() {
                break;
            }
        }
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_drop_by_drop_is_cut_and_a_bad_line_is_not() {
        // Each drop comes in time, and none of them is enough.
        let drops = lasts(&mut Pace::default(), 1, STALL - Duration::from_secs(1)).await;
        assert!((GRACE..GRACE + Duration::from_secs(1)).contains(&drops), "{drops:?}");
        let half = lasts(&mut Pace::default(), A_SECOND / 2, Duration::from_secs(1)).await;
        assert!((GRACE..=GRACE * 2).contains(&half), "{half:?}");
        let least = lasts(&mut Pace::default(), A_SECOND, Duration::from_secs(1)).await;
        assert_eq!(least, Duration::from_secs(60 * 60));
        // In large pieces, as they go out.
        let pieces = lasts(&mut Pace::default(), 16 * A_SECOND, Duration::from_secs(16)).await;
        assert!(pieces >= Duration::from_secs(60 * 60), "{pieces:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_quick_may_be_slow_for_as_long_as_that_makes_up_for_and_never_stalls() {
        let mut pace = Pace::default();
        assert!(pace.moves(60 * A_SECOND, STALL, async {}).await.is_some());
        assert_eq!(pace.left(), GRACE + Duration::from_secs(60));
        assert!(pace.moves(1, STALL, sleep(STALL + Duration::from_secs(1))).await.is_none());
        assert_eq!(pace.left(), GRACE + Duration::from_secs(60) - STALL);
        // What the server itself takes is not counted.
        sleep(GRACE * 10).await;
        assert_eq!(pace.left(), GRACE + Duration::from_secs(60) - STALL);
        pace.waited(GRACE * 10);
        assert_eq!(pace.left(), Duration::ZERO);
        assert!(pace.moves(0, STALL, async {}).await.is_some(), "what is there is taken");
        assert!(pace.moves(0, STALL, sleep(Duration::from_secs(1))).await.is_none());
    }
}
