//! A conversation in the store: its header is the stored fold, its log lies in `entries` and is
//! read through [`Log`].

mod log;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::entry::Audience;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::entries::{Encoded, records};
use super::keys::{self, Shelf};
use super::vault::SealingKey;
use super::{Store, StoreError, inbox, seal, unseal};
pub use log::{Found, Listing, Log, Recorded, Stretch, Withdrawal};

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
    /// For each member of `state`, in its order: where their inbox row stands.
    pub inbox: Vec<Option<(Shelf, Millis)>>,
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
        let before = (entry.kind == kind::ADDED).then(|| self.rows());
        apply(&mut self.state, entry);
        if let Some(before) = before {
            // Who comes back joins at the end.
            let members = self.state.members.iter();
            self.inbox = members.map(|member| before.get(&member.person).copied()).collect();
        }
        self.last = Some(entry.id);
        self.entries += 1;
        self.hidden += u64::from(entry.audience != Audience::Members);
        self.chain = chain(&self.chain, &encoded.bytes);
        self.inbox.resize(self.state.members.len(), None);
    }

    /// Whose inbox row stands where.
    fn rows(&self) -> HashMap<PersonId, (Shelf, Millis)> {
        let rows = self.state.members.iter().zip(&self.inbox);
        rows.filter_map(|(member, row)| Some((member.person, (*row)?))).collect()
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

/// How often a header is read anew that was written to between two reads.
const LOADS: usize = 8;

/// A conversation's header; `None` when there is no such conversation.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
    let Some(mut loaded) = load_header(store, conversation)? else { return Ok(None) };
    let key = keys::announcement(conversation);
    for _ in 0..LOADS {
        let Some(kept) = store.engine.get(&key)? else { return Ok(Some(loaded)) };
        let (text, at): (String, EntryId) = unseal(&loaded.sealing, &key, &kept, "announcement")?;
        if loaded.header.last >= Some(at) {
            loaded.header.state.announcement = text;
            return Ok(Some(loaded));
        }
        // Written between the two reads, with a header that is newer too.
        let Some(again) = load_header(store, conversation)? else { return Ok(None) };
        loaded = again;
    }
    Err(StoreError::Damaged("announcement (after the end)"))
}

fn load_header(store: &Store, conversation: ConversationId) -> Result<Option<Loaded>, StoreError> {
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
    for encoded in entries.iter().filter(|encoded| encoded.entry.kind == kind::WITHDRAWN) {
        if let Ok(Event::Withdrawn(withdrawn)) = Event::decode(&encoded.entry) {
            let key = keys::withdrawn(conversation, withdrawn.target);
            let sealed = seal(sealing, &key, &encoded.entry.id);
            batch.put.push((key, sealed));
        }
    }
    renew_inbox_rows(conversation, records_key, header, &mut batch);
    let announces = |encoded: &Encoded| matches!(encoded.entry.kind, kind::BEGUN | kind::ANNOUNCED);
    // Beside the header, which would not hold both it and as many members as there may be.
    let announcement = std::mem::take(&mut header.state.announcement);
    if let Some(encoded) = entries.iter().rfind(|encoded| announces(encoded)) {
        let key = keys::announcement(conversation);
        let sealed = seal(sealing, &key, &(&announcement, encoded.entry.id));
        batch.put.push((key, sealed));
    }
    let sealed = seal(sealing, &key, header);
    header.state.announcement = announcement;
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
    let ended = header.state.ended().is_some();
    for (member, row_at) in header.state.members.iter().zip(&mut header.inbox) {
        let Some(tally) = member.tally.filter(|tally| tally.last.is_some()) else { continue };
        let archived = ended || member.until.is_some();
        let shelf = if archived { Shelf::Archive } else { Shelf::Live };
        let due = match *row_at {
            None => true,
            Some((before, at)) => {
                before != shelf
                    || at != tally.last_at && tally.last_at.since(at) >= limits::INBOX_ROW_MS
            }
        };
        if !due {
            continue;
        }
        if let Some((shelf, at)) = *row_at {
            batch.delete.push(keys::inbox_row(member.person, shelf, at, conversation));
        }
        let key = keys::inbox_row(member.person, shelf, tally.last_at, conversation);
        let sealed = seal(records_key, &key, &inbox::ROW);
        batch.put.push((key, sealed));
        *row_at = Some((shelf, tally.last_at));
    }
}
