//! Answers that take the same time whatever is behind them (ASVS 6.3.8). Hashing a password or
//! making a link takes as long as the machine lets it, and differs from try to try; what leaves
//! is held until the next beat of a clock that began when the request came.

use std::time::Duration;

use tokio::time::Instant;

/// From one beat to the next: longer than the work takes on a machine that is not overloaded, so
/// that nearly everything is answered at the first, and short enough for whoever mistyped.
const BEAT: Duration = Duration::from_millis(120);

/// Waits for the first beat after the work on a request that came at `since`.
pub async fn wait(since: Instant) {
    wait_for(BEAT, since).await;
}

/// As [`wait`], for the next of other beats.
pub async fn wait_for(beat: Duration, since: Instant) {
    tokio::time::sleep_until(since + until(beat, since.elapsed())).await;
}

/// When the answer to work that took `taken` leaves, both counted from when the request came.
fn until(beat: Duration, taken: Duration) -> Duration {
    let beats = taken.as_nanos() / beat.as_nanos() + 1;
    beat.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_leaves_at_the_next_beat_and_always_after_the_work() {
        let ms = Duration::from_millis;
        for (taken, leaves) in [(0, 120), (1, 120), (119, 120), (120, 240), (130, 240), (601, 720)]
        {
            assert_eq!(until(BEAT, ms(taken)), ms(leaves), "{taken} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_let_go_at_the_beat() {
        let since = Instant::now();
        tokio::time::advance(Duration::from_millis(130)).await;
        wait(since).await;
        assert_eq!(since.elapsed(), BEAT * 2);
    }
}
