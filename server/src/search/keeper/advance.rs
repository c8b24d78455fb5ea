//! One step of one conversation's index: what has been written since, as a new piece that takes the
//! place of those before it that are not much larger; and what was withdrawn since is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use shared_proto::conversation::event::Event;
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::limits;
use shared_proto::search::said;

use crate::search::index::{self, Index, Summaries, Summary};
use crate::search::segment::{Builder, Row};
use crate::store::conversations;
use crate::store::engine::Batch;
use crate::store::entries::Batches;
use crate::store::vault::SealingKey;
use crate::store::{Store, StoreError};

/// A piece goes into a new one that has no fewer entries than it divided by this: an entry is
/// written again so often for each power of this there are, and there are so many pieces.
const RATIO: usize = 8;
/// Withdrawals of entries in other pieces that are seen to at a time: each writes one anew.
const WITHDRAWALS: usize = 4;

/// What a step comes to.
pub struct Step {
    /// What keeps it.
    pub batch: Batch,
    /// The pieces there are then.
    pub summaries: Summaries,
    /// How many of them are new.
    pub written: u64,
    /// Whether there is more to take in.
    pub more: bool,
}

/// What was written since.
#[derive(Default)]
struct Tail {
    builder: Builder,
    count: usize,
    upto: Option<EntryId>,
    withdrawn: Vec<EntryId>,
    more: bool,
}

/// The next step of a conversation; `None` when there is nothing new.
///
/// # Errors
/// `Damaged` with [`index::WHAT`] when its index is, with another word when its log is.
pub fn advance(
    index: &Index,
    store: &Store,
    conversation: ConversationId,
) -> Result<Option<Step>, StoreError> {
    let Some(loaded) = conversations::load(store, conversation)? else { return Ok(None) };
    let sealing = &*loaded.sealing;
    let mut pieces = index.summaries(store, sealing, conversation)?.to_vec();
    let from = pieces.last().map_or(EntryId::MIN, |piece| piece.upto);
    let Some(last) = loaded.header.last.filter(|last| *last > from) else { return Ok(None) };
    let Tail { mut builder, mut count, upto, withdrawn, more } =
        read_tail(store, sealing, conversation, from, last)?;
    let Some(upto) = upto else { return Ok(None) };
    let (mut batch, mut written) = (Batch::default(), 1);
    let read = |piece: &Summary| read(index, store, sealing, conversation, piece);
    while let Some(piece) = pieces.pop_if(|piece| joins(piece, &builder, count)) {
        if piece.rows > 0 {
            let mut both = read(&piece)?;
            both.append(&builder.build()).ok_or(StoreError::Damaged(index::WHAT))?;
            builder = both;
        }
        count += piece.rows as usize;
        index::delete(conversation, &piece, &mut batch);
    }
    let mut elsewhere: BTreeMap<usize, Vec<EntryId>> = BTreeMap::new();
    for target in withdrawn {
        if !builder.forget(target) {
            let holder = pieces.partition_point(|piece| piece.upto < target);
            elsewhere.entry(holder).or_default().push(target);
        }
    }
    for (holder, targets) in elsewhere {
        let Some(piece) = pieces.get_mut(holder).filter(|piece| piece.rows > 0) else { continue };
        let mut without = read(piece)?;
        // All of them, whether the first was there or not.
        if targets.into_iter().filter(|target| without.forget(*target)).count() > 0 {
            index::delete_segment(conversation, piece, &mut batch);
            let place = (piece.upto, piece.revision.wrapping_add(1));
            *piece = Arc::new(index::put(sealing, conversation, place, without, &mut batch));
            written += 1;
        }
    }
    let piece = index::put(sealing, conversation, (upto, 0), builder, &mut batch);
    pieces.push(Arc::new(piece));
    Ok(Some(Step { batch, summaries: pieces.into(), written, more }))
}

fn joins(piece: &Summary, builder: &Builder, count: usize) -> bool {
    piece.rows as usize <= count * RATIO
        && piece.bytes as usize + builder.size() <= limits::SEGMENT_BYTES
}

fn read(
    index: &Index,
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    piece: &Summary,
) -> Result<Builder, StoreError> {
    let segment = index.segment(store, sealing, conversation, piece)?;
    let builder = segment.and_then(|segment| Builder::from(&segment));
    builder.ok_or(StoreError::Damaged(index::WHAT))
}

/// What lies after `from` up to `last`, as far as it goes into one piece.
fn read_tail(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    from: EntryId,
    last: EntryId,
) -> Result<Tail, StoreError> {
    let mut tail = Tail::default();
    let mut batches = Batches::forward(&store.engine, sealing, conversation, from)?;
    while let Some(batch) = batches.next_batch()? {
        for entry in batch.into_iter().filter(|entry| entry.id > from) {
            if entry.id > last {
                return Ok(tail);
            }
            let full = !tail.builder.has_room()
                || tail.count >= limits::INDEXED_ENTRIES
                || tail.withdrawn.len() >= WITHDRAWALS;
            if full {
                tail.more = true;
                return Ok(tail);
            }
            tail.take(entry);
        }
    }
    Ok(tail)
}

impl Tail {
    fn take(&mut self, entry: Entry) {
        self.count += 1;
        self.upto = Some(entry.id);
        let Ok(event) = Event::decode(&entry) else { return };
        if let Event::Withdrawn(withdrawn) = &event {
            if !self.builder.forget(withdrawn.target) {
                self.withdrawn.push(withdrawn.target);
            }
        } else if let Some(said) = said(&event) {
            let only = match entry.audience {
                Audience::Members => None,
                Audience::Only(people) => Some(people),
            };
            let Entry { id, at, author, .. } = entry;
            let row = Row { entry: id, at, author, file: said.file, only };
            self.builder.add(row, said.text);
        }
    }
}
