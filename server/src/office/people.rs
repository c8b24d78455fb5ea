//! The People list and the charts behind it.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::chart::Details;
use shared_proto::id::{ClientMessageId, PersonId};
use shared_proto::limits;
use shared_proto::notice::{Agreed, Agreements, How};
use shared_proto::office::{Changed, Told};
use shared_proto::people::rules::{self, Actor, Does, With};
use shared_proto::people::{
    self as names, Chart, NewPerson, PeopleFilter, PeopleMark, PeopleShown, PersonChange,
    PersonRow, Role,
};
use shared_proto::refusal::{Field, Refusal, Rule};

use super::notices::noted_consents;
use super::{
    Added, Answer, actor, change_person, changed_person, failed, noted, noted_fields, tell,
};
use crate::app::App;
use crate::audit::{self, fields};
use crate::clock;
use crate::socket::requests::access;
use crate::socket::session::{List, Seen, Session};
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::engine::Batch;
use crate::store::people::{self, Choice, PersonRecord};
use crate::store::{Store, StoreError, charts, practice};

/// A page of the people somebody sees.
///
/// # Errors
/// `ProviderOnly`; `Invalid` for a text that is too long; when it could not be recorded.
pub async fn list(
    app: &App,
    session: &Session,
    filter: &PeopleFilter,
    after: Option<&PeopleMark>,
) -> Answer {
    let actor = actor(app, session.person.id)?;
    rules::may(actor.role, Does::ListPeople)?;
    if filter.text.chars().count() > limits::QUERY_SCALARS {
        let rule = Rule::TooLong { limit: limits::QUERY_SCALARS as u32 };
        return Err(Refusal::invalid(Field::Query, rule));
    }
    let list = match filter.shown {
        PeopleShown::Clients => List::Clients,
        PeopleShown::Providers => List::Providers,
    };
    access::to(&app.hub, session, Seen::People(list)).await?;
    Ok(Told::People(app.directory.page(&actor, filter, after)))
}

/// Somebody the asker sees.
///
/// # Errors
/// `NotFound`, for those there are not as for those the asker does not see.
fn seen(app: &App, actor: &Actor, person: PersonId) -> Result<PersonRow, Refusal> {
    let row = app.directory.row(person).filter(|row| rules::sees(actor, row));
    row.ok_or(Refusal::NotFound)
}

/// One person's chart.
///
/// # Errors
/// `NotFound`; when the store cannot be read, or it could not be recorded.
pub async fn chart(app: &App, session: &Session, person: PersonId) -> Answer {
    let actor = actor(app, session.person.id)?;
    seen(app, &actor, person)?;
    access::to(&app.hub, session, Seen::Chart(person)).await?;
    let read = app.store.read(move |store| {
        let Some(record) = people::load(store, person)? else { return Ok(None) };
        Ok(Some((record, charts::load(store, person)?)))
    });
    let found = read.await.map_err(|error| failed(&error))?;
    let (record, details) = found.ok_or(Refusal::NotFound)?;
    let assigned = record.assigned.iter().filter_map(|id| app.directory.card(*id)).collect();
    let chart = Chart {
        row: record.row(),
        details,
        consents: record.consents,
        agreed: agreements(app, &record),
        assigned,
        since: record.created_at,
    };
    Ok(Told::Chart(Box::new(chart)))
}

/// Since when and how they agree to each channel, or do not, for whoever sees their chart.
fn agreements(app: &App, record: &PersonRecord) -> Agreements {
    let agreed = |choice: Choice| {
        let by = choice.by.and_then(|by| app.directory.card(by));
        Agreed { at: choice.at, how: choice.how, by }
    };
    Agreements { email: record.email_choice.map(agreed), sms: record.sms_choice.map(agreed) }
}

