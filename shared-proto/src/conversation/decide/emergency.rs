//! Reading in an emergency (164.312(a)(2)(ii)).

use crate::conversation::command::Context;
use crate::conversation::event::{Decided, Emergency, Event};
use crate::conversation::state::{Grant, State};
use crate::limits;
use crate::people;
use crate::people::rules::{self, Does};
use crate::refusal::Refusal;
use crate::time::Millis;

use super::to_all;

/// An owner reads for an hour what they are no member of, and everyone in it is told.
pub(super) fn emergency(
    state: &State,
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    rules::may(context.actor.role, Does::Emergency)?;
    let reason = people::reason(reason)?;
    if state.created.is_none() {
        return Err(Refusal::NotFound);
    }
    let person = context.actor.id;
    if state.is_member(person) {
        // They read it anyway.
        return Ok(Vec::new());
    }
    let live = |grant: &&Grant| grant.person != person && context.now < grant.until;
    if state.grants.iter().filter(live).count() >= limits::GRANTS {
        // One more would end another's before its time.
        return Err(Refusal::Busy);
    }
    let until = Millis(context.now.0 + limits::EMERGENCY_MS);
    let name = context.actor.name.clone();
    Ok(to_all(Event::Emergency(Emergency { person, name, until, reason })))
}
