//! What somebody's account comes to, in a word and a mark, and what may be done with them.

use shared_proto::people::rules::{self, Actor, With};
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
use shared_proto::refusal::Refusal;
use yew::{Html, Properties, component, html};

use crate::text::use_text;

/// How far somebody is from reading a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// Its stable name: in the Fluent message `standing-…`, in `data-standing` and in the CSS.
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
}

/// Whether `me` may do this with somebody who is on their screen.
///
/// # Errors
/// The rule.
pub fn may(me: &PersonCard, does: With, row: &PersonRow) -> Result<(), Refusal> {
    // Whom the server shows is seen, whatever the divisions.
    let actor = Actor { id: me.id, role: me.role, division: row.division };
    rules::may_with(&actor, does, row)
}

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Their standing.
    pub standing: Standing,
}

/// The word and its mark.
#[component]
pub fn StandingMark(props: &Props) -> Html {
    let text = use_text();
    let words = match props.standing {
        Standing::Active => text.say("standing-active"),
        Standing::PortalOff => text.say("standing-portal-off"),
        Standing::Invited => text.say("standing-invited"),
        Standing::Suspended => text.say("standing-suspended"),
        Standing::NoAccount => text.say("standing-no-account"),
    };
    html! {
        <span class="standing" data-testid="standing" data-standing={props.standing.name()}>
            <span class="standing-mark" aria-hidden="true"></span>{words}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::id::PersonId;
    use shared_proto::time::Millis;

    use super::*;

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

    #[test]
    fn what_stops_somebody_is_said_first() {
        let check = |role, account, portal, expect| {
            assert_eq!(Standing::of(&somebody(role, account, portal)), expect);
        };
        let invited = AccountState::Invited { until: Millis(1) };
        check(Role::Client, AccountState::Active, true, Standing::Active);
        check(Role::Client, AccountState::Active, false, Standing::PortalOff);
        check(Role::Client, AccountState::Suspended, false, Standing::Suspended);
        check(Role::Client, invited, true, Standing::Invited);
        check(Role::Client, AccountState::None, true, Standing::NoAccount);
        check(Role::Provider, AccountState::Active, false, Standing::Active);
    }

    #[test]
    fn a_provider_is_told_what_only_an_owner_does() {
        let me = |role| PersonCard { id: PersonId::from_bytes([8; 16]), name: "Dana".into(), role };
        let client = somebody(Role::Client, AccountState::Active, true);
        let (owner, provider) = (me(Role::Owner), me(Role::Provider));
        assert_eq!(may(&owner, With::Suspend, &client), Ok(()));
        assert_eq!(may(&provider, With::Suspend, &client), Err(Refusal::OwnerOnly));
        assert_eq!(may(&provider, With::Portal, &client), Ok(()));
    }
}
