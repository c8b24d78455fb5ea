//! Everything around conversations: people, charts, the practice, one's own account, emergency
//! access. Each noun has its file; the rules are `shared_proto::people::rules`. One door for
//! change: judge the record as it is now, commit, take it into memory, tell those it concerns.

pub mod account;
pub mod again;
pub mod desk;
pub mod emergency;
pub mod factors;
pub mod invite;
pub mod notices;
pub mod people;
pub mod practice;

use std::sync::Arc;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::id::PersonId;
use shared_proto::office::{Changed, Told};
use shared_proto::people::rules::{self, Actor};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::wire::{ServerEvent, ServerFrame, close};

use crate::app::App;
use crate::audit::fields;
use crate::hub::Hub;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::people::PersonRecord;
use crate::store::{Store, StoreError};

/// What an ask comes to.
pub type Answer = Result<Told, Refusal>;

/// What adding to a change comes to: the record it leaves in the audit log, in the same commit; a
/// refusal ends it.
pub type Added = Result<Result<Record, Refusal>, StoreError>;

/// How often a change is judged anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// Somebody as they act: their role and division of now, not of when they connected.
///
/// # Errors
/// `SignInRequired` when there is nobody.
pub fn actor(app: &App, person: PersonId) -> Result<Actor, Refusal> {
    app.directory.actor(person).ok_or(Refusal::SignInRequired)
}

/// Judges and makes a change to somebody; `judge` sees the record as it is now. What else belongs
/// to the change is added by `with`, which also says what the audit log is to say.
///
/// # Errors
/// What `judge` refuses; `NotFound`; `Taken` when another person has the email; when it could not
/// be made durable.
pub async fn change_person<F, W>(
    app: &App,
    id: PersonId,
    judge: F,
    with: W,
) -> Result<PersonRecord, Refusal>
where
    F: Fn(&mut PersonRecord) -> Result<(), Refusal> + Clone + Send + 'static,
    W: Fn(&Store, &PersonRecord, &mut Batch) -> Added + Clone + Send + 'static,
{
    for _ in 0..TRIES {
        let (judge, with) = (judge.clone(), with.clone());
        let made = app.store.read(move |store| {
            let changed = crate::store::people::change(store, id, judge)?;
            let Some(Ok((person, mut batch))) = changed else {
                return Ok(changed.map_or(Err(Refusal::NotFound), |changed| {
                    changed.map(|(person, batch)| (person, batch, false))
                }));
            };
            match with(store, &person, &mut batch)? {
                Ok(record) => batch.audit.push(record),
                Err(refusal) => return Ok(Err(refusal)),
            }
            let email = crate::store::people::by_email(store, &person.email)?;
            let taken = email.is_some_and(|other| other.id != person.id);
            Ok(Ok((person, batch, taken)))
        });
        let (person, batch, taken) = made.await.map_err(|error| failed(&error))??;
        if taken {
            return Err(Refusal::invalid(Field::Email, Rule::Taken));
        }
        // What takes somebody's access away must not wait for space.
        match app.store.commit_from_reserve(batch).await {
            Ok(()) => {
                changed_person(&app.hub, &person);
                return Ok(person);
            }
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(Refusal::Busy)
}

/// Nothing belongs to a change but its record.
pub fn noted(
    record: Record,
) -> impl Fn(&Store, &PersonRecord, &mut Batch) -> Added + Clone + Send + 'static {
    move |_, _, _| Ok(Ok(record.clone()))
}

/// Nothing belongs to a change but its record, which names the fields that are changed.
pub fn noted_fields(
    record: Record,
) -> impl Fn(&Store, &PersonRecord, &mut Batch) -> Added + Clone + Send + 'static {
    move |store, person, _| {
        // As the change found them: the commit expects that they still are.
        let before = crate::store::people::load(store, person.id)?;
        let named = before.map(|before| fields::of_person(&before, person)).unwrap_or_default();
        Ok(Ok(record.clone().naming(&named)))
    }
}

/// What the person is told of a failure; the log is told the rest.
pub fn failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "a change around conversations was not made");
    error.refusal()
}

/// Takes in a person who was added or changed, ends what they may no longer do, and tells everyone
/// who sees them.
pub fn changed_person(hub: &Arc<Hub>, person: &PersonRecord) {
    let before = hub.directory.put(person);
    let row = person.row();
    if !person.may_enter() {
        let code = if person.is_portal_off() && !person.suspended {
            close::PORTAL_OFF
        } else {
            close::SESSION_ENDED
        };
        hub.close(person.id, None, code);
    } else {
        tell(hub, person.id, Changed::Account(Box::new(person.own_account())));
    }
    let mut told: Option<Bytes> = None;
    let mut gone: Option<Bytes> = None;
    for other in hub.connected() {
        let Some(actor) = hub.directory.actor(other) else { continue };
        if rules::sees(&actor, &row) {
            let frame = told.get_or_insert_with(|| frame(Changed::Person(Box::new(row.clone()))));
            hub.push(other, frame);
        } else if before.as_ref().is_some_and(|before| rules::sees(&actor, before)) {
            let frame = gone.get_or_insert_with(|| frame(Changed::PersonGone(person.id)));
            hub.push(other, frame);
        }
    }
}

/// Tells somebody, on all their sockets.
pub fn tell(hub: &Hub, person: PersonId, changed: Changed) {
    if hub.is_here(person) {
        hub.push(person, &frame(changed));
    }
}

fn frame(changed: Changed) -> Bytes {
    Bytes::from(codec::encode(&ServerFrame::Event(ServerEvent::Changed(changed))))
}
