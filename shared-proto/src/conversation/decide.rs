//! Every rule of a conversation. Pure: what a rule needs comes in, what it decides goes out, and
//! a refusal leaves the state untouched.

use crate::entry::Audience;
use crate::id::{ClientMessageId, EntryId, PersonId};
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

use super::command::{Command, Context};
use super::event::{Created, Decided, Event, Message, Withdrawn, kind};
use super::state::State;
use super::visible::visible_to;

/// What `command` appends to the conversation, or why it may not.
///
/// # Errors
/// The [`Refusal`] of the first rule it breaks. Somebody who is not a member is always answered
/// `NotFound`, as if there were no such conversation.
pub fn decide(
    state: &State,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    if let Command::Create { participants } = command {
        return create(state, participants, context);
    }
    if !state.is_member(context.actor.id) {
        return Err(Refusal::NotFound);
    }
    match command {
        Command::Send { client_message_id, text } => send(client_message_id, &text),
        Command::Withdraw { target } => withdraw(state, target, context),
        Command::Create { .. } => unreachable!("handled above"),
    }
}

/// Whether somebody may start conversations at all; the client greys its button by it.
///
/// # Errors
/// `ClientCannotStart` for a client.
pub fn may_start(role: crate::people::Role) -> Result<(), Refusal> {
    if role.is_provider() { Ok(()) } else { Err(Refusal::ClientCannotStart) }
}

/// The text of a message as it is stored: trimmed, 1 to 8,000 Unicode scalars.
///
/// # Errors
/// `Invalid { field: Text }`, empty or too long.
pub fn message_text(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::invalid(Field::Text, Rule::Empty));
    }
    let limit = *limits::MESSAGE_SCALARS.end();
    if text.len() > limit && text.chars().count() > limit {
        return Err(Refusal::invalid(Field::Text, Rule::TooLong { limit: limit as u32 }));
    }
    Ok(text)
}

fn to_all(event: Event) -> Vec<Decided> {
    vec![Decided { audience: Audience::Members, event }]
}

fn create(
    state: &State,
    mut participants: Vec<PersonId>,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let refused = |rule| Err(Refusal::invalid(Field::Participants, rule));
    if state.created.is_some() {
        return Err(Refusal::NotFound);
    }
    may_start(context.actor.role)?;
    if participants.is_empty() {
        return refused(Rule::Empty);
    }
    if participants.len() > *limits::PARTICIPANTS.end() {
        return refused(Rule::TooMany { limit: *limits::PARTICIPANTS.end() as u32 });
    }
    participants.sort_unstable();
    let named_twice = participants.windows(2).any(|pair| pair[0] == pair[1]);
    if named_twice || participants.contains(&context.actor.id) {
        return refused(Rule::Duplicate);
    }
    let pickable = |id: &PersonId| context.pickable.iter().any(|person| person.id == *id);
    if !participants.iter().all(pickable) {
        return refused(Rule::Unknown);
    }
    Ok(to_all(Event::Created(Created { host: context.actor.id, participants })))
}

fn send(client_message_id: ClientMessageId, text: &str) -> Result<Vec<Decided>, Refusal> {
    let text = message_text(text)?.to_owned();
    Ok(to_all(Event::Message(Message { client_message_id, text })))
}

fn withdraw(
    state: &State,
    target: EntryId,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let actor = context.actor.id;
    let found = context.target.filter(|found| {
        found.entry.id == target
            && state.member(actor).is_some_and(|member| visible_to(found.entry, member))
    });
    let found = found.ok_or(Refusal::NotFound)?;
    if found.entry.kind != kind::MESSAGE {
        return Err(Refusal::NotAMessage);
    }
    if found.entry.author != actor {
        return Err(Refusal::NotAuthor);
    }
    if found.withdrawn {
        return Err(Refusal::AlreadyWithdrawn);
    }
    let audience = found.entry.audience.clone();
    Ok(vec![Decided { audience, event: Event::Withdrawn(Withdrawn { target }) }])
}

#[cfg(test)]
mod tests;
