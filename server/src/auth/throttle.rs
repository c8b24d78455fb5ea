//! A bound on guessing: so many wrong tries in a window, for each account and for each address
//! (NIST SP 800-63B-4, 3.2.2). A try counts from when it begins, so that many at once are no way
//! round; one that succeeds is taken back. Sessions somebody holds are never touched.

use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use dashmap::DashMap;
use shared_proto::refusal::Refusal;
use tokio::time::Instant;

use crate::wary::{self, Attempt};

/// Length of the window.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Wrong tries for one account.
const PER_ACCOUNT: u32 = 10;
/// Wrong tries from one address, over all accounts.
const PER_ADDRESS: u32 = 100;
/// Windows from which on those that have ended are forgotten at once, and not with the next tidying
/// only. One that counts is never forgotten: whoever could make it so would guess on. There are at
/// most as many as requests are answered in a window, at under a hundred bytes each.
const KEPT: usize = 100_000;
/// How often that is done at most: it looks at every window.
const BETWEEN: Duration = Duration::from_secs(1);

type Key = [u8; 32];

/// Tries to sign in.
#[derive(Default)]
pub struct Throttle {
    tries: DashMap<Key, Tries>,
    /// When windows were last forgotten for being many.
    tidied: Mutex<Option<Instant>>,
}

#[derive(Clone, Copy)]
struct Tries {
    since: Instant,
    count: u32,
}

/// A try that has begun. It stays counted unless it turns out to have been none.
pub struct Try<'a> {
    throttle: &'a Throttle,
    account: Key,
    address: Option<Key>,
}

/// What counts as one address: of an IPv6 address its first 64 bits, which is what one household
/// or machine is given, with as many addresses in it as it likes (RFC 6177).
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl Throttle {
    /// Begins a try for an account from an address, both as keyed hashes; without the address for
    /// whoever has shown something strangers there have not: a session, a browser that is known.
    /// Others behind the same address, a ward's or a guest network's, do not keep them out.
    ///
    /// # Errors
    /// `TooManyTries`, with the seconds until the window ends.
    pub fn begin(&self, account: Key, address: Option<Key>) -> Result<Try<'_>, Refusal> {
        self.tidy_when_many(KEPT);
        self.count(account, PER_ACCOUNT)?;
        if let Some(Err(refusal)) = address.map(|address| self.count(address, PER_ADDRESS)) {
            self.take_back(account);
            return Err(refusal);
        }
        Ok(Try { throttle: self, account, address })
    }

    /// Takes one off what `key`, a keyed hash, is allowed in a window.
    ///
    /// # Errors
    /// `TooManyTries`, with the seconds until the window ends.
    pub fn spend(&self, key: Key, most: u32) -> Result<(), Refusal> {
        self.tidy_when_many(KEPT);
        self.count(key, most)
    }

    fn count(&self, key: Key, most: u32) -> Result<(), Refusal> {
        let now = Instant::now();
        let mut tries = self.tries.entry(key).or_insert(Tries { since: now, count: 0 });
        if now.duration_since(tries.since) >= WINDOW {
            *tries = Tries { since: now, count: 0 };
        }
        if tries.count >= most.saturating_add(spared()) {
            wary::tell(Attempt::TooManyTries);
            let left = WINDOW.saturating_sub(now.duration_since(tries.since));
            let retry_after_s = u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX);
            return Err(Refusal::TooManyTries { retry_after_s });
        }
        tries.count += 1;
        Ok(())
    }

    fn take_back(&self, key: Key) {
        if let Some(mut tries) = self.tries.get_mut(&key) {
            tries.count = tries.count.saturating_sub(1);
        }
    }

    /// Forgets windows that have ended when there are more than `kept` in all, unless that was done
    /// a moment ago or is being done.
    fn tidy_when_many(&self, kept: usize) {
        if self.tries.len() <= kept {
            return;
        }
        let Ok(mut tidied) = self.tidied.try_lock() else { return };
        if tidied.is_none_or(|at| at.elapsed() >= BETWEEN) {
            self.tidy();
            *tidied = Some(Instant::now());
        }
    }

    /// Forgets windows that have ended.
    pub fn tidy(&self) {
        self.tries.retain(|_, tries| tries.count > 0 && tries.since.elapsed() < WINDOW);
    }
}

