//! Files of conversations: who may send one, what is kept of it until it is shared, and who is
//! handed it. `attachments` is what happens to the contents, `blobs` is where they lie,
//! `store::files` what is known of them. Sharing one is a command like any other (`room/decide.rs`).

pub mod keeper;
mod opened;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared_proto::conversation::command::Whole;
use shared_proto::conversation::event::Shared;
use shared_proto::file::ask::Told;
use shared_proto::file::{self, Named};
use shared_proto::id::{ClientMessageId, ConversationId, FileId, PersonId};
use shared_proto::limits;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use tokio::sync::{Notify, oneshot};

use crate::app::App;
use crate::attachments::underway::Underway;
use crate::blobs::sealed::SealedFile;
use crate::blobs::{BlobError, Blobs};
use crate::clock;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::room::Message;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::files::{self, Beginning, Own, UploadRecord};
use crate::store::{Store, StoreError};
use crate::transfers::places::Places;
use opened::Opened;

/// How often a change is judged anew that somebody else was before.
const TRIES: usize = 16;
/// How long whoever comes back waits until what they had begun has ended.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much one person may keep, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    /// A client.
    pub client: u64,
    /// An owner or provider.
    pub provider: u64,
}

impl Quotas {
    const fn of(self, role: Role) -> u64 {
        if role.is_provider() { self.provider } else { self.client }
    }
}

/// Files as they come and go.
pub struct Files {
    /// Where their contents lie.
    pub blobs: Arc<Blobs>,
    /// What is coming in.
    pub underway: Underway,
    /// What is going out.
    pub readers: Places,
    /// What the audit log says already.
    pub opened: Opened,
    quotas: Quotas,
    /// Whether contents could not be kept or read when that was last tried.
    failing: AtomicBool,
    /// Wakes whoever looks whether that has passed.
    failed: Notify,
}

impl Files {
    /// Nothing is under way yet.
    #[must_use]
    pub fn new(blobs: Blobs, quotas: Quotas) -> Self {
        Self {
            blobs: Arc::new(blobs),
            underway: Underway::default(),
            readers: Places::new(
                limits::DOWNLOADS,
                limits::DOWNLOADS_OF_CLIENTS,
                limits::DOWNLOADS_PER_PERSON,
            ),
            opened: Opened::default(),
            quotas,
            failing: AtomicBool::new(false),
            failed: Notify::new(),
        }
    }

    /// Whether contents could not be kept or read when that was last tried.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// What came of keeping or reading contents.
    pub fn note(&self, metrics: &Metrics, outcome: Result<(), BlobError>) {
        // A full disk is no failure, and shows elsewhere.
        let error =
            outcome.err().filter(|e| !matches!(e, BlobError::StorageFull | BlobError::Stopping));
        let before = self.failing.swap(error.is_some(), Ordering::Relaxed);
        match error {
            Some(error) if !before => {
                tracing::error!(%error, "files cannot be kept or read");
                self.failed.notify_one();
            }
            None if before => tracing::info!("files can be kept and read again"),
            _ => {}
        }
        metrics.files_failing(error.is_some());
    }

    /// A file of so many bytes, which may be there or not.
    ///
    /// # Errors
    /// When the key of its conversation cannot be read.
    pub async fn sealed(
        &self,
        store: &Arc<Store>,
        conversation: ConversationId,
        file: FileId,
        bytes: u64,
    ) -> Result<SealedFile, Refusal> {
        let key = store.read(move |store| files::sealing(store, conversation)).await;
        let key = key.map_err(|error| failed(&error))?;
        Ok(SealedFile::new(Arc::clone(&self.blobs), &key, file, bytes))
    }
}

/// What the person is told of a failed read or change; the log is told the rest.
pub fn failed(error: &StoreError) -> Refusal {
    let refusal = error.refusal();
    // A full disk and a stop show elsewhere.
    if refusal == Refusal::Unavailable {
        tracing::error!(%error, "what is known of a file could not be read or changed");
    }
    refusal
}

/// Whether somebody may send files there now: by the rule of a message.
///
/// # Errors
/// Why not; `NotFound` for a conversation that is not there, or not theirs.
pub async fn may_send(
    hub: &Arc<Hub>,
    conversation: ConversationId,
    actor: &Arc<PersonCard>,
) -> Result<(), Refusal> {
    let (answer, answered) = oneshot::channel();
    let message = Message::MayWrite { actor: Arc::clone(actor), answer };
    hub.send(conversation, message).map_err(|(refusal, _)| refusal)?;
    answered.await.unwrap_or(Err(Refusal::Unavailable))
}

/// What is known of a file, as somebody sees the entry that shares it.
///
/// # Errors
/// `NotFound`, when they see none.
pub async fn shown(
    hub: &Arc<Hub>,
    conversation: ConversationId,
    person: PersonId,
    file: FileId,
) -> Result<Box<Shared>, Refusal> {
    let (answer, answered) = oneshot::channel();
    let message = Message::File { person, file, answer };
    hub.send(conversation, message).map_err(|(refusal, _)| refusal)?;
    answered.await.unwrap_or(Err(Refusal::Unavailable))
}

