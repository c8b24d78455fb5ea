//! What a search finds in a conversation: the index says where to look, and here is read what is
//! there, by what the asker may see of it now.

use std::sync::Arc;

use shared_proto::conversation::event::Event;
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::project;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::search::{Hit, said};
use tokio::sync::oneshot;

use super::Room;
use super::look::Look;
use crate::hub::Hub;
use crate::search::query::Query;
use crate::search::snippet::snippet;
use crate::store::committer::CommitError;
use crate::store::conversations::{self, Header, Log};
use crate::store::{Store, StoreError};

/// What a room is asked for by a search.
pub struct Finding {
    /// For whom.
    pub person: PersonId,
    /// What they look for.
    pub query: Arc<Query>,
    /// Where it may be, at most [`shared_proto::limits::SEARCH_ASKED`].
    pub entries: Vec<EntryId>,
    /// Where the answer goes.
    pub answer: oneshot::Sender<Result<FoundHere, Refusal>>,
}

/// What a room answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FoundHere {
    /// The others in it, as the asker knows them.
    pub others: Vec<PersonId>,
    /// Of the entries asked for those the asker sees, and what was found in each.
    pub seen: Vec<(EntryId, Option<Hit>)>,
}

impl Room {
    pub(super) async fn look_for(&self, finding: Finding) -> Look {
        let Finding { person, query, entries, answer } = finding;
        Look::Found(answer, self.find(person, query, entries).await)
    }

    /// For a member, past or present. Who reads in an emergency reads, and searches nothing.
    async fn find(
        &self,
        person: PersonId,
        query: Arc<Query>,
        entries: Vec<EntryId>,
    ) -> Result<FoundHere, Refusal> {
        let member = self.member(person)?;
        let seen = self.read_log(move |log| look(log, &member, &entries, &query)).await?;
        Ok(FoundHere { others: others(&self.header, person), seen })
    }
}

/// What is found in a conversation that is not in memory, as its room would answer, without one:
/// a search goes to conversations that have been idle for years. `None` when its room has to be
/// asked. [`StoreError::Damaged`] of one conversation is a matter for the log, not for the asker.
///
/// # Errors
/// When the engine fails, or the conversation is damaged.
pub fn find_idle(
    hub: &Hub,
    store: &Store,
    conversation: ConversationId,
    person: PersonId,
    query: &Query,
    entries: &[EntryId],
) -> Result<Option<FoundHere>, StoreError> {
    if hub.has_room(conversation) {
        return Ok(None);
    }
    let Some(loaded) = conversations::load(store, conversation)? else {
        return Ok(Some(FoundHere::default()));
    };
    // What was read may have been on its way to the disk, but then there was a room, which stays
    // until it is durable: without one it is (invariant 4), unless the store has failed.
    if hub.has_room(conversation) {
        return Ok(None);
    }
    if hub.is_stopping() {
        // Rooms end then that nobody finds any more.
        return Err(StoreError::Stopping);
    }
    if store.committer.failed() {
        return Err(CommitError::Failed.into());
    }
    let Some((member, upto)) = loaded.header.state.member(person).zip(loaded.header.last) else {
        return Ok(Some(FoundHere::default()));
    };
    let log = Log { store, sealing: &loaded.sealing, conversation, upto };
    let seen = look(&log, member, entries, query)?;
    Ok(Some(FoundHere { others: others(&loaded.header, person), seen }))
}

/// Of these entries those that `member` sees, and what is found in each.
fn look(
    log: &Log<'_>,
    member: &Member,
    entries: &[EntryId],
    query: &Query,
) -> Result<Vec<(EntryId, Option<Hit>)>, StoreError> {
    let conversation = log.conversation;
    let mut seen = Vec::with_capacity(entries.len());
    for entry in entries {
        match log.shown(member, *entry) {
            Ok(Some(shown)) => seen.push((*entry, hit(conversation, &shown, query))),
            Ok(None) => {}
            // What cannot be read is not found; all else is.
            Err(error) if error.is_damage() => {
                tracing::error!(%conversation, %error, "a search read what is damaged");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(seen)
}

/// The others in it, as somebody knows them.
fn others(header: &Header, person: PersonId) -> Vec<PersonId> {
    let state = project(&header.state, person);
    let others = state.current().map(|member| member.person);
    others.filter(|other| *other != person).collect()
}

/// What of an entry is shown, if it is what is looked for.
fn hit(conversation: ConversationId, entry: &Entry, query: &Query) -> Option<Hit> {
    let event = Event::decode(entry).ok()?;
    let said = said(&event)?;
    let places = query.find(said.text)?;
    Some(Hit {
        conversation,
        entry: entry.id,
        at: entry.at,
        author: entry.author,
        file: said.file,
        snippet: snippet(said.text, &places),
    })
}