/// Adds somebody. Their id is a keyed hash of who adds them and of their own id for it, so that a
/// retry finds the same person.
///
/// # Errors
/// `ProviderOnly`, `OwnerOnly`; `Invalid` for a field; when it could not be made durable.
pub async fn add(
    app: &Arc<App>,
    session: &Session,
    client_id: ClientMessageId,
    new: NewPerson,
) -> Answer {
    let asker = session.person.id;
    let actor = actor(app, asker)?;
    let does = match new.role {
        Role::Client => Does::AddClient,
        Role::Provider | Role::Owner => Does::AddProvider,
    };
    rules::may(actor.role, does)?;
    let name = names::name(Field::Name, &new.name)?;
    let email = optional_email(&new.email)?;
    let phone = names::phone(&new.phone)?;
    let chart_number = names::chart_number(&new.chart_number)?;
    known_division(app, new.division)?;
    let id = new_id(app, asker, client_id);
    let role = if new.role == Role::Client { Role::Client } else { Role::Provider };
    // Who adds a client cares for them, unless an owner only administers.
    let assigned = if role == Role::Client && actor.role == Role::Provider {
        vec![actor.id]
    } else {
        Vec::new()
    };
    let person = PersonRecord {
        email: email.clone(),
        phone_by_practice: !phone.is_empty(),
        phone,
        chart_number,
        division: new.division,
        assigned,
        ..PersonRecord::new(id, name, role, clock::now())
    };
    let mut batch = people::add(&app.store, &person);
    batch.audit.push(audit::of(Action::PersonAdded).over(session).to(id));
    match app.store.commit(batch).await {
        Ok(()) => {
            changed_person(&app.hub, &person);
            tracing::info!(person = %id, by = %asker, "a person was added");
            Ok(Told::Person(Box::new(person.row())))
        }
        Err(StoreError::Commit(CommitError::Conflict)) => {
            let known = app.directory.row(id);
            known.map(|row| Told::Person(Box::new(row))).ok_or_else(|| {
                // Not a retry: so it is the email that somebody has.
                Refusal::invalid(Field::Email, Rule::Taken)
            })
        }
        Err(error) => Err(failed(&error)),
    }
}

/// The id of somebody who is added under this id of the asker's own.
#[must_use]
pub fn new_id(app: &App, asker: PersonId, client_id: ClientMessageId) -> PersonId {
    let hash = app.store.vault.name("person", &format!("{asker}/{client_id}"));
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    PersonId::from_random(random)
}

fn optional_email(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() { Ok(String::new()) } else { names::email(text) }
}

fn known_division(
    app: &App,
    division: Option<shared_proto::id::DivisionId>,
) -> Result<(), Refusal> {
    let Some(id) = division else { return Ok(()) };
    let record = app.practice.record();
    let known = record.is_some_and(|record| record.divisions.iter().any(|known| known.id == id));
    if known { Ok(()) } else { Err(Refusal::invalid(Field::Division, Rule::Unknown)) }
}

