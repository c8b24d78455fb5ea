//! How a conversation begins.

use crate::conversation::command::{Context, New, Pickable};
use crate::conversation::event::{Begun, Decided, Event};
use crate::conversation::state::State;
use crate::id::{DivisionId, PersonId};
use crate::limits;
use crate::people::Role;
use crate::practice::{self, ClientStart, Policies};
use crate::refusal::{Field, Refusal, Rule};
use crate::time::Millis;

use super::people::{is_elsewhere, may_pick, stays_within, unknown};
use super::to_all;

/// Whether somebody may start conversations at all under this policy; the client greys its button
/// by it (I7, O9).
///
/// # Errors
/// `ProviderFirst` or `SessionsOnly` for a client who may not.
pub const fn may_start(role: Role, policies: &Policies) -> Result<(), Refusal> {
    match (role, policies.client_start) {
        (Role::Owner | Role::Provider, _) | (Role::Client, ClientStart::Assigned) => Ok(()),
        (Role::Client, ClientStart::AfterProviderFirst) => Err(Refusal::ProviderFirst),
        (Role::Client, ClientStart::Never) => Err(Refusal::SessionsOnly),
    }
}

/// The start of a session as it is kept: at most [`limits::AHEAD_MS`] ahead, and in the past only
/// by as much as a form may have lain open.
///
/// # Errors
/// `Invalid { field: StartsAt }`, past or too far.
pub fn starts_at(given: Option<Millis>, now: Millis) -> Result<Option<Millis>, Refusal> {
    given.map(|at| within(Field::StartsAt, at, now)).transpose()
}

/// The time a message is to be sent at, as it is kept; bounds as those of a start.
///
/// # Errors
/// `Invalid { field: SendAt }`, past or too far.
pub fn send_at(at: Millis, now: Millis) -> Result<Millis, Refusal> {
    within(Field::SendAt, at, now)
}

fn within(field: Field, at: Millis, now: Millis) -> Result<Millis, Refusal> {
    if now.since(at) > limits::LATE_START_MS {
        return Err(Refusal::invalid(field, Rule::Past));
    }
    if at.since(now) > limits::AHEAD_MS {
        return Err(Refusal::invalid(field, Rule::TooFar));
    }
    Ok(at)
}

pub(super) fn create(
    state: &State,
    new: New,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    if state.created.is_some() {
        return Err(Refusal::NotFound);
    }
    let actor = context.actor;
    may_start(actor.role, &context.policies)?;
    let New { mut participants, session, announcement, host, division: meant } = new;
    participants.sort_unstable();
    let picked = picked(&participants, context)?;
    let (host, division) = host_of(host, context, &picked)?;
    if meant.is_some() && meant != division {
        return Err(Refusal::invalid(Field::Division, Rule::Wrong));
    }
    if actor.role.is_provider() {
        // A client chooses among those they are assigned to.
        stays_within(division, &picked)?;
        opens_within(division, context, &picked)?;
    }
    if actor.role == Role::Client && (session.is_some() || announcement.is_some()) {
        return Err(Refusal::ProviderOnly);
    }
    let session = match session {
        Some(mut start) => {
            start.at = starts_at(start.at, context.now)?;
            Some(start)
        }
        None => None,
    };
    let announcement = announcement.as_deref().unwrap_or(context.announcement);
    let announcement = practice::announcement(announcement)?;
    // Everyone but the host, whoever of them opened it.
    let everyone = participants.iter().copied().chain([actor.id]);
    let mut participants: Vec<PersonId> = everyone.filter(|person| *person != host).collect();
    participants.sort_unstable();
    Ok(to_all(Event::Begun(Begun { host, participants, division, session, announcement })))
}

/// Those named, each of whom may be in it.
fn picked<'a>(
    participants: &[PersonId],
    context: &Context<'a>,
) -> Result<Vec<&'a Pickable>, Refusal> {
    let refused = |rule| Err(Refusal::invalid(Field::Participants, rule));
    if participants.is_empty() {
        return refused(Rule::Empty);
    }
    if participants.len() > *limits::PARTICIPANTS.end() {
        return refused(Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 });
    }
    let named_twice = participants.windows(2).any(|pair| pair[0] == pair[1]);
    if named_twice || participants.contains(&context.actor.id) {
        return refused(Rule::Duplicate);
    }
    let actor = context.actor.role;
    let pickable = |id: &PersonId| context.pickable.iter().find(|person| person.card.id == *id);
    let Some(picked) = participants.iter().map(pickable).collect::<Option<Vec<_>>>() else {
        return Err(unknown(actor));
    };
    for person in &picked {
        may_pick(actor, context.division, person, &context.policies)?;
    }
    Ok(picked)
}

/// A provider leads it, in their division: the one who is named, or who opens it, or the first of
/// those a client chose.
fn host_of(
    named: Option<PersonId>,
    context: &Context<'_>,
    picked: &[&Pickable],
) -> Result<(PersonId, Option<DivisionId>), Refusal> {
    let opener = context.actor;
    let mut providers = picked.iter().filter(|person| person.card.role.is_provider());
    let host = match named {
        Some(named) if named == opener.id && opener.role.is_provider() => None,
        Some(named) => {
            let host = providers.find(|person| person.card.id == named);
            Some(host.ok_or(Refusal::invalid(Field::Host, Rule::Unknown))?)
        }
        None if opener.role == Role::Client => providers.next(),
        None => None,
    };
    Ok(host.map_or((opener.id, context.division), |host| (host.card.id, host.division)))
}

/// Who opens a conversation for a colleague is in it as a participant, and so of the same division
/// when there are clients in it.
fn opens_within(
    division: Option<DivisionId>,
    context: &Context<'_>,
    picked: &[&Pickable],
) -> Result<(), Refusal> {
    let with_clients = picked.iter().any(|person| person.card.role == Role::Client);
    if with_clients && is_elsewhere(context.actor.role, context.division, division) {
        return Err(Refusal::OtherDivision);
    }
    Ok(())
}
