//! `POST /api/accept`: an invitation becomes an account, once.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::http::Accept;
use shared_proto::people::{self as rules, PersonCard};
use shared_proto::refusal::{Field, Refusal};

use super::link::limit;
use super::sign_in::{browser, welcome};
use super::{address, answer, body, has_own_origin};
use crate::app::App;
use crate::audit;
use crate::links;
use crate::office;
use crate::store::engine::Batch;
use crate::store::links::{LinkRecord, LinksRecord, Purpose, is_possible};
use crate::store::people::PersonRecord;
use crate::store::practice::Owners;
use crate::store::sessions::TokenHash;
use crate::store::{Store, StoreError};

/// Answers [`PersonCard`] and sets the cookie of a new session.
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
    let result = match body::<Accept>(&headers, &bytes) {
        Ok(given) => accept(&app, given, from).await,
        Err(refusal) => Err(refusal),
    };
    match result {
        Ok(person) => welcome(&app, &person, browser(&headers)).await,
        Err(refusal) => answer::<PersonCard>(Err(refusal)),
    }
}

async fn accept(app: &App, given: Accept, from: IpAddr) -> Result<PersonRecord, Refusal> {
    limit(app, from)?;
    let found = links::find(app, &given.token, &[Purpose::Invitation]).await?;
    let name = rules::name(Field::Name, &given.name)?;
    let mut known = app.known_of(&found.person);
    known.push(name.clone());
    let hash = app.passwords.accept(given.password, known, false).await?;
    let id = found.person.id;
    let link = found.link;
    let judge = move |record: &mut PersonRecord| {
        still_possible(&link, record)?;
        record.name.clone_from(&name);
        record.password_hash = Some(hash.clone());
        record.invited_until = None;
        record.session_epoch += 1;
        Ok(())
    };
    let record = audit::of(Action::InviteAccepted).by(id).from(from).to(id);
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        if let Err(refusal) = spend(store, found.hash, batch)? {
            return Ok(Err(refusal));
        }
        let mut owners = Owners::load(store)?;
        if owners.follow(person) {
            owners.put(store, batch);
        }
        Ok(Ok(record.clone()))
    };
    let person = office::change_person(app, id, judge, with).await?;
    tracing::info!(person = %id, "an invitation was accepted");
    Ok(person)
}

/// Whether a link fits its person as they are at the moment of the change.
///
/// # Errors
/// `Link`.
pub(super) fn still_possible(link: &LinkRecord, person: &PersonRecord) -> Result<(), Refusal> {
    if is_possible(link, person) { Ok(()) } else { Err(Refusal::Link) }
}

/// Adds to `batch` that a link has been used, and that no other of its person's can be any more.
/// Of two that use it at once, the batch of one conflicts, and is refused here when it is made anew.
pub(super) fn spend(
    store: &Store,
    hash: TokenHash,
    batch: &mut Batch,
) -> Result<Result<(), Refusal>, StoreError> {
    let Some(mut links) = links::still(store, hash)? else { return Ok(Err(Refusal::Link)) };
    links.record = LinksRecord::default();
    links.put(store, &[], batch);
    Ok(Ok(()))
}
