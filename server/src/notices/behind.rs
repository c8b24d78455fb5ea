//! In which conversations it is still to be decided who is told: said by rooms after their commit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared_proto::id::ConversationId;
use shared_proto::limits;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long after the newest of what is new it is decided: rooms keep how far somebody has read a moment
/// later, and who reads, is answered and leaves is to be told of the answer.
const RIPE: Duration = Duration::from_millis(FRESH_MS + limits::NOTICE_EVERY_MS);

/// An entry younger than this, in milliseconds, is not decided yet: how far everybody had read when it
/// came may not be in the store.
pub const FRESH_MS: u64 = limits::CURSOR_MS + limits::NOTICE_EVERY_MS;

/// The longest it is put off where something comes all the time, and up to [`SPREAD_MS`] more by which
/// conversation it is: what comes after is decided again.
const LATEST: Duration = Duration::from_secs(10);

/// Over how long those are spread in which something has come all the time since the same moment, in
/// milliseconds: there is a lot to be looked through in each.
const SPREAD_MS: u64 = 5_000;

/// What the keeper has not decided yet.
#[derive(Default)]
pub struct Behind {
    known: Mutex<Known>,
    /// In how many it is being decided.
    under_way: AtomicUsize,
    changed: Notify,
}

/// Since when something is new in a conversation, and when the newest came.
struct Since {
    first: Instant,
    last: Instant,
}

impl Since {
    /// How long from `now` until it is decided in `conversation`.
    fn ripens(&self, conversation: &ConversationId, now: Instant) -> Duration {
        let (newest, oldest) = (now - self.last, now - self.first);
        RIPE.saturating_sub(newest).min(latest(conversation).saturating_sub(oldest))
    }
}

/// The longest it is put off in a conversation: ids are random.
fn latest(conversation: &ConversationId) -> Duration {
    let [.., high, low] = *conversation.as_bytes();
    let share = u64::from(u16::from_be_bytes([high, low]));
    LATEST + Duration::from_millis(SPREAD_MS * share / u64::from(u16::MAX))
}

#[derive(Default)]
struct Known {
    conversations: HashMap<ConversationId, Since>,
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

    /// Something is due that nobody waits for yet.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// As [`Self::note`], without waking whoever waits.
    pub(super) fn add(&self, conversation: ConversationId) {
        let mut known = self.known();
        if known.conversations.len() >= limits::NOTICE_BEHIND {
            known.lost |= !known.conversations.contains_key(&conversation);
        } else {
            let now = Instant::now();
            let since = known.conversations.entry(conversation);
            since.or_insert(Since { first: now, last: now }).last = now;
        }
    }

    /// Those of them that have waited longest, which are not behind any more.
    pub(super) fn take(&self) -> Vec<ConversationId> {
        let mut known = self.known();
        let now = Instant::now();
        let mut ripe: Vec<(Instant, ConversationId)> = known
            .conversations
            .iter()
            .filter(|(of, since)| since.ripens(of, now).is_zero())
            .map(|(of, since)| (since.first, *of))
            .collect();
        if ripe.len() > limits::NOTICE_CONVERSATIONS {
            ripe.select_nth_unstable(limits::NOTICE_CONVERSATIONS);
            ripe.truncate(limits::NOTICE_CONVERSATIONS);
        }
        let some: Vec<_> = ripe.into_iter().map(|(_, conversation)| conversation).collect();
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

    /// How long until one of them can be taken; `None` while there is none.
    pub(super) fn ripens(&self) -> Option<Duration> {
        let (known, now) = (self.known(), Instant::now());
        known.conversations.iter().map(|(of, since)| since.ripens(of, now)).min()
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

    #[tokio::test(start_paused = true)]
    async fn a_conversation_is_behind_once_and_too_many_are_all() {
        let behind = Behind::default();
        let id = |n: u32| {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            ConversationId::from_bytes(bytes)
        };
        behind.note(id(1));
        assert_eq!((behind.take(), behind.ripens()), (vec![], Some(RIPE)), "not yet");
        tokio::time::advance(RIPE).await;
        assert_eq!(behind.ripens(), Some(Duration::ZERO));
        assert_eq!(behind.take(), [id(1)]);
        assert!(behind.ripens().is_none() && !behind.take_lost());
        for n in 0..limits::NOTICE_BEHIND as u32 {
            behind.add(id(n));
        }
        behind.add(id(5));
        assert!(!behind.take_lost(), "it is listed");
        behind.add(id(u32::MAX));
        assert!(behind.take_lost());
        tokio::time::advance(RIPE).await;
        assert_eq!(behind.take().len(), limits::NOTICE_CONVERSATIONS);
    }

    #[tokio::test(start_paused = true)]
    async fn where_something_comes_all_the_time_it_is_decided_all_the_same_and_not_everywhere_at_once()
     {
        let behind = Behind::default();
        let id = |low: u8| ConversationId::from_bytes([low; 16]);
        let (mut when, begun) = (Vec::new(), Instant::now());
        while when.len() < 3 && begun.elapsed() < 2 * (LATEST + Duration::from_millis(SPREAD_MS)) {
            for low in [0, 0x80, 0xff] {
                behind.note(id(low));
            }
            tokio::time::advance(RIPE / 2).await;
            let taken = behind.take();
            let new = taken.into_iter().filter(|of| !when.iter().any(|(known, _)| known == of));
            when.extend(new.collect::<Vec<_>>().into_iter().map(|of| (of, begun.elapsed())));
        }
        let order: Vec<_> = when.iter().map(|(of, _)| *of).collect();
        assert_eq!(order, [id(0), id(0x80), id(0xff)]);
        for ((_, after), about) in when.into_iter().zip([10_000, 12_500, 15_000]) {
            let late = after.checked_sub(Duration::from_millis(about)).unwrap();
            assert!(late < RIPE, "{after:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_have_waited_longest_come_first() {
        let behind = Behind::default();
        let id = |n: u8| ConversationId::from_bytes([n; 16]);
        let count = u8::try_from(limits::NOTICE_CONVERSATIONS).unwrap();
        for n in 0..3 * count {
            behind.note(id(n));
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        tokio::time::advance(RIPE).await;
        for round in 0..3 {
            let mut taken = behind.take();
            taken.sort_unstable();
            let expected: Vec<_> = (round * count..(round + 1) * count).map(id).collect();
            assert_eq!(taken, expected);
            for again in taken {
                behind.note(again);
            }
        }
    }
}
