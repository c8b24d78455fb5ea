//! The one task of a client's socket.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use shared_proto::codec;
use shared_proto::wire::{Reply, ServerFrame};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use super::memory::{Answer, Arrival, Memory};
use super::upgrade::Connection;

/// The one task of a client's socket.
pub(super) struct Task {
    pub(super) memory: Arc<Mutex<Memory>>,
    pub(super) changed: watch::Sender<u64>,
}

impl Task {
    /// Writes what is queued and takes in what comes, until the socket closes.
    pub(super) async fn run(
        self,
        mut sink: SplitSink<Connection, Message>,
        mut stream: SplitStream<Connection>,
        mut queue: mpsc::UnboundedReceiver<Message>,
    ) {
        let code = loop {
            tokio::select! {
                outgoing = queue.recv() => {
                    let Some(message) = outgoing else { break None };
                    if sink.feed(message).await.is_err() {
                        continue;
                    }
                    while let Ok(message) = queue.try_recv() {
                        let _ = sink.feed(message).await;
                    }
                    let _ = sink.flush().await;
                }
                incoming = stream.next() => match incoming {
                    Some(Ok(Message::Binary(bytes))) => self.take(&bytes),
                    Some(Ok(Message::Close(frame))) => {
                        break frame.map(|frame| frame.code.into());
                    }
                    Some(Ok(Message::Text(text))) => self.breach(format!("a text: {text}")),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break None,
                },
            }
        };
        let mut memory = self.memory.lock().expect("nobody panics while holding it");
        memory.closed = Some(code);
        memory.waiting.clear();
        drop(memory);
        self.changed.send_modify(|count| *count += 1);
    }

    fn breach(&self, what: String) {
        self.memory.lock().expect("nobody panics while holding it").breaches.push(what);
    }

    fn take(&self, bytes: &[u8]) {
        let Ok(frame) = codec::decode::<ServerFrame>(bytes) else {
            self.breach(format!("{} bytes that do not decode", bytes.len()));
            return;
        };
        let mut memory = self.memory.lock().expect("nobody panics while holding it");
        memory.frames += 1;
        let order = memory.frames;
        match frame {
            ServerFrame::Reply { id, result } => {
                if let Ok(Reply::Opened(opened)) = &result {
                    let entries = opened.page.entries.clone();
                    memory.held.insert(opened.row.conversation, entries);
                }
                match memory.waiting.remove(&id) {
                    Some(waiting) => drop(waiting.send(Answer { order, result })),
                    // What is told without waiting is answered only by a refusal.
                    None if result.is_err() => {}
                    None => memory.breaches.push(format!("an answer nobody asked for: {id}")),
                }
            }
            ServerFrame::Event(event) => {
                memory.fold(&event);
                memory.events.push_back(Arrival { order, at: Instant::now(), event });
            }
        }
        drop(memory);
        self.changed.send_modify(|count| *count += 1);
    }
}
