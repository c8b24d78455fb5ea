//! `GET /api/session`: who is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use shared_proto::http::Session;

use super::{answer, signed_in};
use crate::app::App;

/// Answers [`Session`].
pub async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let Some(practice) = app.practice_name() else { return answer(Ok(Session::SetUpNeeded)) };
    let found = signed_in(&app, &headers).await;
    answer(found.map(|found| match found {
        Some(found) => Session::SignedIn { practice, me: (*found.person).clone() },
        None => Session::SignedOut { practice },
    }))
}
