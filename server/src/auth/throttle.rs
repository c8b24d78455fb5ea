//! A bound on guessing: so many wrong tries in a window, for each account and for each address
//! (NIST SP 800-63B-4, 3.2.2). A try counts from when it begins, so that many at once are no way
//! round; one that succeeds is taken back. Sessions somebody holds are never touched.

use std::net::IpAddr;
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
/// Windows kept at most; beyond it those that have ended are forgotten at once.
const KEPT: usize = 100_000;

type Key = [u8; 32];

/// Tries to sign in.
#[derive(Default)]
pub struct Throttle {
    tries: DashMap<Key, Tries>,
}

#[derive(Clone, Copy)]
struct Tries {
    since: Instant,
    count: u32,
}

/// A try that has begun. It stays counted unless it succeeds.
pub struct Try<'a> {
    throttle: &'a Throttle,
    keys: [Key; 2],
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
    /// Begins a try for an account from an address, both as keyed hashes.
    ///
    /// # Errors
    /// `TooManyTries`, with the seconds until the window ends.
    pub fn begin(&self, account: Key, address: Key) -> Result<Try<'_>, Refusal> {
        if self.tries.len() > KEPT {
            self.tidy();
        }
        self.count(account, PER_ACCOUNT)?;
        if let Err(refusal) = self.count(address, PER_ADDRESS) {
            self.take_back(account);
            return Err(refusal);
        }
        Ok(Try { throttle: self, keys: [account, address] })
    }

    /// Takes one off what `key`, a keyed hash, is allowed in a window.
    ///
    /// # Errors
    /// `TooManyTries`, with the seconds until the window ends.
    pub fn spend(&self, key: Key, most: u32) -> Result<(), Refusal> {
        if self.tries.len() > KEPT {
            self.tidy();
        }
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

    /// Forgets windows that have ended.
    pub fn tidy(&self) {
        self.tries.retain(|_, tries| tries.count > 0 && tries.since.elapsed() < WINDOW);
    }
}

impl Try<'_> {
    /// It was the right password: it does not count.
    pub fn succeeded(self) {
        for key in self.keys {
            self.throttle.take_back(key);
        }
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
            throttle.begin([1; 32], [2; 32]).map(drop).expect("counted");
        }
        let refused = throttle.begin([1; 32], [2; 32]).map(drop);
        assert_eq!(refused, Err(Refusal::TooManyTries { retry_after_s: 901 }));
        throttle.begin([3; 32], [2; 32]).map(drop).expect("another account is free");
        tokio::time::advance(WINDOW).await;
        throttle.begin([1; 32], [2; 32]).map(drop).expect("the window has ended");
    }

    #[tokio::test(start_paused = true)]
    async fn right_passwords_do_not_count() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.begin([1; 32], [2; 32]).expect("free").succeeded();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_cannot_try_every_account() {
        let throttle = Throttle::default();
        for n in 0..100u8 {
            throttle.begin([n; 32], [200; 32]).map(drop).expect("counted");
        }
        assert!(throttle.begin([150; 32], [200; 32]).is_err());
        throttle.begin([150; 32], [201; 32]).map(drop).expect("another address is free");
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
