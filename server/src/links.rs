//! Links that letters carry, as they are made, sent and found again. The token is in the fragment
//! of the address, which no server and no log ever sees; only its hash is kept.

use std::sync::Arc;

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::practice::Settings;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use crate::app::App;
use crate::auth::sessions;
use crate::clock;
use crate::mail::{Job, Letter, queue};
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::links::{self, Found, LinkRecord, Purpose};
use crate::store::people::PersonRecord;
use crate::store::practice::UNNAMED;
use crate::store::sessions::TokenHash;
use crate::store::{Store, StoreError};

/// How often a change is judged anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// What every letter says, and where its link leads. Goes into the closure that makes a batch.
#[derive(Clone)]
pub struct Post {
    url: String,
    /// What the practice is called.
    pub practice: String,
    language: String,
}

/// A link that is new.
pub struct Made {
    /// Where it leads; secret.
    pub url: String,
    /// The hash of its token.
    pub hash: TokenHash,
    /// What is kept of it.
    pub record: LinkRecord,
}

impl Made {
    /// As it is put into the store.
    #[must_use]
    pub fn kept(&self) -> (TokenHash, LinkRecord) {
        (self.hash, self.record.clone())
    }
}

impl Post {
    /// As the practice is now.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let settings = app.practice.record().map(|record| record.settings.clone());
        Self::at(app.settings.url.clone(), settings)
    }

    /// For a server that is reached at `url`, and a practice that may have no name yet.
    #[must_use]
    pub fn at(url: String, settings: Option<Settings>) -> Self {
        let settings = settings.unwrap_or_else(|| Settings::named(UNNAMED));
        Self { url, practice: settings.name, language: settings.language }
    }

    /// A link for somebody, had sent by `by` or themselves.
    #[must_use]
    pub fn link(&self, purpose: Purpose, person: &PersonRecord, by: Option<PersonId>) -> Made {
        let (token, hash) = sessions::token();
        let now = clock::now();
        let (page, lasts) = match purpose {
            Purpose::Invitation => ("invited", limits::INVITATION_MS),
            Purpose::Reset => ("new-password", limits::RESET_MS),
            Purpose::NewEmail | Purpose::OldEmail => ("confirm-email", limits::RESET_MS),
        };
        let record = LinkRecord {
            purpose,
            person: person.id,
            made_at: now,
            until: Millis(now.0 + lasts),
            email: person.email.clone(),
            epoch: person.session_epoch,
            by,
        };
        Made { url: format!("{}/{page}#{token}", self.url), hash, record }
    }

    /// Adds to `batch` that `to` is sent a letter in the language of `person`.
    pub fn send(
        &self,
        store: &Store,
        person: &PersonRecord,
        to: &str,
        letter: Letter,
        batch: &mut Batch,
    ) {
        if to.is_empty() {
            return;
        }
        let own = &person.language;
        let language = if own.is_empty() { self.language.clone() } else { own.clone() };
        batch.put.push(queue::job(store, &Job { to: to.to_owned(), language, letter }));
    }

    /// Adds to `batch` that somebody is told of their new password.
    pub fn password_changed(&self, store: &Store, person: &PersonRecord, batch: &mut Batch) {
        let letter = Letter::PasswordChanged { practice: self.practice.clone() };
        self.send(store, person, &person.email, letter, batch);
    }

    /// Adds to `batch` a link to a new password, beside those there are, and its letter.
    ///
    /// # Errors
    /// `Damaged` when the links of the person do not open.
    pub fn reset(
        &self,
        store: &Store,
        person: &PersonRecord,
        by: Option<PersonId>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let link = self.link(Purpose::Reset, person, by);
        let mut links = links::load(store, person.id)?;
        links.record.add_reset(link.hash);
        links.put(store, &[link.kept()], batch);
        let letter = Letter::PasswordReset { practice: self.practice.clone(), link: link.url };
        self.send(store, person, &person.email, letter, batch);
        Ok(())
    }
}

/// The hash of a token as it was given; `None` for what no token is.
#[must_use]
pub fn hash(token: &str) -> Option<TokenHash> {
    (token.len() == 64).then(|| crate::store::sessions::hash(token.as_bytes()))
}

/// A link for one of these purposes that can be used now.
///
/// # Errors
/// `Link`, whatever is wrong with it; when the store cannot be read.
pub async fn find(app: &App, token: &str, purposes: &[Purpose]) -> Result<Found, Refusal> {
    let hash = hash(token).ok_or(Refusal::Link)?;
    let now = clock::now();
    let found = app.store.read(move |store| links::find(store, hash, now)).await;
    let found = found.map_err(|error| failed(&error))?;
    found.filter(|found| purposes.contains(&found.link.purpose)).ok_or(Refusal::Link)
}

/// Whether a link can still be used by somebody as their record was read now: for what is judged
/// again together with its commit. Their links, to be changed from.
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn still(store: &Store, hash: TokenHash) -> Result<Option<links::Loaded>, StoreError> {
    Ok(links::find(store, hash, clock::now())?.map(|found| found.links))
}

/// Makes and commits a batch, anew when somebody else changed the same meanwhile.
///
/// # Errors
/// What `make` refuses; when it could not be made durable.
pub async fn commit<F>(store: &Arc<Store>, make: F) -> Result<(), Refusal>
where
    F: Fn(&Store) -> Result<Result<Batch, Refusal>, StoreError> + Clone + Send + 'static,
{
    for _ in 0..TRIES {
        let make = make.clone();
        let batch =
            store.read(move |store| make(store)).await.map_err(|error| failed(&error))??;
        match store.commit(batch).await {
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            other => return other.map_err(|error| failed(&error)),
        }
    }
    Err(Refusal::Busy)
}

/// Forgets links that have ended.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn tidy(store: &Arc<Store>) -> Result<(), StoreError> {
    let now = clock::now();
    for person in store.read(move |store| links::with_ended(store, now)).await? {
        let batch = store.read(move |store| links::ended(store, person, now)).await?;
        match store.commit(batch.unwrap_or_default()).await {
            // Whoever changed them meanwhile leaves the rest to the next time.
            Ok(()) | Err(StoreError::Commit(CommitError::Conflict)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What the person is told of a failure; the log is told the rest.
pub fn failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "a link could not be looked up or used");
    error.refusal()
}
