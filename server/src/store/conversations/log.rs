//! What is read of a conversation's log: never past its last durable entry, and never what the
//! reader may not see.

mod recorded;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use shared_proto::conversation::apply::is_counted;
use shared_proto::conversation::event::{self, Event, Shared};
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::visible_to;
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId};
use shared_proto::limits;
use shared_proto::time::Millis;
use shared_proto::wire::{Direction, Page};

use crate::store::engine;
use crate::store::entries::Batches;
use crate::store::vault::SealingKey;
use crate::store::{Store, StoreError, files, keys, unseal};
pub use recorded::{Recorded, Stretch, Withdrawal};

/// What a search for a message that may have been sent before comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is there, with this time.
    Sent(EntryId, Millis),
    /// It is not there.
    Never,
    /// It is not in the part that was searched, and there is more.
    TooFarBack,
}

/// A page of the files of a conversation that is being gathered.
pub struct Listing {
    /// The files before this entry are still to be looked at.
    before: EntryId,
    bytes: usize,
    /// Those found so far, newest first.
    pub entries: Vec<Entry>,
    /// Whether there are more than fit the page; `None` while it is not known.
    pub more: Option<bool>,
}

impl Listing {
    /// Of the files before an entry.
    #[must_use]
    pub const fn before(before: EntryId) -> Self {
        Self { before, bytes: 0, entries: Vec::new(), more: None }
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
        let batch = Batches::around(engine, self.sealing, self.conversation, id)?;
        Ok(batch.and_then(|batch| batch.into_iter().find(|entry| entry.id == id)))
    }

