//! Who is signed in. The token itself is never kept: a session lies under the hash of its token.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::id::PersonId;
use shared_proto::time::Millis;

use super::{Store, StoreError, keys};

/// SHA-256 of a session token: where its session lies, and its name inside the server.
pub type TokenHash = [u8; 32];

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Whose.
    pub person: PersonId,
    /// Their epoch when they signed in.
    pub epoch: u32,
    /// When it ends, whatever happens.
    pub expires_at: Millis,
}

/// The hash a token is kept under.
#[must_use]
pub fn hash(token: &[u8]) -> TokenHash {
    Sha256::digest(token).into()
}

/// The session under this hash.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store, hash: &TokenHash) -> Result<Option<SessionRecord>, StoreError> {
    store.get(&keys::session(hash), "session")
}

/// The operation that keeps a session.
#[must_use]
pub fn put(store: &Store, hash: &TokenHash, session: &SessionRecord) -> (Vec<u8>, Vec<u8>) {
    let key = keys::session(hash);
    let sealed = store.seal(&key, session);
    (key, sealed)
}

/// Keys of sessions that have ended by `now`.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn ended(store: &Store, now: Millis) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut ended = Vec::new();
    store.for_each(keys::SESSIONS, "session", |key, session: SessionRecord| {
        if session.expires_at <= now {
            ended.push(key.to_vec());
        }
        Ok(())
    })?;
    Ok(ended)
}
