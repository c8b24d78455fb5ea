//! Sees to files: whether their place can be reached, and what nobody comes back for: files that were
//! begun and never shared, and contents nothing knows of, such as of a file that was cancelled while
//! that place could not be reached.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use tokio::time::Instant;

use super::remove;
use crate::app::App;
use crate::blobs::BlobError;
use crate::clock;
use crate::store::StoreError;
use crate::store::files;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] BlobError),
}

/// How often it is looked whether contents can be read at all, and how often while they cannot.
const LOOKS: Duration = Duration::from_secs(60);
const LOOKS_AGAIN: Duration = Duration::from_secs(3);
/// How often what was left behind is removed.
const SWEEPS: Duration = Duration::from_secs(60 * 60);

/// Sees to them for as long as the server runs.
pub async fn run(app: Arc<App>) {
    let mut sweeps = Instant::now();
    loop {
        let listed = app.files.blobs.list(None, 1).await;
        app.files.note(&app.metrics, listed.map(drop));
        if sweeps <= Instant::now() && !app.files.is_failing() {
            sweeps = Instant::now() + SWEEPS;
            remove_left_behind(&app).await;
        }
        let wait = if app.files.is_failing() { LOOKS_AGAIN } else { LOOKS };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = app.files.failed.notified() => tokio::time::sleep(LOOKS_AGAIN).await,
        }
    }
}

/// Removes what is a day old and was never shared.
async fn remove_left_behind(app: &App) {
    let before = Millis(clock::now().0.saturating_sub(limits::UPLOAD_KEPT_MS));
    match sweep(app, before).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "files that were never shared have been removed"),
        Err(error) => tracing::warn!(%error, "files that were never shared could not be removed"),
    }
}

async fn sweep(app: &App, before: Millis) -> Result<usize, SweepError> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = app.store.read(move |store| files::left_behind(store, before, after)).await?;
        let (old, last) = page;
        for own in old {
            // Somebody may have come back to it this very moment.
            let Ok(_turn) = app.files.underway.hold(own.file) else { continue };
            match remove(app, own).await {
                Ok(()) => count += 1,
                Err(Refusal::NotFound) => {}
                Err(refusal) => tracing::debug!(rule = refusal.rule(), "a file stays for now"),
            }
        }
        if last.is_none() {
            break;
        }
        after = last;
    }
    let known = async |ids: Vec<_>| {
        let known = app.store.read(move |store| files::known(store, &ids)).await;
        known.map_err(SweepError::from)
    };
    count += app.files.blobs.sweep(before, known).await?;
    Ok(count)
}
