//! Who is signed in, and where. The token itself is never kept: a session lies under the hash of
//! its token, and a key of its person's leads to it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::id::{DeviceId, PersonId};
use shared_proto::time::Millis;

use super::engine::{Batch, Direction, Expect};
use super::{Store, StoreError, keys};

/// SHA-256 of a session token: where its session lies, and its name inside the server.
pub type TokenHash = [u8; 32];

/// What a session is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Everything.
    Full,
    /// Nothing until the password is entered again.
    Locked,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Whose.
    pub person: PersonId,
    /// Their epoch when they signed in.
    pub epoch: u32,
    /// What it is called where its person sees it; stays when its token is renewed.
    pub device: DeviceId,
    /// What it is good for.
    pub stage: Stage,
    /// When they signed in.
    pub created_at: Millis,
    /// When it ends, whatever happens.
    pub expires_at: Millis,
    /// When they were last active, up to a minute ago.
    pub last_active: Millis,
    /// The browser, as far as it says; empty for unknown.
    pub browser: String,
    /// Its system, as far as it says; empty for unknown.
    pub system: String,
}

/// What is stored under a key of a person's sessions.
const ROW: u8 = 1;

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

/// A session to be changed, and what the batch that changes it expects: that it is still as it was
/// read. Whoever has signed out or been locked meanwhile stays so.
///
/// # Errors
/// `Damaged` when its record does not open.
pub fn load_to_change(
    store: &Store,
    hash: &TokenHash,
) -> Result<Option<(SessionRecord, Expect)>, StoreError> {
    store.get_to_change(keys::session(hash), "session")
}

/// Adds to `batch` that this session is kept.
pub fn put(store: &Store, hash: &TokenHash, session: &SessionRecord, batch: &mut Batch) {
    let key = keys::session(hash);
    batch.put.push((key.clone(), store.seal(&key, session)));
    let key = keys::session_of(session.person, hash);
    batch.put.push((key.clone(), store.seal(&key, &ROW)));
}

/// Adds to `batch` that this session is gone.
pub fn delete(hash: &TokenHash, person: PersonId, batch: &mut Batch) {
    batch.delete.push(keys::session(hash));
    batch.delete.push(keys::session_of(person, hash));
}

/// Somebody's sessions, ended ones among them; at most `most`.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn of(
    store: &Store,
    person: PersonId,
    most: usize,
) -> Result<Vec<(TokenHash, SessionRecord)>, StoreError> {
    let rows = store.engine.scan(keys::sessions_of(person), most, Direction::Forward)?;
    let mut sessions = Vec::with_capacity(rows.len());
    for (key, _) in &rows {
        let hash = keys::parse_session_of(key).ok_or(StoreError::Damaged("session"))?;
        if let Some(session) = load(store, &hash)? {
            sessions.push((hash, session));
        }
    }
    Ok(sessions)
}

/// Sessions that are `meant`.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn those(
    store: &Store,
    meant: impl Fn(&SessionRecord) -> bool,
) -> Result<Vec<(TokenHash, SessionRecord)>, StoreError> {
    let mut found = Vec::new();
    store.for_each(keys::SESSIONS, "session", |key, session: SessionRecord| {
        if meant(&session)
            && let Some(hash) = keys::parse_session(key)
        {
            found.push((hash, session));
        }
        Ok(())
    })?;
    Ok(found)
}
