//! Whom somebody sees at all.

use proptest::option;
use proptest::prelude::*;
use shared_proto::id::DivisionId;
use shared_proto::people::rules::{Actor, Does, With, may, may_with, sees};
use shared_proto::people::{AccountState, PersonCard, PersonRow, Role};
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

use crate::{person, sorted_people};

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Owner), Just(Role::Provider), Just(Role::Client)]
}

fn division() -> impl Strategy<Value = Option<DivisionId>> {
    option::of((0u8..2).prop_map(|n| DivisionId::from_random([n; 16])))
}

fn person_row() -> impl Strategy<Value = PersonRow> {
    let account = prop_oneof![
        Just(AccountState::None),
        Just(AccountState::Invited { until: Millis(1) }),
        Just(AccountState::Active),
        Just(AccountState::Suspended),
    ];
    let email = prop_oneof![Just(String::new()), Just(String::from("a@b"))];
    (person(), role(), account, email, division(), sorted_people(), any::<bool>()).prop_map(
        |(id, role, account, email, division, assigned, portal)| PersonRow {
            card: PersonCard { id, name: "Somebody".into(), role },
            account,
            email,
            phone: String::new(),
            chart_number: String::new(),
            division,
            assigned,
            portal,
        },
    )
}

proptest! {
    #[test]
    fn whom_somebody_does_not_see_is_not_there_whatever_they_want(
        (id, role, division) in (person(), role(), division()),
        row in person_row(),
    ) {
        let actor = Actor { id, role, division };
        // Written anew, so that the rule and its test do not fail together.
        let expect = match (role, row.card.role) {
            (Role::Owner, _) | (Role::Provider, Role::Owner | Role::Provider) => true,
            (Role::Provider, Role::Client) => {
                row.division == division || row.assigned.contains(&id)
            }
            (Role::Client, _) => false,
        };
        prop_assert_eq!(sees(&actor, &row), expect);
        prop_assert_eq!(may_with(&actor, With::See, &row).is_ok(), expect);
        let owner = Actor { role: Role::Owner, ..actor };
        for does in With::ALL {
            let answer = may_with(&actor, does, &row);
            if !expect {
                prop_assert_eq!(answer, Err(Refusal::NotFound), "{:?}", does);
            }
            if answer.is_ok() {
                prop_assert_eq!(may_with(&owner, does, &row), Ok(()), "{:?} of an owner", does);
            }
        }
        for does in Does::ALL {
            prop_assert!(may(role, does).is_err() || may(Role::Owner, does).is_ok());
        }
    }
}
