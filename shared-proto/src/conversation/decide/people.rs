//! Who may be in a conversation, and who joins and leaves one.

use crate::conversation::command::{Context, Pickable, Reach};
use crate::conversation::event::{Added, Decided, Event, Left};
use crate::conversation::state::State;
use crate::id::{DivisionId, PersonId};
use crate::limits;
use crate::people::Role;
use crate::practice::{CreateForInvited, Policies};
use crate::refusal::{Field, Refusal, Rule};

use super::{is_host, to_all};

/// Whether a conversation may hold this person; the picker says by it why not (I3, I8, O1a).
///
/// # Errors
/// What is answered for whom the actor may not know of, whatever else holds of them; then the rule.
pub fn may_pick(
    actor: Role,
    division: Option<DivisionId>,
    person: &Pickable,
    policies: &Policies,
) -> Result<(), Refusal> {
    let known = match (actor, person.card.role) {
        (Role::Client, Role::Client) => false,
        (Role::Client, Role::Owner | Role::Provider) => person.assigned,
        (Role::Provider, Role::Client) => person.assigned || person.division == division,
        (Role::Owner, _) | (Role::Provider, Role::Owner | Role::Provider) => true,
    };
    if !known {
        return Err(unknown(actor));
    }
    match person.account {
        Reach::Suspended => Err(Refusal::Suspended),
        Reach::PortalOff => Err(Refusal::PortalOff),
        Reach::NoAccount if policies.create_for_invited == CreateForInvited::No => {
            Err(Refusal::NoAccount)
        }
        Reach::NoAccount | Reach::Active => Ok(()),
    }
}

/// What somebody is answered who names a person they may not know of: the same whether there is
/// such a person or not.
pub(super) const fn unknown(actor: Role) -> Refusal {
    match actor {
        Role::Client => Refusal::NotAssigned,
        Role::Owner | Role::Provider => Refusal::invalid(Field::Participants, Rule::Unknown),
    }
}

/// Whether somebody of this role and division of their own is a provider of another division than
/// this. An owner of none is of no other: they administer all.
pub(super) fn is_elsewhere(
    role: Role,
    own: Option<DivisionId>,
    division: Option<DivisionId>,
) -> bool {
    let administers_all = role == Role::Owner && own.is_none();
    role.is_provider() && own != division && !administers_all
}

/// With clients in it, a conversation belongs to its host's division, and so do its providers
/// (O1a).
pub(super) fn stays_within(
    division: Option<DivisionId>,
    everyone: &[&Pickable],
) -> Result<(), Refusal> {
    let with_clients = everyone.iter().any(|person| person.card.role == Role::Client);
    let elsewhere = |person: &&Pickable| is_elsewhere(person.card.role, person.division, division);
    if with_clients && everyone.iter().any(elsewhere) {
        return Err(Refusal::OtherDivision);
    }
    Ok(())
}

/// The host takes somebody in (O18).
pub(super) fn add(
    state: &State,
    person: PersonId,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    is_host(state, context.actor.id)?;
    if state.is_member(person) {
        return Ok(Vec::new());
    }
    let pickable = context.pickable.iter().find(|known| known.card.id == person);
    let pickable = pickable.ok_or(unknown(context.actor.role))?;
    may_pick(context.actor.role, context.division, pickable, &context.policies)?;
    let division = state.created.and_then(|created| created.division);
    let known = |id| context.pickable.iter().find(|known| known.card.id == id);
    let members = state.current().filter_map(|member| known(member.person));
    stays_within(division, &members.chain([pickable]).collect::<Vec<_>>())?;
    if state.current().count() >= limits::MEMBERS {
        let rule = Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 };
        return Err(Refusal::invalid(Field::Participants, rule));
    }
    let memberships = state.members.iter().map(|member| 1 + member.before.len());
    if memberships.sum::<usize>() >= limits::MEMBERSHIPS {
        let rule = Rule::TooMany { limit: limits::MEMBERSHIPS as u32 };
        return Err(Refusal::invalid(Field::Memberships, rule));
    }
    Ok(to_all(Event::Added(Added { person })))
}

/// Whether the host may let somebody go.
///
/// # Errors
/// `HostOnly`, `NotFound` when they are not in it, `HostStays`, or `LastParticipant`.
pub fn may_remove(state: &State, actor: PersonId, person: PersonId) -> Result<(), Refusal> {
    is_host(state, actor)?;
    if !state.is_member(person) {
        return Err(Refusal::NotFound);
    }
    may_leave(state, person)
}

/// Whether a member may go.
///
/// # Errors
/// `HostStays` for the host, `LastParticipant` when only the host would be left.
pub fn may_leave(state: &State, person: PersonId) -> Result<(), Refusal> {
    if state.host() == Some(person) {
        return Err(Refusal::HostStays);
    }
    if state.current().count() <= 2 {
        return Err(Refusal::LastParticipant);
    }
    Ok(())
}

pub(super) fn remove(
    state: &State,
    person: PersonId,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    may_remove(state, context.actor.id, person)?;
    Ok(to_all(Event::Left(Left { person })))
}

pub(super) fn leave(state: &State, context: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    let person = context.actor.id;
    may_leave(state, person)?;
    Ok(to_all(Event::Left(Left { person })))
}
