//! What the index does not know yet: told by rooms after their commit, gathered for a moment, and
//! while messages come as fast as a crowd writes for longer, so that the index keeps out of their
//! way; unless somebody searches.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared_proto::id::ConversationId;
use shared_proto::limits;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

/// How long what is new gathers.
const EVERY: Duration = Duration::from_millis(limits::INDEX_EVERY_MS);
/// The longest it gathers while messages come as fast as a crowd writes.
const LONGEST: Duration = Duration::from_millis(limits::INDEX_LATEST_MS);
/// So many entries within [`EVERY`] are a crowd's.
const CROWD: u64 = limits::INDEX_CROWD_PER_SECOND * limits::INDEX_EVERY_MS / 1_000;
/// How long a search waits at most for what has been gathering.
const ASKED: Duration = Duration::from_millis(limits::INDEX_ASKED_MS);

/// What the index does not know yet.
#[derive(Default)]
pub struct Behind {
    known: Mutex<Known>,
    changed: Notify,
    /// Entries heard of since the server started.
    entries: AtomicU64,
    /// Whether what is new has gathered for [`EVERY`], and is not taken in yet.
    patient: AtomicBool,
    /// Somebody searches.
    asked: Notify,
    /// What had gathered was taken in.
    taken_in: Notify,
}

#[derive(Default)]
pub(super) struct Known {
    conversations: HashMap<ConversationId, Since>,
    /// Those whose index may be damaged.
    pub(super) suspect: HashSet<ConversationId>,
    /// There are more than are listed here.
    pub(super) lost: bool,
    /// A step took in only a part of what there is.
    pub(super) more: bool,
}

/// Since when a conversation is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Since {
    /// It was found so, and nobody has just written there: others go first.
    pub(super) old: bool,
    pub(super) at: Instant,
}

impl Behind {
    /// So many new entries are durable in a conversation.
    pub fn note(&self, conversation: ConversationId, entries: usize) {
        self.entries.fetch_add(entries as u64, Ordering::Relaxed);
        self.add(conversation, Since { old: false, at: Instant::now() });
        self.changed.notify_one();
    }

    /// A piece of a conversation's index could not be read.
    pub fn suspect(&self, conversation: ConversationId) {
        let mut known = self.known();
        if known.suspect.len() < limits::INDEXED_CONVERSATIONS {
            known.suspect.insert(conversation);
        }
        drop(known);
        self.note(conversation, 0);
    }

    pub(super) fn add(&self, conversation: ConversationId, since: Since) {
        let mut known = self.known();
        if known.conversations.len() >= limits::INDEX_BEHIND {
            known.lost |= !known.conversations.contains_key(&conversation);
            return;
        }
        let kept = known.conversations.entry(conversation).or_insert(since);
        *kept = since.min(*kept);
    }

    /// Those that go first, at most so many.
    pub(super) fn take(&self) -> Vec<(ConversationId, Since)> {
        let mut known = self.known();
        let mut all: Vec<_> = known.conversations.iter().map(|(id, since)| (*id, *since)).collect();
        if all.len() > limits::INDEXED_CONVERSATIONS {
            all.select_nth_unstable_by_key(limits::INDEXED_CONVERSATIONS, |(_, since)| *since);
            all.truncate(limits::INDEXED_CONVERSATIONS);
        }
        all.sort_unstable_by_key(|(_, since)| *since);
        for (conversation, _) in &all {
            known.conversations.remove(conversation);
        }
        all
    }

    /// For how long something somebody wrote has been waiting.
    pub(super) fn lag(&self) -> Duration {
        let known = self.known();
        let waiting = known.conversations.values().filter(|since| !since.old);
        waiting.map(|since| since.at.elapsed()).max().unwrap_or_default()
    }

    /// Whether a conversation's index is to be looked at whole.
    #[cfg(test)]
    pub fn is_suspect(&self, conversation: ConversationId) -> bool {
        self.known().suspect.contains(&conversation)
    }

    /// Until there is something new.
    pub(super) async fn something_new(&self) {
        self.changed.notified().await;
    }

    /// While what is new gathers; `tell` hears for how long it has. What has waited for its time
    /// already waits no more.
    pub(super) async fn gather(&self, tell: impl Fn(Duration)) {
        let mut before = self.entries.load(Ordering::Relaxed);
        if self.lag() >= LONGEST {
            return;
        }
        sleep(EVERY).await;
        self.patient.store(true, Ordering::Release);
        loop {
            let (now, lag) = (self.entries.load(Ordering::Relaxed), self.lag());
            tell(lag);
            if now - before < CROWD || lag >= LONGEST {
                break;
            }
            before = now;
            if timeout(EVERY, self.asked.notified()).await.is_ok() {
                break;
            }
        }
    }

    /// What had gathered was taken in, as far as it could be.
    pub(super) fn took_in(&self) {
        self.patient.store(false, Ordering::Release);
        self.taken_in.notify_waiters();
    }

    /// Somebody searches: what gathers for longer than usual is taken in now. Waits for that, though
    /// not for long.
    pub async fn hurry(&self) {
        let taken_in = self.taken_in.notified();
        if self.patient.load(Ordering::Acquire) {
            self.asked.notify_one();
            // What takes longer is there for the next search.
            let _ = timeout(ASKED, taken_in).await;
        }
    }

    /// More is to be taken in, without waiting for anything new.
    pub(super) fn go_on(&self) {
        self.changed.notify_one();
    }

    pub(super) fn len(&self) -> usize {
        self.known().conversations.len()
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
