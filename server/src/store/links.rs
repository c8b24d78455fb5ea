//! Links that letters carry. A link lies under the hash of its token, which is kept nowhere; a
//! record of its person's names those there are: of each kind one, but for links to a new password.
//! Whoever changes anything about somebody's links writes that record anew and expects the one that
//! was read: of two who use a link at once, one conflicts.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::people::{self, PersonRecord};
use super::sessions::TokenHash;
use super::{Store, StoreError, keys, unseal};

/// How far a clock may have been set back before a link from its future is void.
const CLOCK_SLACK_MS: u64 = 5 * 60 * 1_000;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// An account.
    Invitation,
    /// A new password.
    Reset,
    /// Another email, confirmed from there.
    NewEmail,
    /// Another email, confirmed from the one they have.
    OldEmail,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRecord {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose.
    pub person: PersonId,
    /// When it was made.
    pub made_at: Millis,
    /// When it ends.
    pub until: Millis,
    /// Their email then; it is void once they have another.
    pub email: String,
    /// Their epoch then; a link to something other than an account is void under another.
    pub epoch: u32,
    /// Who had it sent; `None` for themselves.
    pub by: Option<PersonId>,
}

/// A change of email under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// What it is to be.
    pub email: String,
    /// The link to confirm it there; `None` once that was done.
    pub new: Option<TokenHash>,
    /// The link to confirm it from where they are; `None` once that was done.
    pub old: Option<TokenHash>,
}

/// Somebody's links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksRecord {
    /// Their invitation.
    pub invitation: Option<TokenHash>,
    /// Their links to a new password, the newest last. Several: whoever asks for one is a stranger
    /// and must not void the one its person has before them (ASVS 6.4.3).
    pub resets: Vec<TokenHash>,
    /// Their change of email.
    pub change: Option<ChangeRecord>,
}

impl LinksRecord {
    fn all(&self) -> impl Iterator<Item = TokenHash> + use<> {
        let change = self.change.as_ref();
        let (new, old) = change.map_or((None, None), |change| (change.new, change.old));
        let resets = self.resets.clone().into_iter();
        [self.invitation, new, old].into_iter().flatten().chain(resets)
    }

    /// Names another link to a new password; beyond so many the oldest is void.
    pub fn add_reset(&mut self, hash: TokenHash) {
        self.resets.push(hash);
        let surplus = self.resets.len().saturating_sub(limits::RESET_LINKS);
        self.resets.drain(..surplus);
    }

    /// Whether it names this link.
    #[must_use]
    pub fn names(&self, purpose: Purpose, hash: &TokenHash) -> bool {
        let change = self.change.as_ref();
        let named = match purpose {
            Purpose::Reset => return self.resets.contains(hash),
            Purpose::Invitation => self.invitation,
            Purpose::NewEmail => change.and_then(|change| change.new),
            Purpose::OldEmail => change.and_then(|change| change.old),
        };
        named.as_ref() == Some(hash)
    }
}

/// Somebody's links as they were read, to be changed from.
pub struct Loaded {
    /// As they are to be.
    pub record: LinksRecord,
    person: PersonId,
    before: LinksRecord,
    sealed: Option<Bytes>,
}

/// Somebody's links.
///
/// # Errors
/// `Damaged` when they do not open.
pub fn load(store: &Store, person: PersonId) -> Result<Loaded, StoreError> {
    let key = keys::links_of(person);
    let Some(sealed) = store.engine.get(&key)? else {
        let before = LinksRecord::default();
        return Ok(Loaded { record: before.clone(), person, before, sealed: None });
    };
    let before: LinksRecord = unseal(&store.records, &key, &sealed, "links")?;
    let sealed = Some(Bytes::copy_from_slice(&sealed));
    Ok(Loaded { record: before.clone(), person, before, sealed })
}

impl Loaded {
    /// Adds them to `batch` as they are now, with the links that are new; those no longer named
    /// are void. The batch conflicts when they have changed since they were read.
    pub fn put(&self, store: &Store, new: &[(TokenHash, LinkRecord)], batch: &mut Batch) {
        let key = keys::links_of(self.person);
        batch.expect.push(Expect { key: key.clone(), value: self.sealed.clone() });
        if self.record == LinksRecord::default() {
            batch.delete.push(key);
        } else {
            let sealed = store.seal(&key, &self.record);
            batch.put.push((key, sealed));
        }
        for hash in self.before.all().filter(|hash| self.record.all().all(|kept| kept != *hash)) {
            batch.delete.push(keys::link(&hash));
        }
        for (hash, link) in new {
            let key = keys::link(hash);
            let sealed = store.seal(&key, link);
            batch.put.push((key, sealed));
        }
    }
}

/// A link that can be used, with what belongs to it.
pub struct Found {
    /// The hash of its token.
    pub hash: TokenHash,
    /// The link.
    pub link: LinkRecord,
    /// Whose it is.
    pub person: PersonRecord,
    /// All of theirs.
    pub links: Loaded,
}

/// The link under this hash, if it can still be used.
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn find(store: &Store, hash: TokenHash, now: Millis) -> Result<Option<Found>, StoreError> {
    let Some(link) = store.get::<LinkRecord>(&keys::link(&hash), "link")? else { return Ok(None) };
    let Some(person) = people::load(store, link.person)? else { return Ok(None) };
    let links = load(store, link.person)?;
    let in_time = now < link.until && link.made_at.0 <= now.0.saturating_add(CLOCK_SLACK_MS);
    let good = in_time && links.record.names(link.purpose, &hash) && is_possible(&link, &person);
    Ok(good.then_some(Found { hash, link, person, links }))
}

