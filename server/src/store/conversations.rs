//! A conversation in the store: its header is the stored fold, its log lies in `entries`.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::event::{self, Event};
use shared_proto::conversation::state::{Member, State, Viewer};
use shared_proto::conversation::visible::visible_to;
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::time::Millis;
use shared_proto::wire::{Direction, Page};

use super::engine::{self, Batch, Expect};
use super::entries::{Batches, Encoded, records};
use super::vault::SealingKey;
use super::{Store, StoreError, inbox, keys, seal, unseal};

/// What the store keeps of a conversation besides its log. At most 4 KiB sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The fold of the log.
    pub state: State,
    /// The last entry; `None` before the first.
    pub last: Option<EntryId>,
    /// Entries in the log.
    pub entries: u64,
    /// Entries not every member may see.
    pub hidden: u64,
    /// SHA-256 over the chain before and the encoded entry, from 32 zero bytes on.
    pub chain: [u8; 32],
    /// For each member of `state`, in its order: the time their inbox row is sorted by.
    pub inbox: Vec<Option<Millis>>,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            state: State::absent(Viewer::Everyone),
            last: None,
            entries: 0,
            hidden: 0,
            chain: [0; 32],
            inbox: Vec::new(),
        }
    }
}

impl Header {
    /// Folds the next entry of the log.
    pub fn append(&mut self, encoded: &Encoded) {
        let entry = &encoded.entry;
        apply(&mut self.state, entry);
        self.last = Some(entry.id);
        self.entries += 1;
        self.hidden += u64::from(entry.audience != Audience::Members);
        self.chain = chain(&self.chain, &encoded.bytes);
        self.inbox.resize(self.state.members.len(), None);
    }
}

/// The head of a conversation's hash chain after one more entry.
#[must_use]
pub fn chain(before: &[u8; 32], encoded: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(before).chain_update(encoded).finalize().into()
}

/// A conversation's header as loaded, and what is needed to write the next.
pub struct Loaded {
    /// The stored fold.
    pub header: Header,
    /// The header's value as it lies in the store.
    pub sealed: Bytes,
    /// Seals everything of this conversation.
    pub sealing: Arc<SealingKey>,
}

/// A conversation's header; `None` when there is no such conversation.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
    let key = keys::header(conversation);
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    let Some(sealing) = store.vault.conversation(conversation)? else {
        return Err(StoreError::Damaged("conversation key"));
    };
    let header = unseal(&sealing, &key, &sealed, "conversation header")?;
    Ok(Some(Loaded { header, sealed, sealing }))
}

/// The batch that appends `entries`, already folded into `header`, after the header whose stored
/// value is `before`. Renews inbox rows where they are missing or a minute old. Also returns the
/// header's new stored value.
#[must_use]
pub fn append(
    conversation: ConversationId,
    sealing: &SealingKey,
    records_key: &SealingKey,
    before: Option<Bytes>,
    header: &mut Header,
    entries: &[Encoded],
) -> (Batch, Bytes) {
    let key = keys::header(conversation);
    let mut batch = Batch { put: records(conversation, sealing, entries), ..Batch::default() };
    for encoded in entries {
        if let Ok(Event::Withdrawn(withdrawn)) = Event::decode(&encoded.entry) {
            let key = keys::withdrawn(conversation, withdrawn.target);
            let sealed = seal(sealing, &key, &encoded.entry.id);
            batch.put.push((key, sealed));
        }
    }
    renew_inbox_rows(conversation, records_key, header, &mut batch);
    let sealed = seal(sealing, &key, header);
    batch.put.push((key.clone(), sealed.clone()));
    batch.expect.push(Expect { key, value: before });
    (batch, Bytes::from(sealed))
}

fn renew_inbox_rows(
    conversation: ConversationId,
    records_key: &SealingKey,
    header: &mut Header,
    batch: &mut Batch,
) {
    for (member, row_at) in header.state.members.iter().zip(&mut header.inbox) {
        let Some(tally) = member.tally.filter(|tally| tally.last.is_some()) else { continue };
        let due = match *row_at {
            None => true,
            Some(at) => at != tally.last_at && tally.last_at.since(at) >= limits::INBOX_ROW_MS,
        };
        if !due {
            continue;
        }
        if let Some(at) = *row_at {
            batch.delete.push(keys::inbox_row(member.person, at, conversation));
        }
        let key = keys::inbox_row(member.person, tally.last_at, conversation);
        let sealed = seal(records_key, &key, &inbox::ROW);
        batch.put.push((key, sealed));
        *row_at = Some(tally.last_at);
    }
}

/// One conversation's log, read by one of its members and never past `upto`.
pub struct Log<'a> {
    /// The store.
    pub store: &'a Store,
    /// Opens what is read.
    pub sealing: &'a SealingKey,
    /// Which.
    pub conversation: ConversationId,
    /// The last durable entry (invariant 4).
    pub upto: EntryId,
}

