//! Passwords: argon2id with the parameters OWASP asks for (19 MiB, two passes, one lane), away
//! from the async threads and only as many at once as there are cores.

use std::sync::Arc;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::Rng;
use shared_proto::refusal::Refusal;
use shared_proto::strength::Verdict;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::strength;

/// Tries that may wait for a core; more are told to come back.
const WAITING: usize = 64;

/// Hashes and compares.
pub struct Passwords {
    cores: Arc<Semaphore>,
    line: Arc<Semaphore>,
    /// Compared against when there is no such person, so that both take as long.
    nobody: String,
}

impl Passwords {
    /// Ready to hash.
    #[must_use]
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            line: Arc::new(Semaphore::new(WAITING)),
            nobody: hash(&generate()),
        }
    }

    /// The hash to keep of a password.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        let password = Zeroizing::new(password);
        self.run(move || hash(&password)).await
    }

    /// Whether `password` is the one `kept` was made of. Takes as long when there is none.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, Refusal> {
        let exists = kept.is_some();
        let kept = kept.unwrap_or_else(|| self.nobody.clone());
        let password = Zeroizing::new(password);
        let same = self.run(move || {
            PasswordHash::new(&kept)
                .is_ok_and(|kept| argon2().verify_password(password.as_bytes(), &kept).is_ok())
        });
        Ok(same.await? && exists)
    }

    /// What is to be said of a new password; `known` is what others know of the person.
    ///
    /// # Errors
    /// `Busy` when too many wait.
    pub async fn judge(
        &self,
        password: String,
        known: Vec<String>,
        has_second_factor: bool,
    ) -> Result<Verdict, Refusal> {
        let password = Zeroizing::new(password);
        self.run(move || judge(&password, &known, has_second_factor)).await
    }

    /// The hash to keep of a new password, if it may be used.
    ///
    /// # Errors
    /// `Invalid` with the rule it broke; `Busy` when too many wait.
    pub async fn accept(
        &self,
        password: String,
        known: Vec<String>,
        has_second_factor: bool,
    ) -> Result<String, Refusal> {
        let password = Zeroizing::new(password);
        let work = move || match judge(&password, &known, has_second_factor).refusal {
            None => Ok(hash(&password)),
            Some(refusal) => Err(refusal),
        };
        self.run(work).await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = Arc::clone(&self.line).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Refusal::Stopping)?;
        let working = tokio::task::spawn_blocking(move || {
            let result = work();
            // Held by the work and not by whoever waits for it, who may be gone long before.
            drop((core, place));
            result
        });
        working.await.map_err(|_| Refusal::Stopping)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// What is to be said of a new password; blocks for up to tens of milliseconds.
#[must_use]
pub fn judge(password: &str, known: &[String], has_second_factor: bool) -> Verdict {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    strength::check(password, &known, has_second_factor)
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash to keep of a password; blocks for tens of milliseconds.
#[must_use]
pub fn hash(password: &str) -> String {
    let salt = SaltString::generate(&mut OsRng);
    let hash = argon2().hash_password(password.as_bytes(), &salt);
    hash.expect("any password can be hashed").to_string()
}

/// A new password to hand to somebody: 30 letters out of 31 that are hard to mistake, 148 bits.
#[must_use]
pub fn generate() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    const LENGTH: usize = 30;
    let mut random = rand::rng();
    let letter = |_| char::from(LETTERS[random.random_range(0..LETTERS.len())]);
    let letters: Vec<char> = (0..LENGTH).map(letter).collect();
    let groups: Vec<String> = letters.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_nothing_opens_nobodys() {
        let passwords = Passwords::new();
        let kept = passwords.hash("a lake in autumn".into()).await.expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let verify = |password: &str, kept| passwords.verify(password.into(), kept);
        assert_eq!(verify("a lake in autumn", Some(kept.clone())).await, Ok(true));
        assert_eq!(verify("a lake in winter", Some(kept)).await, Ok(false));
        assert_eq!(verify("a lake in autumn", None).await, Ok(false));
    }

    #[tokio::test]
    async fn who_leaves_frees_no_core_while_their_work_goes_on() {
        let passwords = Arc::new(Passwords::new());
        let cores = passwords.cores.available_permits();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (end, ends) = std::sync::mpsc::channel::<()>();
        let asked = tokio::spawn({
            let passwords = Arc::clone(&passwords);
            async move {
                let work = move || {
                    let _ = begun.send(());
                    let _ = ends.recv();
                };
                passwords.run(work).await
            }
        });
        begins.await.expect("the work begins");
        asked.abort();
        assert!(asked.await.is_err_and(|error| error.is_cancelled()));
        assert_eq!(passwords.cores.available_permits(), cores - 1);
        assert_eq!(passwords.line.available_permits(), WAITING - 1);
        drop(end);
        let all = u32::try_from(cores).expect("cores fit");
        let _all = passwords.cores.acquire_many(all).await.expect("the work ended");
    }

    #[test]
    fn a_generated_password_is_one_that_may_be_used() {
        assert_eq!(shared_proto::people::password(&generate(), "a@b", false), Ok(()));
        assert_ne!(generate(), generate());
    }

    #[test]
    fn a_generated_password_has_128_random_bits_and_more() {
        let made: Vec<String> = (0..100).map(|_| generate()).collect();
        for password in &made {
            let groups: Vec<usize> = password.split('-').map(str::len).collect();
            assert_eq!(groups, [6; 5], "{password}");
        }
        let letters: HashSet<char> = made.iter().flat_map(|made| made.chars()).collect();
        // All but the dash, of which all 3,000 letters leave one out once in 10^42.
        let each = ((letters.len() - 1) as f64).log2();
        assert!(30.0 * each >= 128.0, "{each} bits a letter");
        for at in (0..34).filter(|at| (at + 1) % 7 != 0) {
            let there: HashSet<&str> = made.iter().map(|made| &made[at..=at]).collect();
            assert!(there.len() > 10, "letter {at} is hardly random: {there:?}");
        }
    }
}
