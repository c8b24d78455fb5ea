//! Sessions: opaque 256-bit tokens, kept only as their hash, revocable at once, locked when nobody
//! is active (164.312(a)(2)(iii); ASVS 7.3).

use std::sync::Arc;

use rand::RngCore;
use shared_proto::id::{DeviceId, PersonId};
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::time::Millis;

use crate::auth::activity::Activity;
use crate::clock;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::factors;
use crate::store::people::{self, PersonRecord};
use crate::store::sessions::{self, SessionRecord, Stage, TokenHash};
use crate::store::{Store, StoreError, notices};

/// Name of the cookie. `__Host-`: secure, this host only, whole site (RFC 6265bis, 4.1.3.2).
pub const COOKIE: &str = "__Host-quietroom";
/// How far a clock may have been set back before a session from its future is void.
const CLOCK_SLACK_MS: u64 = 5 * 60 * 1_000;

/// Somebody signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// Who.
    pub person: Arc<PersonCard>,
    /// Under which session.
    pub token: TokenHash,
    /// What it is good for now.
    pub stage: Stage,
    /// What it is called.
    pub device: DeviceId,
    /// When it began.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When it was last active, as its record says.
    pub last_active: Millis,
    /// Whether they have a second factor.
    pub has_factor: bool,
}

#[cfg(test)]
impl SignedIn {
    /// Somebody signed in for ever.
    pub fn for_test(person: PersonCard) -> Self {
        Self {
            person: Arc::new(person),
            token: [0; 32],
            stage: Stage::Full,
            device: DeviceId::from_bytes([0; 16]),
            created_at: Millis(0),
            expires_at: Millis(u64::MAX),
            last_active: Millis(0),
            has_factor: false,
        }
    }
}

/// How long sessions last, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Lasting {
    /// Without activity, before it is locked.
    pub idle: u64,
    /// In all.
    pub absolute: u64,
}

/// The browser somebody signs in with, as far as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// Its name.
    pub name: String,
    /// Its system.
    pub system: String,
}

/// A new token, and its hash.
#[must_use]
pub fn token() -> (String, TokenHash) {
    let mut token = [0; 32];
    rand::rng().fill_bytes(&mut token);
    let token = hex(&token);
    let hash = sessions::hash(token.as_bytes());
    (token, hash)
}

/// A session that has begun.
pub struct Begun {
    /// Goes to the browser and nowhere else.
    pub token: String,
    /// Sessions that had to go for it: whoever is connected under one is cut.
    pub gone: Vec<TokenHash>,
}

/// Begins a session.
///
/// # Errors
/// When it could not be made durable.
pub async fn begin(
    store: &Arc<Store>,
    person: &PersonRecord,
    stage: Stage,
    lasts_ms: u64,
    browser: Browser,
) -> Result<Begun, StoreError> {
    let (token, hash) = token();
    let now = clock::now();
    let record = SessionRecord {
        person: person.id,
        epoch: person.session_epoch,
        device: DeviceId::from_bytes(rand::random()),
        stage,
        created_at: now,
        expires_at: Millis(now.0 + lasts_ms),
        last_active: now,
        browser: browser.name,
        system: browser.system,
    };
    let mut batch = Batch::default();
    sessions::put(store, &hash, &record, &mut batch);
    let id = person.id;
    let before = store.read(move |store| sessions::of(store, id, limits::DEVICES * 2)).await?;
    let mut gone = Vec::new();
    for (old, session) in surplus(before, limits::DEVICES - 1) {
        sessions::delete(&old, session.person, &mut batch);
        gone.push(old);
    }
    store.commit(batch).await?;
    Ok(Begun { token, gone })
}

/// Those least lately active beyond `most`.
fn surplus(
    mut sessions: Vec<(TokenHash, SessionRecord)>,
    most: usize,
) -> impl Iterator<Item = (TokenHash, SessionRecord)> {
    sessions.sort_by_key(|(_, session)| std::cmp::Reverse(session.last_active));
    sessions.into_iter().skip(most)
}

