//! The one place that reads the wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use shared_proto::time::Millis;

use crate::faults::{self, Point};

/// Now, by the machine's clock.
#[must_use]
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Millis(now.saturating_add_signed(faults::number(Point::Clock)))
}
