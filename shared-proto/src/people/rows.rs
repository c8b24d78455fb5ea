//! People as those who administer them see them: rows of the People list, and charts.

use serde::{Deserialize, Serialize};

use crate::chart::{Consents, Details};
use crate::id::{DivisionId, PersonId};
use crate::notice::Agreements;
use crate::time::Millis;

use super::{PersonCard, Role, Standing};

/// How far somebody has come with their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountState {
    /// They have none, and no invitation.
    None,
    /// They have been invited and have not signed up.
    Invited {
        /// When the link ends.
        until: Millis,
    },
    /// They can sign in.
    Active,
    /// An owner has taken their access away.
    Suspended,
}

/// A person as the People list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Id, name and role.
    pub card: PersonCard,
    /// Their account.
    pub account: AccountState,
    /// Their email; empty for none.
    pub email: String,
    /// Their telephone number; empty for none.
    pub phone: String,
    /// The number of their chart; empty for none.
    pub chart_number: String,
    /// Their division.
    pub division: Option<DivisionId>,
    /// Providers they are assigned to; clients only.
    pub assigned: Vec<PersonId>,
    /// Whether they may use the portal; clients only.
    pub portal: bool,
}

/// A client's or colleague's chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// As the list shows them.
    pub row: PersonRow,
    /// Their details; clients only.
    pub details: Details,
    /// What they agreed to.
    pub consents: Consents,
    /// Since when, and how.
    pub agreed: Agreements,
    /// Those they are assigned to.
    pub assigned: Vec<PersonCard>,
    /// When they were added.
    pub since: Millis,
}

/// Whom a list of people shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeopleShown {
    /// Clients.
    #[default]
    Clients,
    /// Owners and providers.
    Providers,
}

/// Which people are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PeopleFilter {
    /// Part of a name, email, phone or chart number; empty for all. At most
    /// [`crate::limits::QUERY_SCALARS`].
    pub text: String,
    /// Whom.
    pub shown: PeopleShown,
    /// Those of this standing only; `None` for all.
    pub standing: Option<Standing>,
}

/// A place in the list of people: assigned ones come first, then by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleMark {
    /// Whether the person there is assigned to the asker.
    pub assigned: bool,
    /// Their name in lower case.
    pub name: String,
    /// Who.
    pub person: PersonId,
}

/// A page of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// Assigned ones first, then by name.
    pub rows: Vec<PersonRow>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<PeopleMark>,
    /// How many there are on all pages.
    pub total: u32,
}

/// Somebody to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPerson {
    /// Client or provider.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// Their email; empty for none.
    pub email: String,
    /// Their telephone number; empty for none.
    pub phone: String,
    /// The number of their chart; empty for none.
    pub chart_number: String,
    /// Their division.
    pub division: Option<DivisionId>,
}

/// A change to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonChange {
    /// How they are called and reached; name and email only while they have no account.
    Contact {
        /// Their name.
        name: String,
        /// Their email; empty for none.
        email: String,
        /// Their telephone number; empty for none.
        phone: String,
        /// The number of their chart; empty for none.
        chart_number: String,
    },
    /// The details of a client's chart.
    Details(Box<Details>),
    /// Their division.
    Division(Option<DivisionId>),
    /// Whether a client may use the portal.
    Portal(bool),
    /// Whether their access is taken away.
    Suspended(bool),
    /// Whether a provider is an owner.
    Owner(bool),
    /// Whether a client is assigned to a provider.
    Assigned {
        /// To whom.
        provider: PersonId,
        /// Whether they are from now on.
        on: bool,
    },
    /// What a client has agreed to, as they told the practice. They see it, and change it.
    Consents(Consents),
}
