//! People as the practice keeps them.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::account::Account;
use shared_proto::chart::Consents;
use shared_proto::conversation::command::Reach;
use shared_proto::id::{DivisionId, PersonId};
use shared_proto::notice::{Channel, How, Wishes};
use shared_proto::people::rules::Actor;
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::vault::Vault;
use super::{Store, StoreError, keys, seal};

/// A person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// Counts the changes of this record.
    pub revision: u64,
    /// Display name.
    pub name: String,
    /// As stored by [`shared_proto::people::email`]; empty for none.
    pub email: String,
    /// As stored by [`shared_proto::people::phone`]; empty for none.
    pub phone: String,
    /// As stored by [`shared_proto::people::chart_number`]; empty for none.
    pub chart_number: String,
    /// What they are in the practice.
    pub role: Role,
    /// Their division.
    pub division: Option<DivisionId>,
    /// Providers a client is assigned to, in the order they were assigned.
    pub assigned: Vec<PersonId>,
    /// Whether a client may use the portal.
    pub portal: bool,
    /// Whether an owner has taken their access away.
    pub suspended: bool,
    /// PHC string of the argon2id hash of their password; `None` until they have signed up.
    pub password_hash: Option<String>,
    /// Whether others see how far they have read.
    pub read_receipts: bool,
    /// Language tag; empty for the practice's.
    pub language: String,
    /// IANA time zone; empty for the practice's.
    pub time_zone: String,
    /// What they agreed to.
    pub consents: Consents,
    /// Sessions made under an older epoch are dead.
    pub session_epoch: u32,
    /// When they were added.
    pub created_at: Millis,
    /// When their invitation ends; `None` when they have none.
    pub invited_until: Option<Millis>,
    /// Since when they agree to email or do not, and how that came.
    pub email_choice: Option<Choice>,
    /// The same of text messages.
    pub sms_choice: Option<Choice>,
    /// What they wish of notices.
    pub wishes: Wishes,
    /// Whether they have shown that the telephone number is theirs, or the practice has it from them.
    pub phone_confirmed: bool,
    /// Whether the practice wrote the telephone number down, rather than they themselves.
    pub phone_by_practice: bool,
}

/// How it came that somebody agrees to a channel, or does not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// When.
    pub at: Millis,
    /// How.
    pub how: How,
    /// Who wrote it down, where it was not themselves.
    pub by: Option<PersonId>,
}

impl PersonRecord {
    /// Somebody new, without an account.
    #[must_use]
    pub const fn new(id: PersonId, name: String, role: Role, created_at: Millis) -> Self {
        Self {
            id,
            revision: 0,
            name,
            email: String::new(),
            phone: String::new(),
            chart_number: String::new(),
            role,
            division: None,
            assigned: Vec::new(),
            portal: true,
            suspended: false,
            password_hash: None,
            read_receipts: true,
            language: String::new(),
            time_zone: String::new(),
            // A provider gets email until they say otherwise (I14), a client once they agree (I11).
            consents: Consents { email: role.is_provider(), sms: false },
            session_epoch: 0,
            created_at,
            invited_until: None,
            email_choice: None,
            sms_choice: None,
            wishes: Wishes { quiet: None, remind_after: None, sound: false },
            phone_confirmed: false,
            phone_by_practice: false,
        }
    }

    /// Takes in what they agree to now; what they had said before of a channel that stays as it was
    /// keeps its time. The channels that are another than they were.
    pub fn agree(&mut self, consents: Consents, choice: Choice) -> Vec<Channel> {
        let before = std::mem::replace(&mut self.consents, consents);
        let mut changed = Vec::new();
        if before.email != consents.email {
            self.email_choice = Some(choice);
            changed.push(Channel::Email);
        }
        if before.sms != consents.sms {
            self.sms_choice = Some(choice);
            changed.push(Channel::Sms);
            self.vouch();
        }
        changed
    }

    /// Gives them another telephone number, which is nobody's until they have shown that it is theirs, or
    /// the practice has it from them together with their consent.
    pub fn set_phone(&mut self, phone: String, by_practice: bool) {
        if self.phone != phone {
            (self.phone, self.phone_by_practice) = (phone, by_practice);
            self.phone_confirmed = false;
            self.vouch();
        }
    }

    /// Who takes number and consent from paper has seen whose they are. A number somebody entered
    /// themselves is not vouched for: it may be a stranger's.
    fn vouch(&mut self) {
        let on_paper = self.sms_choice.is_some_and(|choice| choice.how == How::Practice);
        self.phone_confirmed |= self.phone_by_practice && on_paper && self.consents.sms;
    }

    /// What others see of them.
    #[must_use]
    pub fn card(&self) -> PersonCard {
        PersonCard { id: self.id, name: self.name.clone(), role: self.role }
    }

    /// How far they have come with their account.
    #[must_use]
    pub fn account(&self) -> AccountState {
        match self.password_hash {
            _ if self.suspended => AccountState::Suspended,
            Some(_) => AccountState::Active,
            None => self
                .invited_until
                .map_or(AccountState::None, |until| AccountState::Invited { until }),
        }
    }

