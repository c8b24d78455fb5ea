//! What the audit log says already that this socket has seen.

use std::collections::VecDeque;

use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;

/// What is recorded once a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Its person's inbox.
    Inbox,
    /// What its person finds in their own conversations.
    Search,
    /// Its person's conversations with somebody.
    InboxWith(PersonId),
    /// A list of people: one record however many pages are read or words typed.
    People(List),
    /// Somebody's chart.
    Chart(PersonId),
    /// A conversation.
    Conversation(ConversationId),
    /// A form given in one, by the entry that gave it.
    Form(ConversationId, EntryId),
}

/// A list of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Those one can write to: names.
    ToWriteTo,
    /// Clients, and how to reach them.
    Clients,
    /// Owners and providers, and how to reach them.
    Providers,
}

impl List {
    /// What the audit log calls it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ToWriteTo => "to-write-to",
            Self::Clients => "clients",
            Self::Providers => "providers",
        }
    }
}

/// What has been recorded. Empty until then: most sockets are idle.
#[derive(Default)]
pub struct Opened {
    inbox: bool,
    search: bool,
    /// By their place in [`List`].
    lists: [bool; 3],
    others: VecDeque<Seen>,
}

impl Opened {
    /// Whether it is in the log.
    #[must_use]
    pub fn has(&self, seen: Seen) -> bool {
        match seen {
            Seen::Inbox => self.inbox,
            Seen::Search => self.search,
            Seen::People(list) => self.lists[list as usize],
            Seen::InboxWith(_) | Seen::Chart(_) | Seen::Conversation(_) | Seen::Form(..) => {
                self.others.contains(&seen)
            }
        }
    }

    /// It is in the log now. Beyond [`limits::OPENED_PER_SOCKET`] conversations, charts and forms the
    /// oldest is forgotten, and recorded once more when it is opened again.
    pub fn note(&mut self, seen: Seen) {
        match seen {
            Seen::Inbox => self.inbox = true,
            Seen::Search => self.search = true,
            Seen::People(list) => self.lists[list as usize] = true,
            Seen::InboxWith(_) | Seen::Chart(_) | Seen::Conversation(_) | Seen::Form(..) => {
                if self.others.len() == limits::OPENED_PER_SOCKET {
                    self.others.pop_front();
                }
                self.others.push_back(seen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_opened_long_ago_are_forgotten() {
        let id = |n: usize| {
            let mut bytes = [7; 16];
            bytes[..8].copy_from_slice(&n.to_be_bytes());
            Seen::Conversation(ConversationId::from_bytes(bytes))
        };
        let mut opened = Opened::default();
        assert!(!opened.has(id(0)));
        (0..=limits::OPENED_PER_SOCKET).for_each(|n| opened.note(id(n)));
        assert!(!opened.has(id(0)));
        assert!(opened.has(id(1)) && opened.has(id(limits::OPENED_PER_SOCKET)));
        let lists = [List::ToWriteTo, List::Clients, List::Providers];
        assert!(!opened.has(Seen::Inbox));
        assert!(!lists.iter().any(|list| opened.has(Seen::People(*list))));
        opened.note(Seen::People(List::Clients));
        assert_eq!(lists.map(|list| opened.has(Seen::People(list))), [false, true, false]);
        let person = PersonId::from_bytes([7; 16]);
        opened.note(Seen::Chart(person));
        assert!(opened.has(Seen::Chart(person)) && !opened.has(Seen::InboxWith(person)));
    }
}
