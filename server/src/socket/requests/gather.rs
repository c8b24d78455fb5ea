//! Answers that several rooms give together: the last one sends it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{
    CatchUp, InboxMark, InboxPage, InboxRow, Page, Reply, ServerEvent, ServerFrame,
};

use crate::socket::session::{Asker, Session};

/// A `Resume` under way: each room answers with an event of its own, then it is done.
pub struct Resuming {
    asker: Mutex<Option<Asker>>,
    session: Arc<Session>,
    remaining: AtomicUsize,
    bytes: AtomicUsize,
    refused: Mutex<Option<Refusal>>,
}

impl Resuming {
    /// Waits for `rooms` answers.
    #[must_use]
    pub fn new(asker: Asker, rooms: usize) -> Arc<Self> {
        let session = Arc::clone(&asker.session);
        Arc::new(Self {
            asker: Mutex::new(Some(asker)),
            session,
            remaining: AtomicUsize::new(rooms),
            bytes: AtomicUsize::new(0),
            refused: Mutex::default(),
        })
    }

    /// The socket that resumes.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Whether more entries fit this answer, and the socket's queue besides what else waits there.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) <= limits::RESUME_BYTES
            && self.session.bytes_waiting() <= limits::RESUME_BYTES
    }

    /// One room answers, in order with its live entries. A page that does not fit any more goes
    /// out empty, with more to come: the client asks again when it has read the others.
    pub fn answer(&self, conversation: ConversationId, mut catch_up: CatchUp) {
        if let CatchUp::Page { page, .. } = &mut catch_up
            && !page.entries.is_empty()
        {
            let bytes: usize = page.entries.iter().map(codec::entry_size).sum();
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
            if !self.has_room() {
                *page = Page { entries: Vec::new(), more: true };
            }
        }
        let event = ServerEvent::CaughtUp { conversation, catch_up };
        self.session.push(Bytes::from(codec::encode(&ServerFrame::Event(event))));
        self.count();
    }

    /// One room could not answer: the whole is refused, and the client resumes again.
    pub fn refused(&self, refusal: Refusal) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
        self.count();
    }

    fn count(&self) {
        if self.remaining.fetch_sub(1, Ordering::AcqRel) != 1 {
            return;
        }
        let refused = *self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let asker = self.asker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(asker) = asker {
            asker.answer(refused.map_or(Ok(Reply::Done), Err));
        }
    }
}

/// What rows are gathered for.
pub enum Wanted {
    /// A page of the inbox; each row's place, and whether there are more after it.
    Page {
        /// In order.
        marks: Vec<InboxMark>,
        /// Whether more follow.
        more: bool,
    },
    /// Rows asked for one by one.
    Rows,
}

/// Rows gathered from several rooms.
struct Gathering {
    asker: Option<Asker>,
    rows: Vec<Option<InboxRow>>,
    refused: Option<Refusal>,
    remaining: usize,
    wanted: Wanted,
}

/// One room's place in a gathering. Dropped without an answer, the whole is refused: a row that
/// could not be read must not look like one that is not there.
pub struct RowSlot {
    gathering: Arc<Mutex<Gathering>>,
    index: usize,
    person: PersonId,
    row: Result<Option<Box<InboxRow>>, Refusal>,
}

/// Places for `count` rows of the asker's; the answer goes out when all are filled or dropped.
#[must_use]
pub fn slots(asker: Asker, count: usize, wanted: Wanted) -> Vec<RowSlot> {
    let person = asker.session.person.id;
    let gathering = Gathering {
        asker: Some(asker),
        rows: (0..count).map(|_| None).collect(),
        refused: None,
        remaining: count,
        wanted,
    };
    let gathering = Arc::new(Mutex::new(gathering));
    let unanswered = Err(Refusal::Unavailable);
    let slot = |index| RowSlot {
        gathering: Arc::clone(&gathering),
        index,
        person,
        row: unanswered.clone(),
    };
    (0..count).map(slot).collect()
}

impl RowSlot {
    /// Whose row is wanted.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The room's row.
    pub fn fill(mut self, row: Box<InboxRow>) {
        self.row = Ok(Some(row));
    }

