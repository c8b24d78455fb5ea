//! Who may do what with people and the practice: deny unless a rule allows. One table of role ×
//! action × standing; the server enforces it and the client says by it why something is not
//! possible.

use serde::{Deserialize, Serialize};

use crate::id::{DivisionId, PersonId};
use crate::refusal::Refusal;

use super::{AccountState, PersonRow, Role};

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub id: PersonId,
    /// What they are.
    pub role: Role,
    /// Their division.
    pub division: Option<DivisionId>,
}

/// What somebody does with the practice at large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Does {
    /// Lists people.
    ListPeople,
    /// Adds a client.
    AddClient,
    /// Adds a provider.
    AddProvider,
    /// Changes settings, policies or divisions.
    ChangePractice,
    /// Reads the audit log.
    ReadAudit,
    /// Opens conversations in an emergency.
    Emergency,
    /// Builds forms, and reads those there are.
    BuildForms,
    /// Keeps saved replies, hours and leave of their own.
    KeepDesk,
}

impl Does {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ListPeople,
        Self::AddClient,
        Self::AddProvider,
        Self::ChangePractice,
        Self::ReadAudit,
        Self::Emergency,
        Self::BuildForms,
        Self::KeepDesk,
    ];
}

/// Whether somebody with this role does this.
///
/// # Errors
/// `OwnerOnly` or `ProviderOnly`.
pub const fn may(role: Role, does: Does) -> Result<(), Refusal> {
    let by_providers =
        matches!(does, Does::ListPeople | Does::AddClient | Does::BuildForms | Does::KeepDesk);
    match role {
        Role::Owner => Ok(()),
        Role::Provider if by_providers => Ok(()),
        Role::Client if by_providers => Err(Refusal::ProviderOnly),
        Role::Provider | Role::Client => Err(Refusal::OwnerOnly),
    }
}

/// What somebody does with another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum With {
    /// Sees them in lists and opens their chart.
    See,
    /// Changes how they are called and reached.
    Contact,
    /// Changes the details of their chart.
    Details,
    /// Invites them, again or for the first time.
    Invite,
    /// Switches their portal access.
    Portal,
    /// Takes their access away or gives it back.
    Suspend,
    /// Makes them an owner or a provider.
    Owner,
    /// Assigns them to a provider, or no longer.
    Assign,
    /// Moves them to another division.
    Division,
    /// Sends them a link to a new password.
    Reset,
    /// Writes down what they have agreed to.
    Consents,
}

impl With {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::See,
        Self::Contact,
        Self::Details,
        Self::Invite,
        Self::Portal,
        Self::Suspend,
        Self::Owner,
        Self::Assign,
        Self::Division,
        Self::Reset,
        Self::Consents,
    ];
}

/// Whether `actor` may see `person` in lists: an owner everyone, a provider their colleagues, the
/// clients assigned to them and those of their own division, a client nobody (O1a, N6).
#[must_use]
pub fn sees(actor: &Actor, person: &PersonRow) -> bool {
    match actor.role {
        Role::Owner => true,
        Role::Provider if person.card.role == Role::Client => {
            person.assigned.contains(&actor.id) || person.division == actor.division
        }
        Role::Provider => true,
        Role::Client => false,
    }
}

/// Whether `actor` may do this with `person`.
///
/// # Errors
/// `NotFound` for whom they do not see, as if there were no such person; else the rule.
pub fn may_with(actor: &Actor, does: With, person: &PersonRow) -> Result<(), Refusal> {
    if !sees(actor, person) {
        return Err(Refusal::NotFound);
    }
    let owner = actor.role == Role::Owner;
    let is_client = person.card.role == Role::Client;
    let has_account = matches!(person.account, AccountState::Active | AccountState::Suspended);
    match does {
        With::See => Ok(()),
        With::Contact | With::Details | With::Portal | With::Consents if is_client => Ok(()),
        With::Details | With::Portal | With::Consents => Err(Refusal::NotFound),
        With::Contact if owner => Ok(()),
        With::Invite if !is_client && !owner => Err(Refusal::OwnerOnly),
        With::Invite if person.account == AccountState::Suspended => Err(Refusal::Suspended),
        With::Invite if has_account => Err(Refusal::HasAccount),
        With::Invite if person.email.is_empty() => Err(Refusal::NoEmail),
        With::Invite if is_client && !person.portal => Err(Refusal::PortalOff),
        With::Invite => Ok(()),
        With::Reset if !is_client && !owner => Err(Refusal::OwnerOnly),
        With::Reset if person.account == AccountState::Suspended => Err(Refusal::Suspended),
        With::Reset if !has_account => Err(Refusal::NoAccount),
        With::Reset if person.email.is_empty() => Err(Refusal::NoEmail),
        With::Reset if is_client && !person.portal => Err(Refusal::PortalOff),
        With::Reset => Ok(()),
        With::Assign if !is_client => Err(Refusal::NotFound),
        With::Assign => Ok(()),
        With::Owner if is_client => Err(Refusal::NotFound),
        With::Division if is_client => Ok(()),
        _ if owner => Ok(()),
        _ => Err(Refusal::OwnerOnly),
    }
}

#[cfg(test)]
mod tests;
