//! Sessions: opaque 256-bit tokens, kept only as their hash, revocable at once.

use std::sync::Arc;

use rand::RngCore;
use shared_proto::people::PersonCard;
use shared_proto::time::Millis;

use crate::clock;
use crate::store::engine::Batch;
use crate::store::people::{self, PersonRecord, Status};
use crate::store::sessions::{self, SessionRecord, TokenHash};
use crate::store::{Store, StoreError, keys};

/// Name of the cookie. `__Host-`: secure, this host only, whole site (RFC 6265bis, 4.1.3.2).
pub const COOKIE: &str = "__Host-quietroom";

/// Somebody signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// Who.
    pub person: Arc<PersonCard>,
    /// Under which session.
    pub token: TokenHash,
    /// When it ends.
    pub expires_at: Millis,
}

/// Begins a session; the token goes to the browser and nowhere else.
///
/// # Errors
/// When it could not be made durable.
pub async fn begin(
    store: &Arc<Store>,
    person: &PersonRecord,
    lives_ms: u64,
) -> Result<String, StoreError> {
    let mut token = [0; 32];
    rand::rng().fill_bytes(&mut token);
    let token = hex(&token);
    let record = SessionRecord {
        person: person.id,
        epoch: person.session_epoch,
        expires_at: Millis(clock::now().0 + lives_ms),
    };
    let put = vec![sessions::put(store, &sessions::hash(token.as_bytes()), &record)];
    store.commit(Batch { put, ..Batch::default() }).await?;
    Ok(token)
}

/// Who holds this token; `None` when nobody does, it has ended, or they may not sign in.
///
/// # Errors
/// When the store cannot be read.
pub async fn check(store: &Arc<Store>, token: &str) -> Result<Option<SignedIn>, StoreError> {
    if token.len() != 64 {
        return Ok(None);
    }
    check_hash(store, sessions::hash(token.as_bytes())).await
}

/// As [`check`], by the hash of the token.
///
/// # Errors
/// When the store cannot be read.
pub async fn check_hash(
    store: &Arc<Store>,
    token: TokenHash,
) -> Result<Option<SignedIn>, StoreError> {
    store
        .read(move |store| {
            let Some(session) = sessions::load(store, &token)? else { return Ok(None) };
            let Some(person) = people::load(store, session.person)? else { return Ok(None) };
            let live = session.expires_at > clock::now()
                && person.status == Status::Active
                && person.session_epoch == session.epoch;
            let expires_at = session.expires_at;
            Ok(live.then(|| SignedIn { person: Arc::new(person.card()), token, expires_at }))
        })
        .await
}

/// Ends a session, also on a disk that is nearly full.
///
/// # Errors
/// When it could not be made durable.
pub async fn end(store: &Arc<Store>, token: &TokenHash) -> Result<(), StoreError> {
    let delete = vec![keys::session(token)];
    store.commit_from_reserve(Batch { delete, ..Batch::default() }).await
}

/// Forgets sessions that have ended.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn tidy(store: &Arc<Store>) -> Result<usize, StoreError> {
    let ended = store.read(|store| sessions::ended(store, clock::now())).await?;
    let count = ended.len();
    for delete in ended.chunks(shared_proto::limits::ENGINE_BATCH_OPERATIONS) {
        store.commit(Batch { delete: delete.to_vec(), ..Batch::default() }).await?;
    }
    Ok(count)
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
