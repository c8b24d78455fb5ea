//! Where to look: over the conversations of one person, the newest first, and never at others. What
//! is read first is what says the most of what need not be read: an inbox row, when its conversation
//! was last active; a summary, what a piece cannot hold; a piece, which entries may fit. So a word
//! that is everywhere is found in the newest few, and a rare one where it is.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::within;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::search::{Filter, Mark};
use shared_proto::time::Millis;
use shared_proto::wire::InboxMark;

use super::Search;
use super::index::{self, Summaries, Summary};
use super::query::Query;
use super::segment::{Row, Segment};
use super::sieve;
use crate::store::keys::Shelf;
use crate::store::{Store, StoreError, conversations, inbox};

/// Inbox rows read at a time.
const ROWS: usize = 256;

/// A search under way.
pub struct Plan {
    person: PersonId,
    query: Arc<Query>,
    /// What is looked for, as summaries know it.
    marks: Vec<sieve::Mark>,
    filter: Filter,
    /// What was answered last: only what is older follows.
    last: Option<Mark>,
    sources: BinaryHeap<Source>,
    conversations: HashSet<ConversationId>,
    members: HashMap<ConversationId, Option<Member>>,
}

/// What may hold more, and the newest place it may hold it at.
struct Source {
    newest: Mark,
    of: Of,
}

enum Of {
    /// Conversations of one shelf.
    Shelf(Shelf, Option<InboxMark>),
    /// A conversation's index.
    Conversation(ConversationId),
    /// The first so many pieces of it, the latest last, which may hold something.
    Pieces(Pieces, usize),
    /// Entries that may fit, the oldest first; whether they were held against what the person may
    /// see.
    Entries(ConversationId, Vec<Mark>, bool),
}

/// Pieces of a conversation's index. They are opened one by one, the latest first: most searches
/// have their page before they come to the older ones.
struct Pieces {
    conversation: ConversationId,
    /// By their latest entries.
    all: Summaries,
    /// Whether one was missing before, and they were read again.
    again: bool,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.newest == other.newest
    }
}

impl Eq for Source {}

impl PartialOrd for Source {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Source {
    fn cmp(&self, other: &Self) -> Ordering {
        self.newest.cmp(&other.newest)
    }
}

/// The last place of a time.
const fn end_of(at: Millis) -> Mark {
    let conversation = ConversationId::from_bytes([0xff; 16]);
    Mark { at, conversation, entry: EntryId::MAX }
}

impl Plan {
    /// All that somebody may find, after a place.
    #[must_use]
    pub fn new(person: PersonId, query: Arc<Query>, filter: Filter, after: Option<Mark>) -> Self {
        let shelf = |shelf: &Shelf| Source {
            newest: end_of(Millis(u64::MAX)),
            of: Of::Shelf(*shelf, None),
        };
        Self {
            person,
            marks: index::marks(&query),
            query,
            filter,
            last: after,
            sources: Shelf::ALL.iter().map(shelf).collect(),
            conversations: HashSet::new(),
            members: HashMap::new(),
        }
    }

    /// At most `count` further places that may fit, newest first. Whether they do, and whether they
    /// are there for the person, says the room.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn next(
        &mut self,
        search: &Search,
        store: &Store,
        count: usize,
    ) -> Result<Vec<Mark>, StoreError> {
        let mut places = Vec::new();
        while places.len() < count
            && let Some(Source { newest, of }) = self.sources.pop()
        {
            match of {
                Of::Shelf(shelf, after) => self.open_shelf(store, shelf, after)?,
                Of::Conversation(conversation) => {
                    self.open_conversation(search, store, conversation)?;
                }
                Of::Pieces(pieces, count) => self.open_latest(search, store, pieces, count)?,
                Of::Entries(conversation, mut entries, false) => {
                    let member = self.member(store, conversation)?;
                    entries.retain(|place| {
                        member.as_ref().is_some_and(|member| within(place.entry, member))
                    });
                    self.add_entries(conversation, entries, true);
                }
                Of::Entries(conversation, mut entries, true) => {
                    entries.pop();
                    if self.last.is_none_or(|last| newest < last) {
                        self.last = Some(newest);
                        places.push(newest);
                    }
                    self.add_entries(conversation, entries, true);
                }
            }
        }
        Ok(places)
    }

    /// Adds what may hold something up to `newest`, unless nothing of that counts.
    fn add(&mut self, newest: Millis, of: Of) {
        let until = self.filter.until.map_or(u64::MAX, |until| until.0.saturating_sub(1));
        let last = self.last.map_or(u64::MAX, |last| last.at.0);
        if self.filter.from.is_none_or(|from| from <= newest) {
            let newest = end_of(Millis(newest.0.min(until).min(last)));
            self.sources.push(Source { newest, of });
        }
    }

    fn add_entries(&mut self, conversation: ConversationId, entries: Vec<Mark>, checked: bool) {
        if let Some(newest) = entries.last().copied() {
            let of = Of::Entries(conversation, entries, checked);
            self.sources.push(Source { newest, of });
        }
    }

    fn open_shelf(
        &mut self,
        store: &Store,
        shelf: Shelf,
        after: Option<InboxMark>,
    ) -> Result<(), StoreError> {
        let rows = inbox::shelf(store, self.person, shelf, after, ROWS)?;
        for row in &rows {
            // A row may have been read twice, having moved.
            if self.conversations.insert(row.conversation) {
                self.add(latest(row), Of::Conversation(row.conversation));
            }
        }
        if let Some(last) = rows.last().filter(|_| rows.len() == ROWS) {
            self.add(latest(last), Of::Shelf(shelf, Some(*last)));
        }
        Ok(())
    }

