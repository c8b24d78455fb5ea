//! `POST /api/strength`: how good a password is, while it is typed. Only for somebody who is about
//! to choose one; nothing of it is kept or logged.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::http::{Chooser, Weigh};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::strength::Verdict;

use super::link::has_factor;
use super::{address, answer, body, has_own_origin, signed_in};
use crate::app::App;
use crate::auth::throttle::network;
use crate::links;
use crate::store::links::Purpose;
use crate::store::people;

/// Longest password that is looked at, in bytes: four for each scalar there may be.
const LONGEST: usize = 4 * 256;

/// Answers [`Verdict`].
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
    answer(match body::<Weigh>(&headers, &bytes) {
        Ok(given) => weigh(&app, &headers, given, from).await,
        Err(refusal) => Err(refusal),
    })
}

async fn weigh(
    app: &App,
    headers: &HeaderMap,
    given: Weigh,
    from: IpAddr,
) -> Result<Verdict, Refusal> {
    let spend =
        |what: &str, key: &str, most| app.throttle.spend(app.store.vault.lookup(what, key), most);
    spend("passwords judged from", &network(from), limits::JUDGED_PER_NETWORK)?;
    let per_token = |key: &str| spend("passwords judged for", key, limits::JUDGED_PER_TOKEN);
    let (known, has_factor) = match given.by {
        Chooser::Session => {
            let id = signed_in(app, headers).await?.person.id;
            per_token(&id.to_string())?;
            let person = app.store.read(move |store| people::load(store, id)).await;
            let person = person.map_err(|error| links::failed(&error))?;
            let person = person.ok_or(Refusal::SignInRequired)?;
            (app.known_of(&person), has_factor(app, id).await?)
        }
        Chooser::Link { token } => {
            let purposes = [Purpose::Invitation, Purpose::Reset];
            let found = links::find(app, &token, &purposes).await?;
            per_token(&token)?;
            (app.known_of(&found.person), has_factor(app, found.person.id).await?)
        }
        Chooser::SetUp { token, practice, name, email } => {
            if app.is_set_up() || !app.set_up.is(&token) {
                return Err(Refusal::SetUpLink);
            }
            per_token(&token)?;
            (vec![practice, name, email], false)
        }
    };
    let mut password = given.password;
    if password.len() > LONGEST {
        // It is too long either way, and stays so.
        password = password.chars().take(limits::PASSWORD_SCALARS.end() + 1).collect();
    }
    app.passwords.judge(password, known, has_factor).await
}
