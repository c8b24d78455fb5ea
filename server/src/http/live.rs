//! `GET /api/live`: the upgrade to a socket.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use shared_proto::limits;
use shared_proto::refusal::Refusal;

use super::{address, answer, has_own_origin, signed_in};
use crate::app::App;
use crate::socket;
use crate::socket::session::Session;
use crate::wary::{self, Attempt};

/// Read buffer of a socket, in bytes. The library's default of 128 KiB would be kept by every
/// idle socket.
const READ_BUFFER: usize = 4 * 1024;
/// Bytes gathered before the library writes on its own; a flush comes sooner.
const WRITE_BUFFER: usize = 32 * 1024;

/// Upgrades somebody who is signed in and comes from our own client (ASVS 4.4.2, 4.4.3).
pub async fn get(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !has_own_origin(&app, &headers) {
        wary::tell(Attempt::ForeignOrigin);
        return StatusCode::FORBIDDEN.into_response();
    }
    // Another version of the protocol is another name (ASVS 4.4, RFC 6455 4.2.2).
    let upgrade = upgrade.protocols([limits::SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let revocations = app.hub.revocations();
    let found = match signed_in(&app, &headers).await {
        Ok(found) => found,
        Err(refusal) => return answer::<()>(Err(refusal)),
    };
    if app.hub.is_stopping() {
        return answer::<()>(Err(Refusal::Stopping));
    }
    let number = app.hub.next_session();
    let restricted = app.lacks_factor(&found);
    let session = Session::new(number, found, address(&app, peer, &headers));
    let session = session.restricted(restricted);
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(2 * limits::SOCKET_QUEUE_BYTES)
        .max_message_size(limits::FRAME_BYTES)
        .max_frame_size(limits::FRAME_BYTES)
        .on_upgrade(move |socket| socket::serve(app, session, revocations, socket))
}
