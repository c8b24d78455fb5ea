//! `GET /api/session`: who is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use shared_proto::http::Session;

use super::{answer, session_of};
use crate::app::App;
use crate::store::sessions::Stage;

/// Answers [`Session`].
pub async fn get(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let Some(practice) = app.practice_name() else { return answer(Ok(Session::SetUpNeeded)) };
    let found = session_of(&app, &headers).await;
    answer(found.map(|found| {
        let Some(found) = found else { return Session::SignedOut { practice } };
        let me = (*found.person).clone();
        match found.stage {
            Stage::Full if app.lacks_factor(&found) => Session::FactorRequired { practice, me },
            Stage::Full => Session::SignedIn { practice, me },
            Stage::Locked => Session::Locked { practice, me },
        }
    }))
}
