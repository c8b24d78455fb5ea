//! The practice key: 64 hexadecimal characters in a file of its own, or in the environment.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use rand::TryRngCore;
use zeroize::{Zeroize, Zeroizing};

use crate::store::keystore::{owner_only, sync_parent};

/// The environment variable that may hold the key instead of a file.
pub const KEY_VARIABLE: &str = "QUIETROOM_KEY";
const HEX: usize = 64;

/// Why there is no practice key. Says nothing of the key itself.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is data and no key.
    #[error(
        "the key file {0} is missing, and without it the data cannot be read; put it back from \
         where you keep its copy, or name its place with --key-file"
    )]
    Missing(String),
    /// Others on this machine can read the key.
    #[error(
        "the key file {0} can be read by others on this machine; take that away with \
         `chmod 600 {0}`"
    )]
    Exposed(String),
    /// The file or variable does not hold a key.
    #[error(
        "{0} does not hold a key: expected 64 hexadecimal characters and nothing else; put the \
         right one back from its copy"
    )]
    Malformed(String),
    /// The file could not be read or written.
    #[error("the key file {0} could not be read or written: {1}")]
    Io(String, #[source] io::Error),
    /// The system has no randomness to make a key of.
    #[error("the operating system gives no random bytes to make a key of")]
    NoRandomness,
}

/// The key everything else is wrapped with. Wiped from memory when dropped.
pub struct PracticeKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for PracticeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PracticeKey")
    }
}

impl PracticeKey {
    /// A key of the caller's.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    /// A new key.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::rngs::OsRng.try_fill_bytes(&mut *bytes).map_err(|_| KeyError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Reads the key file, or makes it when it does not exist and the data is new.
    ///
    /// # Errors
    /// [`KeyError`], whose text says what to do.
    pub fn load_or_create(path: &Path, data_is_new: bool) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::load(file, path),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(KeyError::Io(name(), error))
            }
            Err(_) if !data_is_new => Err(KeyError::Missing(name())),
            Err(_) => {
                let key = Self::random()?;
                key.create(path).map_err(|error| KeyError::Io(name(), error))?;
                Ok(key)
            }
        }
    }

    /// The key in [`KEY_VARIABLE`]; `None` when it is not set.
    #[must_use]
    pub fn from_env() -> Option<Result<Self, KeyError>> {
        let text = Zeroizing::new(std::env::var_os(KEY_VARIABLE)?.into_encoded_bytes());
        let malformed = || KeyError::Malformed(KEY_VARIABLE.to_owned());
        Some(parse(text.trim_ascii()).ok_or_else(malformed))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn load(file: File, path: &Path) -> Result<Self, KeyError> {
        let name = || path.display().to_string();
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let metadata = file.metadata().map_err(|error| KeyError::Io(name(), error))?;
            if metadata.is_file() && metadata.mode() & 0o077 != 0 {
                return Err(KeyError::Exposed(name()));
            }
        }
        let mut text = Zeroizing::new(Vec::with_capacity(2 * HEX));
        file.take(2 * HEX as u64)
            .read_to_end(&mut text)
            .map_err(|error| KeyError::Io(name(), error))?;
        parse(text.trim_ascii_end()).ok_or_else(|| KeyError::Malformed(name()))
    }

    pub(super) fn create(&self, path: &Path) -> io::Result<()> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = Zeroizing::new(Vec::with_capacity(HEX + 1));
        for byte in self.0.iter() {
            text.push(DIGITS[usize::from(byte >> 4)]);
            text.push(DIGITS[usize::from(byte & 15)]);
        }
        text.push(b'\n');
        let mut options = OpenOptions::new();
        let mut file = owner_only(options.write(true).create_new(true)).open(path)?;
        file.write_all(&text)?;
        // Data sealed with a key that a power cut takes away would be lost with it.
        file.sync_all()?;
        sync_parent(path)
    }
}

fn parse(text: &[u8]) -> Option<PracticeKey> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    let mut bytes = Zeroizing::new([0; 32]);
    if pairs.len() != bytes.len() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?;
    }
    Some(PracticeKey(bytes))
}
