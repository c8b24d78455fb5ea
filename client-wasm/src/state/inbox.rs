//! The inbox: which rows are here, and in which order.

use shared_proto::id::ConversationId;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{InboxMark, InboxPage, InboxRow, Request};

use crate::shared::Shared;

use super::{Conversation, Effect, State, Timer, retry_after_ms};

/// How much of the inbox is here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inbox {
    /// Whether a first page has arrived.
    pub loaded: bool,
    /// Where it goes on.
    pub next: Option<InboxMark>,
    /// Whether a page has been asked for, or is as soon as a passing refusal has passed.
    pub asked: bool,
    /// Why the page wanted last is not here, when that does not pass by itself.
    pub refused: Option<Refusal>,
    /// The page that was refused, and is asked for again when its time has come.
    pub(super) waits: Option<Option<InboxMark>>,
    /// After a reconnect: pages are asked for down to this activity, where they ended before.
    refresh_to: Option<Millis>,
}

impl State {
    /// Messages not read yet, over all conversations known of.
    #[must_use]
    pub fn unread_total(&self) -> u32 {
        self.conversations.values().map(|conversation| conversation.unread).sum()
    }

    pub(super) fn refresh_inbox(&mut self) {
        let depth = self.inbox.next.map(|mark| mark.at);
        self.inbox.refresh_to =
            if self.inbox.loaded { Some(depth.unwrap_or_default()) } else { None };
        self.ask_inbox(None);
    }

    pub(super) fn want_rows(&mut self) {
        let more = self.inbox.next.is_some() || !self.inbox.loaded;
        if more && !self.inbox.asked && self.link.is_live() {
            self.ask_inbox(self.inbox.next);
        }
    }

    fn ask_inbox(&mut self, after: Option<InboxMark>) {
        self.inbox.asked = true;
        self.inbox.refused = None;
        self.inbox.waits = None;
        self.ask(Request::Inbox { after });
    }

    pub(super) fn inbox_refused(&mut self, after: Option<InboxMark>, refusal: Refusal) {
        match retry_after_ms(&refusal) {
            Some(wait) => {
                self.inbox.waits = Some(after);
                self.effects.push(Effect::After(wait, Timer::Inbox));
            }
            None => {
                self.inbox.asked = false;
                self.inbox.refused = Some(refusal);
            }
        }
    }

    pub(super) fn inbox_again(&mut self) {
        if let Some(after) = self.inbox.waits
            && self.link.is_live()
        {
            self.ask_inbox(after);
        }
    }

    pub(super) fn inbox_page(&mut self, page: InboxPage) {
        self.inbox.asked = false;
        self.inbox.loaded = true;
        self.inbox.next = page.next;
        self.rows(page.rows);
        match (page.next, self.inbox.refresh_to) {
            (Some(mark), Some(depth)) if mark.at > depth => self.want_rows(),
            _ => self.inbox.refresh_to = None,
        }
    }

    pub(super) fn rows(&mut self, rows: Vec<InboxRow>) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        for row in rows {
            let id = row.conversation;
            match self.conversation_mut(id) {
                Some(conversation) => conversation.renew(row, me),
                None => {
                    self.conversations.insert(id, Shared::new(Conversation::new(row)));
                }
            }
        }
        self.sort();
    }

    /// Entries of a conversation nothing is known of: its row is asked for.
    pub(super) fn ask_row(&mut self, conversation: ConversationId) {
        self.ask(Request::Rows { conversations: vec![conversation] });
    }

    pub(super) fn rows_refused(&mut self, conversations: &[ConversationId], refusal: &Refusal) {
        // For good: there is no such row for this person, which is all there is to know.
        let Some(wait) = retry_after_ms(refusal) else { return };
        let waits = |id: &ConversationId| Effect::After(wait, Timer::Row(*id));
        self.effects.extend(conversations.iter().map(waits));
    }

    pub(super) fn row_again(&mut self, conversation: ConversationId) {
        if !self.conversations.contains_key(&conversation) {
            self.ask_row(conversation);
        }
    }

    pub(super) fn remove(&mut self, conversation: ConversationId) {
        self.conversations.remove(&conversation);
        self.gone.insert(conversation);
        self.recent.retain(|recent| *recent != conversation);
        self.sort();
    }

    pub(super) fn sort(&mut self) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        let mut order: Vec<ConversationId> = self.conversations.keys().copied().collect();
        order.sort_by_cached_key(|id| (std::cmp::Reverse(self.conversations[id].last_at(me)), *id));
        if *self.order != order {
            self.order = Shared::new(order);
        }
    }
}