impl Log<'_> {
    /// A page of what `member` may see strictly before or after `from`, as they may see it.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn page(
        &self,
        member: &Member,
        from: EntryId,
        direction: Direction,
    ) -> Result<Page, StoreError> {
        let (mut entries, mut bytes, mut more) = (Vec::new(), 0, false);
        self.walk(from, direction, |entry| {
            if !visible_to(&entry, member) {
                return true;
            }
            bytes += entry_size(&entry);
            let full = entries.len() == limits::PAGE_ENTRIES || bytes > limits::PAGE_BYTES;
            if full && !entries.is_empty() {
                more = true;
                return false;
            }
            entries.push(entry);
            true
        })?;
        if direction == Direction::Before {
            entries.reverse();
        }
        self.redact(&mut entries)?;
        Ok(Page { entries, more })
    }

    /// Whether `member` may see more than `count` entries after `from`.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn has_more_than(
        &self,
        member: &Member,
        from: EntryId,
        count: usize,
    ) -> Result<bool, StoreError> {
        let mut seen = 0;
        self.walk(from, Direction::After, |entry| {
            seen += usize::from(visible_to(&entry, member));
            seen <= count
        })?;
        Ok(seen > count)
    }

    /// The newest entry at or before `entry` that `member` may see.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn round_down(
        &self,
        member: &Member,
        entry: EntryId,
    ) -> Result<Option<EntryId>, StoreError> {
        if self.find(entry)?.is_some_and(|found| visible_to(&found, member)) {
            return Ok(Some(entry));
        }
        let mut found = None;
        self.walk(entry, Direction::Before, |earlier| {
            if visible_to(&earlier, member) {
                found = Some(earlier.id);
            }
            found.is_none()
        })?;
        Ok(found)
    }

    /// An entry as it was appended.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn find(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        if id > self.upto {
            return Ok(None);
        }
        let engine = &self.store.engine;
        let mut batches = Batches::forward(engine, self.sealing, self.conversation, id)?;
        for _ in 0..2 {
            let Some(batch) = batches.next_batch()? else { break };
            if let Some(found) = batch.into_iter().find(|entry| entry.id == id) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Whether an entry has been withdrawn.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn is_withdrawn(&self, id: EntryId) -> Result<bool, StoreError> {
        Ok(self.store.engine.get(&keys::withdrawn(self.conversation, id))?.is_some())
    }

    /// The message `author` sent under `client_message_id` after `held`.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn find_sent(
        &self,
        author: PersonId,
        client_message_id: ClientMessageId,
        held: EntryId,
    ) -> Result<Option<(EntryId, Millis)>, StoreError> {
        let mut found = None;
        self.walk(held, Direction::After, |entry| {
            if entry.author == author
                && let Ok(Event::Message(message)) = Event::decode(&entry)
                && message.client_message_id == client_message_id
            {
                found = Some((entry.id, entry.at));
            }
            found.is_none()
        })?;
        Ok(found)
    }

    /// How many messages of others `member` sees after `from`.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn messages_after(&self, member: &Member, from: EntryId) -> Result<u32, StoreError> {
        let mut count = 0;
        self.walk(from, Direction::After, |entry| {
            let counted = shared_proto::conversation::apply::is_counted(entry.kind)
                && entry.author != member.person
                && visible_to(&entry, member);
            count += u32::from(counted);
            true
        })?;
        Ok(count)
    }

    /// Calls `each` with the durable entries strictly before or after `from`, in that direction,
    /// until it answers `false`.
    fn walk(
        &self,
        from: EntryId,
        direction: Direction,
        mut each: impl FnMut(Entry) -> bool,
    ) -> Result<(), StoreError> {
        let (engine, sealing) = (&self.store.engine, self.sealing);
        let mut batches = match direction {
            Direction::After => Batches::forward(engine, sealing, self.conversation, from)?,
            Direction::Before => Batches::backward(engine, sealing, self.conversation, from),
        };
        while let Some(mut batch) = batches.next_batch()? {
            if direction == Direction::Before {
                batch.reverse();
            }
            for entry in batch {
                let wanted = match direction {
                    Direction::After => entry.id > from,
                    Direction::Before => entry.id < from,
                };
                if entry.id > self.upto {
                    if direction == Direction::After {
                        return Ok(());
                    }
                    continue;
                }
                if wanted && !each(entry) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn redact(&self, entries: &mut Vec<Entry>) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
        let mut range = keys::withdrawn(self.conversation, first.id)
            ..keys::after(&keys::withdrawn(self.conversation, last.id));
        let mut withdrawn = HashSet::new();
        loop {
            let page = self.store.engine.scan(range.clone(), 64, engine::Direction::Forward)?;
            let Some((last, _)) = page.last() else { break };
            range.start = keys::after(last);
            withdrawn.extend(page.iter().filter_map(|(key, _)| keys::parse_withdrawn(key)));
            if range.start >= range.end {
                break;
            }
        }
        if !withdrawn.is_empty() {
            let redact = |entry: Entry| {
                if withdrawn.contains(&entry.id) { event::redact(entry) } else { entry }
            };
            *entries = std::mem::take(entries).into_iter().map(redact).collect();
        }
        Ok(())
    }
}

fn entry_size(entry: &Entry) -> usize {
    shared_proto::codec::entry_size(entry)
}
