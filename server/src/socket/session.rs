//! A signed-in socket as the rest of the server sees it: who it is, and a bounded queue of frames
//! that wait to be written.

mod opened;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::id::{ConversationId, DeviceId};
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, close};
use tokio::sync::Notify;

use crate::auth::sessions::SignedIn;
use crate::store::sessions::TokenHash;
use opened::Opened;
pub use opened::{List, Seen};

/// A signed-in socket.
pub struct Session {
    /// Unlike every other since start.
    pub id: u64,
    /// Who.
    pub person: Arc<PersonCard>,
    /// The session it was opened under.
    pub token: TokenHash,
    /// What that session is called.
    pub device: DeviceId,
    /// When that session ends.
    pub expires_at: Millis,
    /// When it was last active, as its record said when the socket was opened.
    pub last_active: Millis,
    /// Where it comes from.
    pub address: IpAddr,
    queue: Mutex<Queue>,
    waiting: Notify,
    pending: AtomicUsize,
    gone: AtomicBool,
    watching: Mutex<Vec<ConversationId>>,
    opened: Mutex<Opened>,
    restricted: bool,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    bytes: usize,
    close: Option<u16>,
}

/// What the socket's task takes from the queue.
#[derive(Default)]
pub struct Taken {
    /// To be written, in order.
    pub frames: VecDeque<Bytes>,
    /// Then the socket is closed with this code.
    pub close: Option<u16>,
}

impl Session {
    /// A session with an empty queue.
    #[must_use]
    pub fn new(id: u64, signed_in: SignedIn, address: IpAddr) -> Self {
        Self {
            id,
            person: signed_in.person,
            token: signed_in.token,
            device: signed_in.device,
            expires_at: signed_in.expires_at,
            last_active: signed_in.last_active,
            address,
            queue: Mutex::default(),
            waiting: Notify::new(),
            pending: AtomicUsize::new(0),
            gone: AtomicBool::new(false),
            watching: Mutex::default(),
            opened: Mutex::default(),
            restricted: false,
        }
    }

    /// Of somebody who has to set up a second factor first: they are shown nothing but answers,
    /// until they come back with one.
    #[must_use]
    pub const fn restricted(mut self, restricted: bool) -> Self {
        self.restricted = restricted;
        self
    }

    /// Whether its person has to set up a second factor first.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        self.restricted
    }

    /// Puts a frame in line. A reader whose line is over [`limits::SOCKET_QUEUE_BYTES`] is cut
    /// instead: it resumes, so nothing is lost.
    pub fn push(&self, frame: Bytes) {
        if self.put(frame) {
            self.wake();
        }
    }

    /// As [`Self::push`], for what is said to this socket alone.
    pub fn say(&self, frame: Bytes) {
        if self.put_said(frame) {
            self.wake();
        }
    }

    /// Puts a frame in line without waking the socket's task; whether it has to be woken. Whoever
    /// has more for the same socket wakes it once, so that all goes out in one write.
    #[must_use]
    pub fn put(&self, frame: Bytes) -> bool {
        // What is told to everyone it concerns concerns nobody here yet.
        !self.restricted && self.put_said(frame)
    }

    fn put_said(&self, frame: Bytes) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.close.is_some() {
            return false;
        }
        let mut wake = queue.frames.is_empty();
        queue.bytes += frame.len();
        if queue.bytes > limits::SOCKET_QUEUE_BYTES {
            *queue = Queue { close: Some(close::TOO_SLOW), ..Queue::default() };
            wake = true;
        } else {
            queue.frames.push_back(frame);
        }
        wake
    }

    /// Wakes the socket's task to write what is in line.
    pub fn wake(&self) {
        self.waiting.notify_one();
    }

    /// Closes the socket with `code` after what is in line.
    pub fn close(&self, code: u16) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.close.get_or_insert(code);
        drop(queue);
        self.waiting.notify_one();
    }

    /// Everything in line.
    #[must_use]
    pub fn take(&self) -> Taken {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.bytes = 0;
        Taken { frames: std::mem::take(&mut queue.frames), close: queue.close }
    }

    /// Bytes in line.
    #[must_use]
    pub fn bytes_waiting(&self) -> usize {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// The code the socket is to be closed with, once it is to be.
    #[must_use]
    pub fn closing(&self) -> Option<u16> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).close
    }

    /// Until something is in line.
    pub async fn waits(&self) {
        self.waiting.notified().await;
    }

    /// Takes a request in; `Busy` beyond [`limits::REQUESTS_PENDING`] unanswered ones.
    ///
    /// # Errors
    /// `Busy`.
    pub fn begin(&self) -> Result<(), Refusal> {
        let before = self.pending.fetch_add(1, Ordering::Relaxed);
        if before < limits::REQUESTS_PENDING {
            return Ok(());
        }
        self.pending.fetch_sub(1, Ordering::Relaxed);
        Err(Refusal::Busy)
    }

    /// Answers a request taken in by [`Session::begin`].
    pub fn answer(&self, frame: u32, result: Result<Reply, Refusal>) {
        if self.put_answer(frame, result) {
            self.wake();
        }
    }

    /// Answers without waking the socket's task; whether it has to be woken.
    #[must_use]
    pub fn put_answer(&self, frame: u32, result: Result<Reply, Refusal>) -> bool {
        self.finish();
        if let Err(refusal) = &result {
            crate::metrics::refused(refusal);
            crate::wary::refused(refusal, self.id, self.person.id);
        }
        self.put_said(Bytes::from(codec::reply_frame(frame, result)))
    }

    /// A request taken in is done without an answer.
    pub fn finish(&self) {
        self.pending.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether the socket is no more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// The socket is no more.
    pub fn leave(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    /// Notes that this socket watches a conversation.
    ///
    /// # Errors
    /// `Busy` beyond [`limits::WATCHED_PER_SOCKET`].
    pub fn watch(&self, conversation: ConversationId) -> Result<(), Refusal> {
        let mut watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        if watching.contains(&conversation) {
            return Ok(());
        }
        if watching.len() >= limits::WATCHED_PER_SOCKET {
            return Err(Refusal::Busy);
        }
        watching.push(conversation);
        Ok(())
    }

    /// Notes that this socket no longer watches a conversation.
    pub fn unwatch(&self, conversation: ConversationId) {
        let mut watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        watching.retain(|watched| *watched != conversation);
    }

    /// Whether the audit log says already that this socket has seen it.
    #[must_use]
    pub fn has_seen(&self, seen: Seen) -> bool {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).has(seen)
    }

    /// The audit log says now that this socket has seen it.
    pub fn note_seen(&self, seen: Seen) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).note(seen);
    }

    /// What this socket watches.
    #[must_use]
    pub fn watched(&self) -> Vec<ConversationId> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Who asked, and where the answer goes. Dropped without an answer, as by a room that panics, it
