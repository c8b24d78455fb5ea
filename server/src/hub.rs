//! Who is connected, and which rooms are in memory. Every change to a conversation goes through
//! its room's mailbox; nothing here is held across an `.await`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use dashmap::mapref::entry::Entry as Slot;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::close;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::auth::activity::KEPT_EVERY_MS;
use crate::desk::LiveDesk;
use crate::directory::Directory;
use crate::forms::live::LiveForms;
use crate::later::AlarmClock;
use crate::metrics::Metrics;
use crate::notices::Behind;
use crate::notices::reader::elapsed_ms;
use crate::practice::LivePractice;
use crate::room::{Message, Room};
use crate::search::Search;
use crate::socket::session::Session;
use crate::store::Store;
use crate::store::sessions::TokenHash;

/// How long somebody who dropped counts as here, so that a reload is no coming and going.
const PRESENCE_GRACE: Duration = Duration::from_secs(3);

/// Sockets and rooms.
pub struct Hub {
    /// Where everything is kept.
    pub store: Arc<Store>,
    /// Names.
    pub directory: Arc<Directory>,
    /// What the owner decided.
    pub practice: Arc<LivePractice>,
    /// The forms there are.
    pub forms: LiveForms,
    /// Hours, leave, and what is promised by them.
    pub desk: LiveDesk,
    /// What the operator watches.
    pub metrics: Arc<Metrics>,
    /// What is to be decided later.
    pub clock: AlarmClock,
    /// What can be searched.
    pub search: Arc<Search>,
    /// In which conversations somebody may be told of something.
    pub notices: Behind,
    /// When each was last active here, and under which session.
    active: DashMap<PersonId, (TokenHash, Instant)>,
    sockets_per_person: usize,
    rooms: DashMap<ConversationId, mpsc::Sender<Message>>,
    people: DashMap<PersonId, Vec<Arc<Session>>>,
    /// Watched rooms, by each of their members: who needs to hear of somebody's coming.
    interested: DashMap<PersonId, Vec<ConversationId>>,
    next_session: AtomicU64,
    /// How often somebody's sessions were ended, since start.
    revocations: AtomicU64,
    tasks: TaskTracker,
    lines: TaskTracker,
    stopping: AtomicBool,
}

