//! The index in the store: for each piece of it a summary, which is read by everyone who searches,
//! and the piece itself, which is read when it may hold what is looked for. Both stay in memory
//! after that, up to a bound.

mod cache;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared_proto::codec;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::time::Millis;

use super::query::Query;
use super::segment::{Builder, Segment, terms};
use super::sieve::{Mark, Sieve};
use crate::store::engine::{Batch, Direction};
use crate::store::vault::SealingKey;
use crate::store::{Store, StoreError, keys, parts};
use cache::Cache;

/// What a damaged piece is called.
pub const WHAT: &str = "search index";
/// First byte of a summary. Words folded, kept or marked in another way are another version: the
/// index is made anew.
const VERSION: u8 = 3;
/// Summaries read at a time.
const PAGE: usize = 64;

/// What a piece of the index can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The last entry it covers; the piece before ends before its first.
    pub upto: EntryId,
    /// How often it was made anew.
    pub revision: u32,
    /// Its entries that say something.
    pub rows: u32,
    /// The earliest time of them.
    pub oldest: Millis,
    /// The latest.
    pub newest: Millis,
    /// About how many bytes it is of.
    pub bytes: u32,
    /// How many parts it is kept in.
    pub parts: u8,
    sieve: Sieve,
}

#[derive(Serialize, Deserialize)]
struct SummaryRecord {
    revision: u32,
    rows: u32,
    oldest: Millis,
    newest: Millis,
    bytes: u32,
    parts: u8,
}

impl Summary {
    /// Whether there may be an entry with all that is looked for. `false` is certain.
    #[must_use]
    pub fn may_hold(&self, marks: &[Mark]) -> bool {
        self.rows > 0 && marks.iter().all(|mark| self.sieve.lets_through(*mark))
    }

    fn encode(&self) -> Vec<u8> {
        let Self { revision, rows, oldest, newest, bytes, parts, .. } = *self;
        let record = SummaryRecord { revision, rows, oldest, newest, bytes, parts };
        let head = codec::encode(&record);
        let mut plain = vec![VERSION, head.len() as u8];
        plain.extend_from_slice(&head);
        plain.extend_from_slice(self.sieve.bytes());
        plain
    }

    fn decode(upto: EntryId, plain: &[u8]) -> Option<Self> {
        let [VERSION, length, rest @ ..] = plain else { return None };
        let (head, sieve) = rest.split_at_checked(usize::from(*length))?;
        let record: SummaryRecord = codec::decode(head).ok()?;
        let SummaryRecord { revision, rows, oldest, newest, bytes, parts } = record;
        let sieve = Sieve::from_bytes(sieve)?;
        Some(Self { upto, revision, rows, oldest, newest, bytes, parts, sieve })
    }
}