/// answers `Unavailable`: nobody waits for ever.
pub struct Asker {
    /// Their socket.
    pub session: Arc<Session>,
    frame: u32,
    answered: bool,
}

impl Asker {
    /// Whoever sent the request with this id over this socket. It has been taken in by
    /// [`Session::begin`].
    #[must_use]
    pub const fn new(session: Arc<Session>, frame: u32) -> Self {
        Self { session, frame, answered: false }
    }

    /// Answers.
    pub fn answer(mut self, result: Result<Reply, Refusal>) {
        self.answered = true;
        self.session.answer(self.frame, result);
    }

    /// Answers without waking the socket's task; the socket, when it has to be woken.
    #[must_use]
    pub fn put_answer(mut self, result: Result<Reply, Refusal>) -> Option<Arc<Session>> {
        self.answered = true;
        let asleep = self.session.put_answer(self.frame, result);
        asleep.then(|| Arc::clone(&self.session))
    }

    /// Done, and nothing needs to be said.
    pub fn finish(mut self) {
        self.answered = true;
        self.session.finish();
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        if !self.answered {
            self.session.answer(self.frame, Err(Refusal::Unavailable));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_proto::id::PersonId;
    use shared_proto::people::Role;

    fn session() -> Session {
        let id = PersonId::from_random([1; 16]);
        let person = PersonCard { id, name: "A".into(), role: Role::Client };
        Session::new(1, SignedIn::for_test(person), std::net::Ipv4Addr::LOCALHOST.into())
    }

    #[test]
    fn frames_come_out_in_order_and_the_close_comes_last() {
        let session = session();
        session.push(Bytes::from_static(b"one"));
        session.push(Bytes::from_static(b"two"));
        session.close(close::GOING_AWAY);
        session.push(Bytes::from_static(b"late"));
        let taken = session.take();
        assert_eq!(taken.frames, ["one", "two"]);
        assert_eq!(taken.close, Some(close::GOING_AWAY));
    }

    #[test]
    fn whoever_needs_a_second_factor_first_hears_answers_only() {
        let session = session().restricted(true);
        session.push(Bytes::from_static(b"told to all"));
        assert!(session.take().frames.is_empty());
        session.say(Bytes::from_static(b"hello"));
        assert_eq!(session.begin(), Ok(()));
        session.answer(1, Ok(Reply::Done));
        assert_eq!(session.take().frames.len(), 2);
    }

    #[test]
    fn a_reader_that_is_a_mebibyte_behind_is_cut() {
        let session = session();
        let frame = Bytes::from(vec![0; 64 * 1024]);
        for _ in 0..16 {
            session.push(frame.clone());
        }
        assert_eq!(session.closing(), None);
        session.push(frame);
        assert_eq!(session.closing(), Some(close::TOO_SLOW));
        assert!(session.take().frames.is_empty());
    }

    #[test]
    fn unanswered_requests_are_bounded() {
        let session = session();
        for _ in 0..limits::REQUESTS_PENDING {
            assert_eq!(session.begin(), Ok(()));
        }
        assert_eq!(session.begin(), Err(Refusal::Busy));
        session.answer(1, Ok(Reply::Done));
        assert_eq!(session.begin(), Ok(()));
    }

    #[test]
    fn a_request_that_is_dropped_is_answered_all_the_same() {
        let session = Arc::new(session());
        assert_eq!(session.begin(), Ok(()));
        drop(Asker::new(Arc::clone(&session), 7));
        let answer = codec::reply_frame(7, Err(Refusal::Unavailable));
        assert_eq!(session.take().frames, [answer]);
        assert_eq!(session.begin(), Ok(()));
        Asker::new(Arc::clone(&session), 8).answer(Ok(Reply::Done));
        assert_eq!(session.take().frames.len(), 1, "and once");
    }
}
