//! People as the practice keeps them.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared_proto::id::PersonId;
use shared_proto::people::{PersonCard, Role};
use shared_proto::time::Millis;

use super::engine::{Batch, Expect};
use super::{Store, StoreError, keys};

/// Whether somebody may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// They may.
    Active,
    /// They may not, and nobody can pick them for a conversation.
    Disabled,
}

/// A person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// Display name.
    pub name: String,
    /// As stored by [`shared_proto::people::email`].
    pub email: String,
    /// What they are in the practice.
    pub role: Role,
    /// Whether they may sign in.
    pub status: Status,
    /// PHC string of the argon2id hash of their password.
    pub password_hash: String,
    /// Whether others see how far they have read.
    pub read_receipts: bool,
    /// Sessions made under an older epoch are dead.
    pub session_epoch: u32,
    /// When they were added.
    pub created_at: Millis,
}

impl PersonRecord {
    /// What others see of them.
    #[must_use]
    pub fn card(&self) -> PersonCard {
        PersonCard { id: self.id, name: self.name.clone(), role: self.role }
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

/// The batch that adds somebody; it conflicts when their email is taken.
#[must_use]
pub fn add(store: &Store, person: &PersonRecord) -> Batch {
    let email = email_key(store, &person.email);
    let record = keys::person(person.id);
    Batch {
        expect: vec![Expect { key: email.clone(), value: None }],
        put: vec![
            (record.clone(), store.seal(&record, person)),
            (email.clone(), store.seal(&email, &person.id)),
        ],
        delete: Vec::new(),
    }
}

/// The batch that changes somebody but their email; `change` gets the record as it is now. It
/// conflicts when somebody else changes the same record meanwhile. `None`: no such person.
///
/// # Errors
/// `Damaged` when the record does not open.
pub fn change(
    store: &Store,
    id: PersonId,
    change: impl FnOnce(&mut PersonRecord),
) -> Result<Option<(PersonRecord, Batch)>, StoreError> {
    let key = keys::person(id);
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    let mut person: PersonRecord = super::unseal(&store.records, &key, &sealed, "person")?;
    change(&mut person);
    let expect = vec![Expect { key: key.clone(), value: Some(Bytes::copy_from_slice(&sealed)) }];
    let put = vec![(key.clone(), store.seal(&key, &person))];
    Ok(Some((person, Batch { expect, put, delete: Vec::new() })))
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
