//! `POST /api/sign-in/second-step` and `POST /api/sign-in/passkey`: the second step of signing in,
//! for somebody whose password was right a moment ago. Which step it is, says a cookie that no
//! script can read; five minutes later nobody knows it any more.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::factors::SecondStep;
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;

use super::sign_in::{begin_session, browser, seen_before};
use super::{address, answer, body, cookie, has_own_origin, set_named_cookie};
use crate::app::App;
use crate::audit;
use crate::auth::throttle::network;
use crate::store::people::PersonRecord;

/// Name of the cookie.
const COOKIE: &str = "__Host-quietroom-step";

/// What somebody whose password was right is answered when that is not enough; `None` when it is.
pub(super) async fn needed(app: &App, person: &PersonRecord) -> Option<Response> {
    let refused = |refusal| answer::<PersonCard>(Err(refusal));
    match app.second.begin(&app.store, person).await {
        Ok(None) => None,
        Ok(Some((ticket, steps))) => {
            let refused = refused(Refusal::SecondStep(steps));
            Some(([step_cookie(Some(&ticket))], refused).into_response())
        }
        Err(refusal) => Some(refused(refusal)),
    }
}

/// Answers [`PersonCard`], sets the session cookie and takes that of the step away.
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let result = match body::<SecondStep>(&headers, &bytes) {
        Ok(given) => try_step(&app, &headers, &given, address(&app, peer, &headers)).await,
        Err(refusal) => Err(refusal),
    };
    app.metrics.sign_in(match &result {
        Ok(_) => "accepted",
        Err(Refusal::TooManyTries { .. } | Refusal::Busy) => "limited",
        Err(_) => "refused",
    });
    match result {
        Ok(person) => {
            let mut response = begin_session(&app, &person, browser(&headers)).await;
            let (name, value) = step_cookie(None);
            response.headers_mut().append(name, value);
            response
        }
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

async fn try_step(
    app: &App,
    headers: &HeaderMap,
    given: &SecondStep,
    from: IpAddr,
) -> Result<PersonRecord, Refusal> {
    let ticket = cookie(headers, COOKIE).ok_or(Refusal::StepExpired)?;
    let person = app.second.whose(&app.store, ticket).await?;
    let id = person.id;
    // Apart from the passwords: whoever has the right one has not used up these tries. And apart
    // from those of others who have it: from a browser that is known one still comes in.
    let vault = &app.store.vault;
    let attempt = match seen_before(app, &person, headers) {
        Some(said) => app.throttle.begin(vault.lookup("second step there", said), None)?,
        None => {
            let address = vault.lookup("sign-in address", &network(from));
            app.throttle.begin(vault.lookup("second step", &id.to_string()), Some(address))?
        }
    };
    let records = |taken: &crate::auth::second::Taken| {
        let used = audit::of(Action::RecoveryUsed).by(id).from(from);
        let signed_in = audit::of(Action::SignedIn).by(id).from(from);
        taken.by_recovery.then_some(used).into_iter().chain([signed_in]).collect()
    };
    match app.second.take(&app.store, id, ticket, given, records).await {
        Ok(()) => {
            attempt.take_back();
            Ok(person)
        }
        Err(refusal @ Refusal::WrongCode) => {
            tracing::info!(person = %id, "a second step failed");
            let failed = audit::of(Action::SignInFailed).to(id).from(from).with("second step");
            audit::record(&app.store, failed).await?;
            Err(refusal)
        }
        Err(refusal) => {
            // Nothing was guessed.
            attempt.take_back();
            Err(refusal)
        }
    }
}

/// Answers with what the browser needs to ask for a passkey.
pub async fn passkey(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(ticket) = cookie(&headers, COOKIE) else {
        return answer::<String>(Err(Refusal::StepExpired));
    };
    answer(app.second.ask_for_passkey(&app.store, ticket).await)
}

fn step_cookie(ticket: Option<&str>) -> (HeaderName, HeaderValue) {
    set_named_cookie(COOKIE, ticket, limits::PENDING_MS)
}
