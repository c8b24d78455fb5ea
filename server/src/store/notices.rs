//! Notices as they are kept: up to where it has been decided who is told, what each has been told,
//! and what waits to be sent. What is decided and what comes of it are one commit. Whoever changes what
//! somebody has been told holds `Notices::records` from before they read it until that is durable.

mod job;
mod told;

use serde::{Deserialize, Serialize};
use shared_proto::id::{ConversationId, DeviceId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::notice::Channel;
use shared_proto::notice::ask::PushDevice;
use shared_proto::time::Millis;

use super::engine::{Batch, Direction};
use super::people::PersonRecord;
use super::vault::SealingKey;
use super::{Store, StoreError, keys, seal, unseal, unseal_record};

pub use job::{Job, Named};
pub use told::{NoticeRecord, Stage};

/// What stands under a key of what is decided again.
pub const DUE: u8 = 1;

/// What a notice is called: who is told of what, on which channel and to which browser, and whether
/// for the first time. Decided twice it is the same notice.
#[must_use]
pub fn name(
    store: &Store,
    channel: Channel,
    about: (ConversationId, Option<EntryId>),
    person: PersonId,
    device: Option<[u8; 16]>,
    reminds: bool,
) -> [u8; 16] {
    let (conversation, read) = about;
    let channel = channel.name();
    let name = format!("{conversation}/{read:?}/{person}/{channel}/{device:?}/{reminds}");
    let hash = store.vault.name("notice", &name);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

/// A page of jobs under a range of keys; those that do not open are left out and named in the log.
///
/// # Errors
/// When the engine fails.
pub fn jobs(
    store: &Store,
    range: std::ops::Range<Vec<u8>>,
    limit: usize,
) -> Result<(Vec<Named>, Option<Vec<u8>>), StoreError> {
    let page = store.engine.scan(range, limit, Direction::Forward)?;
    let next = page.last().map(|(last, _)| keys::after(last));
    let opened = page.iter().filter_map(|(key, sealed)| {
        let (channel, since, id) = keys::parse_notice_job(key)?;
        match unseal_record(store, key, sealed, "notice") {
            Ok(job) => Some(Named { channel, since, id, job }),
            Err(error) => {
                tracing::error!(%error, "a notice cannot be sent");
                None
            }
        }
    });
    Ok((opened.collect(), next))
}

/// How many keys there are in a range, at most `limit`.
///
/// # Errors
/// When the engine fails.
pub fn count(
    store: &Store,
    mut range: std::ops::Range<Vec<u8>>,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut count = 0;
    while count < limit {
        let page = store.engine.scan(range.clone(), 256, Direction::Forward)?;
        let Some((last, _)) = page.last() else { break };
        range.start = keys::after(last);
        count += page.len();
    }
    Ok(count)
}

/// Up to which entry it has been decided.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn mark(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Option<EntryId>, StoreError> {
    let key = keys::notice_mark(conversation);
    let sealed = store.engine.get(&key)?;
    sealed.map(|sealed| unseal(sealing, &key, &sealed, "notice mark")).transpose()
}

/// The operation that keeps up to which entry it has been decided.
#[must_use]
pub fn put_mark(
    sealing: &SealingKey,
    conversation: ConversationId,
    entry: EntryId,
) -> (Vec<u8>, Vec<u8>) {
    let key = keys::notice_mark(conversation);
    let sealed = seal(sealing, &key, &entry);
    (key, sealed)
}

/// What one has been told of a conversation, or will be.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn of_one(
    store: &Store,
    sealing: &SealingKey,
    (conversation, person): (ConversationId, PersonId),
) -> Result<Option<NoticeRecord>, StoreError> {
    let key = keys::notice(conversation, person);
    let sealed = store.engine.get(&key)?;
    sealed.map(|sealed| unseal(sealing, &key, &sealed, "notice")).transpose()
}

/// What each in a conversation has been told, or will be.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn of_conversation(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Vec<(PersonId, NoticeRecord)>, StoreError> {
    let limit = limits::MEMBERSHIPS * 2;
    let rows = store.engine.scan(keys::notices_in(conversation), limit, Direction::Forward)?;
    let each = rows.iter().map(|(key, sealed)| {
        let (_, person) = keys::parse_notice(key).ok_or(StoreError::Damaged("notice"))?;
        Ok((person, unseal(sealing, key, sealed, "notice")?))
    });
    each.collect()
}

/// Adds to `batch` what somebody has been told from now on, in place of what was `before`.
pub fn put(
    store: &Store,
    sealing: &SealingKey,
    (conversation, person): (ConversationId, PersonId),
    before: Option<&NoticeRecord>,
    record: Option<&NoticeRecord>,
    batch: &mut Batch,
) {
    let due = |record: Option<&NoticeRecord>| record.and_then(|record| record.due);
    if due(before) != due(record) {
        if let Some(at) = due(before) {
            batch.delete.push(keys::notice_due(at, conversation, person));
        }
        if let Some(at) = due(record) {
            let key = keys::notice_due(at, conversation, person);
            let sealed = store.seal(&key, &DUE);
            batch.put.push((key, sealed));
        }
    }
    let key = keys::notice(conversation, person);
    match record {
        Some(record) => {
            let sealed = seal(sealing, &key, record);
            batch.put.push((key, sealed));
        }
        None if before.is_some() => batch.delete.push(key),
        None => {}
    }
}