/// Who holds this token; `None` when nobody does, it has ended, or they may not sign in.
///
/// # Errors
/// When the store cannot be read.
pub async fn check(
    store: &Arc<Store>,
    activity: &Activity,
    lasting: Lasting,
    token: &str,
) -> Result<Option<SignedIn>, StoreError> {
    if token.len() != 64 {
        return Ok(None);
    }
    check_hash(store, activity, lasting, sessions::hash(token.as_bytes())).await
}

/// As [`check`], by the hash of the token.
///
/// # Errors
/// When the store cannot be read.
pub async fn check_hash(
    store: &Arc<Store>,
    activity: &Activity,
    lasting: Lasting,
    token: TokenHash,
) -> Result<Option<SignedIn>, StoreError> {
    let found = store.read(move |store| {
        let Some(session) = sessions::load(store, &token)? else { return Ok(None) };
        let Some(person) = people::load(store, session.person)? else { return Ok(None) };
        let has_factor = factors::has_factor(store, person.id)?;
        Ok(Some((session, person, has_factor)))
    });
    let Some((session, person, has_factor)) = found.await? else { return Ok(None) };
    let now = clock::now();
    let live = !has_ended(&session, now, lasting.absolute)
        && person.may_enter()
        && person.session_epoch == session.epoch;
    if !live {
        return Ok(None);
    }
    let last_active = activity.last(&token, session.last_active);
    let stage = match session.stage {
        Stage::Full if idle_left(last_active, now, lasting.idle) == 0 => Stage::Locked,
        stage => stage,
    };
    Ok(Some(SignedIn {
        person: Arc::new(person.card()),
        token,
        stage,
        device: session.device,
        created_at: session.created_at,
        expires_at: ends_at(&session, lasting.absolute),
        last_active: session.last_active,
        has_factor,
    }))
}

/// Milliseconds until a session is locked that was last active then; none when it was active in a
/// future the clock has been set back from, so that this does not keep it open.
#[must_use]
pub fn idle_left(last_active: Millis, now: Millis, idle_ms: u64) -> u64 {
    if last_active.0 > now.0.saturating_add(CLOCK_SLACK_MS) {
        return 0;
    }
    idle_ms.saturating_sub(now.since(last_active))
}

/// When a session ends: as it was begun with, or sooner when the owner has shortened sessions.
fn ends_at(session: &SessionRecord, absolute_ms: u64) -> Millis {
    session.expires_at.min(Millis(session.created_at.0.saturating_add(absolute_ms)))
}

/// Whether a session has ended; also when the clock has been set back to well before it began, so
/// that it cannot go on for ever.
fn has_ended(session: &SessionRecord, now: Millis, absolute_ms: u64) -> bool {
    ends_at(session, absolute_ms) <= now
        || session.created_at.0 > now.0.saturating_add(CLOCK_SLACK_MS)
}

/// Records that a session was active just now.
///
/// # Errors
/// When it could not be made durable.
pub async fn renew(store: &Arc<Store>, token: TokenHash) -> Result<(), StoreError> {
    let found = store.read(move |store| sessions::load_to_change(store, &token)).await?;
    let Some((mut session, as_it_was)) = found else { return Ok(()) };
    session.last_active = clock::now();
    let mut batch = Batch { expect: vec![as_it_was], ..Batch::default() };
    sessions::put(store, &token, &session, &mut batch);
    match store.commit(batch).await {
        Err(StoreError::Commit(CommitError::Conflict)) => Ok(()),
        other => other,
    }
}

/// How often a session is tried to be locked while somebody else changes it.
const TRIES: usize = 5;

