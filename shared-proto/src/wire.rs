//! What travels over the socket. One postcard value a binary WebSocket frame, at most
//! [`crate::limits::FRAME_BYTES`]. Variants are only ever added at the end: golden bytes in
//! `tests/golden/` pin each.

pub mod close;
mod event;
mod inbox;
mod reply;
mod request;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

pub use event::{CatchUp, Cursor, Hello, Pending, ServerEvent};
pub use inbox::{InboxMark, InboxPage, InboxRow, Preview, PreviewContent};
pub use reply::{Opened, Page, Rehearsal, Reply};
pub use request::{Direction, Due, Held, Invitee, Request};

/// From the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Chosen by the client, unique among its unanswered requests; the reply carries it.
    pub id: u32,
    /// What is asked. Who asks is the session's, never the frame's.
    pub request: Request,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerFrame {
    /// The answer to one request.
    Reply {
        /// The request's id.
        id: u32,
        /// What it asked for, or why not.
        result: Result<Reply, Refusal>,
    },
    /// Something happened.
    Event(ServerEvent),
}
