//! Seals everything the store keeps, so that its files say nothing without the practice key.
//!
//! The practice key (a file beside the data, or the environment) wraps the records key and one key
//! per conversation; those lie in `keystore.rs`. A sealed value is a version byte, a random nonce
//! of 24 bytes, then ciphertext and tag of XChaCha20-Poly1305. The place it is kept at, its full
//! key, is authenticated with it: a value moved elsewhere does not open.

mod practice_key;
mod rotation;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use shared_proto::id::{ConversationId, FileId};
use zeroize::{Zeroize, Zeroizing};

use super::engine::Engine;
use super::keystore::{KeyId, Keystore, KeystoreError, Wrapped};
pub use practice_key::{KeyError, PracticeKey};
pub use rotation::{Rotated, RotationError};

const VERSION: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;
/// What sealing adds to a value, in bytes.
pub const SEAL_BYTES: usize = 1 + NONCE + TAG;
/// The records key's place in the key store. Ids of conversations are random: none is as small as
/// these.
const RECORDS: KeyId = [0; 16];
/// The place of the key that makes ids, where it is not derived from the records key.
const NAMING: KeyId = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
/// The place of the key that signs checkpoints, likewise.
const SIGNING: KeyId = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
/// Conversation keys kept unwrapped, twice this at most.
const CACHED: usize = 2_048;

/// A value did not open: it was changed, moved, or sealed with another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value is damaged")]
pub struct Damaged;

/// Why the vault does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The practice key is not the one the data was sealed with. Nothing was changed.
    #[error(
        "this key does not open this data; start with the key file that belongs to it \
         (nothing was changed)"
    )]
    WrongKey,
    /// There are records but no keys to open them.
    #[error(
        "the key store `keys` is missing from the data directory, and without it the data cannot \
         be read; put it back from its backup"
    )]
    KeysMissing,
    /// A restore was cut off.
    #[error(
        "a restore into this data directory did not finish; empty the directory and restore again"
    )]
    RestoreUnfinished,
    /// The wrapped key of one conversation does not open.
    #[error("the key of a conversation is damaged")]
    DamagedKey,
    /// The key store failed.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// A change of the practice key was cut off and cannot be completed.
    #[error("a change of the practice key was cut off, and cannot be completed: {0}")]
    Rotation(#[source] KeyError),
}

/// Seals and opens values.
pub struct SealingKey {
    cipher: XChaCha20Poly1305,
    /// What others are derived from.
    key: Key,
}

impl SealingKey {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(key.into()), key: Zeroizing::new(*key) }
    }

    /// What seals a file of the conversation this key is of. It is kept nowhere: whoever destroys
    /// this key destroys the file.
    #[must_use]
    pub fn of_file(&self, id: FileId) -> Self {
        Self::new(&derived(&self.key, &[b"quietroom file 1", id.as_bytes()]))
    }

    /// `plain`, readable again only with this key at this place; [`SEAL_BYTES`] longer.
    #[must_use]
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = Vec::with_capacity(SEAL_BYTES + plain.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let body = &mut sealed[1 + NONCE..];
        let tag = with_associated(place, |associated| {
            self.cipher.encrypt_in_place_detached(XNonce::from_slice(&nonce), associated, body)
        })
        .expect("a record is far below the cipher's 256 GiB");
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// What was sealed with this key for this place.
    ///
    /// # Errors
    /// `Damaged` otherwise.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Damaged> {
        let Some((&VERSION, rest)) = sealed.split_first() else { return Err(Damaged) };
        let (nonce, rest) = rest.split_at_checked(NONCE).ok_or(Damaged)?;
        let body = rest.len().checked_sub(TAG).ok_or(Damaged)?;
        let (body, tag) = rest.split_at(body);
        let (nonce, tag) = (XNonce::from_slice(nonce), Tag::from_slice(tag));
        let mut plain = body.to_vec();
        with_associated(place, |associated| {
            self.cipher.decrypt_in_place_detached(nonce, associated, &mut plain, tag)
        })
        .map_err(|_| Damaged)?;
        Ok(plain)
    }
}

/// The version byte and the place, in one piece. Keys of the store fit the buffer.
fn with_associated<T>(place: &[u8], then: impl FnOnce(&[u8]) -> T) -> T {
    let mut buffer = [VERSION; 96];
    match buffer.get_mut(1..=place.len()) {
        Some(room) => {
            room.copy_from_slice(place);
            then(&buffer[..=place.len()])
        }
        None => then(&[&[VERSION], place].concat()),
    }
}

/// Holds the keys.
pub struct Vault {
    keystore: Keystore,
    /// Changes together with the keys in `keystore`: whoever reads one there and unwraps it holds
    /// this meanwhile.
    wrapping: RwLock<SealingKey>,
    /// `None` = in memory.
    data: Option<PathBuf>,
    /// Where the practice key lies; `None` = it came from somewhere else.
    key_file: Option<PathBuf>,
    records: Arc<SealingKey>,
    lookup: Hmac<Sha256>,
    naming: Key,
    signing: SigningKey,
    cache: Mutex<Cache>,
}

