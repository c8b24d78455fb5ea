//! `POST /api/new-password`: a new password by a link, once. Every session under the old one ends.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::NewPassword;
use shared_proto::refusal::Refusal;
use shared_proto::wire::close;

use super::accept::{spend, still_possible};
use super::link::{has_factor, limit};
use super::sign_in::known_cookie;
use super::{address, answer, body, has_own_origin};
use crate::app::App;
use crate::audit;
use crate::auth::sessions;
use crate::links::{self, Post};
use crate::office;
use crate::store::Store;
use crate::store::engine::Batch;
use crate::store::links::Purpose;
use crate::store::people::PersonRecord;

/// Answers `()`: they sign in with it, second step included.
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
    let replaced = match body::<NewPassword>(&headers, &bytes) {
        Ok(given) => replace(&app, given, from).await,
        Err(refusal) => Err(refusal),
    };
    match replaced {
        // Whoever reads their letters is them: no stranger's guesses keep them out now.
        Ok(person) => ([known_cookie(&app, &person)], answer(Ok(()))).into_response(),
        Err(refusal) => answer::<()>(Err(refusal)),
    }
}

async fn replace(app: &App, given: NewPassword, from: IpAddr) -> Result<PersonRecord, Refusal> {
    limit(app, from)?;
    let found = links::find(app, &given.token, &[Purpose::Reset]).await?;
    let id = found.person.id;
    let has_factor = has_factor(app, id).await?;
    let known = app.known_of(&found.person);
    let hash = app.passwords.accept(given.password, known, has_factor).await?;
    let link = found.link;
    let judge = move |record: &mut PersonRecord| {
        still_possible(&link, record)?;
        record.password_hash = Some(hash.clone());
        record.session_epoch += 1;
        Ok(())
    };
    let (post, record) = (Post::of(app), audit::of(Action::PasswordReset).by(id).from(from).to(id));
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        if let Err(refusal) = spend(store, found.hash, batch)? {
            return Ok(Err(refusal));
        }
        sessions::delete_all(store, person.id, batch)?;
        post.password_changed(store, person, batch);
        Ok(Ok(record.clone()))
    };
    let person = office::change_person(app, id, judge, with).await?;
    app.hub.close(id, None, close::SESSION_ENDED);
    app.mail.wake();
    tracing::info!(person = %id, "a password was replaced by a link");
    Ok(person)
}
