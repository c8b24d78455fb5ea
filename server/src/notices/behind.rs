//! In which conversations it is still to be decided who is told: said by rooms after their commit.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use shared_proto::id::ConversationId;
use shared_proto::limits;
use tokio::sync::Notify;

/// What the keeper has not decided yet.
#[derive(Default)]
pub struct Behind {
    known: Mutex<Known>,
    /// In how many it is being decided.
    under_way: AtomicUsize,
    changed: Notify,
}

#[derive(Default)]
struct Known {
    conversations: HashSet<ConversationId>,
    /// There are more than are listed here.
    lost: bool,
}

struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Behind {
    /// Something is durable in a conversation that somebody may be told of.
    pub fn note(&self, conversation: ConversationId) {
        self.add(conversation);
        self.changed.notify_one();
    }

    /// As [`Self::note`], without waking whoever waits.
    pub(super) fn add(&self, conversation: ConversationId) {
        let mut known = self.known();
        if known.conversations.len() >= limits::NOTICE_BEHIND {
            known.lost |= !known.conversations.contains(&conversation);
        } else {
            known.conversations.insert(conversation);
        }
    }

    /// Some of them, which are not behind any more.
    pub(super) fn take(&self) -> Vec<ConversationId> {
        let mut known = self.known();
        let some = known.conversations.iter().take(limits::NOTICE_CONVERSATIONS);
        let some: Vec<_> = some.copied().collect();
        for conversation in &some {
            known.conversations.remove(conversation);
        }
        // Under the lock, so that none is missing in between.
        self.under_way.store(some.len(), Ordering::Relaxed);
        some
    }

    /// In how many it is still to be decided, those among them in which it is being.
    #[must_use]
    pub fn undecided(&self) -> usize {
        self.known().conversations.len() + self.under_way.load(Ordering::Relaxed)
    }

    /// It is being decided in those that were taken, for as long as this is held.
    pub(super) fn under_way(&self) -> impl Drop + '_ {
        UnderWay(&self.under_way)
    }

    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.known().conversations.is_empty()
    }

    /// Whether all conversations are to be looked at, since some could not be listed.
    pub(super) fn take_lost(&self) -> bool {
        std::mem::take(&mut self.known().lost)
    }

    /// Until there is something new.
    pub(super) async fn something_new(&self) {
        self.changed.notified().await;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_behind_once_and_too_many_are_all() {
        let behind = Behind::default();
        let id = |n: u32| {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            ConversationId::from_bytes(bytes)
        };
        behind.note(id(1));
        behind.note(id(1));
        assert_eq!(behind.take(), [id(1)]);
        assert!(behind.is_empty() && !behind.take_lost());
        for n in 0..limits::NOTICE_BEHIND as u32 {
            behind.add(id(n));
        }
        behind.add(id(5));
        assert!(!behind.take_lost(), "it is listed");
        behind.add(id(u32::MAX));
        assert!(behind.take_lost());
        assert_eq!(behind.take().len(), limits::NOTICE_CONVERSATIONS);
    }
}
