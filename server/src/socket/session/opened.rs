//! What the audit log says already that this socket has seen.

use std::collections::VecDeque;

use shared_proto::id::ConversationId;
use shared_proto::limits;

/// What is recorded once a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Its person's inbox.
    Inbox,
    /// The list of people.
    People,
    /// A conversation.
    Conversation(ConversationId),
}

/// What has been recorded. Empty until then: most sockets are idle.
#[derive(Default)]
pub struct Opened {
    inbox: bool,
    people: bool,
    conversations: VecDeque<ConversationId>,
}

impl Opened {
    /// Whether it is in the log.
    #[must_use]
    pub fn has(&self, seen: Seen) -> bool {
        match seen {
            Seen::Inbox => self.inbox,
            Seen::People => self.people,
            Seen::Conversation(conversation) => self.conversations.contains(&conversation),
        }
    }

    /// It is in the log now. Beyond [`limits::OPENED_PER_SOCKET`] conversations the oldest is
    /// forgotten, and recorded once more when it is opened again.
    pub fn note(&mut self, seen: Seen) {
        match seen {
            Seen::Inbox => self.inbox = true,
            Seen::People => self.people = true,
            Seen::Conversation(conversation) => {
                if self.conversations.len() == limits::OPENED_PER_SOCKET {
                    self.conversations.pop_front();
                }
                self.conversations.push_back(conversation);
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
        assert!(!opened.has(Seen::Inbox) && !opened.has(Seen::People));
    }
}