/// Locks a session until its password is entered, and records it. `false`: there is none, or it is
/// locked already. Of many that notice at once that nobody is there any more, its sockets and
/// whoever looks for those without any, one locks and records it.
///
/// # Errors
/// When it could not be made durable.
pub async fn lock(
    store: &Arc<Store>,
    token: TokenHash,
    record: Record,
) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        let found = store.read(move |store| sessions::load_to_change(store, &token)).await?;
        let unlocked = found.filter(|(session, _)| session.stage != Stage::Locked);
        let Some((mut session, as_it_was)) = unlocked else { return Ok(false) };
        session.stage = Stage::Locked;
        let audit = vec![record.clone()];
        let mut batch = Batch { expect: vec![as_it_was], audit, ..Batch::default() };
        sessions::put(store, &token, &session, &mut batch);
        match store.commit_from_reserve(batch).await {
            // It was active, locked or signed out just now: as it is by now.
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            other => return other.map(|()| true),
        }
    }
    Err(StoreError::Commit(CommitError::Conflict))
}

/// Sessions nobody has been active under for too long that are not locked yet, with their persons;
/// at most `most`. Those of people who may not enter any more are over in another way.
///
/// # Errors
/// When the store cannot be read.
pub async fn idle(
    store: &Arc<Store>,
    activity: &Activity,
    lasting: Lasting,
    most: usize,
) -> Result<Vec<(TokenHash, PersonId)>, StoreError> {
    let now = clock::now();
    let is_idle = move |session: &SessionRecord| {
        session.stage == Stage::Full
            && !has_ended(session, now, lasting.absolute)
            && idle_left(session.last_active, now, lasting.idle) == 0
    };
    let found = store.read(move |store| {
        let mut found = sessions::those(store, is_idle)?;
        found.truncate(most);
        let mut live = Vec::with_capacity(found.len());
        for (token, session) in found {
            let person = people::load(store, session.person)?;
            if person.is_some_and(|p| p.may_enter() && p.session_epoch == session.epoch) {
                live.push((token, session));
            }
        }
        Ok(live)
    });
    let mut idle = found.await?;
    idle.retain(|(token, session)| {
        idle_left(activity.last(token, session.last_active), now, lasting.idle) == 0
    });
    Ok(idle.into_iter().map(|(token, session)| (token, session.person)).collect())
}

/// Goes on with a session under a new token, which is answered: unlocked, and active now. `None`:
/// there is none any more.
///
/// # Errors
/// When it could not be made durable.
pub async fn renew_token(
    store: &Arc<Store>,
    token: TokenHash,
    epoch: u32,
    stage: Stage,
) -> Result<Option<String>, StoreError> {
    let found = store.read(move |store| sessions::load_to_change(store, &token)).await?;
    let Some((mut session, as_it_was)) = found else { return Ok(None) };
    session.stage = stage;
    session.epoch = epoch;
    session.last_active = clock::now();
    let (fresh, hash) = self::token();
    let mut batch = Batch { expect: vec![as_it_was], ..Batch::default() };
    sessions::delete(&token, session.person, &mut batch);
    sessions::put(store, &hash, &session, &mut batch);
    store.commit(batch).await?;
    Ok(Some(fresh))
}

/// Ends a session, and with it that its browser may be pushed to, and records it; also on a disk that
/// is nearly full.
///
/// # Errors
/// When it could not be made durable.
pub async fn end(
    store: &Arc<Store>,
    token: &TokenHash,
    person: PersonId,
    record: Record,
) -> Result<(), StoreError> {
    let token = *token;
    let made = store.read(move |store| {
        let mut batch = Batch { audit: vec![record], ..Batch::default() };
        sessions::delete(&token, person, &mut batch);
        if let Some(session) = sessions::load(store, &token)? {
            notices::forget(store, person, |device| device == session.device, &mut batch)?;
        }
        Ok(batch)
    });
    store.commit_from_reserve(made.await?).await
}