impl Hub {
    /// A hub without sockets or rooms.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        directory: Arc<Directory>,
        practice: Arc<LivePractice>,
        forms: LiveForms,
        desk: LiveDesk,
        metrics: Arc<Metrics>,
        sockets_per_person: usize,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            directory,
            practice,
            forms,
            desk,
            metrics,
            clock: AlarmClock::default(),
            search: Arc::default(),
            notices: Behind::default(),
            active: DashMap::new(),
            sockets_per_person,
            rooms: DashMap::new(),
            people: DashMap::new(),
            interested: DashMap::new(),
            next_session: AtomicU64::new(1),
            revocations: AtomicU64::new(0),
            tasks: TaskTracker::new(),
            lines: TaskTracker::new(),
            stopping: AtomicBool::new(false),
        })
    }

    /// A number for a new socket.
    pub fn next_session(&self) -> u64 {
        self.next_session.fetch_add(1, Ordering::Relaxed)
    }

    /// Held by a socket's task until it has said goodbye, so that stopping waits for it.
    pub fn line(&self) -> TaskTrackerToken {
        self.lines.token()
    }

    /// How often sessions have been ended so far. Read before a session is checked, it tells
    /// [`Hub::join`] whether the check still holds.
    #[must_use]
    pub fn revocations(&self) -> u64 {
        self.revocations.load(Ordering::Acquire)
    }

    /// Takes a socket in: from now on it gets every entry of its person, and [`Hub::close`] finds
    /// it. `false`: sessions have been ended since `revocations` was read, so whether this one
    /// still holds has to be looked up again.
    ///
    /// # Errors
    /// `Busy` when the person has as many sockets as they may, `Stopping` when the server stops.
    pub fn join(&self, session: &Arc<Session>, revocations: u64) -> Result<bool, Refusal> {
        let person = session.person.id;
        let mut sessions = self.people.entry(person).or_default();
        if self.is_stopping() {
            return Err(Refusal::Stopping);
        }
        if sessions.len() >= self.sockets_per_person {
            return Err(Refusal::Busy);
        }
        sessions.push(Arc::clone(session));
        // Its record may be as much older as it is renewed less often.
        if crate::clock::now().since(session.last_active) < KEPT_EVERY_MS {
            self.was_active(person, session.token);
        }
        let first = sessions.len() == 1;
        // Under the lock that `close` takes after it has counted: whoever it does not find here
        // finds its count there.
        let checked = self.revocations() == revocations;
        drop(sessions);
        self.metrics.connections.increment(1.0);
        if first {
            self.tell_presence(person, true);
        }
        Ok(checked)
    }

    /// Lets a socket go.
    pub fn leave(self: &Arc<Self>, session: &Arc<Session>) {
        session.leave();
        self.metrics.connections.decrement(1.0);
        for conversation in session.watched() {
            let message = Message::Leave { session: Arc::clone(session) };
            if let Some(room) = self.rooms.get(&conversation) {
                // A room too busy to hear it finds the session gone by itself.
                let _ = room.try_send(message);
            }
        }
        let person = session.person.id;
        let left = self.people.remove_if_mut(&person, |_, sessions| {
            sessions.retain(|other| other.id != session.id);
            sessions.is_empty()
        });
        if left.is_some() && self.interested.contains_key(&person) {
            let hub = Arc::clone(self);
            tokio::spawn(async move {
                tokio::time::sleep(PRESENCE_GRACE).await;
                if !hub.is_here(person) {
                    hub.tell_presence(person, false);
                }
            });
        }
    }

    /// Somebody was active under a session.
    pub fn was_active(&self, person: PersonId, token: TokenHash) {
        self.active.insert(person, (token, Instant::now()));
    }

    /// When somebody was last active under a session that has not ended since, by a clock that shows
    /// `now`.
    #[must_use]
    pub fn active_at(&self, person: PersonId, now: Millis) -> Option<Millis> {
        let since = self.active.get(&person)?.1;
        Some(Millis(now.0.saturating_sub(elapsed_ms(since))))
    }

    /// Forgets who was not active for an hour.
    pub fn tidy(&self) {
        let hour = Duration::from_secs(60 * 60);
        self.active.retain(|_, (_, at)| at.elapsed() < hour);
    }

    /// Whether somebody has a live socket.
    #[must_use]
    pub fn is_here(&self, person: PersonId) -> bool {
        self.people.contains_key(&person)
    }

    /// Everyone with a live socket.
    #[must_use]
    pub fn connected(&self) -> Vec<PersonId> {
        self.people.iter().map(|sessions| *sessions.key()).collect()
    }

    /// Hands a frame to every socket of a person.
    pub fn push(&self, person: PersonId, frame: &Bytes) {
        if let Some(sessions) = self.people.get(&person) {
            for session in sessions.iter() {
                session.push(frame.clone());
            }
        }
    }

    /// Hands a frame to every socket of a person but one.
    pub fn push_but(&self, person: PersonId, but: Option<u64>, frame: &Bytes) {
        if let Some(sessions) = self.people.get(&person) {
            for session in sessions.iter().filter(|session| Some(session.id) != but) {
                session.push(frame.clone());
            }
        }
    }

    /// Puts a frame in line for every socket of a person; those that have to be woken are added
    /// to `asleep`.
    pub fn put(&self, person: PersonId, frame: &Bytes, asleep: &mut Vec<Arc<Session>>) {
        if let Some(sessions) = self.people.get(&person) {
            for session in sessions.iter() {
                if session.put(frame.clone()) {
                    asleep.push(Arc::clone(session));
                }
            }
        }
    }

    /// Closes the sockets of a person that were opened under `token`, or all of them: their
    /// session has ended, and the store says so already. Sockets that are about to join look again.
    pub fn close(&self, person: PersonId, token: Option<&TokenHash>, code: u16) {
        self.revocations.fetch_add(1, Ordering::AcqRel);
        let ended = |active: &TokenHash| token.is_none_or(|token| active == token);
        self.active.remove_if(&person, |_, (active, _)| ended(active));
        self.close_where(person, code, |session| ended(&session.token));
    }

    /// Closes the sockets of a person that were opened under another token than `kept`.
    pub fn close_others(&self, person: PersonId, kept: &TokenHash, code: u16) {
        self.revocations.fetch_add(1, Ordering::AcqRel);
        self.close_where(person, code, |session| session.token != *kept);
    }

    /// Closes the sockets of a person who may have missed an entry: they come back and resume.
    pub fn cut(&self, person: PersonId) {
        self.close_where(person, close::GOING_AWAY, |_| true);
    }

    /// Closes the sockets of a person that were opened in another role than they have now: they
    /// come back in it.
    pub fn cut_outdated(&self, person: PersonId) {
        let Some(now) = self.directory.card(person) else { return };
        self.close_where(person, close::GOING_AWAY, |session| session.person.role != now.role);
    }

    fn close_where(&self, person: PersonId, code: u16, meant: impl Fn(&Session) -> bool) {
        if let Some(sessions) = self.people.get(&person) {
            for session in sessions.iter().filter(|session| meant(session)) {
                session.close(code);
            }
        }
    }

    /// Puts a message in a room's mailbox, loading the room when it is not in memory.
    ///
    /// # Errors
    /// `Busy` when the mailbox or the memory for rooms is full, `Stopping`; with the message.
    #[expect(clippy::result_large_err, reason = "the message goes back to be answered")]
    pub fn send(
        self: &Arc<Self>,
        conversation: ConversationId,
        message: Message,
    ) -> Result<(), (Refusal, Message)> {
        if self.is_stopping() {
            return Err((Refusal::Stopping, message));
        }
        let mut message = message;
        if let Some(room) = self.rooms.get(&conversation) {
            match room.try_send(message) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(message)) => return Err((Refusal::Busy, message)),
                Err(TrySendError::Closed(unsent)) => message = unsent,
            }
        }
        if self.rooms.len() >= limits::ROOMS {
            return Err((Refusal::Busy, message));
        }
        match self.rooms.entry(conversation) {
            Slot::Occupied(mut room) => match room.get().try_send(message) {
                Ok(()) => Ok(()),
                Err(TrySendError::Full(message)) => Err((Refusal::Busy, message)),
                // A room that ends by itself leaves the map first: this one panicked.
                Err(TrySendError::Closed(message)) => {
                    tracing::error!(%conversation, "a room had panicked and is started anew");
                    room.insert(self.begin(conversation, message, true));
                    Ok(())
                }
            },
            // Whoever stops says so and then clears the map: looked at under its lock, so that no
            // room begins behind its back.
            Slot::Vacant(_) if self.is_stopping() => Err((Refusal::Stopping, message)),
            Slot::Vacant(slot) => {
                self.metrics.rooms.increment(1.0);
                slot.insert(self.begin(conversation, message, false));
                Ok(())
            }
        }
    }

    /// Whether a conversation is in memory.
    #[must_use]
    pub fn has_room(&self, conversation: ConversationId) -> bool {
        self.rooms.contains_key(&conversation)
    }

    /// Starts a room's task with its first message.
    fn begin(
        self: &Arc<Self>,
        conversation: ConversationId,
        first: Message,
        after_panic: bool,
    ) -> mpsc::Sender<Message> {
        let (sender, mailbox) = mpsc::channel(limits::ROOM_MAILBOX);
        if let Err(unsent) = sender.try_send(first) {
            // Never: the mailbox is new, and its other end is held here.
            unsent.into_inner().refuse(Refusal::Busy);
        }
        self.tasks.spawn(Room::run(Arc::clone(self), conversation, mailbox, after_panic));
        sender
    }

    /// Forgets a room whose mailbox is empty. After `true` no message can reach it any more.
    pub fn forget(&self, conversation: ConversationId, mailbox: &mpsc::Receiver<Message>) -> bool {
        let forgotten = self.rooms.remove_if(&conversation, |_, _| mailbox.is_empty()).is_some();
        if forgotten {
            self.metrics.rooms.decrement(1.0);
        }
        forgotten
    }

    /// A room has its first watcher: it wants to hear of these people.
    pub fn interest(&self, conversation: ConversationId, people: impl Iterator<Item = PersonId>) {
        for person in people {
            let mut rooms = self.interested.entry(person).or_default();
            if !rooms.contains(&conversation) {
                rooms.push(conversation);
            }
        }
    }

    /// A room has no watcher left.
    pub fn disinterest(
        &self,
        conversation: ConversationId,
        people: impl Iterator<Item = PersonId>,
    ) {
        for person in people {
            self.interested.remove_if_mut(&person, |_, rooms| {
                rooms.retain(|room| *room != conversation);
                rooms.is_empty()
            });
        }
    }

    fn tell_presence(&self, person: PersonId, here: bool) {
        let rooms = self.interested.get(&person).map(|rooms| rooms.clone()).unwrap_or_default();
        for conversation in rooms {
            if let Some(room) = self.rooms.get(&conversation) {
                // Presence is a courtesy: a room too busy to hear it shows it at the next change.
                let _ = room.try_send(Message::Presence { person, here });
            }
        }
    }

    /// Whether the server is stopping.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Takes nothing more in, lets every room finish what it has, then closes every socket with
    /// `code` and waits until each has said so.
    pub async fn stop(&self, code: u16) {
        self.stopping.store(true, Ordering::Release);
        self.rooms.clear();
        self.tasks.close();
        self.tasks.wait().await;
        for sessions in &self.people {
            for session in sessions.iter() {
                session.close(code);
            }
        }
        self.lines.close();
        self.lines.wait().await;
    }

    /// Rooms in memory.
    #[cfg(test)]
    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// Open sockets.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.people.iter().map(|sessions| sessions.len()).sum()
    }
}
