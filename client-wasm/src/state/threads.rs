//! Conversations on screen: opened, resumed after a drop, appended to, read upwards, left.

use shared_proto::conversation::event::Event;
use shared_proto::conversation::state::Member;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::notice::rule::tells;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{CatchUp, Direction, Held, Opened, Page};

use crate::shared::Shared;

use super::announce::spoken;
use super::{
    Content, Conversation, Effect, Env, News, Older, State, Sync, Thread, Timer, retry_after_ms,
};
use crate::protocol::Request;

/// Conversations whose entries are kept in memory, so that going back is instant. Below
/// [`shared_proto::limits::RESUME_CONVERSATIONS`]: one `Resume` lists them all.
const HELD: usize = 16;

impl State {
    /// The conversation on screen, when it is known.
    #[must_use]
    pub fn shown(&self) -> Option<&Shared<Conversation>> {
        self.conversations.get(&self.open?)
    }

    pub(super) fn show(&mut self, shown: Option<ConversationId>) {
        if self.open == shown {
            return;
        }
        if let Some(left) = self.open {
            self.ask(Request::Leave { conversation: left });
            if let Some(conversation) = self.conversation_mut(left) {
                conversation.typing.clear();
                conversation.here.clear();
                conversation.withdraw_refused = None;
                if let Some(thread) = &mut conversation.thread {
                    // Who comes back goes on where they stopped.
                    thread.aimed = None;
                }
            }
            self.leave_part(left);
        }
        self.open = shown;
        self.missing = None;
        let Some(id) = shown else { return };
        self.recent.retain(|recent| *recent != id);
        self.recent.insert(0, id);
        for old in self.recent.split_off(self.recent.len().min(HELD)) {
            if let Some(conversation) = self.conversation_mut(old) {
                conversation.thread = None;
            }
        }
        self.divide(id);
        self.open_or_resume(id);
        self.take_aim(id);
    }