/// Adds to `batch` that somebody has no sessions any more.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn delete_all(
    store: &Store,
    person: shared_proto::id::PersonId,
    batch: &mut Batch,
) -> Result<(), StoreError> {
    for (token, _) in sessions::of(store, person, limits::DEVICES * 2)? {
        sessions::delete(&token, person, batch);
    }
    notices::forget(store, person, |_| true, batch)?;
    Ok(())
}

/// Adds to `batch` that of somebody's sessions only the one under `old` goes on, under `fresh` and
/// in their epoch of now; both may be the same. `false`: there is none under `old` any more.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn keep_one(
    store: &Store,
    old: &TokenHash,
    fresh: &TokenHash,
    person: &PersonRecord,
    batch: &mut Batch,
) -> Result<bool, StoreError> {
    let found = sessions::load_to_change(store, old)?;
    let Some((mut session, as_it_was)) = found else { return Ok(false) };
    for (token, _) in sessions::of(store, person.id, limits::DEVICES * 2)? {
        if token != *fresh {
            sessions::delete(&token, person.id, batch);
        }
    }
    notices::forget(store, person.id, |device| device != session.device, batch)?;
    session.epoch = person.session_epoch;
    session.last_active = clock::now();
    sessions::put(store, fresh, &session, batch);
    batch.expect.push(as_it_was);
    Ok(true)
}

/// Forgets sessions that have ended.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn tidy(store: &Arc<Store>) -> Result<usize, StoreError> {
    let now = clock::now();
    let over = move |session: &SessionRecord| has_ended(session, now, u64::MAX);
    let ended = store.read(move |store| sessions::those(store, over)).await?;
    let count = ended.len();
    for some in ended.chunks(limits::ENGINE_BATCH_OPERATIONS / 2) {
        let mut batch = Batch::default();
        for (token, session) in some {
            sessions::delete(token, session.person, &mut batch);
        }
        store.commit(batch).await?;
    }
    Ok(count)
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(created_at: u64, expires_at: u64) -> SessionRecord {
        SessionRecord {
            person: PersonId::from_bytes([1; 16]),
            epoch: 0,
            device: DeviceId::from_bytes([2; 16]),
            stage: Stage::Full,
            created_at: Millis(created_at),
            expires_at: Millis(expires_at),
            last_active: Millis(created_at),
            browser: String::new(),
            system: String::new(),
        }
    }

    #[test]
    fn a_session_ends_at_its_end_at_a_shorter_one_and_when_the_clock_falls_far_back() {
        const HOUR: u64 = 3_600_000;
        let session = session(100 * HOUR, 112 * HOUR);
        let ended = |now: u64, absolute: u64| has_ended(&session, Millis(now), absolute);
        assert!(!ended(111 * HOUR, 12 * HOUR));
        assert!(ended(112 * HOUR, 24 * HOUR), "a longer limit does not lengthen it");
        assert!(ended(101 * HOUR, HOUR), "a shorter one shortens it");
        assert!(!ended(100 * HOUR - CLOCK_SLACK_MS, 12 * HOUR), "a clock that is put right");
        assert!(ended(100 * HOUR - CLOCK_SLACK_MS - 1, 12 * HOUR), "a clock set back");
        assert!(ended(u64::MAX, 12 * HOUR), "2038 and after");
    }

    #[test]
    fn silence_is_counted_also_when_the_clock_falls_back_behind_the_last_activity() {
        let left = |last: u64, now: u64| idle_left(Millis(last), Millis(now), 600_000);
        assert_eq!(left(1_000_000, 1_000_000), 600_000);
        assert_eq!(left(1_000_000, 1_599_999), 1);
        assert_eq!(left(1_000_000, 1_600_000), 0);
        assert_eq!(left(1_000_000, 1_000_000 - CLOCK_SLACK_MS), 600_000, "a clock put right");
        assert_eq!(left(1_000_000, 1_000_000 - CLOCK_SLACK_MS - 1), 0, "a clock set back");
    }
}
