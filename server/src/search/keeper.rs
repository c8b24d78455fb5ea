//! Keeps the index: one task takes what rooms have made durable into it, a few moments later and
//! many entries at a time, so that no message waits for it. How far it has come is in the index
//! itself: after a crash, or where there was none yet, it goes on from there.

mod advance;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared_proto::id::ConversationId;
use shared_proto::limits;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::index::{self, Summaries};
use crate::hub::Hub;
use crate::store::committer::CommitError;
use crate::store::engine::{Batch, Direction};
use crate::store::{Store, StoreError, keys};
use advance::{Step, advance};

/// How long what is new gathers.
const EVERY: Duration = Duration::from_millis(limits::INDEX_EVERY_MS);
/// The same where many have just written.
const BUSY_EVERY: Duration = Duration::from_millis(limits::INDEX_BUSY_EVERY_MS);
/// So many conversations in one round are many: each costs about the same for one new entry and for
/// twenty.
const BUSY: usize = 32;
/// Longest one round takes in what was written before the server started.
const ROUND: Duration = Duration::from_millis(300);
/// How long to wait for space on the disk, or after a store that did not answer.
const AGAIN: Duration = Duration::from_secs(1);
/// Operations of one commit of the index: so few hold no message up.
const OPERATIONS: usize = 160;
/// Headers looked at in one go.
const HEADERS: usize = 64;

/// What the index does not know yet.
#[derive(Default)]
pub struct Behind {
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Default)]
struct Known {
    conversations: HashMap<ConversationId, Since>,
    /// Those whose index may be damaged.
    suspect: HashSet<ConversationId>,
    /// There are more than are listed here.
    lost: bool,
    /// A step took in only a part of what there is.
    more: bool,
}

/// Since when a conversation is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Since {
    /// It was found so, and nobody has just written there: others go first.
    old: bool,
    at: Instant,
}

impl Behind {
    /// Something new is durable in a conversation.
    pub fn note(&self, conversation: ConversationId) {
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
        self.note(conversation);
    }

    fn add(&self, conversation: ConversationId, since: Since) {
        let mut known = self.known();
        if known.conversations.len() >= limits::INDEX_BEHIND {
            known.lost |= !known.conversations.contains_key(&conversation);
            return;
        }
        let kept = known.conversations.entry(conversation).or_insert(since);
        *kept = since.min(*kept);
    }

