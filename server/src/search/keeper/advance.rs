//! One step of one conversation's index: what has been written since, as new pieces of which the first
//! takes the place of those before it that are not much larger; and what was withdrawn since is
//! forgotten.

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
/// Pieces of a conversation that are made at a time.
const PIECES: u64 = 16;

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

/// The next step of a conversation: as many pieces as what is new comes to, up to a bound. `None`
/// when there is nothing new.
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
    let pieces = index.summaries(store, sealing, conversation)?.to_vec();
    let from = pieces.last().map_or(EntryId::MIN, |piece| piece.upto);
    let Some(last) = loaded.header.last.filter(|last| *last > from) else { return Ok(None) };
    let mut log = New::read(store, sealing, conversation, from, last)?;
    let mut making = Making {
        index,
        store,
        sealing,
        conversation,
        stored: pieces.len(),
        pieces,
        batch: Batch::default(),
        written: 0,
    };
    let mut left = limits::INDEXED_ENTRIES;
    while making.written < PIECES
        && let Some(tail) = Tail::read(&mut log, &mut left, making.written > 0)?
    {
        making.close(tail)?;
    }
    if making.written == 0 {
        return Ok(None);
    }
    let more = log.next()?.is_some();
    let Making { batch, pieces, written, .. } = making;
    Ok(Some(Step { batch, summaries: pieces.into(), written, more }))
}

/// What was written since, entry by entry.
struct New<'a> {
    batches: Batches<'a>,
    entries: std::vec::IntoIter<Entry>,
    /// Read, and not taken.
    back: Option<Entry>,
    from: EntryId,
    last: EntryId,
}

impl<'a> New<'a> {
    fn read(
        store: &'a Store,
        sealing: &'a SealingKey,
        conversation: ConversationId,
        from: EntryId,
        last: EntryId,
    ) -> Result<Self, StoreError> {
        let batches = Batches::forward(&store.engine, sealing, conversation, from)?;
        Ok(Self { batches, entries: Vec::new().into_iter(), back: None, from, last })
    }

    fn next(&mut self) -> Result<Option<Entry>, StoreError> {
        if let Some(entry) = self.back.take() {
            return Ok(Some(entry));
        }
        loop {
            for entry in self.entries.by_ref() {
                if entry.id > self.last {
                    return Ok(None);
                }
                if entry.id > self.from {
                    return Ok(Some(entry));
                }
            }
            match self.batches.next_batch()? {
                Some(batch) => self.entries = batch.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

/// What goes into one piece.
struct Tail {
    builder: Builder,
    count: usize,
    upto: EntryId,
    withdrawn: Vec<EntryId>,
}

impl Tail {
    /// The next of what is new, as far as it goes into one piece and `left` reaches. After another
    /// piece of the same step it ends before a withdrawal of what is in neither this one nor in the
    /// store: the next step sees to it.
    fn read(
        log: &mut New<'_>,
        left: &mut usize,
        follows: bool,
    ) -> Result<Option<Self>, StoreError> {
        let mut tail = None::<Self>;
        while *left > 0
            && let Some(entry) = log.next()?
        {
            let tail_now = tail.get_or_insert_with(|| Self {
                builder: Builder::default(),
                count: 0,
                upto: log.from,
                withdrawn: Vec::new(),
            });
            let full = !tail_now.builder.has_room() || tail_now.withdrawn.len() >= WITHDRAWALS;
            if full || !tail_now.take(&entry, follows) {
                log.back = Some(entry);
                break;
            }
            *left -= 1;
        }
        Ok(tail.filter(|tail| tail.count > 0))
    }

    /// Takes an entry in; whether it did.
    fn take(&mut self, entry: &Entry, follows: bool) -> bool {
        let event = Event::decode(entry).ok();
        if let Some(Event::Withdrawn(withdrawn)) = &event
            && !self.builder.forget(withdrawn.target)
        {
            if follows {
                return false;
            }
            self.withdrawn.push(withdrawn.target);
        }
        self.count += 1;
        self.upto = entry.id;
        if let Some(said) = event.as_ref().and_then(said) {
            let only = match &entry.audience {
                Audience::Members => None,
                Audience::Only(people) => Some(people.clone()),
            };
            let Entry { id, at, author, .. } = *entry;
            let row = Row { entry: id, at, author, file: said.file, only };
            self.builder.add(row, said.text);
        }
        true
    }
}

/// A step under way.
struct Making<'a> {
    index: &'a Index,
    store: &'a Store,
    sealing: &'a SealingKey,
    conversation: ConversationId,
    pieces: Vec<Arc<Summary>>,
    /// How many of them are in the store, and no more were made after.
    stored: usize,
    batch: Batch,
    written: u64,
}

impl Making<'_> {
    /// Makes a piece of what was read, and of those before it that are not much larger.
    fn close(&mut self, tail: Tail) -> Result<(), StoreError> {
        let Tail { mut builder, mut count, upto, withdrawn } = tail;
        while self.pieces.len() == self.stored
            && let Some(piece) = self.pieces.pop_if(|piece| joins(piece, &builder, count))
        {
            self.stored -= 1;
            if piece.rows > 0 {
                let mut both = self.read(&piece)?;
                both.append(&builder.build()).ok_or(StoreError::Damaged(index::WHAT))?;
                builder = both;
            }
            count += piece.rows as usize;
            index::delete(self.conversation, &piece, &mut self.batch);
        }
        let mut elsewhere: BTreeMap<usize, Vec<EntryId>> = BTreeMap::new();
        for target in withdrawn {
            if !builder.forget(target) {
                let holder = self.pieces.partition_point(|piece| piece.upto < target);
                elsewhere.entry(holder).or_default().push(target);
            }
        }
        for (holder, targets) in elsewhere {
            self.forget(holder, targets)?;
        }
        let (sealing, place) = (self.sealing, (upto, 0));
        let piece = index::put(sealing, self.conversation, place, builder, &mut self.batch);
        self.pieces.push(Arc::new(piece));
        self.written += 1;
        Ok(())
    }

    /// Writes a piece anew without what was withdrawn.
    fn forget(&mut self, holder: usize, targets: Vec<EntryId>) -> Result<(), StoreError> {
        let known = self.pieces.get(holder).filter(|piece| piece.rows > 0);
        let Some(piece) = known.map(Arc::clone) else { return Ok(()) };
        let mut without = self.read(&piece)?;
        // All of them, whether the first was there or not.
        if targets.into_iter().filter(|target| without.forget(*target)).count() > 0 {
            index::delete_segment(self.conversation, &piece, &mut self.batch);
            let place = (piece.upto, piece.revision.wrapping_add(1));
            let put = index::put(self.sealing, self.conversation, place, without, &mut self.batch);
            self.pieces[holder] = Arc::new(put);
            self.written += 1;
        }
        Ok(())
    }

    fn read(&self, piece: &Summary) -> Result<Builder, StoreError> {
        let segment = self.index.segment(self.store, self.sealing, self.conversation, piece)?;
        let builder = segment.and_then(|segment| Builder::from(&segment));
        builder.ok_or(StoreError::Damaged(index::WHAT))
    }
}

fn joins(piece: &Summary, builder: &Builder, count: usize) -> bool {
    piece.rows as usize <= count * RATIO
        && piece.bytes as usize + builder.size() <= limits::SEGMENT_BYTES
}
