//! Notices as they are kept: up to where it has been decided who is told, what each has been told,
//! and what waits to be sent. What is decided and what comes of it are one commit. Whoever changes what
//! somebody has been told holds `Notices::records` from before they read it until that is durable.

use base64ct::{Base64UrlUnpadded, Encoding};
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

/// What stands under a key of what is decided again.
pub const DUE: u8 = 1;

/// What somebody has been told of one conversation, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRecord {
    /// The newest entry that concerned them when it was last decided.
    pub newest: EntryId,
    /// How far it has come.
    pub stage: Stage,
    /// When it is decided again.
    pub due: Option<Millis>,
}

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// They are told later, unless they have read it by then.
    Held,
    /// They were told, when they had read so far, by how many notices is not known: as [`Self::Out`],
    /// from before that was counted.
    Told(Option<EntryId>),
    /// They were told twice, as [`Self::OutTwice`], from before that was counted.
    Reminded(Option<EntryId>),
    /// They were told.
    Out {
        /// When they had read so far.
        read: Option<EntryId>,
        /// So many notices of it went, or wait to. One that is not wanted any more before it went is
        /// none of them; when none is left, nobody was told.
        count: u8,
    },
    /// They were told twice.
    OutTwice {
        /// When they had read so far.
        read: Option<EntryId>,
        /// The same, of both times.
        count: u8,
    },
}

impl Stage {
    /// How far they had read when they were told.
    #[must_use]
    pub const fn told(self) -> Option<Option<EntryId>> {
        match self {
            Self::Held => None,
            Self::Told(read)
            | Self::Reminded(read)
            | Self::Out { read, .. }
            | Self::OutTwice { read, .. } => Some(read),
        }
    }

    /// After they are told once more, by so many notices.
    #[must_use]
    pub const fn reminded(self, more: u8) -> Self {
        match self {
            Self::Out { read, count } | Self::OutTwice { read, count } => {
                Self::OutTwice { read, count: count.saturating_add(more) }
            }
            Self::Told(read) | Self::Reminded(read) => Self::Reminded(read),
            Self::Held => Self::Held,
        }
    }

    /// After so many notices of a burst that began when they had read so far do not go: as it was where
    /// that is not this one or is not known, and [`Self::Held`] when none is left.
    #[must_use]
    pub fn without(self, of: Option<EntryId>, gone: u8) -> Self {
        match self {
            Self::Out { read, count } | Self::OutTwice { read, count }
                if read == of && count <= gone =>
            {
                Self::Held
            }
            Self::Out { read, count } if read == of => Self::Out { read, count: count - gone },
            Self::OutTwice { read, count } if read == of => {
                Self::OutTwice { read, count: count - gone }
            }
            other => other,
        }
    }
}

/// A notice that waits to be sent. Where to, and whether it still is, is looked up then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// To whom.
    pub person: PersonId,
    /// The conversation it is about, and how far they had read there; `None` for one that somebody
    /// sends to try.
    pub about: Option<(ConversationId, Option<EntryId>)>,
    /// The browser it goes to, of a push.
    pub device: Option<[u8; 16]>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub due_at: Millis,
    /// How often it was on its way when the server last wrote this. More than nothing, once it starts:
    /// the server went down, and nobody knows whether it arrived.
    pub underway: u8,
    /// Why it was not taken, without anything about a person; empty while it was not tried.
    pub problem: String,
}

impl Job {
    /// One that was never tried.
    #[must_use]
    pub const fn new(person: PersonId, now: Millis) -> Self {
        Self {
            person,
            about: None,
            device: None,
            tries: 0,
            due_at: now,
            underway: 0,
            problem: String::new(),
        }
    }
}

/// A job, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// On which channel.
    pub channel: Channel,
    /// Since when it waits.
    pub since: Millis,
    /// The same for the same notice, whenever it is decided: a keyed hash.
    pub id: [u8; 16],
    /// What is sent.
    pub job: Job,
}

impl Named {
    /// Its key while it waits.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        keys::notice_job(self.channel, self.since, &self.id)
    }

    /// Its key once it is set aside.
    #[must_use]
    pub fn dead_key(&self) -> Vec<u8> {
        keys::notice_dead(self.channel, self.since, &self.id)
    }

    /// Adds to `batch` that it is set aside for the operator, and why.
    pub fn put_dead(&self, store: &Store, problem: String, batch: &mut Batch) {
        let key = self.dead_key();
        let job = Job { problem, underway: 0, ..self.job.clone() };
        batch.put.push((key.clone(), store.seal(&key, &job)));
    }

    /// Itself as text that says nothing to anybody else: base64url without padding, some 200
    /// characters. A gateway is given it to say what became of the notice.
    #[must_use]
    pub fn token(&self, store: &Store) -> String {
        let key = self.dead_key();
        let job = Job { problem: String::new(), ..self.job.clone() };
        let sealed = store.seal(&key, &job);
        Base64UrlUnpadded::encode_string(
            &[&self.since.0.to_be_bytes()[..], &self.id, &sealed].concat(),
        )
    }

    /// The notice of `channel` that [`Self::token`] made the text of; `None` for any other text.
    #[must_use]
    pub fn of_token(store: &Store, channel: Channel, token: &str) -> Option<Self> {
        let bytes = Base64UrlUnpadded::decode_vec(token).ok()?;
        let (since, rest) = bytes.split_first_chunk::<8>()?;
        let (id, sealed) = rest.split_first_chunk::<16>()?;
        let since = Millis(u64::from_be_bytes(*since));
        let key = keys::notice_dead(channel, since, id);
        let job = unseal_record(store, &key, sealed, "notice").ok()?;
        Some(Self { channel, since, id: *id, job })
    }

    /// Adds to `batch` that it waits as it is now.
    pub fn put(&self, store: &Store, batch: &mut Batch) {
        let key = self.key();
        let sealed = store.seal(&key, &self.job);
        batch.put.push((key, sealed));
    }
}

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
