//! The inbox: which rows are here, and in which order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use shared_proto::id::ConversationId;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{InboxMark, InboxPage, InboxRow};

use crate::shared::Shared;

use super::{Conversation, Effect, State, Timer, retry_after_ms};
use crate::protocol::Request;

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
    /// Whether somebody has looked for it.
    wanted: bool,
}

/// Which part of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// What is active or scheduled.
    Live,
    /// What is only read.
    Archive,
}

impl State {
    /// Messages not read yet, over all conversations known of.
    #[must_use]
    pub fn unread_total(&self) -> u32 {
        self.conversations.values().map(|conversation| conversation.unread).sum()
    }

    /// How much of a shelf is here.
    #[must_use]
    pub fn shelf(&self, shelf: Shelf) -> &Inbox {
        match shelf {
            Shelf::Live => &self.inbox,
            Shelf::Archive => &self.archive,
        }
    }

    fn shelf_mut(&mut self, shelf: Shelf) -> &mut Inbox {
        match shelf {
            Shelf::Live => &mut self.inbox,
            Shelf::Archive => &mut self.archive,
        }
    }

    /// After a reconnect: what was here of it, anew. Archived conversations are only asked for once
    /// somebody looks at them.
    pub(super) fn refresh_inbox(&mut self) {
        for shelf in [Shelf::Live, Shelf::Archive] {
            let inbox = self.shelf_mut(shelf);
            if shelf == Shelf::Archive && !inbox.loaded && !inbox.wanted {
                continue;
            }
            let depth = inbox.next.map(|mark| mark.at);
            inbox.refresh_to = if inbox.loaded { Some(depth.unwrap_or_default()) } else { None };
            self.ask_inbox(shelf, None);
        }
    }

    pub(super) fn want_rows(&mut self, shelf: Shelf) {
        let live = self.link.is_live();
        let inbox = self.shelf_mut(shelf);
        inbox.wanted = true;
        let more = inbox.next.is_some() || !inbox.loaded;
        if more && !inbox.asked && live {
            let next = inbox.next;
            self.ask_inbox(shelf, next);
        }
    }

    fn ask_inbox(&mut self, shelf: Shelf, after: Option<InboxMark>) {
        let inbox = self.shelf_mut(shelf);
        inbox.asked = true;
        inbox.refused = None;
        inbox.waits = None;
        self.ask(match shelf {
            Shelf::Live => Request::Inbox { after },
            Shelf::Archive => Request::Archive { after },
        });
    }

    pub(super) fn inbox_refused(
        &mut self,
        shelf: Shelf,
        after: Option<InboxMark>,
        refusal: Refusal,
    ) {
        match retry_after_ms(&refusal) {
            Some(wait) => {
                self.shelf_mut(shelf).waits = Some(after);
                self.effects.push(Effect::After(wait, Timer::Inbox));
            }
            None => {
                let inbox = self.shelf_mut(shelf);
                inbox.asked = false;
                inbox.refused = Some(refusal);
            }
        }
    }

    pub(super) fn inbox_again(&mut self) {
        for shelf in [Shelf::Live, Shelf::Archive] {
            if let Some(after) = self.shelf(shelf).waits
                && self.link.is_live()
            {
                self.ask_inbox(shelf, after);
            }
        }
    }

    pub(super) fn inbox_page(&mut self, shelf: Shelf, page: InboxPage) {
        let inbox = self.shelf_mut(shelf);
        inbox.asked = false;
        inbox.loaded = true;
        inbox.next = page.next;
        let deeper = match (page.next, inbox.refresh_to) {
            (Some(mark), Some(depth)) if mark.at > depth => true,
            _ => {
                inbox.refresh_to = None;
                false
            }
        };
        self.rows(page.rows);
        if deeper {
            self.want_rows(shelf);
        }
    }

    pub(super) fn rows(&mut self, rows: Vec<InboxRow>) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        for row in rows {
            let id = row.conversation;
            match self.conversation_mut(id) {
                Some(conversation) => {
                    if conversation.renew(row, me) && self.open == Some(id) {
                        self.ask(Request::Open { conversation: id });
                    }
                }
                None => {
                    self.conversations.insert(id, Shared::new(Conversation::new(row)));
                }
            }
        }
        self.sort();
        self.watch_starts();
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
        self.files_stranded(conversation);
        self.recent.retain(|recent| *recent != conversation);
        self.sort();
    }

    pub(super) fn sort(&mut self) {
        let Some(me) = self.me().map(|me| me.id) else { return };
        // The least first, which is what comes last. A heap, because it takes the least code.
        let key = |(id, known): (&ConversationId, &Shared<Conversation>)| {
            (Reverse(known.last_at(me)), *id)
        };
        let order: BinaryHeap<_> = self.conversations.iter().map(key).collect();
        let order: Vec<_> = order.into_sorted_vec().into_iter().map(|(_, id)| id).collect();
        if *self.order != order {
            self.order = Shared::new(order);
        }
    }
}
