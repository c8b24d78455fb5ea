//! Passwords that leaked elsewhere, as the operator lists them: refused as new ones, beside those
//! zxcvbn knows, of which few are as long as ours have to be (ASVS 6.2.4, 6.2.12; NIST SP 800-63B-4,
//! 3.1.1.2). Of each only a few bytes of a hash are held.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use shared_proto::limits;

/// Passwords on a list, at most: 80 MB of memory.
const MOST: usize = 10_000_000;

/// The list of this process.
static LIST: OnceLock<Leaked> = OnceLock::new();

/// Why a list is not used.
#[derive(Debug, thiserror::Error)]
pub enum LeakedError {
    /// It cannot be read.
    #[error("the list of leaked passwords {0} cannot be read: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// It is longer than is held.
    #[error("the list of leaked passwords {0} has more than 10,000,000 that count; shorten it")]
    TooLong(PathBuf),
    /// None of its lines could be a password here.
    #[error("the list of leaked passwords {0} has none of 8 characters or more, one a line")]
    Empty(PathBuf),
}

/// A list.
pub struct Leaked(Vec<u64>);

impl Leaked {
    /// Reads a file with a password a line, in any order. Those too short or too long to be one here
    /// are left out, and what is no text is read as if it were.
    ///
    /// # Errors
    /// [`LeakedError`].
    pub fn read(path: &Path) -> Result<Self, LeakedError> {
        let at = |error| LeakedError::Io(path.to_owned(), error);
        let mut lines = BufReader::new(File::open(path).map_err(at)?);
        let (mut held, mut line) = (Vec::new(), Vec::new());
        let lengths =
            *limits::PASSWORD_WITH_FACTOR_SCALARS.start()..=*limits::PASSWORD_SCALARS.end();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(at)? == 0 {
                break;
            }
            let password = String::from_utf8_lossy(&line);
            let password = password.trim_end_matches(['\n', '\r']);
            if lengths.contains(&password.chars().count()) {
                held.push(fingerprint(password));
            }
            if held.len() > MOST {
                return Err(LeakedError::TooLong(path.to_owned()));
            }
        }
        if held.is_empty() {
            return Err(LeakedError::Empty(path.to_owned()));
        }
        held.sort_unstable();
        held.dedup();
        Ok(Self(held))
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a password is on it, in whatever case it is written.
    #[must_use]
    pub fn has(&self, password: &str) -> bool {
        self.0.binary_search(&fingerprint(password)).is_ok()
    }

    /// From now on the list of this process; the first one stays.
    pub fn keep(self) {
        let _ = LIST.set(self);
    }
}

/// Whether a password is on the list of this process, if there is one.
#[must_use]
pub fn has(password: &str) -> bool {
    LIST.get().is_some_and(|list| list.has(password))
}

/// With ten million on the list, one password in a million million is taken for one of them.
fn fingerprint(password: &str) -> u64 {
    let hash = Sha256::digest(password.to_lowercase().as_bytes());
    u64::from_be_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<Leaked, LeakedError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list.txt");
        std::fs::write(&path, content).expect("written");
        Leaked::read(&path)
    }

    #[test]
    fn what_is_listed_is_known_whatever_its_case_and_line_end() {
        let list =
            read(b"correcthorsebatterystaple\r\nUnicornsAreReal2019\nshort\n\xff\xfe1234567\n")
                .expect("a list");
        assert_eq!(list.len(), 3, "without the one that is too short");
        assert!(list.has("CorrectHorseBatteryStaple") && list.has("unicornsarereal2019"));
        assert!(!list.has("short") && !list.has("correcthorsebatterystapl") && !list.has(""));
        let doubled = read(b"twelve herons\nTwelve Herons\n").expect("a list");
        assert_eq!(doubled.len(), 1);
    }

    #[test]
    fn a_list_of_nothing_is_a_mistake() {
        assert!(matches!(read(b""), Err(LeakedError::Empty(_))));
        assert!(matches!(read(b"short\nalso\n"), Err(LeakedError::Empty(_))));
        let nowhere = Leaked::read(Path::new("/nowhere/at/all"));
        assert!(matches!(nowhere, Err(LeakedError::Io(..))));
    }
}