/// What is looked for, as it is held against summaries.
#[must_use]
pub fn marks(query: &Query) -> Vec<Mark> {
    let mut marks: Vec<Mark> =
        query.phrases.iter().flat_map(terms).map(|(term, open)| Mark::of(term, open)).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Pieces of one conversation's index, the oldest first.
pub type Summaries = Arc<[Arc<Summary>]>;

/// What is in memory of the index.
#[derive(Default)]
pub struct Index {
    summaries: Cache<ConversationId, Summaries>,
    segments: Cache<(ConversationId, EntryId, u32), Arc<Segment>>,
}

impl Index {
    /// The pieces of a conversation's index, if they are in memory.
    #[must_use]
    pub fn known(&self, conversation: ConversationId) -> Option<Summaries> {
        self.summaries.get(&conversation)
    }

    /// The pieces of a conversation's index.
    ///
    /// # Errors
    /// `Damaged` with [`WHAT`] when one does not open.
    pub fn summaries(
        &self,
        store: &Store,
        sealing: &SealingKey,
        conversation: ConversationId,
    ) -> Result<Summaries, StoreError> {
        if let Some(known) = self.summaries.get(&conversation) {
            return Ok(known);
        }
        let found = read_summaries(store, sealing, conversation)?;
        Ok(self.summaries.keep(conversation, found, weight))
    }

    /// A piece; `None` when another has taken its place meanwhile.
    ///
    /// # Errors
    /// `Damaged` with [`WHAT`] when it does not open.
    pub fn segment(
        &self,
        store: &Store,
        sealing: &SealingKey,
        conversation: ConversationId,
        summary: &Summary,
    ) -> Result<Option<Arc<Segment>>, StoreError> {
        let place = (conversation, summary.upto, summary.revision);
        if let Some(known) = self.segments.get(&place) {
            return Ok(Some(known));
        }
        let key = keys::segment(conversation, summary.upto, summary.revision);
        let parts = usize::from(summary.parts);
        let Some(bytes) = parts::get_all(&store.engine, sealing, &key, parts, WHAT)? else {
            return Ok(None);
        };
        let segment = Segment::decode(&bytes).ok_or(StoreError::Damaged(WHAT))?;
        let segment = Arc::new(segment);
        Ok(Some(self.segments.keep(place, segment, |segment| segment.weight())))
    }

    /// How many pieces are in memory.
    #[cfg(test)]
    pub fn opened(&self) -> usize {
        self.segments.len()
    }

    /// These are the pieces of a conversation's index from now on.
    pub fn replace(&self, conversation: ConversationId, summaries: Summaries) {
        self.summaries.replace(conversation, summaries, weight);
    }
}

/// The pieces of a conversation's index as they are in the store now.
///
/// # Errors
/// `Damaged` with [`WHAT`] when one does not open.
pub fn read_summaries(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Summaries, StoreError> {
    let mut found = Vec::new();
    let mut range = keys::summaries(conversation);
    loop {
        let page = store.engine.scan(range.clone(), PAGE, Direction::Forward)?;
        for (key, sealed) in &page {
            let plain = sealing.open(key, sealed).map_err(|_| StoreError::Damaged(WHAT))?;
            let upto = keys::parse_summary(key);
            let summary = upto.and_then(|upto| Summary::decode(upto, &plain));
            found.push(Arc::new(summary.ok_or(StoreError::Damaged(WHAT))?));
        }
        match page.last() {
            Some((last, _)) if page.len() == PAGE => range.start = keys::after(last),
            _ => return Ok(found.into()),
        }
    }
}

fn weight(summaries: &Summaries) -> usize {
    summaries.iter().map(|summary| size_of::<Summary>() + summary.sieve.bytes().len()).sum()
}

/// Adds to `batch` what keeps a piece that ends with `upto`; its summary.
pub fn put(
    sealing: &SealingKey,
    conversation: ConversationId,
    (upto, revision): (EntryId, u32),
    builder: Builder,
    batch: &mut Batch,
) -> Summary {
    let (sieve, bytes) = (builder.sieve(), builder.size() as u32);
    let (rows, times) = (builder.rows().len(), builder.rows().iter().map(|row| row.at));
    let (oldest, newest) = (times.clone().min(), times.max());
    let key = keys::segment(conversation, upto, revision);
    let parts = match rows {
        0 => 0,
        _ => parts::put_bytes(sealing, &key, &builder.build().encode(), 0, batch),
    };
    let summary = Summary {
        upto,
        revision,
        rows: rows as u32,
        oldest: oldest.unwrap_or(Millis(0)),
        newest: newest.unwrap_or(Millis(0)),
        bytes,
        parts: parts as u8,
        sieve,
    };
    let key = keys::summary(conversation, upto);
    batch.put.push((key.clone(), sealing.seal(&key, &summary.encode())));
    summary
}

/// Adds to `batch` what removes a piece and its summary.
pub fn delete(conversation: ConversationId, summary: &Summary, batch: &mut Batch) {
    batch.delete.push(keys::summary(conversation, summary.upto));
    delete_segment(conversation, summary, batch);
}

/// Adds to `batch` what removes a piece whose summary stays.
pub fn delete_segment(conversation: ConversationId, summary: &Summary, batch: &mut Batch) {
    let key = keys::segment(conversation, summary.upto, summary.revision);
    parts::delete(&key, usize::from(summary.parts), batch);
}

/// At most `most` keys of a conversation's index, however damaged it is.
///
/// # Errors
/// When the engine fails.
pub fn some_keys(
    store: &Store,
    conversation: ConversationId,
    most: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    // The pieces first: what has no summary is found by nothing else.
    let mut found = store.engine.scan(keys::segments(conversation), most, Direction::Forward)?;
    let rest = most - found.len();
    found.extend(store.engine.scan(keys::summaries(conversation), rest, Direction::Forward)?);
    Ok(found.into_iter().map(|(key, _)| key.to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_keep_their_bytes_and_fit_a_record() {
        let sieve = Sieve::of(["sleep"].into_iter());
        let entry = EntryId::from_bytes([0xe1; 16]);
        let summary = Summary {
            upto: entry,
            revision: 300,
            rows: 301,
            oldest: Millis(302),
            newest: Millis(303),
            bytes: 304,
            parts: 5,
            sieve,
        };
        let plain = summary.encode();
        assert_eq!(plain[..13], [3, 11, 0xac, 2, 0xad, 2, 0xae, 2, 0xaf, 2, 0xb0, 2, 5]);
        assert_eq!(&plain[13..], summary.sieve.bytes());
        assert_eq!(Summary::decode(entry, &plain), Some(summary));
        assert_eq!(Summary::decode(entry, &plain[..20]), None);
        let most = 2 + 40 + shared_proto::limits::SIEVE_BYTES;
        let seal = crate::store::vault::SEAL_BYTES;
        assert!(33 + seal + most <= shared_proto::limits::RECORD_BYTES);
    }
}
