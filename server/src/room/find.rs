//! What a search finds in a conversation: the index says where to look, and here is read what is
//! there, by what the asker may see of it now.

use std::sync::Arc;

use shared_proto::conversation::event::Event;
use shared_proto::conversation::visible::project;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use shared_proto::search::{Hit, said};
use tokio::sync::oneshot;

use super::Room;
use super::look::Look;
use crate::search::query::Query;
use crate::search::snippet::snippet;

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
#[derive(Debug, Default)]
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
        let conversation = self.id;
        let read = self.read_log(move |log| {
            let mut seen = Vec::with_capacity(entries.len());
            for entry in entries {
                match log.shown(&member, entry) {
                    Ok(Some(shown)) => seen.push((entry, hit(conversation, &shown, &query))),
                    Ok(None) => {}
                    // What cannot be read is not found; all else is.
                    Err(error) if error.is_damage() => {
                        tracing::error!(%conversation, %error, "a search read what is damaged");
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(seen)
        });
        let seen = read.await?;
        let state = project(&self.header.state, person);
        let others = state.current().map(|member| member.person);
        Ok(FoundHere { others: others.filter(|other| *other != person).collect(), seen })
    }
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
