//! A conversation in the store: its header is the stored fold, its log lies in `entries` and is
//! read through [`Log`].

mod log;

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::event::Event;
use shared_proto::conversation::state::{State, Viewer};
use shared_proto::entry::Audience;
use shared_proto::id::{ConversationId, EntryId};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::entries::{Encoded, records};
use super::vault::SealingKey;
use super::{Store, StoreError, inbox, keys, seal, unseal};
pub use log::{Found, Log};

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
