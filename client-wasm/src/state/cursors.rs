//! Read and received marks: one's own, sent at most once a second, and those of others.

use shared_proto::id::{ConversationId, EntryId};
use shared_proto::limits::CURSOR_MS;
use shared_proto::wire::Cursor;

use super::{Effect, Env, State, Timer};
use crate::protocol::Request;

/// A mark sent less than so many milliseconds before the line dropped is sent again.
const UNSURE_MS: u64 = 40_000;

/// One's own marks of a conversation, and what of them the server knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    received: Mark,
    read: Mark,
    timer: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    wanted: Option<EntryId>,
    sent: Option<EntryId>,
    sent_at: u64,
}

impl Mark {
    /// What is to be sent now: nothing when nothing is new or the last is not a second old.
    fn due(&mut self, now: u64) -> Option<EntryId> {
        let entry = self.wanted.filter(|_| self.waits())?;
        if now.saturating_sub(self.sent_at) < CURSOR_MS {
            return None;
        }
        self.sent = self.wanted;
        self.sent_at = now;
        Some(entry)
    }

    fn waits(&self) -> bool {
        self.wanted > self.sent
    }
}

impl State {
    pub(super) fn received(&mut self, env: Env, id: ConversationId, entry: EntryId) {
        let marks = self.marks.entry(id).or_default();
        marks.received.wanted = marks.received.wanted.max(Some(entry));
        self.flush_marks(env, id);
    }

    /// The person saw everything up to `entry`.
    pub(super) fn seen(&mut self, env: Env, id: ConversationId, entry: EntryId) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        let looked_at = self.attentive && self.open == Some(id);
        // What lies between where reading stopped and a part opened further on was not shown.
        let skipped = conversation.thread.as_ref().is_some_and(|thread| {
            thread.is_cut() || thread.aimed.is_some() && !thread.reaches(conversation.read_up_to)
        });
        if !looked_at || skipped || conversation.read_up_to >= Some(entry) {
            return;
        }
        let conversation = conversation.make_mut();
        conversation.read_up_to = Some(entry);
        if let Some(unread) = conversation.count_unread(me) {
            conversation.unread = unread;
        }
        let marks = self.marks.entry(id).or_default();
        marks.read.wanted = marks.read.wanted.max(Some(entry));
        self.flush_marks(env, id);
    }

    pub(super) fn flush_marks(&mut self, env: Env, id: ConversationId) {
        if !self.link.is_live() {
            return;
        }
        let Some(marks) = self.marks.get_mut(&id) else { return };
        let received = marks.received.due(env.now);
        let read = marks.read.due(env.now);
        let waits = marks.received.waits() || marks.read.waits();
        if waits && !marks.timer {
            marks.timer = true;
            self.effects.push(Effect::After(CURSOR_MS, Timer::Marks(id)));
        }
        if let Some(entry) = received {
            self.ask(Request::ReceivedUpTo { conversation: id, entry });
        }
        if let Some(entry) = read {
            self.ask(Request::ReadUpTo { conversation: id, entry });
        }
    }

    pub(super) fn marks_elapsed(&mut self, env: Env, id: ConversationId) {
        if let Some(marks) = self.marks.get_mut(&id) {
            marks.timer = false;
        }
        self.flush_marks(env, id);
    }

    /// The line dropped: marks sent just before may not have arrived.
    pub(super) fn marks_lost(&mut self, env: Env) {
        for marks in self.marks.values_mut() {
            for mark in [&mut marks.received, &mut marks.read] {
                if env.now.saturating_sub(mark.sent_at) < UNSURE_MS {
                    mark.sent = None;
                }
            }
        }
    }

    pub(super) fn flush_all_marks(&mut self, env: Env) {
        let waiting = self.marks.iter();
        let waiting = waiting.filter(|(_, marks)| marks.received.waits() || marks.read.waits());
        let waiting: Vec<ConversationId> = waiting.map(|(id, _)| *id).collect();
        for id in waiting {
            self.flush_marks(env, id);
        }
    }

    /// A mark was refused in passing, or lost with the line: it is sent again.
    pub(super) fn mark_refused(&mut self, id: ConversationId) {
        if let Some(marks) = self.marks.get_mut(&id) {
            marks.received.sent = None;
            marks.read.sent = None;
            self.effects.push(Effect::After(CURSOR_MS, Timer::Marks(id)));
        }
    }

    pub(super) fn read_elsewhere(&mut self, id: ConversationId, mark: EntryId, unread: u32) {
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        if conversation.read_up_to <= Some(mark) {
            let conversation = conversation.make_mut();
            conversation.read_up_to = Some(mark);
            conversation.unread = unread;
        }
    }

    pub(super) fn others_cursors(&mut self, id: ConversationId, cursors: &[Cursor]) {
        if let Some(conversation) = self.conversation_mut(id) {
            for cursor in cursors {
                let mut known = conversation.cursors.iter_mut();
                match known.find(|known| known.person == cursor.person) {
                    Some(known) => {
                        known.received = known.received.max(cursor.received);
                        known.read = known.read.max(cursor.read);
                    }
                    None => conversation.cursors.push(*cursor),
                }
            }
        }
    }
}
