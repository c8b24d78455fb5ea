//! Forms given to members, and submitted by them. Only who is to fill one in, and the host, see it.

use crate::conversation::command::{Context, Given};
use crate::conversation::event::{Assigned, Decided, Event, Submitted};
use crate::conversation::state::State;
use crate::entry::Audience;
use crate::id::{ClientMessageId, EntryId, FormId, PersonId};
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};
use crate::time::Millis;

use super::{is_host, is_member, is_open};

/// Whether somebody may give members forms: the host, as long as anything can be changed. Also
/// before a session starts, and to whom portal access is switched off: they fill it in once it is
/// on again.
///
/// # Errors
/// As [`is_member`], then `Ended` or `HostOnly`.
pub fn may_assign(state: &State, actor: PersonId, now: Millis) -> Result<(), Refusal> {
    is_member(state, actor, now)?;
    is_open(state)?;
    is_host(state, actor)
}

/// Whether somebody may fill in a form given `to` a member: that member, until they have submitted
/// it and as long as anything can be changed. Also before a session starts, which is when an intake
/// is filled in, and whatever the policy says of messages: a provider has asked for it.
///
/// # Errors
/// `NotFound` for whom it was not given to, as if there were none; as [`is_member`]; `Ended`, or
/// `Submitted`.
pub fn may_fill(
    state: &State,
    actor: PersonId,
    to: PersonId,
    submitted: bool,
    now: Millis,
) -> Result<(), Refusal> {
    is_member(state, actor, now)?;
    if actor != to {
        return Err(Refusal::NotFound);
    }
    if submitted {
        return Err(Refusal::Submitted);
    }
    is_open(state)
}

pub(super) fn assign(
    state: &State,
    client_message_id: ClientMessageId,
    (form, version): (FormId, u32),
    mut to: Vec<PersonId>,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let host = context.actor.id;
    may_assign(state, host, context.now)?;
    to.sort_unstable();
    let refused = |rule| Err(Refusal::invalid(Field::Participants, rule));
    if to.is_empty() {
        return refused(Rule::Empty);
    }
    if to.len() > *limits::PARTICIPANTS.end() {
        return refused(Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 });
    }
    if to.contains(&host) || to.windows(2).any(|pair| pair[0] == pair[1]) {
        return refused(Rule::Duplicate);
    }
    if !to.iter().all(|person| state.is_member(*person)) {
        return refused(Rule::Unknown);
    }
    let card = context.form.ok_or(Refusal::NotFound)?;
    if card.retired {
        return Err(Refusal::Retired);
    }
    if context.open_forms + to.len() > limits::FORMS_OPEN {
        let rule = Rule::TooMany { limit: limits::FORMS_OPEN as u32 };
        return Err(Refusal::invalid(Field::Form, rule));
    }
    let given = |to: PersonId| {
        let title = card.title.to_owned();
        let event = Event::Assigned(Assigned { client_message_id, form, version, title, to });
        Decided { audience: between(to, host), event }
    };
    Ok(to.into_iter().map(given).collect())
}

pub(super) fn submit(
    state: &State,
    client_message_id: ClientMessageId,
    assigned: EntryId,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let Given { to, title, submitted } = context.given.ok_or(Refusal::NotFound)?;
    may_fill(state, context.actor.id, to, submitted, context.now)?;
    let host = state.host().ok_or(Refusal::NotFound)?;
    let title = title.to_owned();
    let event = Event::Submitted(Submitted { client_message_id, assigned, title });
    Ok(vec![Decided { audience: between(to, host), event }])
}

fn between(one: PersonId, other: PersonId) -> Audience {
    Audience::Only(vec![one.min(other), one.max(other)])
}
