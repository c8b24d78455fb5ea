//! `quietroom key`: the practice key.

use std::sync::Arc;

use shared_proto::audit::Action;

use super::{Admin, Answer};
use crate::audit::of;
use crate::auth::sessions::hex;
use crate::store::Store;

/// The public key of what signs records and checkpoints, in hexadecimal. It stays the same for as
/// long as the practice lasts.
#[must_use]
pub fn show(store: &Store) -> String {
    hex(store.vault.checkpoint_key().verifying_key().as_bytes())
}

/// Puts a new practice key in the place of the old one.
///
/// # Errors
/// In words for the operator.
pub async fn rotate(admin: &Admin) -> Answer {
    let store = Arc::clone(&admin.store);
    let rotated = tokio::task::spawn_blocking(move || store.vault.rotate());
    let rotated = rotated.await.map_err(|error| error.to_string())?;
    let rotated = rotated.map_err(|error| error.to_string())?;
    let recorded = admin.store.record(of(Action::KeyRotated).to_practice()).await;
    recorded.map_err(|error| {
        format!(
            "the practice key was changed and lies in {}, but the audit log could not say so: \
             {error}",
            rotated.key_file.display()
        )
    })?;
    tracing::info!(keys = rotated.keys, "the practice key was changed");
    Ok(vec![
        format!("re-wrapped {} keys with a new practice key", rotated.keys),
        format!("the new key lies in {}", rotated.key_file.display()),
        "keep a copy of it in a safe place, apart from data and backups: without it the data \
         cannot be read"
            .to_owned(),
        "key stores backed up before open with the old key only: back up now, and keep the old \
         key for as long as you keep them"
            .to_owned(),
    ])
}
