//! What only the host does: the announcement, and when a session begins and ends.

use crate::conversation::command::Context;
use crate::conversation::event::{Announced, Decided, Event, Rescheduled};
use crate::conversation::state::{Session, State};
use crate::id::PersonId;
use crate::practice;
use crate::refusal::Refusal;
use crate::time::Millis;

use super::{create, is_host, is_open, to_all};

pub(super) fn announce(
    state: &State,
    text: &str,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    is_host(state, context.actor.id)?;
    let text = practice::announcement(text)?;
    if text == state.announcement {
        return Ok(Vec::new());
    }
    Ok(to_all(Event::Announced(Announced { text })))
}

/// Whether a session can be given another start (O30).
///
/// # Errors
/// `HostOnly`, `Ended`, `NotASession`, or `Started` when it has begun.
pub fn may_reschedule(state: &State, actor: PersonId, now: Millis) -> Result<(), Refusal> {
    session_of(state, actor)?;
    if state.waits_for(now).is_some() { Ok(()) } else { Err(Refusal::Started) }
}

/// Whether a session can be called off (O30).
///
/// # Errors
/// As [`may_reschedule`].
pub fn may_cancel(state: &State, actor: PersonId, now: Millis) -> Result<(), Refusal> {
    may_reschedule(state, actor, now)
}

/// Whether a session can be completed (O10).
///
/// # Errors
/// `HostOnly`, `Ended`, `NotASession`, or `NotStarted` before it begins.
pub fn may_complete(state: &State, actor: PersonId, now: Millis) -> Result<(), Refusal> {
    session_of(state, actor)?;
    match state.waits_for(now) {
        Some(starts_at) => Err(Refusal::NotStarted { starts_at }),
        None => Ok(()),
    }
}

fn session_of(state: &State, actor: PersonId) -> Result<Session, Refusal> {
    is_host(state, actor)?;
    is_open(state)?;
    state.session.ok_or(Refusal::NotASession)
}

pub(super) fn reschedule(
    state: &State,
    starts_at: Option<Millis>,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    may_reschedule(state, context.actor.id, context.now)?;
    let starts_at = create::starts_at(starts_at, context.now)?;
    if state.session.is_some_and(|session| session.starts_at == starts_at) {
        return Ok(Vec::new());
    }
    Ok(to_all(Event::Rescheduled(Rescheduled { starts_at })))
}

pub(super) fn cancel(state: &State, context: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    may_cancel(state, context.actor.id, context.now)?;
    Ok(to_all(Event::Cancelled))
}

pub(super) fn complete(state: &State, context: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
    may_complete(state, context.actor.id, context.now)?;
    Ok(to_all(Event::Completed))
}