impl Try<'_> {
    /// It does not count: nothing was guessed.
    pub fn take_back(self) {
        for key in [Some(self.account), self.address].into_iter().flatten() {
            self.throttle.take_back(key);
        }
    }

    /// What came of comparing a password. It counts when that was a wrong one, and neither when it
    /// was the right one nor when nothing was compared.
    ///
    /// # Errors
    /// As the comparison.
    pub fn came_to(self, same: Result<bool, Refusal>) -> Result<bool, Refusal> {
        if same != Ok(false) {
            self.take_back();
        }
        same
    }
}

/// Tries the tests of timing have besides.
fn spared() -> u32 {
    u32::try_from(crate::faults::number(crate::faults::Point::Tries)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_wrong_tries_in_a_quarter_hour_and_no_more() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.begin([1; 32], Some([2; 32])).map(drop).expect("counted");
        }
        let refused = throttle.begin([1; 32], Some([2; 32])).map(drop);
        assert_eq!(refused, Err(Refusal::TooManyTries { retry_after_s: 901 }));
        throttle.begin([3; 32], Some([2; 32])).map(drop).expect("another account is free");
        tokio::time::advance(WINDOW).await;
        throttle.begin([1; 32], Some([2; 32])).map(drop).expect("the window has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn right_passwords_do_not_count() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.begin([1; 32], Some([2; 32])).expect("free").take_back();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn windows_that_count_are_never_forgotten_however_many_there_are() {
        let throttle = Throttle::default();
        let guessed = |account| throttle.begin([account; 32], None).map(drop);
        throttle.spend([199; 32], 10).expect("counted");
        tokio::time::advance(WINDOW / 2).await;
        for _ in 0..10 {
            guessed(0).expect("counted");
        }
        for n in 1..=150u8 {
            throttle.spend([n; 32], 10).expect("counted");
        }
        tokio::time::advance(WINDOW / 2).await;
        throttle.tidy_when_many(100);
        assert_eq!(throttle.tries.len(), 151, "the one that has ended is gone, and no other");
        assert!(guessed(0).is_err());
        tokio::time::advance(WINDOW / 2).await;
        throttle.tidy_when_many(200);
        assert_eq!(throttle.tries.len(), 151, "they are not many");
        throttle.tidy_when_many(100);
        assert_eq!(throttle.tries.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_known_is_not_kept_out_by_others_at_the_same_address() {
        let throttle = Throttle::default();
        for n in 0..100u8 {
            throttle.begin([n; 32], Some([200; 32])).map(drop).expect("counted");
        }
        assert!(throttle.begin([150; 32], Some([200; 32])).is_err());
        let known = throttle.begin([150; 32], None).expect("not held up");
        assert_eq!(known.came_to(Err(Refusal::Busy)), Err(Refusal::Busy));
        for _ in 0..10 {
            let guess = throttle.begin([150; 32], None).expect("what was busy does not count");
            assert_eq!(guess.came_to(Ok(false)), Ok(false));
        }
        assert!(throttle.begin([150; 32], None).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_cannot_try_every_account() {
        let throttle = Throttle::default();
        for n in 0..100u8 {
            throttle.begin([n; 32], Some([200; 32])).map(drop).expect("counted");
        }
        assert!(throttle.begin([150; 32], Some([200; 32])).is_err());
        throttle.begin([150; 32], Some([201; 32])).map(drop).expect("another address is free");
    }

    #[test]
    fn an_ipv6_address_is_taken_for_its_network_and_an_ipv4_one_for_itself() {
        let network = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("203.0.113.1"), network("203.0.113.2"));
        assert_eq!(network("::ffff:203.0.113.1"), network("203.0.113.1"));
    }
}