/// Changes somebody.
///
/// # Errors
/// `NotFound` for whom the asker does not see; the rule; `Invalid` for a field.
pub async fn change(
    app: &Arc<App>,
    session: &Session,
    person: PersonId,
    change: PersonChange,
) -> Answer {
    let asker = session.person.id;
    let actor = actor(app, asker)?;
    let before = seen(app, &actor, person)?;
    let may = move |does| rules::may_with(&actor, does, &before);
    let record = |action| audit::of(action).over(session).to(person);
    let record = match change {
        PersonChange::Contact { name, email, phone, chart_number } => {
            may(With::Contact)?;
            let name = names::name(Field::Name, &name)?;
            let email = optional_email(&email)?;
            let phone = names::phone(&phone)?;
            let chart_number = names::chart_number(&chart_number)?;
            let judge = move |record: &mut PersonRecord| {
                let same = record.email == email && record.name == name;
                if record.password_hash.is_some() && !same {
                    return Err(Refusal::HasAccount);
                }
                if record.email != email {
                    // The link went to the address that was.
                    record.invited_until = None;
                }
                record.name.clone_from(&name);
                record.email.clone_from(&email);
                record.set_phone(phone.clone(), true);
                record.chart_number.clone_from(&chart_number);
                Ok(())
            };
            change_person(app, person, judge, noted_fields(record(Action::PersonChanged))).await?
        }
        PersonChange::Details(details) => {
            may(With::Details)?;
            let details = details.checked().map_err(|(_, refusal)| refusal)?;
            let with = kept_details(details.clone(), record(Action::ChartChanged));
            let record = change_person(app, person, |_| Ok(()), with).await?;
            for other in app.hub.connected() {
                let sees = app.directory.actor(other);
                if other == person || sees.is_some_and(|actor| rules::sees(&actor, &record.row())) {
                    let details = Box::new(details.clone());
                    tell(&app.hub, other, Changed::Details { person, details });
                }
            }
            record
        }
        PersonChange::Division(division) => {
            may(With::Division)?;
            known_division(app, division)?;
            let judge = move |record: &mut PersonRecord| {
                record.division = division;
                Ok(())
            };
            change_person(app, person, judge, noted_fields(record(Action::PersonChanged))).await?
        }
        PersonChange::Consents(consents) => {
            may(With::Consents)?;
            let choice = Choice { at: clock::now(), how: How::Practice, by: Some(asker) };
            let judge = move |record: &mut PersonRecord| {
                record.agree(consents, choice);
                Ok(())
            };
            let noted = noted_consents(record(Action::PersonChanged), How::Practice);
            change_person(app, person, judge, noted).await?
        }
        PersonChange::Portal(on) => {
            may(With::Portal)?;
            let judge = move |record: &mut PersonRecord| {
                if record.portal && !on {
                    record.session_epoch += 1;
                }
                record.portal = on;
                Ok(())
            };
            let action = if on { Action::PortalOn } else { Action::PortalOff };
            change_person(app, person, judge, noted(record(action))).await?
        }
        PersonChange::Suspended(suspended) => {
            may(With::Suspend)?;
            let judge = move |record: &mut PersonRecord| {
                if suspended && !record.suspended {
                    record.session_epoch += 1;
                }
                record.suspended = suspended;
                Ok(())
            };
            let action = if suspended { Action::PersonSuspended } else { Action::PersonRestored };
            change_owners(app, person, judge, record(action)).await?
        }
        PersonChange::Owner(owner) => {
            may(With::Owner)?;
            let judge = move |record: &mut PersonRecord| {
                record.role = if owner { Role::Owner } else { Role::Provider };
                Ok(())
            };
            let record = record(Action::RoleChanged);
            let record = record.naming(&[if owner { "owner" } else { "provider" }]);
            change_owners(app, person, judge, record).await?
        }
        PersonChange::Assigned { provider, on } => {
            may(With::Assign)?;
            let card = app.directory.card(provider).filter(|card| card.role.is_provider());
            card.ok_or(Refusal::NotFound)?;
            let judge = move |record: &mut PersonRecord| {
                record.assigned.retain(|assigned| *assigned != provider);
                if !on {
                    return Ok(());
                }
                if record.assigned.len() >= limits::ASSIGNED {
                    let rule = Rule::TooMany { limit: limits::ASSIGNED as u32 };
                    return Err(Refusal::invalid(Field::Participants, rule));
                }
                record.assigned.push(provider);
                Ok(())
            };
            let action = if on { Action::Assigned } else { Action::Unassigned };
            let record = record(action).with(&provider.to_string());
            change_person(app, person, judge, noted(record)).await?
        }
    };
    tracing::info!(%person, by = %asker, "a person was changed");
    Ok(Told::Person(Box::new(record.row())))
}

/// To a change belong the details of a chart, and a record that names those that are changed.
pub(super) fn kept_details(
    details: Details,
    record: Record,
) -> impl Fn(&Store, &PersonRecord, &mut Batch) -> Added + Clone + Send + 'static {
    move |store, person, batch| {
        let before = charts::load(store, person.id)?;
        batch.put.push(charts::put(store, person.id, &details));
        Ok(Ok(record.clone().naming(&fields::of_details(&before, &details))))
    }
}

/// Changes somebody and, in the same commit, who the owners are. One who could sign in always
/// stays, also when two step down at once.
async fn change_owners(
    app: &App,
    person: PersonId,
    judge: impl Fn(&mut PersonRecord) -> Result<(), Refusal> + Clone + Send + 'static,
    record: Record,
) -> Result<PersonRecord, Refusal> {
    let with = move |store: &Store, person: &PersonRecord, batch: &mut Batch| {
        let mut owners = practice::Owners::load(store)?;
        let was = owners.ids().len();
        if owners.follow(person) {
            if was == 1 && owners.ids().is_empty() {
                return Ok(Err(Refusal::LastOwner));
            }
            owners.put(store, batch);
        }
        Ok(Ok(record.clone()))
    };
    change_person(app, person, judge, with).await
}
