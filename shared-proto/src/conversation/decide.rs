//! Every rule of a conversation. Pure: what a rule needs comes in, what it decides goes out, and
//! a refusal leaves the state untouched.

use crate::entry::Audience;
use crate::id::{ClientMessageId, DivisionId, EntryId, PersonId};
use crate::limits;
use crate::people::rules::{self, Does};
use crate::people::{self, PersonCard, Role};
use crate::practice::{ClientStart, CreateForInvited, Policies};
use crate::refusal::{Field, Refusal, Rule};
use crate::time::Millis;

use super::command::{Command, Context, Pickable, Reach};
use super::event::{Created, Decided, Emergency, Event, Message, Withdrawn, kind};
use super::state::{Grant, State};
use super::visible::visible_to;

/// What `command` appends to the conversation, or why it may not.
///
/// # Errors
/// The [`Refusal`] of the first rule it breaks. Somebody who is not a member is answered
/// `NotFound`, as if there were no such conversation, or `ReadOnly` while they read it in an
/// emergency.
pub fn decide(
    state: &State,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    let actor = context.actor.id;
    match command {
        Command::Create { participants } => create(state, participants, context),
        Command::Emergency { reason } => emergency(state, &reason, context),
        _ if !state.is_member(actor) => {
            let reads = state.has_grant(actor, context.now);
            Err(if reads { Refusal::ReadOnly } else { Refusal::NotFound })
        }
        Command::Send { client_message_id, text } => {
            may_write(state, context.actor, &context.policies, context.reachable)?;
            send(client_message_id, &text)
        }
        Command::Withdraw { target } => withdraw(state, target, context),
    }
}

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

/// Whether a member may write now; the client greys its composer by it. `reachable`: somebody
/// else in it can read what is written.
///
/// # Errors
/// `PortalOff` when nobody can, `ProviderFirst` or `SessionsOnly` for a client by the policy.
pub fn may_write(
    state: &State,
    actor: &PersonCard,
    policies: &Policies,
    reachable: bool,
) -> Result<(), Refusal> {
    if !reachable {
        return Err(Refusal::PortalOff);
    }
    if actor.role != Role::Client {
        return Ok(());
    }
    // Under this policy the first message of all was a provider's.
    let written = state.tally(actor.id).is_some_and(|tally| tally.messages > 0);
    match policies.client_start {
        ClientStart::AfterProviderFirst if !written => Err(Refusal::ProviderFirst),
        ClientStart::Never => Err(Refusal::SessionsOnly),
        ClientStart::Assigned | ClientStart::AfterProviderFirst => Ok(()),
    }
}

/// Whether a new conversation may hold this person; the picker says by it why not (I3, I8, O1a).
///
/// # Errors
/// What [`unknown`] answers for whom the actor may not know of, whatever else holds of them; then
/// the rule.
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
const fn unknown(actor: Role) -> Refusal {
    match actor {
        Role::Client => Refusal::NotAssigned,
        Role::Owner | Role::Provider => Refusal::invalid(Field::Participants, Rule::Unknown),
    }
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
    may_start(context.actor.role, &context.policies)?;
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
    let pickable = |id: &PersonId| context.pickable.iter().find(|person| person.card.id == *id);
    let Some(picked) = participants.iter().map(pickable).collect::<Option<Vec<_>>>() else {
        return Err(unknown(context.actor.role));
    };
    let division = context.division;
    for person in &picked {
        may_pick(context.actor.role, division, person, &context.policies)?;
    }
    // Where clients are in it, it belongs to its host's division, and so do its providers (O1a).
    let with_clients = context.actor.role == Role::Client
        || picked.iter().any(|person| person.card.role == Role::Client);
    let elsewhere =
        |person: &Pickable| person.card.role.is_provider() && person.division != division;
    if with_clients
        && context.actor.role.is_provider()
        && picked.iter().any(|person| elsewhere(person))
    {
        return Err(Refusal::OtherDivision);
    }
    Ok(to_all(Event::Created(Created { host: context.actor.id, participants, division })))
}

/// An owner reads for an hour what they are no member of, and everyone in it is told.
fn emergency(state: &State, reason: &str, context: &Context<'_>) -> Result<Vec<Decided>, Refusal> {
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
