//! The audit log checked against itself, and its oldest part removed.

use shared_proto::audit::Subject;
use shared_proto::limits;
use shared_proto::time::Millis;

use super::{AccessRecord, Block, Floor, Head, access, floor};
use crate::store::engine::{Batch, Direction, Expect};
use crate::store::{Store, StoreError, keys, unseal};

/// Blocks read from the engine at once.
const CHUNK: usize = 64;

/// What a check of the whole log found to be in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The last record that was removed for its age; sequence 0 when none was.
    pub removed: Head,
    /// Where the log ends.
    pub head: Head,
    /// Where the chain stood at the record that was asked about; `None` when that is not kept.
    pub asked: Option<Head>,
}

fn damaged(sequence: u64, what: &'static str) -> StoreError {
    StoreError::Audit { sequence, what }
}

/// Checks that no record is changed, missing, or in another's place, and that the index of
/// accesses says what the log says. `ask` names a record whose place in the chain is wanted.
///
/// # Errors
/// [`StoreError::Audit`] with the first record that is not as it was written.
pub fn verify(store: &Store, ask: Option<u64>) -> Result<Checked, StoreError> {
    let removed = floor(&store.engine, &store.records)?.removed;
    let mut checked = Checked { removed, head: removed, asked: None };
    let note = |head: &Head, asked: &mut Option<Head>| {
        if Some(head.sequence) == ask {
            *asked = Some(*head);
        }
    };
    note(&checked.head, &mut checked.asked);
    let mut range = keys::prefix_range(keys::AUDIT);
    loop {
        let found = store.engine.scan(range.clone(), CHUNK, Direction::Forward)?;
        let Some((last, _)) = found.last() else { break };
        range.start = keys::after(last);
        for (key, sealed) in &found {
            let next = checked.head.sequence + 1;
            let first = keys::parse_audit(key).ok_or(StoreError::Damaged(super::WHAT))?;
            if first > next {
                return Err(damaged(next, "it is missing"));
            }
            if first < next {
                return Err(damaged(first, "it is there twice"));
            }
            let (_, block) = Block::open(&store.records, key, sealed)?;
            if block.before != checked.head.hash {
                return Err(damaged(first, "it does not follow from the one before"));
            }
            for record in &block.records {
                checked.head.append(record);
                note(&checked.head, &mut checked.asked);
                let sequence = checked.head.sequence;
                let Some((key, expected)) = access(sequence, record) else { continue };
                let Some(kept) = store.engine.get(&key)? else {
                    return Err(damaged(sequence, "its conversation does not show it"));
                };
                let kept: AccessRecord = unseal(&store.records, &key, &kept, "access")?;
                if kept != expected {
                    return Err(damaged(sequence, "its conversation shows it otherwise"));
                }
            }
        }
    }
    check_index(store, &checked)?;
    Ok(checked)
}

/// Everything a conversation shows is in the log. What was added since the log was read is left
/// for the next time.
fn check_index(store: &Store, checked: &Checked) -> Result<(), StoreError> {
    store.for_each(keys::ACCESSES, "access", |key, _: AccessRecord| {
        let (conversation, sequence) =
            keys::parse_access(key).ok_or(StoreError::Damaged("access"))?;
        if sequence > checked.head.sequence {
            return Ok(());
        }
        let until = keys::audit(sequence + 1);
        let range = keys::prefix_range(keys::AUDIT).start..until;
        let found = store.engine.scan(range, 1, Direction::Backward)?;
        let Some((key, sealed)) = found.first() else {
            return Err(damaged(sequence, "a conversation shows it, and it is missing"));
        };
        let (first, block) = Block::open(&store.records, key, sealed)?;
        let record = usize::try_from(sequence - first).ok().and_then(|n| block.records.get(n));
        let of = Subject::Conversation(conversation);
        if record.is_some_and(|record| record.subject == of && record.action.is_access()) {
            return Ok(());
        }
        Err(damaged(sequence, "a conversation shows it that it is not about"))
    })
}

/// A step of removing what is too old.
pub struct Prune {
    /// To be committed; it conflicts when somebody else removes records meanwhile.
    pub batch: Batch,
    /// Records that go.
    pub records: u64,
}

/// The next step of removing records from before `cutoff`: whole blocks from the oldest on, as
/// long as nothing in them is younger. The last block always stays: the chain goes on from it.
/// What is removed leaves the hash the rest begins with. `None`: nothing is too old.
///
/// # Errors
/// When a block does not open.
pub fn prune(store: &Store, cutoff: Millis) -> Result<Option<Prune>, StoreError> {
    let key = keys::audit_floor();
    let before = store.engine.get(&key)?;
    let mut head = floor(&store.engine, &store.records)?.removed;
    let from = head.sequence;
    let mut batch =
        Batch { expect: vec![Expect { key: key.clone(), value: before }], ..Batch::default() };
    let found = store.engine.scan(keys::prefix_range(keys::AUDIT), CHUNK, Direction::Forward)?;
    let kept = found.len().saturating_sub(1);
    for (block_key, sealed) in &found[..kept] {
        let (first, block) = Block::open(&store.records, block_key, sealed)?;
        if first != head.sequence + 1 || block.before != head.hash {
            return Err(damaged(first, "it does not follow from the one before"));
        }
        let full = batch.operations() + block.records.len() + 2 > limits::ENGINE_BATCH_OPERATIONS;
        if full || block.records.iter().any(|record| record.at >= cutoff) {
            break;
        }
        for record in &block.records {
            head.append(record);
            batch.delete.extend(access(head.sequence, record).map(|(key, _)| key));
        }
        batch.delete.push(block_key.to_vec());
    }
    if head.sequence == from {
        return Ok(None);
    }
    batch.put.push((key.clone(), store.seal(&key, &Floor { removed: head })));
    Ok(Some(Prune { batch, records: head.sequence - from }))
}
