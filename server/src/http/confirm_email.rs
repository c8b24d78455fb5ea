//! `POST /api/confirm-email`: another email, once the address there is and the new one have both
//! said so. Sessions stay.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::conversation::event::Part;
use shared_proto::http::{Confirmed, Link};
use shared_proto::refusal::Refusal;

use super::accept::still_possible;
use super::link::limit;
use super::{address, answer, body, has_own_origin};
use crate::app::App;
use crate::audit;
use crate::links::{self, Post};
use crate::mail::Letter;
use crate::office;
use crate::store::activity;
use crate::store::engine::Batch;
use crate::store::links::{ChangeRecord, Found, LinkRecord, Loaded, Purpose};
use crate::store::people::PersonRecord;
use crate::store::{Store, StoreError};

/// Answers [`Confirmed`].
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
    answer(match body::<Link>(&headers, &bytes) {
        Ok(given) => confirm(&app, &given.token, from).await,
        Err(refusal) => Err(refusal),
    })
}

async fn confirm(app: &App, token: &str, from: IpAddr) -> Result<Confirmed, Refusal> {
    limit(app, from)?;
    let purposes = [Purpose::NewEmail, Purpose::OldEmail];
    let found = links::find(app, token, &purposes).await?;
    let (id, hash) = (found.person.id, found.hash);
    let half = links::commit(&app.store, move |store| first_half(store, hash)).await;
    match half {
        Ok(()) => {
            tracing::info!(person = %id, "half of a change of email was confirmed");
            return Ok(Confirmed::Half);
        }
        // Not the first: so it is the second.
        Err(Refusal::Outdated) => {}
        Err(refusal) => return Err(refusal),
    }
    change(app, found, from).await?;
    app.mail.wake();
    tracing::info!(person = %id, "an email was changed");
    Ok(Confirmed::Changed)
}

/// The batch after which only the other address has to confirm; `Outdated` when it has.
fn first_half(
    store: &Store,
    hash: crate::store::sessions::TokenHash,
) -> Result<Result<Batch, Refusal>, StoreError> {
    let Some((mut links, purpose)) = change_of(store, hash)? else {
        return Ok(Err(Refusal::Link));
    };
    let Some(change) = &mut links.record.change else { return Ok(Err(Refusal::Link)) };
    let (mine, other) = match purpose {
        Purpose::NewEmail => (&mut change.new, change.old),
        _ => (&mut change.old, change.new),
    };
    if other.is_none() {
        return Ok(Err(Refusal::Outdated));
    }
    *mine = None;
    let mut batch = Batch::default();
    links.put(store, &[], &mut batch);
    Ok(Ok(batch))
}

fn change_of(
    store: &Store,
    hash: crate::store::sessions::TokenHash,
) -> Result<Option<(Loaded, Purpose)>, StoreError> {
    let found = crate::store::links::find(store, hash, crate::clock::now())?;
    Ok(found.map(|found| (found.links, found.link.purpose)))
}

/// Makes the change, and tells both addresses.
async fn change(app: &App, found: Found, from: IpAddr) -> Result<(), Refusal> {
    let Found { hash, link, person, links } = found;
    let id = person.id;
    let Some(ChangeRecord { email, .. }) = links.record.change else { return Err(Refusal::Link) };
    let old: LinkRecord = link.clone();
    let wanted = email.clone();
    let judge = move |record: &mut PersonRecord| {
        still_possible(&link, record)?;
        record.email.clone_from(&email);
        Ok(())
    };
    let (post, record) = (Post::of(app), audit::of(Action::EmailChanged).by(id).from(from).to(id));
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        let Some((mut links, purpose)) = change_of(store, hash)? else {
            return Ok(Err(Refusal::Link));
        };
        let other = match (&links.record.change, purpose) {
            (Some(change), _) if change.email != wanted => return Ok(Err(Refusal::Link)),
            (Some(change), Purpose::NewEmail) => change.old,
            (Some(change), _) => change.new,
            (None, _) => return Ok(Err(Refusal::Link)),
        };
        if other.is_some() {
            return Ok(Err(Refusal::Link));
        }
        // A link to a new password went to the address that was.
        links.record = crate::store::links::LinksRecord::default();
        links.put(store, &[], batch);
        activity::intend(store, person, &[Part::Email], batch)?;
        for to in [&old.email, &person.email] {
            let letter = Letter::EmailChanged { practice: post.practice.clone() };
            post.send(store, person, to, letter, batch);
        }
        Ok(Ok(record.clone()))
    };
    office::change_person(app, id, judge, with).await?;
    app.hub.clock.set();
    Ok(())
}
