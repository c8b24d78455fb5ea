//! What somebody's account comes to, in a word and a mark, and what may be done with them.

use shared_proto::people::rules::{self, Actor, With};
use shared_proto::people::{PersonCard, PersonRow, Standing};
use shared_proto::refusal::Refusal;
use yew::{Html, Properties, component, html};

use crate::text::{Text, use_text};

/// Whether `me` may do this with somebody who is on their screen.
///
/// # Errors
/// The rule.
pub fn may(me: &PersonCard, does: With, row: &PersonRow) -> Result<(), Refusal> {
    // Whom the server shows is seen, whatever the divisions.
    let actor = Actor { id: me.id, role: me.role, division: row.division };
    rules::may_with(&actor, does, row)
}

/// Its word.
#[must_use]
pub fn words(standing: Standing, text: &Text) -> String {
    match standing {
        Standing::Active => text.say("standing-active"),
        Standing::PortalOff => text.say("standing-portal-off"),
        Standing::Invited => text.say("standing-invited"),
        Standing::Suspended => text.say("standing-suspended"),
        Standing::NoAccount => text.say("standing-no-account"),
    }
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
    let words = words(props.standing, &text);
    html! {
        <span class="standing" data-testid="standing" data-standing={props.standing.name()}>
            <span class="standing-mark" aria-hidden="true"></span>{words}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::id::PersonId;
    use shared_proto::people::{AccountState, Role};

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
    fn a_provider_is_told_what_only_an_owner_does() {
        let me = |role| PersonCard { id: PersonId::from_bytes([8; 16]), name: "Dana".into(), role };
        let client = somebody(Role::Client, AccountState::Active, true);
        let (owner, provider) = (me(Role::Owner), me(Role::Provider));
        assert_eq!(may(&owner, With::Suspend, &client), Ok(()));
        assert_eq!(may(&provider, With::Suspend, &client), Err(Refusal::OwnerOnly));
        assert_eq!(may(&provider, With::Portal, &client), Ok(()));
    }
}
