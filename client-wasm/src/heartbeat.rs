//! Whether the line is alive. A browser hides WebSocket pings from the page, so the client asks
//! for itself when it has heard nothing for a while.

/// Silence after which the client asks, in milliseconds.
pub const QUIET_MS: u64 = 20_000;
/// How long the answer may take, in milliseconds.
pub const ANSWER_MS: u64 = 8_000;
/// How long the server may take to say hello, in milliseconds.
pub const HELLO_MS: u64 = 10_000;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Nothing.
    Fine,
    /// Ask.
    Ping,
    /// Give the line up.
    Dead,
}

/// What was heard when. All times in milliseconds of one clock.
#[derive(Clone, Copy, Debug)]
pub struct Heartbeat {
    heard_at: Option<u64>,
    asked_at: Option<u64>,
    started_at: u64,
}

impl Heartbeat {
    /// Begins to connect.
    #[must_use]
    pub fn start(now: u64) -> Self {
        Self { heard_at: None, asked_at: None, started_at: now }
    }

    /// Something arrived.
    pub fn heard(&mut self, now: u64) {
        self.heard_at = Some(now);
        self.asked_at = None;
    }

    /// The network may have gone: whether to ask at once.
    pub fn doubt(&mut self, now: u64) -> bool {
        let asks = self.heard_at.is_some() && self.asked_at.is_none();
        if asks {
            self.asked_at = Some(now);
        }
        asks
    }

    /// What is to be done at `now`; `Ping` is said once a silence.
    pub fn check(&mut self, now: u64) -> Beat {
        match (self.heard_at, self.asked_at) {
            (None, _) if now.saturating_sub(self.started_at) >= HELLO_MS => Beat::Dead,
            (Some(_), Some(asked)) if now.saturating_sub(asked) >= ANSWER_MS => Beat::Dead,
            (Some(heard), None) if now.saturating_sub(heard) >= QUIET_MS => {
                self.asked_at = Some(now);
                Beat::Ping
            }
            _ => Beat::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_line_is_asked_once_and_given_up_without_an_answer() {
        let mut heart = Heartbeat::start(0);
        heart.heard(1_000);
        assert_eq!(heart.check(20_999), Beat::Fine);
        assert_eq!(heart.check(21_000), Beat::Ping);
        assert_eq!(heart.check(22_000), Beat::Fine);
        assert_eq!(heart.check(29_000), Beat::Dead);
    }

    #[test]
    fn an_answer_starts_the_silence_anew() {
        let mut heart = Heartbeat::start(0);
        heart.heard(0);
        assert_eq!(heart.check(20_000), Beat::Ping);
        heart.heard(20_100);
        assert_eq!(heart.check(29_000), Beat::Fine);
        assert_eq!(heart.check(40_100), Beat::Ping);
    }

    #[test]
    fn a_line_in_doubt_is_asked_at_once() {
        let mut heart = Heartbeat::start(0);
        assert!(!heart.doubt(0), "it is not open yet");
        heart.heard(1_000);
        assert!(heart.doubt(2_000));
        assert!(!heart.doubt(2_100));
        assert_eq!(heart.check(10_000), Beat::Dead);
    }

    #[test]
    fn a_server_that_never_says_hello_is_given_up() {
        let mut heart = Heartbeat::start(5);
        assert_eq!(heart.check(10_004), Beat::Fine);
        assert_eq!(heart.check(10_005), Beat::Dead);
    }
}
