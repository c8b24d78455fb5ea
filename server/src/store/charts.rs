//! What a practice keeps of a client besides their account.

use shared_proto::chart::Details;
use shared_proto::id::PersonId;

use super::{Store, StoreError, keys};

/// A client's details; empty ones when nothing has been entered.
///
/// # Errors
/// `Damaged` when they do not open.
pub fn load(store: &Store, client: PersonId) -> Result<Details, StoreError> {
    Ok(store.get(&keys::chart(client), "chart")?.unwrap_or_default())
}

/// The operation that keeps a client's details.
#[must_use]
pub fn put(store: &Store, client: PersonId, details: &Details) -> (Vec<u8>, Vec<u8>) {
    let key = keys::chart(client);
    let sealed = store.seal(&key, details);
    (key, sealed)
}