    /// Those that go first, at most so many.
    fn take(&self) -> Vec<(ConversationId, Since)> {
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
    fn lag(&self) -> Duration {
        let known = self.known();
        let waiting = known.conversations.values().filter(|since| !since.old);
        waiting.map(|since| since.at.elapsed()).max().unwrap_or_default()
    }

    /// Whether a conversation's index is to be looked at whole.
    #[cfg(test)]
    pub fn is_suspect(&self, conversation: ConversationId) -> bool {
        self.known().suspect.contains(&conversation)
    }

    fn len(&self) -> usize {
        self.known().conversations.len()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the index for as long as the server runs.
pub async fn run(hub: Arc<Hub>) {
    let mut looking = Some(keys::prefix_range(keys::HEADERS).start);
    hub.metrics.search_behind(1);
    let mut every = EVERY;
    loop {
        // What is left of a long text has waited once.
        let more = std::mem::take(&mut hub.search.behind.known().more);
        if looking.is_none() && !more {
            hub.search.behind.changed.notified().await;
            tokio::time::sleep(every).await;
        }
        let went = round(&hub).await;
        every = if went.as_ref().is_ok_and(|made| *made >= BUSY) { BUSY_EVERY } else { EVERY };
        if std::mem::take(&mut hub.search.behind.known().lost) {
            looking = Some(keys::prefix_range(keys::HEADERS).start);
        }
        if let (Ok(_), Some(from)) = (&went, &looking)
            && hub.search.behind.len() < limits::INDEXED_CONVERSATIONS
        {
            match look(&hub, from.clone()).await {
                Ok(next) => looking = next,
                Err(error) => pause(&error).await,
            }
        }
        match went {
            Ok(_) => {}
            Err(StoreError::Commit(CommitError::Failed | CommitError::Stopping)) => return,
            Err(StoreError::Stopping) => return,
            Err(error) => pause(&error).await,
        }
        if hub.search.behind.len() > 0 {
            hub.search.behind.changed.notify_one();
        }
        hub.metrics.search_lag(hub.search.behind.lag());
        // Those not looked at yet count as one.
        hub.metrics.search_behind(hub.search.behind.len() + usize::from(looking.is_some()));
    }
}

async fn pause(error: &StoreError) {
    tracing::warn!(%error, "the search index could not be kept; it is tried again");
    tokio::time::sleep(AGAIN).await;
}

/// Looks which conversations are behind, from a header on; where to go on.
async fn look(hub: &Arc<Hub>, from: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
    let search = Arc::clone(&hub.search);
    hub.store
        .read(move |store| {
            let range = from..keys::prefix_range(keys::HEADERS).end;
            let headers = store.engine.scan(range, HEADERS, Direction::Forward)?;
            for (key, _) in &headers {
                if let Some(conversation) = keys::parse_conversation(key) {
                    search.behind.add(conversation, Since { old: true, at: Instant::now() });
                }
            }
            Ok(headers.last().map(|(last, _)| keys::after(last)))
        })
        .await
}

/// What is about to be committed together.
#[derive(Default)]
struct Group {
    batch: Batch,
    made: Vec<(ConversationId, Since, Step)>,
}

/// Takes in what is new of those that go first; of how many something was.
async fn round(hub: &Arc<Hub>) -> Result<usize, StoreError> {
    let began = Instant::now();
    let mut group = Group::default();
    let mut waiting = hub.search.behind.take().into_iter();
    let (mut failed, mut made) = (None, 0);
    for (conversation, since) in waiting.by_ref() {
        if since.old && began.elapsed() > ROUND {
            hub.search.behind.add(conversation, since);
            break;
        }
        match take_in(hub, conversation).await {
            Ok(None) => {}
            Ok(Some(mut step)) => {
                group.batch.put.append(&mut step.batch.put);
                group.batch.delete.append(&mut step.batch.delete);
                group.made.push((conversation, since, step));
                made += 1;
            }
            Err(error @ (StoreError::Stopping | StoreError::Commit(_))) => {
                hub.search.behind.add(conversation, since);
                failed = Some(error);
                break;
            }
            Err(error) => {
                // Of its log: it is looked at again when somebody writes there.
                tracing::error!(%conversation, %error, "a conversation cannot be searched");
            }
        }
        if group.batch.operations() >= OPERATIONS
            && let Err(error) = commit(hub, std::mem::take(&mut group)).await
        {
            failed = Some(error);
            break;
        }
    }
    for (conversation, since) in waiting {
        hub.search.behind.add(conversation, since);
    }
    commit(hub, group).await.and(failed.map_or(Ok(made), Err))
}

/// The next step of one conversation; `None` when there is nothing new.
async fn take_in(hub: &Arc<Hub>, conversation: ConversationId) -> Result<Option<Step>, StoreError> {
    let search = Arc::clone(&hub.search);
    let suspect = hub.search.behind.known().suspect.remove(&conversation);
    let read = hub.store.read(move |store| {
        if suspect {
            check(store, conversation)?;
        }
        advance(&search.index, store, conversation)
    });
    match read.await {
        Err(StoreError::Damaged(index::WHAT)) => {
            tracing::warn!(%conversation, "a search index was damaged, and is made anew");
            forget(hub, conversation).await?;
            hub.search.behind.add(conversation, Since { old: true, at: Instant::now() });
            Ok(None)
        }
        read => read,
    }
}

/// Reads all of a conversation's index.
fn check(store: &Store, conversation: ConversationId) -> Result<(), StoreError> {
    let Some(sealing) = store.vault.conversation(conversation)? else { return Ok(()) };
    let unread = index::Index::default();
    for summary in unread.summaries(store, &sealing, conversation)?.iter() {
        let found = unread.segment(store, &sealing, conversation, summary)?;
        let sound = found.map_or(summary.parts == 0, |segment| segment.rows().is_some());
        if !sound {
            return Err(StoreError::Damaged(index::WHAT));
        }
    }
    Ok(())
}

/// Throws a conversation's index away.
async fn forget(hub: &Arc<Hub>, conversation: ConversationId) -> Result<(), StoreError> {
    loop {
        let read =
            hub.store.read(move |store| index::some_keys(store, conversation, OPERATIONS)).await?;
        if read.is_empty() {
            hub.search.index.replace(conversation, Summaries::from([]));
            return Ok(());
        }
        hub.store.commit(Batch { delete: read, ..Batch::default() }).await?;
    }
}

/// Takes in all there is of a conversation; how many steps that took.
#[cfg(test)]
pub async fn take_in_all(
    index: &index::Index,
    store: &Store,
    conversation: ConversationId,
) -> usize {
    let mut steps = 0;
    while let Some(step) = advance(index, store, conversation).expect("nothing is damaged") {
        store.commit(step.batch).await.expect("nothing fails");
        index.replace(conversation, step.summaries);
        steps += 1;
    }
    steps
}

async fn commit(hub: &Arc<Hub>, group: Group) -> Result<(), StoreError> {
    if group.made.is_empty() {
        return Ok(());
    }
    if let Err(error) = hub.store.commit(group.batch).await {
        for (conversation, since, _) in group.made {
            hub.search.behind.add(conversation, since);
        }
        return Err(error);
    }
    for (conversation, since, step) in group.made {
        hub.search.index.replace(conversation, step.summaries);
        hub.metrics.search_pieces(step.written);
        if step.more {
            hub.search.behind.known().more = true;
            hub.search.behind.add(conversation, since);
        }
    }
    Ok(())
}
