//! Says in the log that somebody tried to get round a control (ASVS 16.3.2, 16.3.3). Who it was is
//! not said: an address or an email is a person's. How often is in the metrics; here a few lines a
//! minute are enough, so that nobody can fill a disk with them.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Lines a minute about one kind of try.
const LINES: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// A try to get round a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// More guesses, or more letters, than an account or an address is allowed.
    TooManyTries,
    /// A page of another origin asked for a socket.
    ForeignOrigin,
    /// Somebody came past the proxy that ends TLS.
    PastTheProxy,
}

static SAID: LazyLock<DefaultKeyedRateLimiter<Attempt>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(LINES)));

/// Logs a try, unless enough was said about its kind this minute.
pub fn tell(attempt: Attempt) {
    if SAID.check_key(&attempt).is_err() {
        return;
    }
    match attempt {
        Attempt::TooManyTries => {
            tracing::warn!(security = "too-many-tries", "a bound on tries was reached");
        }
        Attempt::ForeignOrigin => {
            tracing::warn!(security = "foreign-origin", "a page of another origin was refused");
        }
        Attempt::PastTheProxy => {
            tracing::warn!(security = "past-the-proxy", "a request past the proxy was refused");
        }
    }
}
