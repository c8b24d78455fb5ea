//! The practice itself.

use serde::{Deserialize, Serialize};
use shared_proto::time::Millis;

use super::{Store, StoreError, keys};

/// What a practice is called until somebody names it.
pub const UNNAMED: &str = "Quietroom";

/// The practice. Present once it has been set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeRecord {
    /// Its name, 1 to 100 Unicode scalars.
    pub name: String,
    /// When it was set up.
    pub created_at: Millis,
}

/// The practice; `None` before it is set up.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store) -> Result<Option<PracticeRecord>, StoreError> {
    store.get(&keys::practice(), "practice")
}

/// The operation that keeps the practice.
#[must_use]
pub fn put(store: &Store, practice: &PracticeRecord) -> (Vec<u8>, Vec<u8>) {
    let key = keys::practice();
    let sealed = store.seal(&key, practice);
    (key, sealed)
}
