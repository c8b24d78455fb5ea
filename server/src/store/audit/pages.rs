//! The audit log read a page at a time, newest first.

use shared_proto::audit::{Access, AccessPage, AuditEntry, AuditFilter, AuditPage};
use shared_proto::id::ConversationId;
use shared_proto::limits;

use super::{AccessRecord, Block};
use crate::store::engine::Direction;
use crate::store::{Store, StoreError, keys, unseal};

/// Blocks read from the engine at once.
const CHUNK: usize = 16;

/// Records `filter` wants, newest first, before sequence number `before`; at most
/// [`limits::AUDIT_ROWS`], from at most [`limits::AUDIT_BLOCKS_READ`] stored values.
///
/// # Errors
/// When a block does not open.
pub(crate) fn page(
    store: &Store,
    filter: &AuditFilter,
    before: Option<u64>,
) -> Result<AuditPage, StoreError> {
    let mut page = AuditPage::default();
    let mut range = keys::prefix_range(keys::AUDIT);
    if let Some(before) = before {
        range.end = keys::audit(before);
    }
    let mut read = 0;
    loop {
        let found = store.engine.scan(range.clone(), CHUNK, Direction::Backward)?;
        for (key, sealed) in &found {
            let (first, block) = Block::open(&store.records, key, sealed)?;
            range.end = key.to_vec();
            page.next = Some(first);
            for (index, record) in block.records.into_iter().enumerate().rev() {
                let sequence = first + index as u64;
                if before.is_some_and(|before| sequence >= before) {
                    continue;
                }
                let entry = record.entry(sequence);
                if !filter.wants(&entry) {
                    continue;
                }
                page.entries.push(entry);
                if page.entries.len() == limits::AUDIT_ROWS {
                    page.next = Some(sequence);
                    return Ok(page);
                }
            }
        }
        read += found.len();
        if found.len() < CHUNK {
            page.next = None;
            return Ok(page);
        }
        if read >= limits::AUDIT_BLOCKS_READ {
            return Ok(page);
        }
    }
}

/// Who opened or exported a conversation, newest first, before `before`; at most
/// [`limits::ACCESS_ROWS`].
///
/// # Errors
/// When an entry of its index does not open.
pub(crate) fn accesses(
    store: &Store,
    conversation: ConversationId,
    before: Option<u64>,
) -> Result<AccessPage, StoreError> {
    let mut range = keys::accesses(conversation);
    if let Some(before) = before {
        range.start = keys::access(conversation, before.saturating_sub(1));
    }
    let found = store.engine.scan(range, limits::ACCESS_ROWS + 1, Direction::Forward)?;
    let mut page = AccessPage::default();
    let mut last = None;
    for (key, sealed) in found.iter().take(limits::ACCESS_ROWS) {
        let kept: AccessRecord = unseal(&store.records, key, sealed, "access")?;
        let AccessRecord { at, person, action } = kept;
        page.accesses.push(Access { at, person, action });
        last = keys::parse_access(key).map(|(_, sequence)| sequence);
    }
    page.next = last.filter(|_| found.len() > limits::ACCESS_ROWS);
    Ok(page)
}

/// Every record `filter` wants up to sequence number `until`, oldest first.
///
/// # Errors
/// When a block does not open; what `each` answers.
pub(crate) fn export<E: From<StoreError>>(
    store: &Store,
    filter: &AuditFilter,
    until: u64,
    mut each: impl FnMut(AuditEntry) -> Result<(), E>,
) -> Result<(), E> {
    let mut range = keys::prefix_range(keys::AUDIT);
    loop {
        let found = store.engine.scan(range.clone(), CHUNK, Direction::Forward);
        let found = found.map_err(StoreError::from)?;
        let Some((last, _)) = found.last() else { return Ok(()) };
        range.start = keys::after(last);
        for (key, sealed) in &found {
            let (first, block) = Block::open(&store.records, key, sealed)?;
            for (sequence, record) in (first..).zip(block.records) {
                if sequence > until {
                    return Ok(());
                }
                let entry = record.entry(sequence);
                if filter.wants(&entry) {
                    each(entry)?;
                }
            }
        }
    }
}
