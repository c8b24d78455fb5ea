//! Changes that clients made of what the practice keeps of them, and that their providers are still
//! to be told. Each is kept in the same commit as the change, for the conversation it is to be told
//! in, and removed in the commit of the entry that tells it: so it is told once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shared_proto::conversation::event::Part;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;

use super::engine::{Batch, Direction};
use super::keys::Shelf;
use super::people::PersonRecord;
use super::{Store, StoreError, conversations, keys, people};

/// A change that is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRecord {
    /// Whom: a conversation with them begins where there is none.
    pub provider: PersonId,
    /// What was changed.
    pub parts: Vec<Part>,
}

/// Where a change is to be told, whose it is, and of which revision of theirs.
pub type Told = (ConversationId, PersonId, u64);

/// Adds to `batch` that each provider this client is assigned to is to be told of a change: in the
/// newest ongoing conversation they lead with the client, or in one of its own.
///
/// # Errors
/// When the engine fails.
pub fn intend(
    store: &Store,
    client: &PersonRecord,
    parts: &[Part],
    batch: &mut Batch,
) -> Result<(), StoreError> {
    if parts.is_empty() || client.assigned.is_empty() {
        return Ok(());
    }
    let found = led_by(store, client)?;
    for provider in &client.assigned {
        let conversation = match found.get(provider) {
            Some(known) => Some(*known),
            None => of_its_own(store, client.id, *provider)?,
        };
        let Some(conversation) = conversation else { continue };
        let record = ActivityRecord { provider: *provider, parts: parts.to_vec() };
        batch.put.push(put(store, (conversation, client.id, client.revision), &record));
    }
    Ok(())
}

/// A key, and what lies under it, sealed.
type Kept = (Vec<u8>, Vec<u8>);

/// What keeps a change that is to be told.
fn put(store: &Store, told: Told, record: &ActivityRecord) -> Kept {
    let (conversation, client, revision) = told;
    let key = keys::activity(conversation, client, revision);
    let sealed = store.seal(&key, record);
    (key, sealed)
}

/// What keeps a change where it can be told once the client, or their provider, has left the
/// conversation it was kept for; `None` where it is to be told to nobody any more.
///
/// # Errors
/// When the engine fails.
pub fn elsewhere(
    store: &Store,
    client: PersonId,
    revision: u64,
    record: &ActivityRecord,
) -> Result<Option<Kept>, StoreError> {
    let Some(person) = people::load(store, client)? else { return Ok(None) };
    if !person.assigned.contains(&record.provider) {
        return Ok(None);
    }
    let conversation = match led_by(store, &person)?.get(&record.provider) {
        Some(known) => Some(*known),
        None => of_its_own(store, client, record.provider)?,
    };
    Ok(conversation.map(|conversation| put(store, (conversation, client, revision), record)))
}

/// The newest ongoing conversation of a client with each of their providers who leads one.
fn led_by(
    store: &Store,
    client: &PersonRecord,
) -> Result<HashMap<PersonId, ConversationId>, StoreError> {
    let mut found = HashMap::new();
    let live = keys::inbox(client.id, Shelf::Live);
    for (key, _) in store.engine.scan(live, limits::ACTIVITY_SOUGHT, Direction::Forward)? {
        if found.len() == client.assigned.len() {
            break;
        }
        let (_, conversation) =
            keys::parse_inbox_row(&key).ok_or(StoreError::Damaged("inbox row"))?;
        // One that is damaged keeps nobody from changing what is theirs.
        let Ok(Some(loaded)) = conversations::load(store, conversation) else { continue };
        let state = loaded.header.state;
        let Some(host) = state.host().filter(|host| client.assigned.contains(host)) else {
            continue;
        };
        if state.session.is_none() && state.is_member(client.id) && state.is_member(host) {
            found.entry(host).or_insert(conversation);
        }
    }
    Ok(found)
}

/// The conversation that begins where there is none: the same for two, whatever is told in it, for
/// as long as both are in it, and then another. `None` once they have left them all.
fn of_its_own(
    store: &Store,
    client: PersonId,
    provider: PersonId,
) -> Result<Option<ConversationId>, StoreError> {
    for before in 0..limits::ACTIVITY_SOUGHT {
        let conversation = named(store, client, provider, before);
        match conversations::load(store, conversation) {
            Ok(None) => return Ok(Some(conversation)),
            Ok(Some(loaded)) => {
                let state = loaded.header.state;
                if state.is_member(client) && state.is_member(provider) {
                    return Ok(Some(conversation));
                }
            }
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// The conversation of two that begins after so many they have left.
fn named(store: &Store, client: PersonId, provider: PersonId, before: usize) -> ConversationId {
    let pair = format!("{client}/{provider}");
    let name = if before == 0 { pair } else { format!("{pair}/{before}") };
    let hash = store.vault.name("activity", &name);
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    ConversationId::from_random(random)
}

/// One that is to be told; `None` once it has been.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn load(store: &Store, key: &[u8]) -> Result<Option<ActivityRecord>, StoreError> {
    store.get(key, "activity")
}

/// What is to be told after another that is, at most [`limits::ACTIVITY_PAGE`].
///
/// # Errors
/// When the engine fails.
pub fn waiting(store: &Store, after: Option<Told>) -> Result<Vec<Told>, StoreError> {
    let mut range = keys::prefix_range(keys::ACTIVITIES);
    if let Some((conversation, client, revision)) = after {
        range.start = keys::after(&keys::activity(conversation, client, revision));
    }
    let rows = store.engine.scan(range, limits::ACTIVITY_PAGE, Direction::Forward)?;
    let parse = |key: &[u8]| keys::parse_activity(key).ok_or(StoreError::Damaged("activity"));
    rows.iter().map(|(key, _)| parse(key)).collect()
}

/// All of them open, and are of people there are.
///
/// # Errors
/// `Damaged` when one does not.
pub fn check(store: &Store, people: &[PersonRecord]) -> Result<(), StoreError> {
    let known = |person: PersonId| people.iter().any(|known| known.id == person);
    store.for_each(keys::ACTIVITIES, "activity", |key, record: ActivityRecord| {
        match keys::parse_activity(key) {
            Some((_, client, _)) if known(client) && known(record.provider) => Ok(()),
            _ => Err(StoreError::Damaged("activity (of nobody)")),
        }
    })
}
