//! What is told in a conversation without anybody writing it: that a client changed something the
//! practice keeps of them (N7), and that a host is away.

use crate::conversation::event::{Activity, Away, Decided, Event, Part};
use crate::conversation::state::State;
use crate::entry::Audience;
use crate::id::PersonId;
use crate::people::{PersonCard, Role};
use crate::time::Millis;

/// What is known of the host whom a client writes to.
#[derive(Clone, Copy, Debug)]
pub struct Absence<'a> {
    /// What they say of being away; empty for nothing.
    pub text: &'a str,
    /// When they will have answered.
    pub by: Option<Millis>,
    /// Whether it is within their hours.
    pub open: bool,
    /// Whether they have a live connection.
    pub here: bool,
    /// Whether it has been said here today.
    pub said: bool,
}

/// What is answered for a host who is away to a message of `actor`: to clients, once a day.
#[must_use]
pub fn away(state: &State, actor: &PersonCard, absence: &Absence<'_>) -> Option<Decided> {
    state.host().filter(|host| state.is_member(*host) && *host != actor.id)?;
    let away = !absence.open && !absence.here && !absence.said;
    if actor.role != Role::Client || !away || absence.text.is_empty() {
        return None;
    }
    let event = Event::Away(Away { text: absence.text.to_owned(), by: absence.by });
    Some(Decided { audience: Audience::Members, event })
}

/// What a conversation says of a change its client made: to the providers they are assigned to, and
/// to nobody else in it. Nothing, when none of them is.
#[must_use]
pub fn activity(
    state: &State,
    client: PersonId,
    assigned: &[PersonId],
    parts: Vec<Part>,
) -> Option<Decided> {
    if !state.is_member(client) || state.ended().is_some() || parts.is_empty() {
        return None;
    }
    let others = state.current().map(|member| member.person).filter(|person| *person != client);
    let (mut told, strangers): (Vec<PersonId>, Vec<PersonId>) =
        others.partition(|person| assigned.contains(person));
    if told.is_empty() {
        return None;
    }
    told.sort_unstable();
    let audience = if strangers.is_empty() { Audience::Members } else { Audience::Only(told) };
    Some(Decided { audience, event: Event::Activity(Activity { parts }) })
}
