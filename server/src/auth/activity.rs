//! When each session was last active. Kept in memory, and in the session's record once a minute,
//! so that a restart neither locks everyone nor lets anyone stay for ever.

use dashmap::DashMap;
use shared_proto::time::Millis;

use crate::store::sessions::TokenHash;

/// How old what the record says may be.
pub const KEPT_EVERY_MS: u64 = 60_000;

#[derive(Clone, Copy)]
struct Seen {
    last: Millis,
    kept: Millis,
}

/// Last activity by session.
#[derive(Default)]
pub struct Activity {
    sessions: DashMap<TokenHash, Seen>,
}

impl Activity {
    /// Somebody was active; whether the record of their session is to be renewed.
    #[must_use]
    pub fn touch(&self, token: &TokenHash, now: Millis) -> bool {
        let mut seen = self.sessions.entry(*token).or_insert(Seen { last: now, kept: Millis(0) });
        seen.last = seen.last.max(now);
        let due = now.since(seen.kept) >= KEPT_EVERY_MS;
        if due {
            seen.kept = now;
        }
        due
    }

    /// When a session was last active, as far as known here and in its record.
    #[must_use]
    pub fn last(&self, token: &TokenHash, recorded: Millis) -> Millis {
        self.sessions.get(token).map_or(recorded, |seen| seen.last.max(recorded))
    }

    /// Forgets sessions that were not active since `before`.
    pub fn tidy(&self, before: Millis) {
        self.sessions.retain(|_, seen| seen.last >= before);
    }

    /// Forgets one session.
    pub fn forget(&self, token: &TokenHash) {
        self.sessions.remove(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activity_is_remembered_and_recorded_once_a_minute() {
        let activity = Activity::default();
        let token = [1; 32];
        assert_eq!(activity.last(&token, Millis(5)), Millis(5));
        assert!(activity.touch(&token, Millis(100_000)), "the first");
        assert!(!activity.touch(&token, Millis(159_999)));
        assert_eq!(activity.last(&token, Millis(100_000)), Millis(159_999));
        assert!(activity.touch(&token, Millis(160_000)), "a minute later");
        activity.tidy(Millis(160_001));
        assert_eq!(activity.last(&token, Millis(7)), Millis(7));
    }
}