    /// Puts the "new messages" divider where the person stopped reading.
    fn divide(&mut self, id: ConversationId) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        if let Some(conversation) = self.conversation_mut(id) {
            let mark = conversation.read_up_to;
            if let Some(thread) = &mut conversation.thread {
                thread.divide(mark, me);
            }
        }
    }

    fn open_or_resume(&mut self, id: ConversationId) {
        if !self.link.is_live() {
            return;
        }
        let thread =
            self.conversation_mut(id).and_then(|conversation| conversation.thread.as_mut());
        match thread.and_then(|thread| Some((thread.held?.1, thread))) {
            Some((last, thread)) => {
                thread.sync = Sync::Behind;
                self.resume(vec![Held { conversation: id, last }]);
            }
            None => self.ask(Request::Open { conversation: id }),
        }
    }

    /// After a reconnect: everything held, the open one first; or the open one anew.
    pub(super) fn resume_threads(&mut self) {
        self.leave_parts();
        let held = self.recent.iter().filter_map(|id| {
            let last = self.conversations.get(id)?.thread.as_ref()?.held?.1;
            Some(Held { conversation: *id, last })
        });
        let held: Vec<Held> = held.collect();
        if let Some(open) = self.open
            && !held.iter().any(|held| held.conversation == open)
        {
            self.ask(Request::Open { conversation: open });
        }
        self.resume(held);
    }

    pub(super) fn opened(&mut self, env: Env, opened: Opened) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let id = opened.row.conversation;
        let mut conversation = Conversation::new(opened.row);
        if let Some(before) = self.conversations.get(&id) {
            conversation.withdrawing.clone_from(&before.withdrawing);
            conversation.reachable = before.reachable;
            if before.read_up_to > conversation.read_up_to {
                conversation.read_up_to = before.read_up_to;
            }
        }
        let mut thread = Thread::of(&opened.page);
        thread.begin_at(conversation.read_up_to, conversation.unread, me);
        conversation.thread = Some(thread);
        conversation.here = opened.here.into_iter().filter(|person| *person != me).collect();
        conversation.cursors = opened.cursors;
        if let Some(unread) = conversation.count_unread(me) {
            conversation.unread = unread;
        }
        self.conversations.insert(id, Shared::new(conversation));
        if self.missing == Some(id) {
            self.missing = None;
        }
        self.ask_reachable(id);
        self.settle(env, id, &opened.page.entries);
        self.take_aim(id);
        self.seek(id);
    }

    pub(super) fn open_refused(&mut self, id: ConversationId, refusal: Refusal) {
        match retry_after_ms(&refusal) {
            Some(wait) => self.effects.push(Effect::After(wait, Timer::Again(id))),
            None => {
                self.remove(id);
                if self.open == Some(id) {
                    self.missing = Some(id);
                }
            }
        }
    }

    /// A request about this conversation that was refused in passing is made again.
    pub(super) fn again(&mut self, id: ConversationId) {
        let synced = self
            .conversations
            .get(&id)
            .and_then(|conversation| Some(conversation.thread.as_ref()?.sync == Sync::Live));
        match synced {
            Some(true) => {
                self.take_aim(id);
                self.seek(id);
            }
            Some(false) => self.open_or_resume(id),
            None if self.open == Some(id) => self.open_or_resume(id),
            None => {}
        }
    }

    pub(super) fn entries(&mut self, env: Env, id: ConversationId, entries: &[Entry]) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let attentive = self.attentive && self.open == Some(id);
        let told = |entry: &Entry| entry.author != me && tells(entry.kind);
        if !attentive && entries.iter().any(told) {
            self.make_sound(env);
        }
        let Some(conversation) = self.conversations.get_mut(&id) else {
            self.ask_row(id);
            return;
        };
        if conversation.thread.as_ref().is_some_and(|thread| thread.sync == Sync::Behind) {
            return;
        }
        let conversation = conversation.make_mut();
        let read_before = conversation.read_up_to;
        let (mut messages, mut withdrawn) = (Vec::new(), Vec::new());
        let mut answered = false;
        for entry in entries {
            let is_new = conversation.append(entry, me);
            match Event::decode(entry) {
                Ok(Event::Withdrawn(message)) => withdrawn.push(message.target),
                Ok(event) if is_new => {
                    let Some(text) = spoken(event) else { continue };
                    answered = entry.author == me;
                    if !answered {
                        messages.push((entry.id, entry.author, text));
                    } else if let Some(thread) = &mut conversation.thread {
                        thread.divider = None;
                    }
                }
                _ => {}
            }
        }
        let unknown = |member: &Member| conversation.person(member.person).is_none();
        let joined = conversation.fold.members.iter().any(unknown);
        if !messages.is_empty()
            && !answered
            && !attentive
            && let Some(thread) = &mut conversation.thread
            && thread.divider.is_none()
        {
            thread.divide(read_before, me);
        }
        self.announce_messages(id, messages);
        for target in withdrawn {
            self.unsay(target);
        }
        if joined {
            // By name they come with the row.
            self.ask_row(id);
        }
        self.watch_starts();
        self.settle(env, id, entries);
    }

    pub(super) fn caught_up(&mut self, env: Env, id: ConversationId, catch_up: CatchUp) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let CatchUp::Page { page, cursors, here, unread, read_up_to } = catch_up else {
            let gone = matches!(catch_up, CatchUp::Gone);
            return if gone { self.gone(id) } else { self.start_over(id) };
        };
        let Some(conversation) = self.conversation_mut(id) else { return };
        for entry in &page.entries {
            conversation.append(entry, me);
        }
        conversation.here = here.into_iter().filter(|person| *person != me).collect();
        conversation.cursors = cursors;
        if read_up_to >= conversation.read_up_to {
            conversation.read_up_to = read_up_to;
            conversation.unread = unread;
        } else if let Some(unread) = conversation.count_unread(me) {
            conversation.unread = unread;
        }
        let mark = conversation.read_up_to;
        let whole = !page.more;
        let mut more = None;
        if let Some(thread) = &mut conversation.thread {
            if page.more {
                more = thread.held.map(|held| held.1);
            } else {
                thread.sync = Sync::Live;
            }
            if !page.entries.is_empty() && thread.divider.is_none() {
                thread.divide(mark, me);
            }
        }
        if let Some(last) = more {
            self.resume(vec![Held { conversation: id, last }]);
        }
        if whole {
            // What waits follows.
            if let Some(conversation) = self.conversation_mut(id) {
                conversation.pending.clear();
            }
            self.ask_reachable(id);
            self.ask_row_of_strangers(id);
            self.take_aim(id);
        }
        self.watch_starts();
        self.settle(env, id, &page.entries);
    }

    /// Somebody joined while nobody was here to hear of it: by name they come with the row.
    fn ask_row_of_strangers(&mut self, id: ConversationId) {
        let strangers = self.conversations.get(&id).is_some_and(|known| {
            known.fold.members.iter().any(|member| known.person(member.person).is_none())
        });
        if strangers {
            self.ask_row(id);
        }
    }

    fn gone(&mut self, id: ConversationId) {
        self.remove(id);
        if self.open == Some(id) {
            self.missing = Some(id);
        }
    }

    fn start_over(&mut self, id: ConversationId) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.thread = None;
        }
        if self.open == Some(id) {
            self.ask(Request::Open { conversation: id });
        }
    }

    /// After entries of a conversation arrived: the outbox is cleared of them, marks go out, what
    /// waited for this is sent.
    fn settle(&mut self, env: Env, id: ConversationId, entries: &[Entry]) {
        self.clear_sent(id, entries);
        self.clear_shared(id, entries);
        if let Some(last) = entries.last() {
            self.received(env, id, last.id);
        }
        self.sort();
        self.flush_marks(env, id);
        self.ask_withdrawals(id);
        self.pump(env);
        self.pump_files(env);
    }

    pub(super) fn want_older(&mut self, id: ConversationId) {
        if !self.link.is_live() {
            return;
        }
        let thread =
            self.conversation_mut(id).and_then(|conversation| conversation.thread.as_mut());
        if let Some(thread) = thread
            && thread.older == Older::More
            && let Some((first, _)) = thread.held
        {
            thread.older = Older::Asked;
            let direction = Direction::Before;
            self.ask(Request::History { conversation: id, from: first, direction });
        }
    }

    pub(super) fn older_page(&mut self, id: ConversationId, from: EntryId, page: Page) {
        let thread =
            self.conversation_mut(id).and_then(|conversation| conversation.thread.as_mut());
        // Another part may be held by now.
        if let Some(thread) = thread
            && thread.held.is_some_and(|held| held.0 == from)
        {
            thread.prepend(&page);
        }
        self.clear_sent(id, &page.entries);
        self.clear_shared(id, &page.entries);
        self.sought(id);
    }

    pub(super) fn older_refused(&mut self, id: ConversationId, refusal: &Refusal) {
        let thread =
            self.conversation_mut(id).and_then(|conversation| conversation.thread.as_mut());
        let Some(thread) = thread else { return };
        thread.older = Older::More;
        if thread.seeking.is_some() {
            match retry_after_ms(refusal) {
                Some(wait) => self.effects.push(Effect::After(wait, Timer::Again(id))),
                None => thread.seeking = None,
            }
        }
    }

    pub(super) fn withdraw(&mut self, id: ConversationId, entry: EntryId) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.withdraw_refused = None;
            conversation.withdrawing.insert(entry);
            self.ask(Request::Withdraw { conversation: id, target: entry });
        }
    }

    pub(super) fn ask_withdrawals(&mut self, id: ConversationId) {
        let Some(conversation) = self.conversations.get(&id) else { return };
        let waiting: Vec<EntryId> = conversation.withdrawing.iter().copied().collect();
        for target in waiting {
            let request = Request::Withdraw { conversation: id, target };
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    pub(super) fn withdraw_refused(&mut self, id: ConversationId, entry: EntryId, why: Refusal) {
        if let Some(wait) = retry_after_ms(&why) {
            self.effects.push(Effect::After(wait, Timer::Withdraw(id)));
            return;
        }
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.withdrawing.remove(&entry);
            if why != Refusal::AlreadyWithdrawn {
                conversation.withdraw_refused = Some((entry, why));
                self.announce(News::Refused(why));
            }
        }
    }

    /// Whether the text of a line can still be withdrawn by this person.
    #[must_use]
    pub fn may_withdraw(line: &super::Line, me: shared_proto::id::PersonId) -> bool {
        line.author == me && matches!(line.content, Content::Text(_))
    }
}
