//! A record read a stretch at a time, for as long as whoever takes it may.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::audit::AccessPage;
use shared_proto::conversation::event::Assigned;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;
use tokio::time::Instant;

use crate::app::App;
use crate::blobs::sealed::SealedError;
use crate::room::Snapshot;
use crate::store::conversations::Stretch;
use crate::store::forms::{Filled, VersionRecord};
use crate::store::sessions::{Stage, TokenHash};
use crate::store::{Store, StoreError, audit};

/// Why a record ends before its end.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Whoever took it went away, or took it too slowly.
    #[error("nobody takes it any more")]
    Gone,
    /// The session it was asked for under ended, or was locked.
    #[error("its session has ended")]
    SignedOut,
    /// The server stops.
    #[error("the server is stopping")]
    Stopping,
    /// What is stored could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are more files and forms than a bundle holds.
    #[error("it has more files and forms than a bundle holds")]
    Full,
    /// The rest of a file could not be read.
    #[error(transparent)]
    File(SealedError),
}

/// Reads a record for somebody.
pub struct Pages {
    app: Arc<App>,
    snapshot: Arc<Snapshot>,
    token: TokenHash,
    /// How often sessions had ended when theirs was last seen to hold.
    revocations: u64,
    /// When their session was last looked at.
    looked: Instant,
    until: Instant,
}

/// How long a session is believed to hold. Nobody tells of one that runs out.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Pages {
    /// For whoever is signed in under `token`, who was seen to be when `revocations` was read.
    #[must_use]
    pub fn new(app: Arc<App>, snapshot: Arc<Snapshot>, token: TokenHash, revocations: u64) -> Self {
        let until = Instant::now() + Duration::from_millis(limits::EXPORT_MS);
        Self { app, snapshot, token, revocations, looked: Instant::now(), until }
    }

    /// The stretch after `from`.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn stretch(&mut self, from: EntryId) -> Result<Stretch, Ended> {
        self.read(move |snapshot, store| {
            snapshot.log(store).recorded(&snapshot.member, from, snapshot.is_host)
        })
        .await
    }

    /// Whether it has more than so many entries.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn are_more_than(&mut self, count: usize) -> Result<bool, Ended> {
        self.read(move |snapshot, store| snapshot.has_more_than(store, count)).await
    }

    /// Who saw the conversation, before `before`.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn accesses(&mut self, before: Option<u64>) -> Result<AccessPage, Ended> {
        self.read(move |snapshot, store| {
            let mut page = audit::accesses(store, snapshot.conversation, before)?;
            let knows = |by: PersonId| !snapshot.unknown.contains(&by);
            page.accesses.retain(|access| access.person.is_none_or(knows));
            Ok(page)
        })
        .await
    }

    /// The form that an entry gave.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn given(&mut self, given: Assigned) -> Result<Option<VersionRecord>, Ended> {
        self.read(move |snapshot, store| snapshot.given(store, &given)).await
    }

    /// What was answered to the form that an entry gave.
    ///
    /// # Errors
    /// [`Ended`].
    pub async fn filled(&mut self, given: EntryId) -> Result<Option<Filled>, Ended> {
        self.read(move |snapshot, store| snapshot.filled(store, given)).await
    }

    async fn read<T: Send + 'static>(
        &mut self,
        read: impl FnOnce(&Snapshot, &Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Ended> {
        self.still().await?;
        let snapshot = Arc::clone(&self.snapshot);
        Ok(self.app.store.read(move |store| read(&snapshot, store)).await?)
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`Ended`], when not.
    pub async fn still(&mut self) -> Result<(), Ended> {
        if self.app.hub.is_stopping() {
            return Err(Ended::Stopping);
        }
        if Instant::now() >= self.until {
            return Err(Ended::Gone);
        }
        let revocations = self.app.hub.revocations();
        if revocations != self.revocations || self.looked.elapsed() >= LOOK_AGAIN {
            self.looked = Instant::now();
            // Somebody's session ended since, or this one may have been locked or run out: the store
            // says.
            let found = self.app.check_token(self.token).await?;
            if found.is_none_or(|found| found.stage != Stage::Full) {
                return Err(Ended::SignedOut);
            }
            self.revocations = revocations;
        }
        Ok(())
    }
}