impl Vault {
    /// Where a data directory keeps its wrapped keys.
    #[must_use]
    pub fn path(data: &Path) -> PathBuf {
        data.join("keys")
    }

    /// Opens the keys of a data directory, which must exist; `None` = in memory. A directory
    /// without an engine in it is new, and gets a records key: so open the vault before the
    /// engine. Then an engine always has its keys, and one without them is never taken for new.
    ///
    /// # Errors
    /// [`VaultError`]; nothing was changed then.
    pub fn open(data: Option<&Path>, key: PracticeKey) -> Result<Self, VaultError> {
        Self::open_from(data, key, None)
    }

    /// As [`Vault::open`], with the key that was read from `key_file`. A change of the key that a
    /// crash cut off is completed, or undone where it had not reached the keys.
    ///
    /// # Errors
    /// As there.
    pub fn open_with_file(
        data: &Path,
        key: PracticeKey,
        key_file: &Path,
    ) -> Result<Self, VaultError> {
        Self::open_from(Some(data), key, Some(key_file))
    }

    fn open_from(
        data: Option<&Path>,
        key: PracticeKey,
        key_file: Option<&Path>,
    ) -> Result<Self, VaultError> {
        let keystore = match data {
            None => Keystore::memory(),
            Some(data) => {
                if super::backup::unfinished(data).exists() {
                    return Err(VaultError::RestoreUnfinished);
                }
                let path = Self::path(data);
                if !path.exists() && Engine::directory(data).exists() {
                    return Err(VaultError::KeysMissing);
                }
                Keystore::open(&path)?
            }
        };
        let mut wrapping = wrapping(&key);
        if let (Some(data), Some(key_file)) = (data, key_file)
            && let Some(completed) = rotation::recover(data, key_file, &keystore, &wrapping)?
        {
            wrapping = completed;
        }
        let records = match keystore.get(&RECORDS) {
            Some(wrapped) => unwrap(&wrapping, &RECORDS, &wrapped).ok_or(VaultError::WrongKey)?,
            None if data.is_some_and(|data| Engine::directory(data).exists())
                || !keystore.is_empty() =>
            {
                return Err(VaultError::KeysMissing);
            }
            None => {
                let records = random_key();
                keystore.insert(RECORDS, wrap(&wrapping, &RECORDS, &records))?;
                records
            }
        };
        let kept = |id: &KeyId, derived: Key| match keystore.get(id) {
            Some(wrapped) => unwrap(&wrapping, id, &wrapped).ok_or(VaultError::DamagedKey),
            None => Ok(derived),
        };
        let lookup = derived(&records, &[b"quietroom lookup 1"]);
        let naming = kept(&NAMING, lookup.clone())?;
        let signing = kept(&SIGNING, derived(&records, &[b"quietroom checkpoint 1"]))?;
        Ok(Self {
            keystore,
            wrapping: RwLock::new(wrapping),
            data: data.map(Path::to_owned),
            key_file: key_file.map(Path::to_owned),
            records: Arc::new(SealingKey::new(&records)),
            lookup: hashing(&lookup),
            naming,
            signing: SigningKey::from_bytes(&signing),
            cache: Mutex::default(),
        })
    }

