//! Keeps the index: one task takes what rooms have made durable into it, a few moments later and
//! many entries at a time, so that no message waits for it. How far it has come is in the index
//! itself: after a crash, or where there was none yet, it goes on from there.

mod advance;
mod behind;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use shared_proto::id::ConversationId;
use shared_proto::limits;
use tokio::time::Instant;

use super::index::{self, Summaries};
use crate::hub::Hub;
use crate::store::committer::CommitError;
use crate::store::engine::{Batch, Direction};
use crate::store::{Store, StoreError, keys};
use advance::{Step, advance};
pub use behind::Behind;
use behind::Since;

/// Longest one round takes in what was written before the server started.
const ROUND: Duration = Duration::from_millis(300);
/// How long to wait for space on the disk, or after a store that did not answer.
const AGAIN: Duration = Duration::from_secs(1);
/// Operations of one commit of the index: so few hold no message up.
const OPERATIONS: usize = 160;
/// Headers looked at in one go.
const HEADERS: usize = 64;

/// Keeps the index for as long as the server runs.
pub async fn run(hub: Arc<Hub>) {
    let mut looking = Some(keys::prefix_range(keys::HEADERS).start);
    hub.metrics.search_behind(1);
    loop {
        // What is left of a long text has waited once.
        let more = std::mem::take(&mut hub.search.behind.known().more);
        if looking.is_none() && !more {
            hub.search.behind.something_new().await;
            hub.metrics.search_behind(hub.search.behind.len());
            hub.search.behind.gather(|lag| hub.metrics.search_lag(lag)).await;
        }
        let went = round(&hub).await;
        hub.search.behind.took_in();
        if std::mem::take(&mut hub.search.behind.known().lost) {
            looking = Some(keys::prefix_range(keys::HEADERS).start);
        }
        if let (Ok(()), Some(from)) = (&went, &looking)
            && hub.search.behind.len() < limits::INDEXED_CONVERSATIONS
        {
            match look(&hub, from.clone()).await {
                Ok(next) => looking = next,
                Err(error) => pause(&error).await,
            }
        }
        match went {
            Ok(()) => {}
            Err(StoreError::Commit(CommitError::Failed | CommitError::Stopping)) => return,
            Err(StoreError::Stopping) => return,
            Err(error) => pause(&error).await,
        }
        if hub.search.behind.len() > 0 {
            hub.search.behind.go_on();
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

/// Takes in what is new of those that go first.
async fn round(hub: &Arc<Hub>) -> Result<(), StoreError> {
    let began = Instant::now();
    let mut group = Group::default();
    let mut waiting = hub.search.behind.take().into_iter();
    let mut failed = None;
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
    commit(hub, group).await.and(failed.map_or(Ok(()), Err))
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
