//! Sees to files: whether their place can be reached, and what nobody comes back for: files that were
//! begun and never shared, and contents nothing knows of, such as of a file that was cancelled while
//! that place could not be reached.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use tokio::time::Instant;

use super::{remove, upload};
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
            // Or cancelled it, and begun anew.
            if !upload(app, own).await.is_ok_and(|upload| upload.begun_at < before) {
                continue;
            }
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
    let hold = |file| app.files.underway.hold(file).ok();
    count += app.files.blobs.sweep(before, known, hold).await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::HashSet;

    use bytes::Bytes;
    use shared_proto::id::FileId;
    use shared_proto::people::Role;

    use crate::attachments::underway::{Turn, Underway};
    use crate::blobs::memory::MemoryBlobs;
    use crate::blobs::{BlobError, Blobs};
    use crate::transfers::places::tests::somebody;

    use super::*;

    const FILE: FileId = FileId::from_bytes([7; 16]);

    /// What is left of a file that was cancelled is swept, and at each question which files are known
    /// this happens before the answer; what is left then.
    async fn swept(
        underway: &Underway,
        mut happens: impl FnMut(usize, &mut HashSet<FileId>),
    ) -> u32 {
        let blobs = Blobs::Memory(MemoryBlobs::default());
        blobs.put_chunk(FILE, 0, Bytes::from_static(b"old")).await.unwrap();
        let (mut files, mut asked) = (HashSet::new(), 0);
        let known = |ids: Vec<FileId>| {
            asked += 1;
            let kept: HashSet<_> = ids.into_iter().filter(|id| files.contains(id)).collect();
            happens(asked, &mut files);
            async move { Ok::<_, BlobError>(kept) }
        };
        let hold = |file| underway.hold(file).ok();
        blobs.sweep(Millis(u64::MAX), known, hold).await.unwrap();
        blobs.stored(FILE).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_that_is_sent_again_before_it_is_swept_stays() {
        let (underway, ana) = (Underway::default(), somebody(1, Role::Client));
        // It comes in, right after nothing knew of it.
        let turn: RefCell<Option<Turn>> = RefCell::default();
        let left = swept(&underway, |asked, files| {
            if asked == 1 {
                files.insert(FILE);
                *turn.borrow_mut() = Some(underway.begin(&ana, FILE).unwrap());
            }
        });
        assert_eq!(left.await, 1);
        drop(turn);
        // All of it has come by then.
        let left = swept(&underway, |asked, files| {
            if asked == 1 {
                files.insert(FILE);
                drop(underway.begin(&ana, FILE).unwrap());
            }
        });
        assert_eq!(left.await, 1);
    }

    #[tokio::test]
    async fn a_file_that_is_being_swept_is_sent_again_once_that_is_done() {
        let (underway, ana) = (Underway::default(), somebody(1, Role::Client));
        let left = swept(&underway, |asked, files| {
            if asked == 2 {
                // It has begun, and what comes of it waits.
                files.insert(FILE);
                assert_eq!(underway.begin(&ana, FILE).err(), Some(Refusal::Busy));
            }
        });
        assert_eq!(left.await, 0);
        assert!(underway.begin(&ana, FILE).is_ok());
    }
}
