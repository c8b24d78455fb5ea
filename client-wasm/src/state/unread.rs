//! A conversation opens where reading stopped, and only what was shown counts as read. When more is
//! unread than the newest page holds, older pages are fetched first: shown at once, the newest page
//! would mark everything above it as read.

use shared_proto::id::{ConversationId, EntryId, PersonId};

use super::{Older, State, Thread};

/// From so many unread messages on a conversation opens at its end: who has been away for that long
/// wants to know how things stand now, and the rest is there by scrolling up.
const FAR_BEHIND: u32 = 500;
/// Pages asked for at most; long messages fill a page with few.
const PAGES: u8 = 20;

impl Thread {
    /// Decides where the thread begins to be read: at the divider, or, while that is not held yet,
    /// nowhere.
    pub(super) fn begin_at(&mut self, mark: Option<EntryId>, unread: u32, me: PersonId) {
        self.divide(mark, me);
        let far = unread == 0 || unread > FAR_BEHIND || self.reaches(mark);
        self.seeking = (!far).then_some(PAGES);
    }
}

impl State {
    /// Asks for the next older page of a thread that is not shown yet.
    pub(super) fn seek(&mut self, id: ConversationId) {
        if self.aims_at(id) {
            return;
        }
        let thread = self.conversations.get(&id).and_then(|known| known.thread.as_ref());
        if thread.is_some_and(|thread| thread.seeking.is_some() && thread.older == Older::More) {
            self.want_older(id);
        }
    }

    /// An older page has come: shows the thread when it reaches back far enough.
    pub(super) fn sought(&mut self, id: ConversationId) {
        let Some(me) = self.me().map(|me| me.id).filter(|_| !self.aims_at(id)) else { return };
        let Some(conversation) = self.conversation_mut(id) else { return };
        let mark = conversation.read_up_to;
        let Some(thread) = &mut conversation.thread else { return };
        let Some(left) = thread.seeking else { return };
        if thread.reaches(mark) || left == 0 {
            thread.seeking = None;
            thread.divide(mark, me);
        } else {
            thread.seeking = Some(left - 1);
            self.seek(id);
        }
    }
}