/// One thing that is decided again.
pub type Due = (Millis, ConversationId, PersonId);

/// What is decided again by `now`, the first first, at most [`limits::NOTICE_PAGE`]; and when the
/// first of the rest is.
///
/// # Errors
/// When the engine fails.
pub fn due(store: &Store, now: Millis) -> Result<(Vec<Due>, Option<Millis>), StoreError> {
    let range = keys::prefix_range(keys::NOTICES_DUE);
    let scan = |range| {
        let rows = store.engine.scan(range, limits::NOTICE_PAGE + 1, Direction::Forward)?;
        let each = rows.iter().filter_map(|(key, _)| keys::parse_notice_due(key));
        Ok::<Vec<Due>, StoreError>(each.collect())
    };
    let mut all = scan(range.clone())?;
    let ready = all.iter().take_while(|(at, ..)| *at <= now).count();
    let next = all.get(ready).map(|(at, ..)| *at);
    all.truncate(ready.min(limits::NOTICE_PAGE));
    if all.is_empty() {
        // What is put off for longer than anything is was put off by another clock.
        let ahead = Millis(now.0.saturating_add(limits::NOTICE_PUT_OFF_MS)).0.to_be_bytes();
        let from = [keys::NOTICES_DUE, &ahead].concat();
        all = scan(from..range.end)?;
        all.truncate(limits::NOTICE_PAGE);
    }
    Ok((all, next))
}

/// Since when notices are kept: it is `now` for a store that has none yet.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn since(store: &Store, now: Millis) -> Result<(Millis, Batch), StoreError> {
    let key = keys::notices_since();
    // One in the future was written by a clock that was ahead.
    if let Some(since) = store.get(&key, "notices")?.filter(|since| *since <= now) {
        return Ok((since, Batch::default()));
    }
    let put = vec![(key.clone(), store.seal(&key, &now))];
    Ok((now, Batch { put, ..Batch::default() }))
}

/// A browser that may be pushed to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRecord {
    /// As it said.
    pub device: PushDevice,
    /// The session it said so in: who signs out of that takes it back.
    pub session: DeviceId,
    /// When.
    pub since: Millis,
}

/// What a browser is called: the same for the same address.
#[must_use]
pub fn device_id(store: &Store, endpoint: &str) -> [u8; 16] {
    let hash = store.vault.name("push device", endpoint);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

/// The browsers of somebody that may be pushed to, the oldest first.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn devices(
    store: &Store,
    person: PersonId,
) -> Result<Vec<([u8; 16], DeviceRecord)>, StoreError> {
    let range = keys::push_devices_of(person);
    let rows = store.engine.scan(range, limits::PUSH_DEVICES * 2, Direction::Forward)?;
    let each = rows.iter().map(|(key, sealed)| {
        let (_, id) = keys::parse_push_device(key).ok_or(StoreError::Damaged("push device"))?;
        Ok((id, unseal_record::<DeviceRecord>(store, key, sealed, "push device")?))
    });
    let mut devices = each.collect::<Result<Vec<_>, StoreError>>()?;
    devices.sort_by_key(|(_, record)| record.since);
    Ok(devices)
}

/// Adds to `batch` that those browsers of somebody are pushed to no more that were allowed in a session
/// that is `meant`; how many there are.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn forget(
    store: &Store,
    person: PersonId,
    meant: impl Fn(DeviceId) -> bool,
    batch: &mut Batch,
) -> Result<usize, StoreError> {
    let before = batch.delete.len();
    for (id, record) in devices(store, person)? {
        if meant(record.session) {
            batch.delete.push(keys::push_device(person, &id));
        }
    }
    Ok(batch.delete.len() - before)
}

/// All of them open, and are about people and conversations there are.
///
/// # Errors
/// `Damaged` when one does not.
pub fn check(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let known = |person: PersonId| people.iter().any(|known| known.id == person);
    for prefix in [keys::NOTICE_JOBS, keys::NOTICES_DEAD] {
        store.for_each(prefix, "notice", |key, job: Job| match keys::parse_notice_job(key) {
            Some(_) if known(job.person) => Ok(()),
            _ => Err(StoreError::Damaged("notice (to nobody)")),
        })?;
    }
    store.for_each(keys::PUSH_DEVICES, "push device", |key, _: DeviceRecord| {
        match keys::parse_push_device(key) {
            Some((person, _)) if known(person) => Ok(()),
            _ => Err(StoreError::Damaged("push device (of nobody)")),
        }
    })
}

/// What is decided again is of somebody who waits for it.
///
/// # Errors
/// `Damaged` when one is not.
pub fn check_due(store: &Store) -> Result<(), StoreError> {
    store.for_each(keys::NOTICES_DUE, "notice due", |key, _: u8| {
        let found = keys::parse_notice_due(key);
        let (_, conversation, person) = found.ok_or(StoreError::Damaged("notice due"))?;
        match store.engine.get(&keys::notice(conversation, person))? {
            Some(_) => Ok(()),
            None => Err(StoreError::Damaged("notice due (of nothing)")),
        }
    })
}
