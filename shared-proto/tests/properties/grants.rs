//! Emergency access makes a reader and no member, and is nobody's but its reader's to know.

use proptest::prelude::*;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::conversation::state::{Grant, State};
use shared_proto::conversation::visible::{project, seen_by};
use shared_proto::entry::Audience;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;

use crate::logs::any_log;
use crate::{everybody, fold, nothing};

/// Who is a member, and from where to where.
fn memberships(state: &State) -> Vec<(PersonId, EntryId, Option<EntryId>)> {
    state.members.iter().map(|member| (member.person, member.from, member.until)).collect()
}

proptest! {
    #[test]
    fn a_grant_makes_nobody_a_member_and_only_a_grant_makes_a_reader(log in any_log()) {
        let mut state = nothing();
        for entry in &log {
            let before = state.clone();
            apply(&mut state, entry);
            let changes = [kind::CREATED, kind::BEGUN, kind::ADDED, kind::LEFT];
            if !changes.contains(&entry.kind) {
                prop_assert_eq!(memberships(&state), memberships(&before));
            }
            match Event::decode(entry) {
                Ok(Event::Emergency(said)) if entry.audience == Audience::Members => {
                    let grant = Grant { person: said.person, from: entry.id, until: said.until };
                    prop_assert_eq!(state.grants.last(), Some(&grant));
                    let theirs = state.grants.iter().filter(|grant| grant.person == said.person);
                    prop_assert_eq!(theirs.count(), 1);
                }
                _ => prop_assert_eq!(&state.grants, &before.grants),
            }
            prop_assert!(state.grants.len() <= limits::GRANTS);
        }
    }

    #[test]
    fn a_grant_is_in_nobodys_projection_and_shows_nothing_of_how_far_anybody_is(
        log in any_log(),
    ) {
        let whole = fold(&nothing(), &log);
        for person in everybody() {
            prop_assert!(project(&whole, person).grants.is_empty());
            let shown = seen_by(&whole, person);
            prop_assert!(shown.grants.is_empty());
            prop_assert_eq!(shown.created, whole.created);
            prop_assert_eq!(memberships(&shown), memberships(&whole));
            let others = shown.members.iter().filter(|member| member.person != person);
            prop_assert!(others.into_iter().all(|member| member.tally.is_none()));
        }
    }
}