/// Whether what a link is for can be done with somebody as they are now.
#[must_use]
pub fn is_possible(link: &LinkRecord, person: &PersonRecord) -> bool {
    let same = link.email == person.email;
    match link.purpose {
        Purpose::Invitation => {
            let open = person.password_hash.is_none() && !person.suspended;
            same && open && !person.is_portal_off()
        }
        Purpose::Reset | Purpose::NewEmail | Purpose::OldEmail => {
            same && person.may_enter() && link.epoch == person.session_epoch
        }
    }
}

/// Adds to `batch` that none of somebody's links can be used any more.
///
/// # Errors
/// `Damaged` when they do not open.
pub fn void(store: &Store, person: PersonId, batch: &mut Batch) -> Result<(), StoreError> {
    let mut links = load(store, person)?;
    links.record = LinksRecord::default();
    links.put(store, &[], batch);
    Ok(())
}

/// The batch that forgets the links of `person` that have ended; `None` when there are none.
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn ended(store: &Store, person: PersonId, now: Millis) -> Result<Option<Batch>, StoreError> {
    let mut links = load(store, person)?;
    let over = |hash: Option<TokenHash>| -> Result<bool, StoreError> {
        let Some(hash) = hash else { return Ok(false) };
        let link = store.get::<LinkRecord>(&keys::link(&hash), "link")?;
        Ok(link.is_none_or(|link| link.until <= now))
    };
    let record = &mut links.record;
    if over(record.invitation)? {
        record.invitation = None;
    }
    let mut going_on = Vec::new();
    for hash in &record.resets {
        if !over(Some(*hash))? {
            going_on.push(*hash);
        }
    }
    record.resets = going_on;
    if let Some(change) = &record.change
        && (over(change.new)? || over(change.old)?)
    {
        record.change = None;
    }
    if links.record == links.before {
        return Ok(None);
    }
    let mut batch = Batch::default();
    links.put(store, &[], &mut batch);
    Ok(Some(batch))
}

/// Those with a link that has ended.
///
/// # Errors
/// `Damaged` when a link does not open.
pub fn with_ended(store: &Store, now: Millis) -> Result<Vec<PersonId>, StoreError> {
    let mut people = Vec::new();
    store.for_each(keys::LINKS, "link", |_, link: LinkRecord| {
        if link.until <= now && !people.contains(&link.person) {
            people.push(link.person);
        }
        Ok(())
    })?;
    Ok(people)
}

/// Every link opens and is named by its person's record, and every record opens.
///
/// # Errors
/// `Damaged` for the first that does not.
pub fn check(store: &Store) -> Result<(), StoreError> {
    store.for_each(keys::LINKS_OF, "links", |_, _: LinksRecord| Ok(()))?;
    store.for_each(keys::LINKS, "link", |key, link: LinkRecord| {
        let hash = keys::parse_link(key).ok_or(StoreError::Damaged("link"))?;
        if load(store, link.person)?.record.names(link.purpose, &hash) {
            Ok(())
        } else {
            Err(StoreError::Damaged("link (of nobody)"))
        }
    })
}

#[cfg(test)]
mod tests {
    use shared_proto::people::Role;

    use super::*;

    fn person() -> PersonRecord {
        let id = PersonId::from_bytes([0xaa; 16]);
        let email = "a@b".to_owned();
        PersonRecord { email, ..PersonRecord::new(id, "Ana".into(), Role::Client, Millis(0)) }
    }

    fn link(purpose: Purpose) -> LinkRecord {
        let (made_at, until) = (Millis(0), Millis(9));
        let id = person().id;
        LinkRecord { purpose, person: id, made_at, until, email: "a@b".into(), epoch: 0, by: None }
    }

    #[test]
    fn an_invitation_is_for_who_has_no_account_and_may_have_one() {
        let possible = |change: fn(&mut PersonRecord)| {
            let mut person = person();
            change(&mut person);
            is_possible(&link(Purpose::Invitation), &person)
        };
        assert!(possible(|_| {}));
        assert!(possible(|person| person.session_epoch = 1), "portal access was off meanwhile");
        assert!(!possible(|person| person.password_hash = Some("$".into())));
        assert!(!possible(|person| person.suspended = true));
        assert!(!possible(|person| person.portal = false));
        assert!(!possible(|person| person.email = "b@c".into()), "sent to another address");
    }

    #[test]
    fn of_many_links_to_a_new_password_the_newest_are_good() {
        let hash = |n: usize| [u8::try_from(n).expect("few"); 32];
        let mut record = LinksRecord::default();
        for n in 0..=limits::RESET_LINKS {
            record.add_reset(hash(n));
        }
        assert!(!record.names(Purpose::Reset, &hash(0)));
        assert!((1..=limits::RESET_LINKS).all(|n| record.names(Purpose::Reset, &hash(n))));
        assert!(!record.names(Purpose::Invitation, &hash(1)));
    }

    #[test]
    fn every_other_link_is_void_once_sessions_were_ended() {
        for purpose in [Purpose::Reset, Purpose::NewEmail, Purpose::OldEmail] {
            let possible = |change: fn(&mut PersonRecord)| {
                let mut person = person();
                person.password_hash = Some("$".into());
                change(&mut person);
                is_possible(&link(purpose), &person)
            };
            assert!(possible(|_| {}), "{purpose:?}");
            assert!(!possible(|person| person.session_epoch = 1), "{purpose:?}");
            assert!(!possible(|person| person.suspended = true), "{purpose:?}");
            assert!(!possible(|person| person.portal = false), "{purpose:?}");
            assert!(!possible(|person| person.email = "b@c".into()), "{purpose:?}");
            assert!(!possible(|person| person.password_hash = None), "{purpose:?}");
        }
    }
}