    /// There is none, or not for this person: `NotFound`. With any other refusal the whole is
    /// refused.
    pub fn refused(mut self, refusal: Refusal) {
        self.row = if refusal == Refusal::NotFound { Ok(None) } else { Err(refusal) };
    }
}

impl Drop for RowSlot {
    fn drop(&mut self) {
        let mut gathering = self.gathering.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut self.row, Ok(None)) {
            Ok(row) => gathering.rows[self.index] = row.map(|row| *row),
            Err(refusal) => gathering.refused = Some(refusal),
        }
        gathering.remaining -= 1;
        if gathering.remaining > 0 {
            return;
        }
        if let Some(asker) = gathering.asker.take() {
            let refused = gathering.refused;
            asker.answer(refused.map_or_else(|| Ok(gathering.reply()), Err));
        }
    }
}

impl Gathering {
    /// As many rows as fit one frame.
    fn reply(&mut self) -> Reply {
        let mut bytes = 0;
        let mut fits = |row: &Option<InboxRow>| {
            bytes += row.as_ref().map_or(0, |row| codec::encode(row).len());
            bytes <= limits::PAGE_BYTES + 8 * 1024
        };
        let fitting = self.rows.iter().take_while(|row| fits(row)).count();
        let cut = fitting < self.rows.len();
        let mut rows: Vec<InboxRow> = self.rows.drain(..).take(fitting).flatten().collect();
        match &self.wanted {
            Wanted::Rows => Reply::Rows(rows),
            Wanted::Page { marks, more } => {
                let next = if *more || cut { marks.get(..fitting) } else { None };
                let next = next.and_then(|marks| marks.last().copied());
                // Places are up to a minute old; the rows themselves are exact.
                rows.sort_by_key(|row| std::cmp::Reverse(last_activity(row)));
                Reply::Inbox(InboxPage { rows, next })
            }
        }
    }
}

fn last_activity(row: &InboxRow) -> Option<Millis> {
    row.preview.as_ref().map(|preview| preview.at)
}

#[cfg(test)]
mod tests {
    use shared_proto::conversation::state::{State, Viewer};
    use shared_proto::people::{PersonCard, Role};

    use super::*;

    fn asker() -> (Arc<Session>, Asker) {
        let id = PersonId::from_random([1; 16]);
        let person = PersonCard { id, name: "A".into(), role: Role::Client };
        let session = Arc::new(Session::new(
            1,
            crate::auth::sessions::SignedIn::for_test(person),
            std::net::Ipv4Addr::LOCALHOST.into(),
        ));
        session.begin().expect("the first request");
        (Arc::clone(&session), Asker::new(session, 7))
    }

    fn row() -> InboxRow {
        let person = PersonId::from_random([1; 16]);
        InboxRow {
            conversation: ConversationId::from_random([2; 16]),
            state: State::absent(Viewer::Only(person)),
            people: Vec::new(),
            preview: None,
            unread: 0,
            read_up_to: None,
            draft: false,
            pending: false,
        }
    }

    /// What two rooms answer comes to.
    fn gathered(answers: [fn(RowSlot); 2]) -> Result<Reply, Refusal> {
        let (session, asker) = asker();
        for (slot, answer) in slots(asker, 2, Wanted::Rows).into_iter().zip(answers) {
            answer(slot);
        }
        let frame = session.take().frames.pop_front().expect("it is answered");
        match codec::decode(&frame).expect("a frame") {
            ServerFrame::Reply { result, .. } => result,
            ServerFrame::Event(event) => panic!("{event:?}"),
        }
    }

    #[test]
    fn a_row_that_could_not_be_read_is_no_row_that_is_not_there() {
        let one = |slot: RowSlot| slot.fill(Box::new(row()));
        assert_eq!(gathered([one, one]), Ok(Reply::Rows(vec![row(), row()])));
        assert_eq!(gathered([one, |s| s.refused(Refusal::NotFound)]), Ok(Reply::Rows(vec![row()])));
        assert_eq!(gathered([|s| s.refused(Refusal::Busy), one]), Err(Refusal::Busy));
        assert_eq!(gathered([one, drop]), Err(Refusal::Unavailable));
    }
}
