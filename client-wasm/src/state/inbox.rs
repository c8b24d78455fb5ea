//! The inbox: which rows are here, and in which order.

use shared_proto::id::ConversationId;
use shared_proto::time::Millis;
use shared_proto::wire::{InboxMark, InboxPage, InboxRow, Request};

use crate::shared::Shared;

use super::{Conversation, State};

/// How much of the inbox is here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inbox {
    /// Whether a first page has arrived.
    pub loaded: bool,
    /// Where it goes on.
    pub next: Option<InboxMark>,
    /// Whether a page has been asked for.
    pub asked: bool,
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
        self.inbox.asked = true;
        self.ask(Request::Inbox { after: None });
    }

    pub(super) fn want_rows(&mut self) {
        if let Some(mark) = self.inbox.next
            && !self.inbox.asked
            && self.link.is_live()
        {
            self.inbox.asked = true;
            self.ask(Request::Inbox { after: Some(mark) });
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

    pub(super) fn remove(&mut self, conversation: ConversationId) {
        self.conversations.remove(&conversation);
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
