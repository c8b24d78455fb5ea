//! `POST /api/set-up`: the first run, through the one-time link on the server's console.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rand::RngCore;
use shared_proto::audit::Action;
use shared_proto::http::SetUp;
use shared_proto::id::{DivisionId, PersonId};
use shared_proto::people::{self as rules, PersonCard, Role};
use shared_proto::practice::{Division, Settings, division_names};
use shared_proto::refusal::{Field, Refusal};

use super::sign_in::{browser, welcome};
use super::{answer, body, has_own_origin};
use crate::app::App;
use crate::audit;
use crate::auth::sessions::hex;
use crate::clock;
use crate::store::people::{self, PersonRecord};
use crate::store::practice::{self, PracticeRecord};
use crate::store::sessions::{TokenHash, hash};

/// The secret of the link; gone once used. Never stored: a new one is made at every start.
pub struct SetUpLink {
    expected: Mutex<Option<TokenHash>>,
}

impl SetUpLink {
    /// No link yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { expected: Mutex::new(None) }
    }

    /// A new secret for the link; the one before is void.
    #[must_use]
    pub fn renew(&self) -> String {
        let mut token = [0; 32];
        rand::rng().fill_bytes(&mut token);
        let token = hex(&token);
        self.put(Some(hash(token.as_bytes())));
        token
    }

    fn put(&self, expected: Option<TokenHash>) {
        *self.expected.lock().unwrap_or_else(PoisonError::into_inner) = expected;
    }

    /// Whether this is the secret.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        *expected == Some(hash(token.as_bytes()))
    }

    /// Takes the secret out if it is this one, so that two at once cannot both use it.
    fn take(&self, token: &str) -> Option<TokenHash> {
        let mut expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.take_if(|expected| *expected == hash(token.as_bytes()))
    }
}

impl Default for SetUpLink {
    fn default() -> Self {
        Self::new()
    }
}

/// Answers [`PersonCard`]: the owner, signed in.
pub async fn post(State(app): State<Arc<App>>, headers: HeaderMap, bytes: Bytes) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let result = match body::<SetUp>(&headers, &bytes) {
        Ok(given) => set_up(&app, given).await,
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok(owner) => welcome(&app, &owner, browser(&headers)).await,
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

/// What was given, once every rule but the password's has been kept.
struct Checked {
    name: String,
    email: String,
    settings: Settings,
    divisions: Vec<String>,
}

impl Checked {
    fn of(given: SetUp) -> Result<(Self, String), Refusal> {
        let settings = given.settings();
        rules::name(Field::Practice, &given.practice)?;
        let name = rules::name(Field::Name, &given.name)?;
        let email = rules::email(&given.email)?;
        let settings = settings.checked()?;
        let divisions = division_names(&given.divisions)?;
        Ok((Self { name, email, settings, divisions }, given.password))
    }
}

async fn set_up(app: &App, given: SetUp) -> Result<PersonRecord, Refusal> {
    let token = given.token.clone();
    let (checked, password) = Checked::of(given)?;
    if app.is_set_up() || !app.set_up.is(&token) {
        return Err(Refusal::SetUpLink);
    }
    let practice = checked.settings.name.clone();
    let known = vec![checked.name.clone(), checked.email.clone(), practice];
    let password = app.passwords.accept(password, known, false).await?;
    let used = app.set_up.take(&token).ok_or(Refusal::SetUpLink)?;
    let made = create(app, checked, password).await;
    if made.is_err() {
        app.set_up.put(Some(used));
    }
    made
}

async fn create(app: &App, given: Checked, password_hash: String) -> Result<PersonRecord, Refusal> {
    let now = clock::now();
    let id = PersonId::from_random(rand::random());
    let owner = PersonRecord {
        email: given.email,
        password_hash: Some(password_hash),
        ..PersonRecord::new(id, given.name, Role::Owner, now)
    };
    let fresh = |name| Division { id: DivisionId::from_random(rand::random()), name };
    let mut practice = PracticeRecord {
        settings: given.settings,
        divisions: given.divisions.into_iter().map(fresh).collect(),
        revision: 0,
        created_at: now,
    };
    practice.divisions.sort_by_cached_key(|division| division.name.to_lowercase());
    let mut batch = people::add(&app.store, &owner);
    batch.put.push(practice::put(&app.store, &practice));
    let owners = app.store.read(practice::Owners::load).await;
    let mut owners = owners.map_err(|error| {
        tracing::error!(%error, "the owners could not be read");
        error.refusal()
    })?;
    owners.follow(&owner);
    owners.put(&app.store, &mut batch);
    batch.audit.push(audit::of(Action::PracticeSetUp).by(id).to_practice());
    app.store.commit(batch).await.map_err(|error| {
        tracing::error!(%error, "the practice could not be set up");
        error.refusal()
    })?;
    app.directory.put(&owner);
    app.practice.put(practice);
    tracing::info!(person = %owner.id, "the practice has been set up");
    Ok(owner)
}
