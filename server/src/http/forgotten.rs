//! `POST /api/forgotten`: a link to a new password, for whoever has an account under an email.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::Forgotten;
use shared_proto::limits;
use shared_proto::people as rules;
use shared_proto::refusal::Refusal;
use tokio::time::Instant;

use super::{address, answer, body, even, has_own_origin};
use crate::app::App;
use crate::audit;
use crate::auth::throttle::network;
use crate::links::{self, Post};
use crate::store::engine::Batch;
use crate::store::people::{self, PersonRecord};
use crate::store::{Store, StoreError};

/// Answers `()` whether there is such an account or not; only then, and then always, is there
/// a letter.
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let from = address(&app, peer, &headers);
    let since = Instant::now();
    answer(match body::<Forgotten>(&headers, &bytes) {
        Ok(given) => forgotten(&app, &given.email, from, since).await,
        Err(refusal) => Err(refusal),
    })
}

async fn forgotten(
    app: &Arc<App>,
    email: &str,
    from: IpAddr,
    since: Instant,
) -> Result<(), Refusal> {
    let email = rules::email(email)?;
    let vault = &app.store.vault;
    let network = vault.lookup("resets from", &network(from));
    app.throttle.spend(network, limits::RESETS_PER_NETWORK)?;
    app.throttle.spend(vault.lookup("letters asked for", &email), limits::LETTERS_PER_EMAIL)?;
    // A task of its own: it is done also when whoever asks does not wait for the answer.
    let asked = tokio::spawn(ask(Arc::clone(app), email, from));
    let asked = asked.await.unwrap_or(Err(Refusal::Stopping));
    even::wait(since).await;
    asked
}

/// Commits once either way: a record of the audit log, and with it the link and its letter.
async fn ask(app: Arc<App>, email: String, from: IpAddr) -> Result<(), Refusal> {
    let post = Post::of(&app);
    let make = move |store: &Store| {
        let known = people::by_email(store, &email)?;
        let record = audit::of(Action::ResetAsked).from(from);
        let mut batch = Batch::default();
        batch.audit.push(match &known {
            Some(person) => record.to(person.id),
            None => record,
        });
        if let Some(person) = known.filter(PersonRecord::may_enter) {
            post.reset(store, &person, None, &mut batch)?;
        }
        Ok::<_, StoreError>(Ok(batch))
    };
    links::commit(&app.store, make).await?;
    app.mail.wake();
    tracing::info!("a link to a new password was asked for");
    Ok(())
}
