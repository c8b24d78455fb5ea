//! Waiting for the thing itself, with a deadline.

use std::time::{Duration, Instant};

/// How long a test waits for something that should happen at once. Long, because a machine that
/// runs tests may be busy; a wait ends the moment the thing happens.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks `probe` until it answers with something.
///
/// # Panics
/// When it has not within [`PATIENCE`]; `what` names it.
pub async fn eventually<T>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, probe).await
}

/// Asks `probe` until it answers with something.
///
/// # Panics
/// When it has not `within` that time; `what` names it.
pub async fn eventually_within<T>(
    within: Duration,
    what: &str,
    mut probe: impl AsyncFnMut() -> Option<T>,
) -> T {
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(started.elapsed() < within, "waited {within:?} in vain for {what}");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
