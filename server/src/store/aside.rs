//! What lies beside a conversation's log: drafts, and commands that wait to be decided, which are
//! their author's alone; and when its host was last said to be away. Sealed with the conversation's
//! key. Forms that are being filled in are beside it too, and have a file of their own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared_proto::conversation::command::Command;
use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::Pending;

use super::engine::{Batch, Direction};
use super::forms::{self, OpenForm};
use super::settled::{self, SettledAt};
use super::vault::SealingKey;
use super::{Store, StoreError, keys, parts, seal, unseal};

/// What stands under a key of what is due.
pub const DUE: u8 = 1;

/// That somebody's composer is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftAt {
    /// Whose.
    pub person: PersonId,
    /// How many parts it has.
    pub parts: usize,
}

/// Something of somebody's that waits, without what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingAt {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub id: ClientMessageId,
    /// When, and how it went.
    pub record: PendingRecord,
}

/// What is kept of it besides the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRecord {
    /// When.
    pub due: Millis,
    /// Whether it is a message.
    pub message: bool,
    /// Of how many parts the command is.
    pub parts: u8,
    /// Why it was not done when it was due.
    pub refused: Option<Refusal>,
}

/// All that lies beside a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// Whose composer holds something.
    pub drafts: Vec<DraftAt>,
    /// What waits.
    pub pending: Vec<PendingAt>,
    /// What waited. Shared, as forms are.
    pub settled: Arc<Vec<SettledAt>>,
    /// Forms given and not submitted, oldest first. Shared: each batch of the room begins with what
    /// there is.
    pub forms: Arc<Vec<OpenForm>>,
    /// When its host was last said to be away.
    pub away: Option<Millis>,
}

/// What lies beside a conversation.
///
/// # Errors
/// `Damaged` when something does not open.
pub fn load(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Aside, StoreError> {
    let mut aside = Aside::default();
    each(store, keys::drafts(conversation), |key, _| {
        let person = keys::parse_draft(key).ok_or(StoreError::Damaged("draft"))?;
        match aside.drafts.last_mut().filter(|draft| draft.person == person) {
            Some(draft) => draft.parts += 1,
            None => aside.drafts.push(DraftAt { person, parts: 1 }),
        }
        Ok(())
    })?;
    each(store, keys::pending_in(conversation), |key, sealed| {
        let (person, id) = keys::parse_pending(key).ok_or(StoreError::Damaged("pending"))?;
        let record = unseal(sealing, key, sealed, "pending")?;
        aside.pending.push(PendingAt { person, id, record });
        Ok(())
    })?;
    aside.settled = Arc::new(settled::load(store, sealing, conversation)?);
    aside.forms = Arc::new(forms::open_in(store, sealing, conversation)?);
    let key = keys::away(conversation);
    let away = store.engine.get(&key)?;
    aside.away = away.map(|sealed| unseal(sealing, &key, &sealed, "away")).transpose()?;
    Ok(aside)
}

/// The operation that keeps when the host of a conversation was last said to be away.
#[must_use]
pub fn put_away(
    sealing: &SealingKey,
    conversation: ConversationId,
    at: Millis,
) -> (Vec<u8>, Vec<u8>) {
    let key = keys::away(conversation);
    let sealed = seal(sealing, &key, &at);
    (key, sealed)
}

fn each(
    store: &Store,
    mut range: std::ops::Range<Vec<u8>>,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    loop {
        let page = store.engine.scan(range.clone(), limits::PENDING_PAGE, Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            each(key, sealed)?;
        }
    }
}

/// What stands in somebody's composer.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn draft(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    person: PersonId,
) -> Result<String, StoreError> {
    let key = keys::draft(conversation, person);
    let found = parts::get(&store.engine, sealing, &key, "draft")?;
    Ok(found.map(|(text, _)| text).unwrap_or_default())
}

