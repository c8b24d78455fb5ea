//! `POST /api/link`: what a link from a letter is for. Spends nothing: programs that read mail
//! follow links too.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::http::{Link, Linked};
use shared_proto::limits;
use shared_proto::refusal::Refusal;

use super::{address, answer, body, has_own_origin};
use crate::app::App;
use crate::auth::throttle::network;
use crate::links;
use crate::store::factors;
use crate::store::links::Purpose;
use crate::store::practice::UNNAMED;

/// Answers [`Linked`]; `Link` for what is no link, and for one that can no longer be used.
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
        Ok(given) => look(&app, &given.token, from).await,
        Err(refusal) => Err(refusal),
    })
}

async fn look(app: &App, token: &str, from: IpAddr) -> Result<Linked, Refusal> {
    limit(app, from)?;
    let all = [Purpose::Invitation, Purpose::Reset, Purpose::NewEmail, Purpose::OldEmail];
    let found = links::find(app, token, &all).await?;
    let practice = app.practice_name().unwrap_or_else(|| UNNAMED.to_owned());
    let (person, email) = (found.person, found.link.email);
    Ok(match found.link.purpose {
        Purpose::Invitation => {
            let inviter = found.link.by.and_then(|by| app.directory.card(by));
            let inviter = inviter.map_or_else(|| practice.clone(), |card| card.name);
            Linked::Invitation { practice, inviter, name: person.name, email }
        }
        Purpose::Reset => {
            let has_factor = has_factor(app, person.id).await?;
            Linked::NewPassword { practice, email, has_factor }
        }
        Purpose::NewEmail | Purpose::OldEmail => {
            let change = found.links.record.change.ok_or(Refusal::Link)?;
            Linked::Email { practice, email: change.email }
        }
    })
}

/// Requests about links are few; whoever makes many looks for them.
///
/// # Errors
/// `TooManyTries`.
pub(super) fn limit(app: &App, from: IpAddr) -> Result<(), Refusal> {
    let key = app.store.vault.lookup("links from", &network(from));
    app.throttle.spend(key, limits::LINKS_PER_NETWORK)
}

/// Whether somebody has a second factor, beside which a shorter password is enough.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn has_factor(
    app: &App,
    person: shared_proto::id::PersonId,
) -> Result<bool, Refusal> {
    let read = app.store.read(move |store| Ok(factors::load(store, person)?.record.has_factor()));
    read.await.map_err(|error| links::failed(&error))
}
