//! How a client asks.

use shared_proto::codec;
use shared_proto::id::EntryId;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ClientFrame, Direction, Reply, Request};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;

use super::TestClient;
use super::memory::Answer;
use crate::support::wait::PATIENCE;

/// The socket closed before the answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl TestClient {
    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// [`Closed`] when the socket closes first.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn ask(&self, request: Request) -> Result<Answer, Closed> {
        let answer = self.begin(request)?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.map_err(|_| Closed),
            Err(_) => panic!("a request was not answered within {PATIENCE:?}"),
        }
    }

    /// Asks and leaves the waiting to the caller: several may be under way.
    ///
    /// # Errors
    /// [`Closed`] when the socket has closed already.
    pub fn begin(&self, request: Request) -> Result<oneshot::Receiver<Answer>, Closed> {
        let (answered, answer) = oneshot::channel();
        let mut memory = self.lock();
        if memory.closed.is_some() {
            return Err(Closed);
        }
        let id = memory.next_request;
        memory.next_request += 1;
        memory.waiting.insert(id, answered);
        drop(memory);
        let frame = codec::encode(&ClientFrame { id, request });
        self.outgoing.send(Message::binary(frame)).map_err(|_| Closed)?;
        Ok(answer)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The server's refusal.
    ///
    /// # Panics
    /// When the socket closes first or no answer comes.
    pub async fn request(&self, request: Request) -> Result<Reply, Refusal> {
        let what = format!("{request:?}");
        match self.ask(request).await {
            Ok(answer) => answer.result,
            Err(Closed) => panic!("the socket closed during {what}: {:?}", self.lock().closed),
        }
    }

    /// Asks, and waits for the answer only as long as something asked later in the same
    /// conversation takes: `None` for what is answered only when it is refused, and was not.
    ///
    /// # Panics
    /// When the socket closes.
    pub async fn request_or_silence(&self, request: Request) -> Option<Result<Reply, Refusal>> {
        let conversation = match &request {
            Request::ReceivedUpTo { conversation, .. }
            | Request::ReadUpTo { conversation, .. }
            | Request::Typing { conversation } => *conversation,
            _ => return Some(self.request(request).await),
        };
        let mut answer = self.begin(request).expect("the socket is open");
        let direction = Direction::Before;
        let later = Request::History { conversation, from: EntryId::MAX, direction };
        self.ask(later).await.expect("the socket stays open");
        answer.try_recv().ok().map(|answer| answer.result)
    }

    /// Says something that is answered only when it is refused.
    pub fn tell(&self, request: Request) {
        let id = {
            let mut memory = self.lock();
            memory.next_request += 1;
            memory.next_request - 1
        };
        let _ = self.outgoing.send(Message::binary(codec::encode(&ClientFrame { id, request })));
    }

    /// Sends a frame of the test's own making.
    pub fn raw(&self, message: Message) {
        let _ = self.outgoing.send(message);
    }

    /// Closes the socket from this side.
    pub fn hang_up(&self) {
        let _ = self.outgoing.send(Message::Close(None));
    }
}
