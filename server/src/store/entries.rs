//! How a conversation's entries lie in the store: the entries of one room batch share a value, up
//! to the size the engine keeps safely; a larger entry is split over parts of its own.

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::entry::Entry;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::limits;

use super::engine::{Direction, Engine};
use super::vault::SealingKey;
use super::{StoreError, keys};

/// Version, part, parts.
const PART_HEAD: usize = 3;
const PART_VERSION: u8 = 1;
/// Key (34), seal (version 1, nonce 24, tag 16) and head, with some room to spare.
const PART_BYTES: usize = limits::RECORD_BYTES - 34 - 41 - PART_HEAD - 18;
const WHAT: &str = "conversation entries";

/// An entry and its encoding, made once.
#[derive(Debug)]
pub struct Encoded {
    /// The entry.
    pub entry: Entry,
    /// `codec::encode(&entry)`.
    pub bytes: Vec<u8>,
}

impl Encoded {
    /// Encodes `entry`.
    #[must_use]
    pub fn new(entry: Entry) -> Self {
        let bytes = codec::encode_into(&entry, Vec::with_capacity(entry.body.len() + 64));
        Self { entry, bytes }
    }
}

/// The records that keep `entries`, in order, sealed.
#[must_use]
pub fn records(
    conversation: ConversationId,
    sealing: &SealingKey,
    entries: &[Encoded],
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut records = Vec::with_capacity(1);
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let mut size = 3;
        let fitting = rest.iter().take_while(|encoded| {
            size += encoded.bytes.len();
            size <= PART_BYTES
        });
        let count = fitting.count().max(1);
        let (group, left) = rest.split_at(count);
        rest = left;
        let encoded: Vec<&[u8]> = group.iter().map(|encoded| encoded.bytes.as_slice()).collect();
        let body = codec::append_entries(Vec::with_capacity(size), &encoded);
        let parts = body.len().div_ceil(PART_BYTES);
        for (part, chunk) in body.chunks(PART_BYTES).enumerate() {
            let key = keys::entries(conversation, first.entry.id, part as u8);
            let mut plain = Vec::with_capacity(PART_HEAD + chunk.len());
            plain.extend_from_slice(&[PART_VERSION, part as u8, parts as u8]);
            plain.extend_from_slice(chunk);
            let sealed = sealing.seal(&key, &plain);
            records.push((key, sealed));
        }
    }
    records
}

/// Batches of entries read one after the other, either way.
pub struct Batches<'a> {
    engine: &'a Engine,
    sealing: &'a SealingKey,
    range: std::ops::Range<Vec<u8>>,
    direction: Direction,
    page: std::vec::IntoIter<(Bytes, Bytes)>,
    page_size: usize,
}

impl<'a> Batches<'a> {
    /// Batches of `conversation` from the one that holds `from` or the first after it, up to the
    /// end.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn forward(
        engine: &'a Engine,
        sealing: &'a SealingKey,
        conversation: ConversationId,
        from: EntryId,
    ) -> Result<Self, StoreError> {
        let before = keys::entries_range(conversation, EntryId::MIN, Some(from));
        let holder = engine.scan(before, 1, Direction::Backward)?;
        let start = holder.first().and_then(|(key, _)| keys::parse_entries(key));
        let start = start.map_or(from, |(first, _)| first);
        let range = keys::entries_range(conversation, start, None);
        Ok(Self::over(engine, sealing, range, Direction::Forward))
    }

    /// The batch that holds `id`, if any does: the last that does not begin after it.
    ///
    /// # Errors
    /// When the engine fails; `Damaged` when the batch does not open.
    pub fn around(
        engine: &'a Engine,
        sealing: &'a SealingKey,
        conversation: ConversationId,
        id: EntryId,
    ) -> Result<Option<Vec<Entry>>, StoreError> {
        let end = keys::after(&keys::entries(conversation, id, u8::MAX));
        let range = keys::entries(conversation, EntryId::MIN, 0)..end;
        let mut batches = Self::over(engine, sealing, range, Direction::Backward);
        batches.page_size = 1;
        batches.next_batch()
    }

    /// Batches of `conversation` that begin before `until`, newest first.
    #[must_use]
    pub fn backward(
        engine: &'a Engine,
        sealing: &'a SealingKey,
        conversation: ConversationId,
        until: EntryId,
    ) -> Self {
        let range = keys::entries_range(conversation, EntryId::MIN, Some(until));
        Self::over(engine, sealing, range, Direction::Backward)
    }

    fn over(
        engine: &'a Engine,
        sealing: &'a SealingKey,
        range: std::ops::Range<Vec<u8>>,
        direction: Direction,
    ) -> Self {
        let page = Vec::new().into_iter();
        Self { engine, sealing, range, direction, page, page_size: 8 }
    }

    fn next_record(&mut self) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        if let Some(record) = self.page.next() {
            return Ok(Some(record));
        }
        if self.range.start >= self.range.end {
            return Ok(None);
        }
        let page = self.engine.scan(self.range.clone(), self.page_size, self.direction)?;
        self.page_size = (self.page_size * 2).min(64);
        match page.last() {
            None => self.range.start = self.range.end.clone(),
            Some((last, _)) if self.direction == Direction::Forward => {
                self.range.start = keys::after(last);
            }
            Some((last, _)) => self.range.end = last.to_vec(),
        }
        self.page = page.into_iter();
        Ok(self.page.next())
    }

    /// The next batch, its entries oldest first; `None` at the end.
    ///
    /// # Errors
    /// `Damaged` when a record does not open or a part is missing.
    pub fn next_batch(&mut self) -> Result<Option<Vec<Entry>>, StoreError> {
        let damaged = || StoreError::Damaged(WHAT);
        let Some(record) = self.next_record()? else { return Ok(None) };
        let first = self.open_part(&record)?;
        let total = usize::from(first[2]);
        let mut parts = vec![first];
        while parts.len() < total {
            let next = self.next_record()?.ok_or_else(damaged)?;
            parts.push(self.open_part(&next)?);
        }
        if self.direction == Direction::Backward {
            parts.reverse();
        }
        let in_order = parts.iter().enumerate().all(|(n, part)| usize::from(part[1]) == n);
        if !in_order {
            return Err(damaged());
        }
        let body: Vec<u8> = match parts.as_slice() {
            [only] => only[PART_HEAD..].to_vec(),
            many => many.iter().flat_map(|part| &part[PART_HEAD..]).copied().collect(),
        };
        codec::decode(&body).map(Some).map_err(|_| damaged())
    }

    fn open_part(&self, (key, sealed): &(Bytes, Bytes)) -> Result<Vec<u8>, StoreError> {
        let plain = self.sealing.open(key, sealed).map_err(|_| StoreError::Damaged(WHAT))?;
        if plain.len() < PART_HEAD || plain[0] != PART_VERSION || plain[1] >= plain[2] {
            return Err(StoreError::Damaged(WHAT));
        }
        Ok(plain)
    }
}