/// Adds to `batch` what keeps a draft, in place of one of `before` parts; how many it has now.
pub fn put_draft(
    sealing: &SealingKey,
    conversation: ConversationId,
    person: PersonId,
    text: &str,
    before: usize,
    batch: &mut Batch,
) -> usize {
    let key = keys::draft(conversation, person);
    if text.is_empty() {
        parts::delete(&key, before, batch);
        return 0;
    }
    parts::put(sealing, &key, text, before, batch)
}

/// What waits, whole; `None` when it does not any more.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn pending(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    at: &PendingAt,
) -> Result<Option<Pending>, StoreError> {
    let key = keys::command(conversation, at.person, at.id);
    let found = parts::get(&store.engine, sealing, &key, "pending command")?;
    let PendingRecord { due, refused, .. } = at.record;
    Ok(found.map(|(command, _)| Pending { id: at.id, due, command, refused }))
}

/// Adds to `batch` what keeps something that waits; as it is found from now on.
pub fn put_pending(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    person: PersonId,
    pending: &Pending,
    batch: &mut Batch,
) -> PendingAt {
    let id = pending.id;
    let key = keys::command(conversation, person, id);
    let parts = parts::put(sealing, &key, &pending.command, 0, batch) as u8;
    let message = matches!(pending.command, Command::Send { .. });
    let record = PendingRecord { due: pending.due, message, parts, refused: pending.refused };
    let key = keys::pending(conversation, person, id);
    batch.put.push((key.clone(), seal(sealing, &key, &record)));
    let key = keys::due(pending.due, conversation, person, id);
    let sealed = store.seal(&key, &DUE);
    batch.put.push((key, sealed));
    PendingAt { person, id, record }
}

/// Adds to `batch` what removes something that waited, but for the command with `keep`.
pub fn delete_pending(conversation: ConversationId, at: &PendingAt, keep: bool, batch: &mut Batch) {
    let PendingAt { person, id, record } = *at;
    if !keep {
        parts::delete(&keys::command(conversation, person, id), usize::from(record.parts), batch);
    }
    batch.delete.push(keys::pending(conversation, person, id));
    batch.delete.push(keys::due(record.due, conversation, person, id));
}

/// Adds to `batch` that it was refused when it was due: it stays, and is due no more.
pub fn refuse_pending(
    sealing: &SealingKey,
    conversation: ConversationId,
    at: &PendingAt,
    why: Refusal,
    batch: &mut Batch,
) -> PendingAt {
    let record = PendingRecord { refused: Some(why), ..at.record };
    let key = keys::pending(conversation, at.person, at.id);
    batch.put.push((key.clone(), seal(sealing, &key, &record)));
    batch.delete.push(keys::due(record.due, conversation, at.person, at.id));
    PendingAt { record, ..*at }
}

/// One thing that is due.
pub type Due = (Millis, ConversationId, PersonId, ClientMessageId);

/// What is due by `now` after another thing that is, the first first, at most
/// [`limits::PENDING_PAGE`]; and when the first of the rest is.
///
/// # Errors
/// When the engine fails.
pub fn due(
    store: &Store,
    now: Millis,
    after: Option<Due>,
) -> Result<(Vec<Due>, Option<Millis>), StoreError> {
    let mut range = keys::prefix_range(keys::DUE);
    if let Some((at, conversation, person, id)) = after {
        range.start = keys::after(&keys::due(at, conversation, person, id));
    }
    let rows = store.engine.scan(range, limits::PENDING_PAGE + 1, Direction::Forward)?;
    let parse = |key: &[u8]| keys::parse_due(key).ok_or(StoreError::Damaged("due"));
    let mut all = rows.iter().map(|(key, _)| parse(key)).collect::<Result<Vec<_>, _>>()?;
    let ready = all.iter().take_while(|(at, ..)| *at <= now).count();
    let next = all.get(ready).map(|(at, ..)| *at);
    all.truncate(ready.min(limits::PENDING_PAGE));
    Ok((all, next))
}
