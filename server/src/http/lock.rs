//! `POST /api/lock` and `POST /api/unlock`: a session that nobody may use until the password is
//! entered again, and then goes on under a new token (164.312(a)(2)(iii); ASVS 7.2.4). The password
//! alone: it is the session that passed the second step, on the same device, and it was idle.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::Unlock;
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;

use super::{address, answer, body, has_own_origin, session_of, set_cookie};
use crate::app::App;
use crate::audit;
use crate::auth::sessions;
use crate::store::StoreError;
use crate::store::people;
use crate::store::sessions::Stage;

/// Answers `()`; open sockets of the session are closed.
pub async fn lock(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    answer(try_lock(&app, &headers, address(&app, peer, &headers)).await)
}

async fn try_lock(app: &App, headers: &HeaderMap, from: IpAddr) -> Result<(), Refusal> {
    let found = session_of(app, headers).await?.ok_or(Refusal::SignInRequired)?;
    let record = audit::of(Action::Locked).by(found.person.id).from(from);
    let locked = sessions::lock(&app.store, found.token, record).await;
    locked.map_err(|error| failed(&error))?;
    app.hub.close(found.person.id, Some(&found.token), close::LOCKED);
    tracing::info!(person = %found.person.id, "a session was locked");
    Ok(())
}

/// Answers [`PersonCard`] and sets a new cookie. Wrong passwords count for this session.
pub async fn unlock(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let from = address(&app, peer, &headers);
    let result = match body::<Unlock>(&headers, &bytes) {
        Ok(given) => try_unlock(&app, &headers, given, from).await,
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok((token, lives_ms, card)) => {
            ([set_cookie(Some(&token), lives_ms)], answer(Ok(card))).into_response()
        }
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

async fn try_unlock(
    app: &App,
    headers: &HeaderMap,
    given: Unlock,
    from: IpAddr,
) -> Result<(String, u64, PersonCard), Refusal> {
    let found = session_of(app, headers).await?.ok_or(Refusal::SignInRequired)?;
    let id = found.person.id;
    let person = app.store.read(move |store| people::load(store, id)).await;
    let person = person.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)?;
    // Those of this session: a stranger who guesses at the sign-in keeps nobody out of it.
    let account = app.store.vault.lookup("unlock", &sessions::hex(&found.token));
    let attempt = app.throttle.begin(account, None)?;
    let too_long = given.password.chars().count() > *limits::PASSWORD_SCALARS.end();
    let kept = person.password_hash.clone().filter(|_| !too_long);
    if !attempt.came_to(app.passwords.verify(given.password, kept).await)? {
        tracing::info!(person = %id, "a session was not unlocked");
        let failed = audit::of(Action::SignInFailed).from(from).to(id).naming(&["unlock"]);
        audit::record(&app.store, failed).await?;
        return Err(Refusal::WrongCredentials);
    }
    audit::record(&app.store, audit::of(Action::Unlocked).by(id).from(from)).await?;
    let renewed =
        sessions::renew_token(&app.store, found.token, person.session_epoch, Stage::Full).await;
    let token = renewed.map_err(|error| failed(&error))?.ok_or(Refusal::SignInRequired)?;
    app.activity.forget(&found.token);
    app.hub.close(id, Some(&found.token), close::GOING_AWAY);
    tracing::info!(person = %id, "a session was unlocked");
    Ok((token, found.expires_at.since(crate::clock::now()), person.card()))
}

fn failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "a session could not be locked or unlocked");
    error.refusal()
}
