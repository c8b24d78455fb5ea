//! How fast one person may send, over all their sockets: so many frames a second, with a burst.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared_proto::id::PersonId;
use shared_proto::refusal::Refusal;

/// Everyone's allowance.
pub struct Rates {
    limiter: DefaultKeyedRateLimiter<PersonId>,
    clock: DefaultClock,
}

impl Rates {
    /// `per_second` frames, and `burst` at once after a pause.
    #[must_use]
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self { limiter: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Takes one frame off a person's allowance.
    ///
    /// # Errors
    /// `TooFast`, with the time until there is room again.
    pub fn check(&self, person: PersonId) -> Result<(), Refusal> {
        self.limiter.check_key(&person).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now()) + Duration::from_millis(1);
            let retry_after_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
            Refusal::TooFast { retry_after_ms }
        })
    }

    /// Forgets people whose allowance is full again.
    pub fn tidy(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}
