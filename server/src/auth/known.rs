//! Browsers somebody has signed in with before. Wrong passwords are counted for an account however
//! far apart they come from, so that whoever knows an email could keep its person out by guessing.
//! Those from a browser that proves by a cookie that it let this person in before are counted by
//! themselves: strangers use up their own tries and nobody else's (ASVS 6.1.1; OWASP, "Slow Down
//! Online Guessing Attacks with Device Cookies"). The cookie lets nobody in, and says to nobody but
//! the server whose it is.

use shared_proto::time::Millis;

use super::sessions::hex;
use crate::store::people::PersonRecord;
use crate::store::sessions::hash;
use crate::store::vault::Vault;

/// Name of the cookie.
pub const COOKIE: &str = "__Host-quietroom-known";
/// How long a browser stays known after a sign-in, in milliseconds.
pub const LASTS_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Digits of the time it ends.
const UNTIL: usize = 16;
/// Digits of what tells one browser from another: 128 random bits.
const NONCE: usize = 32;

/// What a browser shows from now on, in which this person has just come in. Worth nothing once
/// their sessions are ended for any reason.
#[must_use]
pub fn token(vault: &Vault, person: &PersonRecord, now: Millis) -> String {
    let nonce: [u8; NONCE / 2] = rand::random();
    let said = format!("{:0UNTIL$x}{}", now.0.saturating_add(LASTS_MS), hex(&nonce));
    let proof = proof(vault, person, &said);
    said + &proof
}

/// What tells a browser that shows this token from others, if this person came in with it; under
/// which their tries there are counted.
#[must_use]
pub fn browser<'a>(
    vault: &Vault,
    person: &PersonRecord,
    token: &'a str,
    now: Millis,
) -> Option<&'a str> {
    let (said, given) = token.split_at_checked(UNTIL + NONCE)?;
    let until = u64::from_str_radix(said.get(..UNTIL)?, 16).ok()?;
    // Hashed once more: how many digits are right is not told by the time it takes.
    let same = hash(given.as_bytes()) == hash(proof(vault, person, said).as_bytes());
    let in_time = now.0 < until && until <= now.0.saturating_add(LASTS_MS);
    (same && in_time).then_some(said)
}

fn proof(vault: &Vault, person: &PersonRecord, said: &str) -> String {
    let of = format!("{said} {} {}", person.id, person.session_epoch);
    hex(&vault.lookup("known browser", &of))
}

#[cfg(test)]
mod tests {
    use shared_proto::id::PersonId;

    use super::*;
    use crate::store::testing::{person, store};

    const NOW: Millis = Millis(1_000_000_000_000);

    fn ana() -> PersonRecord {
        person(PersonId::from_bytes([0xaa; 16]), "ana@example.org")
    }

    #[test]
    fn a_browser_is_known_for_one_person_for_thirty_days_and_until_sessions_end() {
        let store = store();
        let known = |token: &str, person: &PersonRecord, at: u64| {
            browser(&store.vault, person, token, Millis(at)).is_some()
        };
        let made = token(&store.vault, &ana(), NOW);
        assert!(known(&made, &ana(), NOW.0));
        assert!(known(&made, &ana(), NOW.0 + LASTS_MS - 1));
        assert!(!known(&made, &ana(), NOW.0 + LASTS_MS));
        let ben = person(PersonId::from_bytes([0xbb; 16]), "ana@example.org");
        assert!(!known(&made, &ben, NOW.0));
        let ended = PersonRecord { session_epoch: 1, ..ana() };
        assert!(!known(&made, &ended, NOW.0));
        let elsewhere = PersonRecord { email: "ana@example.com".into(), ..ana() };
        assert!(known(&made, &elsewhere, NOW.0), "another email is the same person");
        // With a clock that was set back it is none: it would last longer than it may.
        assert!(!known(&made, &ana(), NOW.0 - 1));
        let later = format!("{:016x}{}", NOW.0 + LASTS_MS + 1, &made[UNTIL..]);
        assert!(!known(&later, &ana(), NOW.0 + 1));
        for other in ["", "00", "é".repeat(60).as_str(), &made[..made.len() - 1], &made[1..]] {
            assert!(!known(other, &ana(), NOW.0), "{other}");
        }
    }

    #[test]
    fn two_browsers_of_one_person_are_told_apart() {
        let store = store();
        let one = token(&store.vault, &ana(), NOW);
        let two = token(&store.vault, &ana(), NOW);
        let of = |token| browser(&store.vault, &ana(), token, NOW).map(str::to_owned);
        assert!(of(&one).is_some() && of(&one) != of(&two));
    }
}
