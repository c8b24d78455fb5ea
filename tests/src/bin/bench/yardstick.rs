//! The yardstick: a bare broadcast server. Nothing is stored, nobody signs in, and what comes in
//! goes out to everyone in the room as it is. The least a WebSocket server on axum can do. The path
//! names how many messages a reader of the room may be behind, and the room.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::broadcast;

type Rooms = Arc<Mutex<HashMap<u32, broadcast::Sender<Bytes>>>>;

/// Serves on a port of the system's choice, which it prints, until it is killed.
///
/// # Errors
/// When it cannot listen.
pub async fn serve() -> std::io::Result<()> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(4096)?;
    println!("ready: http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // Without it a lone message waits for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new().route("/{behind}/{room}", get(join)).with_state(Rooms::default());
    axum::serve(listener, router).await
}

async fn join(
    State(rooms): State<Rooms>,
    Path((behind, room)): Path<(usize, u32)>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
    let room = rooms.entry(room).or_insert_with(|| broadcast::channel(behind).0).clone();
    drop(rooms);
    upgrade.read_buffer_size(4096).on_upgrade(|socket| async move {
        // Whoever is gone is gone.
        let _ = talk(room, socket).await;
    })
}

async fn talk(
    room: broadcast::Sender<Bytes>,
    mut socket: WebSocket,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let mut heard = room.subscribe();
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Binary(bytes))) => drop(room.send(bytes)),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
                Some(Ok(_)) => {}
            },
            bytes = heard.recv() => {
                socket.feed(Message::Binary(bytes?)).await?;
                while let Ok(bytes) = heard.try_recv() {
                    socket.feed(Message::Binary(bytes)).await?;
                }
                socket.flush().await?;
            }
        }
    }
}
