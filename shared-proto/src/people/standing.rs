//! How far somebody is from reading a message, and who of a list that concerns.

use serde::{Deserialize, Serialize};

use super::{AccountState, PeopleFilter, PeopleShown, PersonRow, Role};

/// What somebody's account and access come to. What stops them comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// They can sign in.
    Active,
    /// They could, but for their portal access.
    PortalOff,
    /// They have been invited.
    Invited,
    /// Their access was taken away.
    Suspended,
    /// They have no account, and no invitation.
    NoAccount,
}

impl Standing {
    /// All of them, in the order they are offered in.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::Invited, Self::NoAccount, Self::PortalOff, Self::Suspended];

    /// Of somebody.
    #[must_use]
    pub fn of(row: &PersonRow) -> Self {
        match row.account {
            AccountState::Suspended => Self::Suspended,
            _ if row.card.role == Role::Client && !row.portal => Self::PortalOff,
            AccountState::Active => Self::Active,
            AccountState::Invited { .. } => Self::Invited,
            AccountState::None => Self::NoAccount,
        }
    }

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::PortalOff => "portal-off",
            Self::Invited => "invited",
            Self::Suspended => "suspended",
            Self::NoAccount => "no-account",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }
}

impl PeopleFilter {
    /// Whether somebody is of those it shows, whatever is looked for.
    #[must_use]
    pub fn shows(&self, row: &PersonRow) -> bool {
        let clients = self.shown == PeopleShown::Clients;
        (row.card.role == Role::Client) == clients
            && self.standing.is_none_or(|wanted| wanted == Standing::of(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::people::PersonCard;
    use crate::time::Millis;

    fn somebody(role: Role, account: AccountState, portal: bool) -> PersonRow {
        let id = PersonId::from_bytes([7; 16]);
        PersonRow {
            card: PersonCard { id, name: "Ana".into(), role },
            account,
            email: String::new(),
            phone: String::new(),
            chart_number: String::new(),
            division: None,
            assigned: Vec::new(),
            portal,
        }
    }

    const INVITED: AccountState = AccountState::Invited { until: Millis(1) };

    #[test]
    fn what_stops_somebody_is_said_first() {
        let check = |role, account, portal, expect| {
            assert_eq!(Standing::of(&somebody(role, account, portal)), expect);
        };
        check(Role::Client, AccountState::Active, true, Standing::Active);
        check(Role::Client, AccountState::Active, false, Standing::PortalOff);
        check(Role::Client, AccountState::Suspended, false, Standing::Suspended);
        check(Role::Client, INVITED, true, Standing::Invited);
        check(Role::Client, AccountState::None, true, Standing::NoAccount);
        check(Role::Provider, AccountState::Active, false, Standing::Active);
    }

    #[test]
    fn a_list_shows_those_of_its_kind_and_standing() {
        let shows = |shown, standing, role, account| {
            let filter = PeopleFilter { text: "not looked at".into(), shown, standing };
            filter.shows(&somebody(role, account, true))
        };
        let (clients, providers) = (PeopleShown::Clients, PeopleShown::Providers);
        assert!(shows(clients, None, Role::Client, AccountState::Active));
        assert!(!shows(providers, None, Role::Client, AccountState::Active));
        assert!(shows(providers, None, Role::Owner, AccountState::Active));
        let invited = Some(Standing::Invited);
        assert!(shows(clients, invited, Role::Client, INVITED));
        assert!(!shows(clients, invited, Role::Client, AccountState::Active));
        assert!(!shows(clients, invited, Role::Provider, INVITED));
    }

    #[test]
    fn each_has_a_name_of_its_own() {
        for standing in Standing::ALL {
            assert_eq!(Standing::named(standing.name()), Some(standing));
        }
        assert_eq!(Standing::named(""), None);
    }
}