    /// Whether they may sign in and stay signed in.
    #[must_use]
    pub fn may_enter(&self) -> bool {
        !self.suspended && self.password_hash.is_some() && !self.is_portal_off()
    }

    /// Whether they are an owner who may sign in.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.role == Role::Owner && self.may_enter()
    }

    /// Whether they are a client whose portal access is off.
    #[must_use]
    pub fn is_portal_off(&self) -> bool {
        self.role == Role::Client && !self.portal
    }

    /// Whether they can be written to.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self.account() {
            AccountState::Suspended => Reach::Suspended,
            _ if self.is_portal_off() => Reach::PortalOff,
            AccountState::Active => Reach::Active,
            AccountState::None | AccountState::Invited { .. } => Reach::NoAccount,
        }
    }

    /// As the rules about people see them when they act.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor { id: self.id, role: self.role, division: self.division }
    }

    /// As those who administer them see them.
    #[must_use]
    pub fn row(&self) -> PersonRow {
        PersonRow {
            card: self.card(),
            account: self.account(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            chart_number: self.chart_number.clone(),
            division: self.division,
            assigned: self.assigned.clone(),
            portal: self.portal,
        }
    }

    /// As they see their own account; the details of their chart are kept apart.
    #[must_use]
    pub fn own_account(&self) -> Account {
        Account {
            card: self.card(),
            email: self.email.clone(),
            mobile: self.phone.clone(),
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            consents: self.consents,
            read_receipts: self.read_receipts,
            details: None,
        }
    }
}

/// A person by id.
///
/// # Errors
/// `Damaged` when the record does not open.
pub fn load(store: &Store, id: PersonId) -> Result<Option<PersonRecord>, StoreError> {
    store.get(&keys::person(id), "person")
}

/// A person by email, as stored by [`shared_proto::people::email`].
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn by_email(store: &Store, email: &str) -> Result<Option<PersonRecord>, StoreError> {
    let key = email_key(store, email);
    let Some(id) = store.get::<PersonId>(&key, "email")? else { return Ok(None) };
    load(store, id)
}

/// The batch that adds somebody; it conflicts when their email is taken, or they are there.
#[must_use]
pub fn add(store: &Store, person: &PersonRecord) -> Batch {
    let record = keys::person(person.id);
    let mut batch = Batch {
        expect: vec![Expect { key: record.clone(), value: None }],
        put: vec![(record.clone(), store.seal(&record, person))],
        ..Batch::default()
    };
    put_email(store, person, &mut batch);
    batch
}

fn put_email(store: &Store, person: &PersonRecord, batch: &mut Batch) {
    if person.email.is_empty() {
        return;
    }
    let email = email_key(store, &person.email);
    batch.expect.push(Expect { key: email.clone(), value: None });
    batch.put.push((email.clone(), store.seal(&email, &person.id)));
}

/// What a change comes to: `None` when there is no such record; what was refused; or the record as
/// it is then, and the batch that makes it so.
pub type Judged<T, R> = Option<Result<(T, Batch), R>>;

/// The batch that changes somebody; `change` gets the record as it is now, and what it refuses is
/// answered. The batch conflicts when somebody else changes the same record meanwhile, or another
/// person has the email. `None`: no such person.
///
/// # Errors
/// `Damaged` when the record does not open.
pub fn change<R>(
    store: &Store,
    id: PersonId,
    change: impl FnOnce(&mut PersonRecord) -> Result<(), R>,
) -> Result<Judged<PersonRecord, R>, StoreError> {
    let key = keys::person(id);
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    let before: PersonRecord = super::unseal(&store.records, &key, &sealed, "person")?;
    let mut person = before.clone();
    if let Err(refused) = change(&mut person) {
        return Ok(Some(Err(refused)));
    }
    person.revision = before.revision + 1;
    let value = Some(Bytes::copy_from_slice(&sealed));
    let mut batch = Batch {
        expect: vec![Expect { key: key.clone(), value }],
        put: vec![(key.clone(), store.seal(&key, &person))],
        ..Batch::default()
    };
    if person.email != before.email {
        if !before.email.is_empty() {
            batch.delete.push(email_key(store, &before.email));
        }
        put_email(store, &person, &mut batch);
    }
    Ok(Some(Ok((person, batch))))
}

/// Everyone, in no order that means anything.
///
/// # Errors
/// `Damaged` when a record does not open.
pub fn all(store: &Store) -> Result<Vec<PersonRecord>, StoreError> {
    let mut people = Vec::new();
    store.for_each(keys::PEOPLE, "person", |_, person| {
        people.push(person);
        Ok(())
    })?;
    Ok(people)
}

fn email_key(store: &Store, email: &str) -> Vec<u8> {
    keys::email(&store.vault.lookup("email", email))
}

/// The record by which somebody is found by their email under the keys of `vault`: its key, and its
/// sealed value.
#[must_use]
pub fn found_by_email(vault: &Vault, person: &PersonRecord) -> Option<(Vec<u8>, Vec<u8>)> {
    if person.email.is_empty() {
        return None;
    }
    let key = keys::email(&vault.lookup("email", &person.email));
    let sealed = seal(&vault.records(), &key, &person.id);
    Some((key, sealed))
}
