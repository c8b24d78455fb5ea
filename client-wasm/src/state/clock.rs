//! The server's clock, by which sessions begin, and the moment the next one does.

use shared_proto::time::Millis;

use super::{Effect, State, Timer};

/// Longest timer, in milliseconds: browsers take larger ones for none.
const LONGEST_MS: u64 = 60 * 60 * 1_000;

impl State {
    /// The server's time, as of the last thing that happened here.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.server_time(Millis(self.last_now))
    }

    /// A time of this device by the server's clock.
    #[must_use]
    pub fn server_time(&self, here: Millis) -> Millis {
        Millis(here.0.saturating_add_signed(self.skew_ms))
    }

    /// What the server's clock is ahead of this device's, in milliseconds.
    #[must_use]
    pub const fn skew_ms(&self) -> i64 {
        self.skew_ms
    }

    /// The server says what time it is.
    pub(super) fn clock_is(&mut self, now: Millis) {
        self.skew_ms = now.0 as i64 - self.last_now as i64;
    }

    /// Everything that depends on the time is drawn anew when the next session begins.
    pub(super) fn watch_starts(&mut self) {
        let now = self.now();
        let waits = self.conversations.values().filter_map(|known| known.fold.waits_for(now));
        let Some(next) = waits.min() else { return };
        if self.next_start != Some(next) {
            self.next_start = Some(next);
            let wait = next.since(now).clamp(1, LONGEST_MS);
            self.effects.push(Effect::After(wait, Timer::Starts));
        }
    }

    pub(super) fn starts_elapsed(&mut self) {
        self.next_start = None;
        self.watch_starts();
    }
}
