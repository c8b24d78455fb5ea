//! Every rule of a conversation. Pure: what a rule needs comes in, what it decides goes out, and
//! a refusal leaves the state untouched. Who may be in one is in `people`, what a message may be in
//! `message`, when something may be done in `session`.

mod beside;
mod create;
mod emergency;
mod file;
mod form;
mod host;
mod message;
mod people;

use crate::entry::Audience;
use crate::id::PersonId;
use crate::people::{PersonCard, Role};
use crate::practice::{ClientStart, Policies};
use crate::refusal::Refusal;
use crate::time::Millis;

use super::command::{Command, Context};
use super::event::{Decided, Event};
use super::state::State;

pub use beside::{Absence, activity, away};
pub use create::{may_start, send_at, starts_at};
pub use file::audience;
pub use form::{may_assign, may_fill};
pub use message::message_text;
pub use people::{may_leave, may_pick, may_remove};

/// What `command` appends to the conversation, or why it may not. Nothing, when it is so already.
///
/// # Errors
/// The [`Refusal`] of the first rule it breaks. Somebody who was never a member is answered
/// `NotFound`, as if there were no such conversation; who is none any more, `NoMember`; both
/// `ReadOnly` while they read it in an emergency.
pub fn decide(
    state: &State,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Create(new) => return create::create(state, new, context),
        Command::Emergency { reason } => return emergency::emergency(state, &reason, context),
        _ => is_member(state, context.actor.id, context.now)?,
    }
    is_open(state)?;
    match command {
        Command::Create(_) | Command::Emergency { .. } => Ok(Vec::new()),
        Command::Send { client_message_id, text, quoted } => {
            message::send(state, client_message_id, &text, quoted, context)
        }
        Command::Withdraw { target } => message::withdraw(state, target, context),
        Command::Announce { text } => host::announce(state, &text, context),
        Command::Reschedule { starts_at } => host::reschedule(state, starts_at, context),
        Command::Cancel => host::cancel(state, context),
        Command::Complete => host::complete(state, context),
        Command::Add { person } => people::add(state, person, context),
        Command::Remove { person } => people::remove(state, person, context),
        Command::Leave => people::leave(state, context),
        Command::Assign { client_message_id, form, version, to } => {
            form::assign(state, client_message_id, (form, version), to, context)
        }
        Command::Submit { client_message_id, assigned } => {
            form::submit(state, client_message_id, assigned, context)
        }
        Command::Share { client_message_id, file, hidden_from } => {
            file::share(state, client_message_id, file, &hidden_from, context)
        }
    }
}

/// Whether somebody takes part now.
///
/// # Errors
/// As [`decide`] for who does not.
pub fn is_member(state: &State, actor: PersonId, now: Millis) -> Result<(), Refusal> {
    match state.member(actor) {
        Some(member) if member.until.is_none() => Ok(()),
        _ if state.has_grant(actor, now) => Err(Refusal::ReadOnly),
        Some(_) => Err(Refusal::NoMember),
        None => Err(Refusal::NotFound),
    }
}

/// Whether a member may write now; the client greys its composer by it. `reachable`: somebody
/// else in it can read what is written.
///
/// # Errors
/// `NoMember`, `Ended`, `NotStarted`; `PortalOff` when nobody can read it; `ProviderFirst` or
/// `SessionsOnly` for a client by the policy.
pub fn may_write(
    state: &State,
    actor: &PersonCard,
    policies: &Policies,
    reachable: bool,
    now: Millis,
) -> Result<(), Refusal> {
    is_member(state, actor.id, now)?;
    is_open(state)?;
    if let Some(starts_at) = state.waits_for(now) {
        return Err(Refusal::NotStarted { starts_at });
    }
    if !reachable {
        return Err(Refusal::PortalOff);
    }
    // A provider has set a session up: in one, clients answer under every policy.
    if actor.role != Role::Client || state.session.is_some() {
        return Ok(());
    }
    // Under this policy the first message of all, or the first form, was a provider's.
    let written = state.tally(actor.id).is_some_and(|tally| tally.messages > 0);
    match policies.client_start {
        ClientStart::AfterProviderFirst if !written => Err(Refusal::ProviderFirst),
        ClientStart::Never => Err(Refusal::SessionsOnly),
        ClientStart::Assigned | ClientStart::AfterProviderFirst => Ok(()),
    }
}

/// Whether somebody leads it; the client shows by it what only the host can do.
///
/// # Errors
/// `HostOnly`.
pub fn is_host(state: &State, actor: PersonId) -> Result<(), Refusal> {
    if state.host() == Some(actor) { Ok(()) } else { Err(Refusal::HostOnly) }
}

/// Whether anything can be changed in it still (O11, O27).
///
/// # Errors
/// `Ended`.
pub fn is_open(state: &State) -> Result<(), Refusal> {
    if state.ended().is_some() { Err(Refusal::Ended) } else { Ok(()) }
}

pub use host::{may_cancel, may_complete, may_reschedule};

fn to_all(event: Event) -> Vec<Decided> {
    vec![Decided { audience: Audience::Members, event }]
}

#[cfg(test)]
mod tests;
