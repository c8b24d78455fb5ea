//! `POST /api/sign-out`: ends the session, here and on its sockets.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use shared_proto::audit::Action;
use shared_proto::wire::close;

use super::{address, answer, has_own_origin, session_of, set_cookie, set_named_cookie};
use crate::app::App;
use crate::audit;
use crate::auth::{known, sessions};

/// What the browser is to forget (W3C Clear Site Data).
const FORGET: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cache\", \"storage\""),
);

/// Answers `()`, whether somebody was signed in or not.
pub async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if !has_own_origin(&app, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let ended = match session_of(&app, &headers).await {
        Ok(Some(found)) => {
            let from = address(&app, peer, &headers);
            let record = audit::of(Action::SignedOut).by(found.person.id).from(from);
            let ended = sessions::end(&app.store, &found.token, found.person.id, record).await;
            app.hub.close(found.person.id, Some(&found.token), close::SESSION_ENDED);
            tracing::info!(person = %found.person.id, "signed out");
            ended.map_err(|error| {
                tracing::error!(%error, "a session could not be ended");
                error.refusal()
            })
        }
        Ok(None) => Ok(()),
        Err(refusal) => Err(refusal),
    };
    // Nothing stays behind that shows that somebody was here.
    let gone = [set_cookie(None, 0), set_named_cookie(known::COOKIE, None, 0), FORGET];
    (AppendHeaders(gone), answer(ended)).into_response()
}
