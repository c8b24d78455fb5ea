//! The audit log in the store (164.312(b), (c); ASVS 16.2 to 16.4): one chain for the node, written
//! by the committer and only ever appended to.
//!
//! The records of one round of the committer share a stored value, a block, up to the size the
//! engine keeps safely: each operation costs it far more than a few dozen bytes do. A block begins
//! with the head of the chain before it, so each can be checked against its neighbours, and the
//! last one tells at start where the log goes on. Who saw a conversation is found by an index of
//! its own, put with the block.

mod check;
mod pages;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_proto::audit::{Action, AuditEntry, Subject};
use shared_proto::codec;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Direction, Engine};
use super::vault::{SEAL_BYTES, SealingKey};
use super::{StoreError, keys, seal, unseal};
pub use check::{Checked, Prune, prune, verify};
pub(crate) use pages::{accesses, export, page};

/// What a damaged block is called where no record can be named.
const WHAT: &str = "audit log";
/// Encoded records of one block: with its key (9), the seal, a version byte, the head before it
/// and a count, well below what a stored value may take.
const BLOCK_BYTES: usize = limits::RECORD_BYTES - 9 - SEAL_BYTES - 1 - 32 - 3 - 400;

/// A record on its way into the log, where it gets its sequence number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub at: Millis,
    /// Who; `None` for the operator, or somebody unknown.
    pub actor: Option<PersonId>,
    /// From where.
    pub address: Option<IpAddr>,
    /// What.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// At most [`limits::AUDIT_DETAIL_SCALARS`].
    pub detail: Option<String>,
}

impl Record {
    /// As it is read, with its place in the log.
    #[must_use]
    pub fn entry(self, sequence: u64) -> AuditEntry {
        let Self { at, actor, address, action, subject, detail } = self;
        AuditEntry { sequence, at, actor, address, action, subject, detail }
    }
}

/// Where the chain stands: the last record and the hash over everything up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last record's sequence number; 0 before the first.
    pub sequence: u64,
    /// SHA-256 over the hash before, the sequence number (8 bytes, big-endian) and the encoded
    /// record, from 32 zero bytes on.
    pub hash: [u8; 32],
}

impl Head {
    fn append(&mut self, record: &Record) {
        self.sequence += 1;
        let hash = Sha256::new().chain_update(self.hash);
        let hash = hash.chain_update(self.sequence.to_be_bytes());
        self.hash = hash.chain_update(codec::encode(record)).finalize().into();
    }
}

/// Records that share a stored value; the first one's sequence number is in the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The chain before the first of them.
    pub before: [u8; 32],
    /// In order.
    pub records: Vec<Record>,
}

impl Block {
    fn open(sealing: &SealingKey, key: &[u8], sealed: &[u8]) -> Result<(u64, Self), StoreError> {
        let first = keys::parse_audit(key).ok_or(StoreError::Damaged(WHAT))?;
        let damaged = |_| StoreError::Audit { sequence: first, what: "it does not open" };
        Ok((first, unseal(sealing, key, sealed, WHAT).map_err(damaged)?))
    }
}

/// What an access to a conversation is kept as, under the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRecord {
    /// When.
    pub at: Millis,
    /// Who.
    pub person: Option<PersonId>,
    /// How.
    pub action: Action,
}

/// Where the log begins, once older records have been removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The last record that was removed, and the chain there.
    pub removed: Head,
}

fn floor(engine: &Engine, sealing: &SealingKey) -> Result<Floor, StoreError> {
    let key = keys::audit_floor();
    match engine.get(&key)? {
        Some(sealed) => unseal(sealing, &key, &sealed, "audit log (where it begins)"),
        None => Ok(Floor::default()),
    }
}

/// The chain as the committer goes on with it.
pub struct Chain {
    sealing: Arc<SealingKey>,
    head: Head,
}

impl Chain {
    /// Where the stored log ends.
    ///
    /// # Errors
    /// When its last block does not open.
    pub fn recover(engine: &Engine, sealing: Arc<SealingKey>) -> Result<Self, StoreError> {
        let last = engine.scan(keys::prefix_range(keys::AUDIT), 1, Direction::Backward)?;
        let head = match last.first() {
            Some((key, sealed)) => {
                let (first, block) = Block::open(&sealing, key, sealed)?;
                let mut head = Head { sequence: first.saturating_sub(1), hash: block.before };
                block.records.iter().for_each(|record| head.append(record));
                head
            }
            None => floor(engine, &sealing)?.removed,
        };
        Ok(Self { sealing, head })
    }

    /// Where the chain stands.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Appends `records`: the operations that keep them.
    pub fn extend(&mut self, records: Vec<Record>) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut operations = Vec::with_capacity(1 + records.len() / 16);
        let (mut block, mut bytes) = (Vec::new(), 0);
        let mut before = self.head;
        for record in records {
            let size = codec::encode(&record).len();
            if bytes + size > BLOCK_BYTES && !block.is_empty() {
                operations.push(self.seal(before, std::mem::take(&mut block)));
                (before, bytes) = (self.head, 0);
            }
            bytes += size;
            self.head.append(&record);
            if let Some((key, access)) = access(self.head.sequence, &record) {
                let sealed = seal(&self.sealing, &key, &access);
                operations.push((key, sealed));
            }
            block.push(record);
        }
        if !block.is_empty() {
            operations.push(self.seal(before, block));
        }
        operations
    }

    fn seal(&self, before: Head, records: Vec<Record>) -> (Vec<u8>, Vec<u8>) {
        let key = keys::audit(before.sequence + 1);
        let sealed = seal(&self.sealing, &key, &Block { before: before.hash, records });
        (key, sealed)
    }
}

/// The entry of a conversation's index that belongs to a record.
fn access(sequence: u64, record: &Record) -> Option<(Vec<u8>, AccessRecord)> {
    let Subject::Conversation(conversation) = record.subject else { return None };
    let access = AccessRecord { at: record.at, person: record.actor, action: record.action };
    let key = || keys::access(conversation, sequence);
    record.action.is_access().then(|| (key(), access))
}
