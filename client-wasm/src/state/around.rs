//! A conversation opened at one of its entries, as a search finds it: what stands around that is
//! fetched, and read on from both ways. Until what is held reaches the end, live entries are folded
//! but not added to it, and nothing of it counts as read: what lies between was not shown.

use shared_proto::id::{ConversationId, EntryId};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Direction, Page};

use super::{Effect, Older, State, Thread, Timer, retry_after_ms};
use crate::protocol::Request;

/// Stands for the entry at the end of a conversation, whichever that is.
pub const END: EntryId = EntryId::MAX;

impl Thread {
    /// Whether it ends before the conversation does.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.newer != Older::None
    }

    /// An entry and what comes after it.
    fn around(page: &Page) -> Self {
        let mut thread = Self::of(page);
        thread.older = Older::More;
        thread.newer = if page.more { Older::More } else { Older::None };
        thread
    }

    fn holds(&self, entry: EntryId) -> bool {
        self.lines.binary_search_by(|line| line.entry.cmp(&entry)).is_ok()
    }
}

impl State {
    /// Somebody wants to see an entry where it stands.
    pub(super) fn aim(&mut self, id: ConversationId, entry: EntryId) {
        self.aim_at(id, entry);
        self.effects.push(Effect::Go(id));
        if self.open == Some(id) {
            self.take_aim(id);
        }
    }

    fn aim_at(&mut self, id: ConversationId, entry: EntryId) {
        self.aims = self.aims.wrapping_add(1);
        self.aim = Some((id, entry));
    }

    /// Whether somebody waits to be shown an entry there.
    pub(super) fn aims_at(&self, id: ConversationId) -> bool {
        self.aim.is_some_and(|(wanted, _)| wanted == id)
    }

    /// Shows the entry that is wanted, if it is held, or asks for it.
    pub(super) fn take_aim(&mut self, id: ConversationId) {
        let Some((_, entry)) = self.aim.filter(|(wanted, _)| *wanted == id) else { return };
        let number = self.aims;
        // Without a thread this is done when it is there.
        let Some(thread) = self.thread_mut(id) else { return };
        if entry == END || thread.holds(entry) {
            thread.aimed = Some((entry, number));
            thread.seeking = None;
            self.aim = None;
            return;
        }
        thread.seeking = Some(0);
        let request = after(id, entry.before());
        if !self.requests.is_asked(&request) {
            self.ask(request);
        }
    }

    /// The reader is near the end of a part that is not the last.
    pub(super) fn want_newer(&mut self, id: ConversationId) {
        if !self.link.is_live() {
            return;
        }
        if let Some(thread) = self.thread_mut(id)
            && thread.newer == Older::More
            && let Some((_, last)) = thread.held
        {
            thread.newer = Older::Asked;
            self.ask(after(id, last));
        }
    }

    pub(super) fn newer_page(&mut self, id: ConversationId, from: EntryId, page: &Page) {
        let aimed = self.aim.filter(|(wanted, entry)| *wanted == id && entry.before() == from);
        let number = self.aims;
        let Some(thread) = self.thread_mut(id) else { return };
        if let Some((_, entry)) = aimed {
            *thread = Thread::around(page);
            thread.aimed = Some((entry, number));
            self.aim = None;
        } else if thread.newer == Older::Asked && thread.held.is_some_and(|held| held.1 == from) {
            // Those that came live meanwhile are in the page: it was read when it was answered.
            thread.newer = Older::None;
            page.entries.iter().for_each(|entry| thread.append(entry));
            thread.newer = if page.more { Older::More } else { Older::None };
        }
    }

    pub(super) fn newer_refused(&mut self, id: ConversationId, refusal: &Refusal) {
        let wait = retry_after_ms(refusal);
        let aims = self.aims_at(id);
        if aims && wait.is_none() {
            self.aim = None;
        }
        let Some(thread) = self.thread_mut(id) else { return };
        if thread.newer == Older::Asked {
            thread.newer = Older::More;
        }
        if aims {
            match wait {
                Some(wait) => self.effects.push(Effect::After(wait, Timer::Again(id))),
                None => thread.seeking = None,
            }
        }
    }

    /// Goes to the end of a conversation of which another part is held, and not to where its reader
    /// stopped: they asked for the end, or wrote something that stands there.
    pub(super) fn latest(&mut self, id: ConversationId) {
        if self.leave_part(id) {
            self.aim_at(id, END);
            self.ask(Request::Open { conversation: id });
        }
    }

    /// Lets go of a part that is not the last; whether one was held.
    pub(super) fn leave_part(&mut self, id: ConversationId) -> bool {
        let Some(conversation) = self.conversation_mut(id) else { return false };
        let cut = conversation.thread.as_ref().is_some_and(Thread::is_cut);
        if cut {
            conversation.thread = None;
        }
        cut
    }

    /// After a reconnect: parts that are not the last are held no more, since nothing tells how they
    /// go on; the one on screen is asked for again where it was opened.
    pub(super) fn leave_parts(&mut self) {
        let held = self.recent.clone();
        for id in held {
            let aimed = self.thread_mut(id).and_then(|thread| thread.aimed);
            if self.leave_part(id)
                && self.open == Some(id)
                && let Some((entry, _)) = aimed
            {
                self.aim = Some((id, entry));
            }
        }
    }

    fn thread_mut(&mut self, id: ConversationId) -> Option<&mut Thread> {
        self.conversation_mut(id)?.thread.as_mut()
    }
}

fn after(conversation: ConversationId, from: EntryId) -> Request {
    Request::History { conversation, from, direction: Direction::After }
}