/// A file somebody sends, as far as it is kept.
///
/// # Errors
/// `NotFound`, also when it is shared already.
pub async fn upload(app: &App, own: Own) -> Result<UploadRecord, Refusal> {
    let found = app.store.read(move |store| files::upload(store, own)).await;
    found.map_err(|error| failed(&error))?.ok_or(Refusal::NotFound)
}

/// Begins a file, or says where to go on with one. Its id is a keyed hash of where it is, whose it
/// is and their own id for it, so that a retry finds the same one, and nobody else could have named
/// it.
///
/// # Errors
/// Why not.
pub async fn begin(
    app: &App,
    actor: &Arc<PersonCard>,
    conversation: ConversationId,
    client_id: ClientMessageId,
    given: &str,
    bytes: u64,
) -> Result<Told, Refusal> {
    may_send(&app.hub, conversation, actor).await?;
    let Named { name, kind } = file::named(given)?;
    file::check_size(bytes)?;
    let person = actor.id;
    let hash = app.store.vault.name("file", &format!("{conversation}/{person}/{client_id}"));
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    let file = FileId::from_random(random);
    let own = Own { conversation, person, file };
    let quota = app.files.quotas.of(actor.role);
    let record = UploadRecord { name, kind, bytes, begun_at: clock::now(), whole: None };
    for _ in 0..TRIES {
        let wanted = record.clone();
        let begun = app.store.read(move |store| files::begin(store, own, &wanted, quota)).await;
        let offset = match begun.map_err(|error| failed(&error))?? {
            Beginning::New(batch) => match app.store.commit(*batch).await {
                Ok(()) => 0,
                Err(StoreError::Commit(CommitError::Conflict)) => continue,
                Err(error) => return Err(failed(&error)),
            },
            Beginning::Shared => bytes,
            Beginning::Known(upload) if upload.whole.is_some() => bytes,
            Beginning::Known(_) => kept(app, file).await?.min(bytes),
        };
        return Ok(Told::Upload { file, offset, name: record.name });
    }
    Err(Refusal::Busy)
}

/// How much of a file is kept, once nothing more of it comes over another line.
async fn kept(app: &App, file: FileId) -> Result<u64, Refusal> {
    ended(app, file).await?;
    let stored = app.files.blobs.stored(file).await;
    app.files.note(&app.metrics, stored.map(drop));
    let stored = stored.map_err(|error| error.refusal())?;
    Ok(u64::from(stored) * limits::FILE_CHUNK_BYTES as u64)
}

async fn ended(app: &App, file: FileId) -> Result<(), Refusal> {
    let ended = tokio::time::timeout(PATIENCE, app.files.underway.end(file)).await;
    ended.map_err(|_| Refusal::Busy)
}

/// All of a file has arrived.
///
/// # Errors
/// `NotFound` when it was cancelled meanwhile.
pub async fn complete(app: &App, own: Own, whole: Whole) -> Result<(), Refusal> {
    change(app, Commit::Kept, move |store| files::complete(store, own, whole)).await
}

/// A file of somebody's that nobody has been shown is not sent after all.
///
/// # Errors
/// `NotFound` for any other.
pub async fn cancel(app: &App, own: Own) -> Result<(), Refusal> {
    upload(app, own).await?;
    ended(app, own.file).await?;
    let _turn = app.files.underway.hold(own.file)?;
    remove(app, own).await
}

/// Nothing stays of a file nobody has been shown. Whoever calls sees to it that nothing more of it
/// comes.
///
/// # Errors
/// `NotFound` when there is none, or it has been shared.
pub async fn remove(app: &App, own: Own) -> Result<(), Refusal> {
    change(app, Commit::FromReserve, move |store| files::forget(store, own)).await?;
    let removed = app.files.blobs.delete(own.file).await;
    app.files.note(&app.metrics, removed.map(drop));
    if let Err(error) = removed {
        // Nothing knows of it any more: it is swept.
        tracing::warn!(%error, "the contents of a cancelled file are still there");
    }
    Ok(())
}

/// How a change is committed.
#[derive(Clone, Copy)]
enum Commit {
    Kept,
    /// It makes room.
    FromReserve,
}

/// Makes a change durable, judged anew when somebody else was first.
async fn change(
    app: &App,
    how: Commit,
    batch: impl Fn(&Store) -> Result<Option<Batch>, StoreError> + Copy + Send + 'static,
) -> Result<(), Refusal> {
    for _ in 0..TRIES {
        let made = app.store.read(batch).await.map_err(|error| failed(&error))?;
        let made = made.ok_or(Refusal::NotFound)?;
        let committed = match how {
            Commit::Kept => app.store.commit(made).await,
            Commit::FromReserve => app.store.commit_from_reserve(made).await,
        };
        match committed {
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            committed => return committed.map_err(|error| failed(&error)),
        }
    }
    Err(Refusal::Busy)
}