    fn open_conversation(
        &mut self,
        search: &Search,
        store: &Store,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        if let Some(pieces) = search.index.known(conversation) {
            self.add_pieces(conversation, pieces, false);
            return Ok(());
        }
        let Some(sealing) = opens(store.vault.conversation(conversation).map_err(Into::into))?
        else {
            return Ok(());
        };
        match search.index.summaries(store, &sealing, conversation) {
            Ok(pieces) => self.add_pieces(conversation, pieces, false),
            Err(StoreError::Damaged(index::WHAT)) => search.behind.suspect(conversation),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn add_pieces(&mut self, conversation: ConversationId, all: Summaries, again: bool) {
        let count = all.len();
        let all = by_time(all);
        self.add_latest(Pieces { conversation, all, again }, count);
    }

    /// Adds the latest of the first so many pieces that may hold something, and with it those before.
    fn add_latest(&mut self, pieces: Pieces, count: usize) {
        let last = self.last.map_or(Millis(u64::MAX), |last| last.at);
        let until = self.filter.until.unwrap_or(Millis(u64::MAX));
        let may = |piece: &Arc<Summary>| {
            piece.oldest <= last && piece.oldest < until && piece.may_hold(&self.marks)
        };
        if let Some(place) = pieces.all[..count].iter().rposition(may) {
            self.add(pieces.all[place].newest, Of::Pieces(pieces, place + 1));
        }
    }

    /// Opens the last of the first so many pieces.
    fn open_latest(
        &mut self,
        search: &Search,
        store: &Store,
        pieces: Pieces,
        count: usize,
    ) -> Result<(), StoreError> {
        let Pieces { conversation, again, .. } = pieces;
        let Some(sealing) = opens(store.vault.conversation(conversation).map_err(Into::into))?
        else {
            return Ok(());
        };
        let read = search.index.segment(store, &sealing, conversation, &pieces.all[count - 1]);
        let found = read.and_then(|segment| match segment {
            Some(segment) => Ok(Some(self.matching(&segment)?)),
            None => Ok(None),
        });
        match found {
            Ok(Some(rows)) => {
                let place = |row: Row| Mark { at: row.at, conversation, entry: row.entry };
                let mut entries: Vec<Mark> = rows.into_iter().map(place).collect();
                entries.retain(|place| self.last.is_none_or(|last| *place < last));
                entries.sort_unstable();
                self.add_entries(conversation, entries, false);
            }
            // Others took its place since the summaries were read: what it and those before it held
            // is in them.
            Ok(None) | Err(StoreError::Damaged(index::WHAT)) if !again => {
                match index::read_summaries(store, &sealing, conversation) {
                    Ok(pieces) => self.add_pieces(conversation, pieces, true),
                    Err(StoreError::Damaged(index::WHAT)) => search.behind.suspect(conversation),
                    Err(error) => return Err(error),
                }
                return Ok(());
            }
            Ok(None) | Err(StoreError::Damaged(index::WHAT)) => {
                search.behind.suspect(conversation);
            }
            Err(error) => return Err(error),
        }
        self.add_latest(pieces, count - 1);
        Ok(())
    }

    /// The entries of a piece that may fit.
    fn matching(&self, segment: &Segment) -> Result<Vec<Row>, StoreError> {
        let numbers = segment.matching(&self.query);
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = segment.rows().ok_or(StoreError::Damaged(index::WHAT))?;
        let mut number = 0..;
        rows.retain(|row| {
            let is_one = number.next().is_some_and(|one| numbers.binary_search(&one).is_ok());
            is_one && self.counts(row)
        });
        Ok(rows)
    }

    /// Whether an entry is one of those asked for, and not hidden from the person.
    fn counts(&self, row: &Row) -> bool {
        let Filter { author, from, until, has_file } = self.filter;
        let person = self.person;
        author.is_none_or(|author| author == row.author)
            && from.is_none_or(|from| from <= row.at)
            && until.is_none_or(|until| row.at < until)
            && (!has_file || row.file)
            && row.only.as_ref().is_none_or(|only| row.author == person || only.contains(&person))
    }

    /// The person as a member of a conversation, past or present.
    fn member(
        &mut self,
        store: &Store,
        conversation: ConversationId,
    ) -> Result<Option<Member>, StoreError> {
        if let Some(known) = self.members.get(&conversation) {
            return Ok(known.clone());
        }
        let loaded = opens(conversations::load(store, conversation))?;
        let member = loaded.and_then(|loaded| loaded.header.state.member(self.person).cloned());
        self.members.insert(conversation, member.clone());
        Ok(member)
    }
}

/// When the conversation of a row may have been active last: rows are renewed when they are a
/// minute old.
const fn latest(row: &InboxMark) -> Millis {
    Millis(row.at.0.saturating_add(limits::INBOX_ROW_MS))
}

/// Pieces by their latest entries, which is nearly always the order they are kept in.
fn by_time(pieces: Summaries) -> Summaries {
    if pieces.is_sorted_by_key(|piece| piece.newest) {
        return pieces;
    }
    let mut sorted = pieces.to_vec();
    sorted.sort_by_key(|piece| piece.newest);
    sorted.into()
}

/// One damaged conversation does not keep its members from finding what is in all others.
fn opens<T>(read: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.is_damage() => Ok(None),
        read => read,
    }
}
