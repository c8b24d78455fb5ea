//! What those who come and go know of each other.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::state::{Member, State};
use shared_proto::conversation::visible::project;
use shared_proto::id::{EntryId, PersonId};

use crate::logs::restless;
use crate::{everybody, nothing};

proptest! {
    #[test]
    fn who_is_no_member_any_more_learns_nothing_of_what_comes_after(log in restless()) {
        let mut whole = nothing();
        let mut left: Vec<(PersonId, State)> = Vec::new();
        for entry in &log {
            let before = whole.clone();
            apply(&mut whole, entry);
            left.retain(|(person, _)| !whole.is_member(*person));
            for (person, then) in &left {
                prop_assert_eq!(&project(&whole, *person), then);
            }
            let gone = |person: &PersonId| {
                before.is_member(*person) && !whole.is_member(*person)
            };
            left.extend(everybody().filter(gone).map(|person| (person, project(&whole, person))));
        }
    }

    #[test]
    fn who_joins_learns_of_nobody_who_had_left_before(log in restless()) {
        let mut whole = nothing();
        for entry in &log {
            let before = whole.clone();
            apply(&mut whole, entry);
            for person in everybody() {
                if before.member(person).is_some() || whole.member(person).is_none() {
                    continue;
                }
                let known = project(&whole, person);
                prop_assert!(known.members.iter().all(|member| member.until.is_none()));
                prop_assert!(known.members.iter().all(|member| member.before.is_empty()));
            }
        }
    }

    #[test]
    fn everybody_knows_of_exactly_the_times_they_were_there_for_also_who_comes_back(
        log in restless(),
    ) {
        let mut whole = nothing();
        // Who has been in it together with whom, and since when the other was.
        let mut met: BTreeSet<(PersonId, PersonId, EntryId)> = BTreeSet::new();
        for entry in &log {
            apply(&mut whole, entry);
            let here: Vec<&Member> = whole.current().collect();
            for one in &here {
                met.extend(here.iter().map(|other| (one.person, other.person, other.from)));
            }
            for person in everybody() {
                let known = project(&whole, person);
                let since = |member: &Member| {
                    let earlier: Vec<EntryId> = member.before.iter().map(|span| span.from).collect();
                    let all = earlier.into_iter().chain([member.from]);
                    all.map(|from| (person, member.person, from)).collect::<Vec<_>>()
                };
                let known: BTreeSet<_> = known.members.iter().flat_map(since).collect();
                let expect: BTreeSet<_> =
                    met.iter().filter(|(one, ..)| *one == person).copied().collect();
                prop_assert_eq!(known, expect);
            }
        }
    }
}
