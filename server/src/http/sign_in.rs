//! `POST /api/sign-in`: email and password for a session.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::http::SignIn;
use shared_proto::limits;
use shared_proto::people::{self as rules, PersonCard};
use shared_proto::refusal::Refusal;

use super::{address, answer, body, has_own_origin, set_cookie};
use crate::app::App;
use crate::auth::sessions;
use crate::auth::throttle::network;
use crate::store::people::{self, PersonRecord, Status};

/// Answers [`PersonCard`] and sets the cookie. Takes as long, and says the same, whether the
/// email is known or not (ASVS 6.3.8).
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let result = match body::<SignIn>(&headers, &bytes) {
        Ok(sign_in) => try_sign_in(&app, sign_in, address(&app, peer, &headers)).await,
        Err(refusal) => Err(refusal),
    };
    app.metrics.sign_in(match &result {
        Ok(_) => "accepted",
        Err(Refusal::TooManyTries { .. } | Refusal::Busy) => "limited",
        Err(_) => "refused",
    });
    match result {
        Ok(person) => welcome(&app, &person).await,
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

async fn try_sign_in(app: &App, given: SignIn, from: IpAddr) -> Result<PersonRecord, Refusal> {
    let email = rules::email(&given.email)?;
    let account = app.store.vault.lookup("sign-in account", &email);
    let address = app.store.vault.lookup("sign-in address", &network(from));
    let attempt = app.throttle.begin(account, address)?;
    let known = app.store.read(move |store| people::by_email(store, &email)).await;
    let known = known.map_err(|error| {
        tracing::error!(%error, "a sign-in could not be looked up");
        error.refusal()
    })?;
    let too_long = given.password.chars().count() > *limits::PASSWORD_SCALARS.end();
    let kept = known.as_ref().filter(|_| !too_long).map(|person| person.password_hash.clone());
    let same = app.passwords.verify(given.password, kept).await?;
    let id = known.as_ref().map(|person| person.id);
    let person = known.filter(|person| same && person.status == Status::Active);
    let Some(person) = person else {
        match id {
            Some(person) => tracing::info!(%person, "a sign-in failed"),
            None => tracing::info!("a sign-in failed: nobody has this email"),
        }
        return Err(Refusal::WrongCredentials);
    };
    attempt.succeeded();
    Ok(person)
}

/// Begins a session for somebody who has shown who they are.
pub(super) async fn welcome(app: &App, person: &PersonRecord) -> Response {
    let lives = app.settings.session_ms;
    match sessions::begin(&app.store, person, lives).await {
        Ok(token) => {
            tracing::info!(person = %person.id, "signed in");
            ([set_cookie(Some(&token), lives)], answer(Ok(person.card()))).into_response()
        }
        Err(error) => {
            tracing::error!(person = %person.id, %error, "a session could not be kept");
            answer::<PersonCard>(Err(error.refusal()))
        }
    }
}
