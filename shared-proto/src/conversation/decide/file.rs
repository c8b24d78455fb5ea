//! Files that are shown to everyone, or to some (O22).

use crate::conversation::command::{Context, Uploaded, Whole};
use crate::conversation::event::{Decided, Event, Shared};
use crate::conversation::state::State;
use crate::entry::Audience;
use crate::id::{ClientMessageId, FileId, PersonId};
use crate::refusal::{Field, Refusal, Rule};

use super::may_write;

/// Whom a file of `actor`'s is for when it is hidden from these: everyone by default. The client
/// says by it what is wrong before anything is sent.
///
/// # Errors
/// `Invalid { field: Recipients }`: `Unknown` when one of them is no other member, `Duplicate`, or
/// `Empty` when nobody but the actor would be left.
pub fn audience(
    state: &State,
    actor: PersonId,
    hidden_from: &[PersonId],
) -> Result<Audience, Refusal> {
    let refused = |rule| Err(Refusal::invalid(Field::Recipients, rule));
    if hidden_from.is_empty() {
        return Ok(Audience::Members);
    }
    if hidden_from.iter().any(|person| *person == actor || !state.is_member(*person)) {
        return refused(Rule::Unknown);
    }
    let mut hidden = hidden_from.to_vec();
    hidden.sort_unstable();
    if hidden.windows(2).any(|pair| pair[0] == pair[1]) {
        return refused(Rule::Duplicate);
    }
    let left = state.current().map(|member| member.person);
    let left = left.filter(|person| *person != actor && hidden.binary_search(person).is_err());
    let mut left: Vec<PersonId> = left.collect();
    if left.is_empty() {
        return refused(Rule::Empty);
    }
    left.sort_unstable();
    Ok(Audience::Only(left))
}

pub(super) fn share(
    state: &State,
    client_message_id: ClientMessageId,
    file: FileId,
    hidden_from: &[PersonId],
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    may_write(state, context.actor, &context.policies, context.reachable, context.now)?;
    let known = context.file.filter(|known| known.file == file).ok_or(Refusal::NotFound)?;
    let Uploaded { name, kind, bytes, whole, .. } = known;
    let Whole { pixels, hash } = whole.ok_or(Refusal::NotWhole)?;
    let audience = audience(state, context.actor.id, hidden_from)?;
    let event = Event::Shared(Shared {
        client_message_id,
        file,
        name: name.clone(),
        kind: *kind,
        bytes: *bytes,
        pixels,
        hash,
    });
    Ok(vec![Decided { audience, event }])
}