    /// New keys for everything, in the directory `to`, which has none yet: for what is sealed with
    /// those of `old` and is going to be sealed anew. Two keys stay, which seal nothing: what makes
    /// ids, or what somebody asks for again would be done twice, and what signs checkpoints, which
    /// has to be told from any other.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn successor(old: &Self, to: &Path, key: PracticeKey) -> Result<Self, VaultError> {
        let keystore = Keystore::open(&Self::path(to))?;
        let wrapping = wrapping(&key);
        let signing = Zeroizing::new(old.signing.to_bytes());
        for (id, kept) in [(NAMING, &old.naming), (SIGNING, &signing)] {
            keystore.insert(id, wrap(&wrapping, &id, kept))?;
        }
        let records = random_key();
        keystore.insert(RECORDS, wrap(&wrapping, &RECORDS, &records))?;
        drop(keystore);
        Self::open(Some(to), key)
    }

    /// Seals everything that is not of one conversation.
    #[must_use]
    pub fn records(&self) -> Arc<SealingKey> {
        Arc::clone(&self.records)
    }

    /// Signs checkpoints. The same for as long as the practice lasts, whatever key wraps it.
    #[must_use]
    pub const fn checkpoint_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The key of a conversation; `None` when it has none, or none any more.
    ///
    /// # Errors
    /// `DamagedKey`.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Arc<SealingKey>>, VaultError> {
        if let Some(key) = self.cache().get(id) {
            return Ok(Some(key));
        }
        let key = {
            let wrapping = self.wrapping();
            let Some(wrapped) = self.keystore.get(id.as_bytes()) else { return Ok(None) };
            unwrapped(&wrapping, id, &wrapped)?
        };
        let mut cache = self.cache();
        cache.put(id, &key);
        // It may have been destroyed between reading and caching it.
        if self.keystore.get(id.as_bytes()).is_none() {
            cache.remove(id);
            return Ok(None);
        }
        Ok(Some(key))
    }

    /// A key for a new conversation, or the one it has. Durable when it returns; blocks.
    ///
    /// # Errors
    /// When the disk refuses, or `DamagedKey`.
    pub fn create_conversation(&self, id: ConversationId) -> Result<Arc<SealingKey>, VaultError> {
        let fresh = random_key();
        self.keystore.keep(
            *id.as_bytes(),
            || wrap(&self.wrapping(), id.as_bytes(), &fresh),
            |kept| unwrapped(&self.wrapping(), id, kept),
        )?
    }

    /// Destroys a conversation by destroying its key; answers whether there was one. Nothing of it
    /// can be read again, here or in a backup of the engine. Keys handed out before live until
    /// they are dropped. Blocks.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn destroy_conversation(&self, id: ConversationId) -> Result<bool, VaultError> {
        let destroyed = self.keystore.destroy(id.as_bytes());
        self.cache().remove(id);
        Ok(destroyed?)
    }

    /// A keyed hash of `text`, to find by it what is sealed. Differs by `domain`, which must not
    /// hold a zero byte.
    #[must_use]
    pub fn lookup(&self, domain: &str, text: &str) -> [u8; 32] {
        hashed(self.lookup.clone(), domain, text)
    }

    /// The same for what a keyed hash is the id of: it stays what it is for as long as the practice
    /// lasts, whatever keys are exchanged.
    #[must_use]
    pub fn name(&self, domain: &str, text: &str) -> [u8; 32] {
        hashed(hashing(&self.naming), domain, text)
    }

    /// The wrapped keys, for a backup apart from the engine's.
    #[must_use]
    pub const fn keystore(&self) -> &Keystore {
        &self.keystore
    }

    fn wrapping(&self) -> RwLockReadGuard<'_, SealingKey> {
        self.wrapping.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Key = Zeroizing<[u8; 32]>;

fn hashing(key: &Key) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(&**key).expect("a key of any length will do")
}

fn hashed(mut hash: Hmac<Sha256>, domain: &str, text: &str) -> [u8; 32] {
    hash.update(domain.as_bytes());
    hash.update(&[0]);
    hash.update(text.as_bytes());
    hash.finalize().into_bytes().into()
}

fn random_key() -> Key {
    let mut key = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(&mut *key);
    key
}

fn derived(from: &[u8; 32], purpose: &[&[u8]]) -> Key {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, from)
        .expand_multi_info(purpose, &mut *key)
        .expect("32 bytes are within what HKDF gives");
    key
}

/// What wraps all other keys.
fn wrapping(key: &PracticeKey) -> SealingKey {
    SealingKey::new(&derived(key.bytes(), &[b"quietroom wrapping 1"]))
}

fn unwrapped(
    wrapping: &SealingKey,
    id: ConversationId,
    wrapped: &Wrapped,
) -> Result<Arc<SealingKey>, VaultError> {
    let key = unwrap(wrapping, id.as_bytes(), wrapped).ok_or(VaultError::DamagedKey)?;
    Ok(Arc::new(SealingKey::new(&key)))
}

/// A wrapped key is a sealed value without its version byte, as its slot has a version.
fn wrap(wrapping: &SealingKey, id: &KeyId, key: &Key) -> Wrapped {
    let sealed = wrapping.seal(id, &**key);
    sealed[1..].try_into().expect("nonce, key and tag have fixed lengths")
}

fn unwrap(wrapping: &SealingKey, id: &KeyId, wrapped: &Wrapped) -> Option<Key> {
    let mut plain = wrapping.open(id, &[&[VERSION], &wrapped[..]].concat()).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    let fits = plain.len() == key.len();
    if fits {
        key.copy_from_slice(&plain);
    }
    plain.zeroize();
    fits.then_some(key)
}

/// Unwrapped keys in two generations: what is used moves to the young one, and the old one goes
/// when the young one is full.
#[derive(Default)]
struct Cache {
    young: HashMap<ConversationId, Arc<SealingKey>>,
    old: HashMap<ConversationId, Arc<SealingKey>>,
}

impl Cache {
    fn get(&mut self, id: ConversationId) -> Option<Arc<SealingKey>> {
        if let Some(key) = self.young.get(&id) {
            return Some(Arc::clone(key));
        }
        let key = self.old.remove(&id)?;
        self.put(id, &key);
        Some(key)
    }

    fn put(&mut self, id: ConversationId, key: &Arc<SealingKey>) {
        if self.young.len() >= CACHED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, Arc::clone(key));
    }

    fn remove(&mut self, id: ConversationId) {
        self.young.remove(&id);
        self.old.remove(&id);
    }
}
