//! What is written, and taken back.

use crate::conversation::command::{Context, Target};
use crate::conversation::event::{Decided, Event, Message, Quoting, Withdrawn, kind};
use crate::conversation::state::State;
use crate::conversation::visible::visible_to;
use crate::entry::Audience;
use crate::id::{ClientMessageId, EntryId};
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

use super::{may_write, to_all};

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

pub(super) fn send(
    state: &State,
    client_message_id: ClientMessageId,
    text: &str,
    quoted: Option<EntryId>,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    may_write(state, context.actor, &context.policies, context.reachable, context.now)?;
    let text = message_text(text)?.to_owned();
    let Some(quoted) = quoted else {
        return Ok(to_all(Event::Message(Message { client_message_id, text })));
    };
    let found = target(state, quoted, context)?;
    if found.entry.audience != Audience::Members {
        // The answer would tell the others of it.
        return Err(Refusal::NotForAll);
    }
    Ok(to_all(Event::Quoting(Quoting { client_message_id, text, quoted })))
}

pub(super) fn withdraw(
    state: &State,
    wanted: EntryId,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let found = match target(state, wanted, context) {
        // What was shared may have been saved: it stays as evidence of what was (O23).
        Err(Refusal::NotAMessage) if is_file(context) => return Err(Refusal::FileStays),
        found => found?,
    };
    if found.entry.author != context.actor.id {
        return Err(Refusal::NotAuthor);
    }
    if found.withdrawn {
        return Err(Refusal::AlreadyWithdrawn);
    }
    let audience = found.entry.audience.clone();
    Ok(vec![Decided { audience, event: Event::Withdrawn(Withdrawn { target: wanted }) }])
}

fn is_file(context: &Context<'_>) -> bool {
    context.target.is_some_and(|found| found.entry.kind == kind::SHARED)
}

/// The message a command is about, as far as the actor sees it.
fn target<'a>(
    state: &State,
    wanted: EntryId,
    context: &Context<'a>,
) -> Result<Target<'a>, Refusal> {
    let seen = |found: &Target<'_>| {
        let member = state.member(context.actor.id);
        found.entry.id == wanted && member.is_some_and(|member| visible_to(found.entry, member))
    };
    let found = context.target.filter(seen).ok_or(Refusal::NotFound)?;
    match found.entry.kind {
        kind::MESSAGE | kind::QUOTING => Ok(found),
        _ => Err(Refusal::NotAMessage),
    }
}
