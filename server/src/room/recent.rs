//! What was sent lately, so that a retry is recognised without reading the store.

use std::collections::VecDeque;

use shared_proto::id::{ClientMessageId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::time::Millis;

/// A message sent lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its entry.
    pub entry: EntryId,
    /// Its time.
    pub at: Millis,
    /// By whom.
    pub author: PersonId,
    /// Their own id for it.
    pub client_message_id: ClientMessageId,
}

/// Every message after one entry of the log, up to the end.
#[derive(Debug)]
pub struct Recent {
    after: EntryId,
    sent: VecDeque<Sent>,
}

impl Recent {
    /// Knows of nothing yet, from the end of the log on.
    #[must_use]
    pub const fn after(last: Option<EntryId>) -> Self {
        let after = match last {
            Some(last) => last,
            None => EntryId::MIN,
        };
        Self { after, sent: VecDeque::new() }
    }

    /// A message was appended.
    pub fn push(&mut self, sent: Sent) {
        self.sent.push_back(sent);
        while self.sent.len() > limits::ROOM_RECENT {
            if let Some(oldest) = self.sent.pop_front() {
                self.after = oldest.entry;
            }
        }
    }

    /// Whether a message sent after `held` would be found here if it exists at all.
    #[must_use]
    pub fn covers(&self, held: EntryId) -> bool {
        held >= self.after
    }

    /// The message `author` sent under this id.
    #[must_use]
    pub fn find(
        &self,
        author: PersonId,
        client_message_id: ClientMessageId,
        held: EntryId,
    ) -> Option<&Sent> {
        self.sent
            .iter()
            .rev()
            .take_while(|sent| sent.entry > held)
            .find(|sent| sent.client_message_id == client_message_id && sent.author == author)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(n: u64) -> Sent {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        Sent {
            entry: EntryId::next(None, n, 0),
            at: Millis(n),
            author: PersonId::from_random([1; 16]),
            client_message_id: ClientMessageId::from_random(id),
        }
    }

    #[test]
    fn a_retry_is_found_after_what_its_sender_held() {
        let mut recent = Recent::after(Some(sent(1).entry));
        let message = sent(5);
        recent.push(message);
        let find = |held| recent.find(message.author, message.client_message_id, held);
        assert_eq!(find(sent(4).entry), Some(&message));
        assert_eq!(find(sent(5).entry), None);
        let other = PersonId::from_random([2; 16]);
        assert_eq!(recent.find(other, message.client_message_id, sent(4).entry), None);
    }

    #[test]
    fn it_says_when_it_does_not_reach_back_far_enough() {
        let mut recent = Recent::after(Some(sent(1).entry));
        assert!(recent.covers(sent(1).entry));
        assert!(!recent.covers(EntryId::MIN));
        for n in 2..limits::ROOM_RECENT as u64 + 10 {
            recent.push(sent(n));
        }
        assert!(!recent.covers(sent(1).entry));
        assert!(recent.covers(sent(20).entry));
        assert_eq!(recent.sent.len(), limits::ROOM_RECENT);
    }
}