    /// An entry, if `member` may see it and it has not been withdrawn.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn shown(&self, member: &Member, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let found = self.find(id)?.filter(|entry| visible_to(entry, member));
        if found.is_some() && self.is_withdrawn(id)? { Ok(None) } else { Ok(found) }
    }

    /// Whether an entry has been withdrawn.
    ///
    /// # Errors
    /// When the engine fails or the mark is damaged.
    pub fn is_withdrawn(&self, id: EntryId) -> Result<bool, StoreError> {
        let key = keys::withdrawn(self.conversation, id);
        match self.store.engine.get(&key)? {
            Some(sealed) => Ok(self.withdrawal(&key, &sealed)?.is_some()),
            None => Ok(false),
        }
    }

    /// The entry a withdrawal mark names; `None` when it is not durable yet (invariant 4).
    fn withdrawal(&self, key: &[u8], sealed: &[u8]) -> Result<Option<EntryId>, StoreError> {
        let withdrawal: EntryId = unseal(self.sealing, key, sealed, "withdrawal mark")?;
        Ok(Some(withdrawal).filter(|withdrawal| *withdrawal <= self.upto))
    }

    /// Looks for the message `author` sent under `client_message_id` among the
    /// [`limits::RESUME_ENTRIES`] entries after `held` that they see: to count others would tell
    /// them how many there are.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn find_sent(
        &self,
        author: &Member,
        client_message_id: ClientMessageId,
        held: EntryId,
    ) -> Result<Found, StoreError> {
        let (mut found, mut looked_at) = (Found::Never, 0);
        self.walk(held, Direction::After, |entry| {
            if !visible_to(&entry, author) {
                return true;
            }
            looked_at += 1;
            if looked_at > limits::RESUME_ENTRIES {
                found = Found::TooFarBack;
                return false;
            }
            let own = |event: Event| event.client_message_id() == Some(client_message_id);
            if entry.author == author.person
                && is_counted(entry.kind)
                && Event::decode(&entry).is_ok_and(own)
            {
                // Of several that came of one command the last one is what was answered.
                found = Found::Sent(entry.id, entry.at);
                return true;
            }
            found == Found::Never
        })?;
        Ok(found)
    }

    /// How many messages of others `member` sees up to and with `entry`, of `all` in the log.
    /// `before` is a place before `entry`, and how many there are up to it. Counts from there and
    /// from the end at once, and stops where it arrives first.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn messages_up_to(
        &self,
        member: &Member,
        before: (EntryId, u32),
        entry: EntryId,
        all: u32,
    ) -> Result<u32, StoreError> {
        let counts = |found: &Entry| {
            let counted = is_counted(found.kind) && found.author != member.person;
            u32::from(counted && visible_to(found, member))
        };
        let (engine, sealing) = (&self.store.engine, self.sealing);
        let mut forward = Batches::forward(engine, sealing, self.conversation, before.0)?;
        let mut backward = Batches::backward(engine, sealing, self.conversation, EntryId::MAX);
        let (mut read, mut left) = (before.1, 0);
        loop {
            let Some(batch) = forward.next_batch()? else { return Ok(read) };
            for found in batch.iter().filter(|found| found.id > before.0) {
                if found.id > entry {
                    return Ok(read);
                }
                read += counts(found);
            }
            let Some(batch) = backward.next_batch()? else { return Ok(all.saturating_sub(left)) };
            for found in batch.iter().rev().filter(|found| found.id <= self.upto) {
                if found.id <= entry {
                    return Ok(all.saturating_sub(left));
                }
                left += counts(found);
            }
        }
    }

    /// A file of this conversation, as far as `member` may see the entry that shares it.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn file(&self, member: &Member, file: FileId) -> Result<Option<Shared>, StoreError> {
        let known = files::find(self.store, file)?;
        let here = known.filter(|known| known.conversation == self.conversation);
        let Some(entry) = here.and_then(|known| known.entry) else { return Ok(None) };
        let entry = self.find(entry)?.filter(|entry| visible_to(entry, member));
        Ok(entry.and_then(|entry| files::shared_by(&entry)).filter(|shared| shared.file == file))
    }

    /// Goes on with a page of entries that share files and that `member` may see, newest first.
    /// Looks at no more than [`limits::FILES_LOOKED_AT`] files, those among them that they do not see:
    /// there can be any number of these one after the other.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn files(&self, member: &Member, mut listing: Listing) -> Result<Listing, StoreError> {
        let mut range = keys::shared_before(self.conversation, listing.before);
        // What came before they joined is not even looked at.
        range.start = keys::shared(self.conversation, member.first()).min(range.end.clone());
        let (engine, backward) = (&self.store.engine, engine::Direction::Backward);
        let page = engine.scan(range, limits::FILES_LOOKED_AT, backward)?;
        for (key, _) in &page {
            let id = keys::parse_shared(key).ok_or(StoreError::Damaged("shared file"))?;
            listing.before = id;
            let Some(entry) = self.find(id)?.filter(|entry| visible_to(entry, member)) else {
                continue;
            };
            listing.bytes += entry_size(&entry);
            if listing.entries.len() == limits::PAGE_ENTRIES || listing.bytes > limits::PAGE_BYTES {
                listing.more = Some(true);
                return Ok(listing);
            }
            listing.entries.push(entry);
        }
        if page.len() < limits::FILES_LOOKED_AT {
            listing.more = Some(false);
        }
        Ok(listing)
    }

    /// How many messages of others `member` sees after `from`, of those that `viewer` sees too.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn messages_after(
        &self,
        member: &Member,
        viewer: &Member,
        from: EntryId,
    ) -> Result<u32, StoreError> {
        let mut count = 0;
        self.walk(from, Direction::After, |entry| {
            let counted = is_counted(entry.kind) && entry.author != member.person;
            let seen = counted && visible_to(&entry, member) && visible_to(&entry, viewer);
            count += u32::from(seen);
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
        let withdrawn = self.withdrawals(first.id, last.id)?;
        if !withdrawn.is_empty() {
            let redact = |entry: Entry| {
                if withdrawn.contains_key(&entry.id) { event::redact(entry) } else { entry }
            };
            *entries = std::mem::take(entries).into_iter().map(redact).collect();
        }
        Ok(())
    }

    /// The withdrawn ones of the entries from `first` to `last`, each with the entry that says so.
    fn withdrawals(
        &self,
        first: EntryId,
        last: EntryId,
    ) -> Result<HashMap<EntryId, EntryId>, StoreError> {
        let mut range = keys::withdrawn(self.conversation, first)
            ..keys::after(&keys::withdrawn(self.conversation, last));
        let mut withdrawn = HashMap::new();
        loop {
            let page = self.store.engine.scan(range.clone(), 64, engine::Direction::Forward)?;
            let Some((last, _)) = page.last() else { break };
            range.start = keys::after(last);
            for (key, sealed) in &page {
                if let (Some(target), Some(by)) =
                    (keys::parse_withdrawn(key), self.withdrawal(key, sealed)?)
                {
                    withdrawn.insert(target, by);
                }
            }
            if range.start >= range.end {
                break;
            }
        }
        Ok(withdrawn)
    }
}

fn entry_size(entry: &Entry) -> usize {
    shared_proto::codec::entry_size(entry)
}
