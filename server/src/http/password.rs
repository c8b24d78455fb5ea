//! `POST /api/password`: somebody who is signed in chooses another password. Their other sessions
//! end; this one goes on under a new token (ASVS 7.2.4, 7.4.3).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::ChangePassword;
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;

use super::link::has_factor;
use super::sign_in::known_cookie;
use super::{address, answer, body, has_own_origin, set_cookie, signed_in};
use crate::app::App;
use crate::audit;
use crate::auth::sessions::{self, SignedIn};
use crate::clock;
use crate::links::{self, Post};
use crate::office;
use crate::store::Store;
use crate::store::engine::Batch;
use crate::store::people::{self, PersonRecord};

/// How long the socket of the session that changed it is left alone: its page comes back with the
/// new cookie, which it must have by then.
const OWN_SOCKET: Duration = Duration::from_millis(300);

/// Answers `()` and sets the new cookie.
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
    let result = match body::<ChangePassword>(&headers, &bytes) {
        Ok(given) => match signed_in(&app, &headers).await {
            Ok(found) => {
                let changed = change(&app, &found, given, from).await;
                changed.map(|(token, person)| (token, person, found))
            }
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok((token, person, found)) => {
            let lives_ms = found.expires_at.since(clock::now());
            // The password that was has made every browser a stranger; this one comes along.
            let goes_on = [set_cookie(Some(&token), lives_ms), known_cookie(&app, &person)];
            (AppendHeaders(goes_on), answer(Ok(()))).into_response()
        }
        Err(refusal) => answer::<()>(Err(refusal)),
    }
}

async fn change(
    app: &Arc<App>,
    found: &SignedIn,
    given: ChangePassword,
    from: IpAddr,
) -> Result<(String, PersonRecord), Refusal> {
    let (id, old) = (found.person.id, found.token);
    let person = app.store.read(move |store| people::load(store, id)).await;
    let person = person.map_err(|error| links::failed(&error))?.ok_or(Refusal::SignInRequired)?;
    app.verify(&person, &old, given.current, from).await?;
    let has_factor = has_factor(app, id).await?;
    let hash = app.passwords.accept(given.password, app.known_of(&person), has_factor).await?;
    let (token, fresh) = sessions::token();
    let before = person.session_epoch;
    let judge = move |record: &mut PersonRecord| {
        // Somebody else has replaced it since the old one was compared.
        if record.session_epoch != before {
            return Err(Refusal::SignInRequired);
        }
        record.password_hash = Some(hash.clone());
        record.session_epoch += 1;
        Ok(())
    };
    let (post, record) =
        (Post::of(app), audit::of(Action::PasswordChanged).by(id).from(from).to(id));
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        if !sessions::keep_one(store, &old, &fresh, person, batch)? {
            return Ok(Err(Refusal::SignInRequired));
        }
        crate::store::links::void(store, id, batch)?;
        post.password_changed(store, person, batch);
        Ok(Ok(record.clone()))
    };
    let person = office::change_person(app, id, judge, with).await?;
    app.activity.forget(&old);
    app.hub.close_others(id, &old, close::SESSION_ENDED);
    let hub = Arc::clone(&app.hub);
    tokio::spawn(async move {
        tokio::time::sleep(OWN_SOCKET).await;
        hub.close(id, Some(&old), close::GOING_AWAY);
    });
    app.mail.wake();
    tracing::info!(person = %id, "a password was changed");
    Ok((token, person))
}
