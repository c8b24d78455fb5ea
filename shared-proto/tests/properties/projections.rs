//! What somebody is shown is the fold of what they see, and nothing of it is anybody else's.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use shared_proto::codec;
use shared_proto::conversation::apply::apply;
use shared_proto::conversation::event::kind;
use shared_proto::conversation::state::{Member, Span, State, Tally, Viewer};
use shared_proto::conversation::visible::{project, visible_to};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::EntryId;

use crate::logs::{any_log, begun, log, restless};
use crate::{everybody, fold, nothing, person};

/// Checks invariant 5 for everybody, member or not, entry by entry. Who joins starts from their
/// projection, which no entry brings them.
fn check_projections(state: &State, entries: &[Entry]) -> Result<(), TestCaseError> {
    let mut whole = state.clone();
    for entry in entries {
        let before = whole.clone();
        apply(&mut whole, entry);
        for person in everybody() {
            let sees = whole.member(person).is_some_and(|member| visible_to(entry, member));
            let joins = whole.is_member(person) && !before.is_member(person);
            if joins && entry.kind == kind::ADDED {
                continue;
            }
            let mut theirs = project(&before, person);
            if sees {
                apply(&mut theirs, entry);
            }
            prop_assert_eq!(project(&whole, person), theirs, "sees: {}, {:?}", sees, entry);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_client_that_folds_what_it_sees_holds_its_projection(log in any_log()) {
        check_projections(&nothing(), &log)?;
    }

    #[test]
    fn it_does_so_whoever_comes_and_goes(log in restless()) {
        check_projections(&nothing(), &log)?;
    }

    #[test]
    fn a_fold_goes_on_where_it_stopped(log in any_log(), split in any::<Index>()) {
        let (prefix, rest) = log.split_at(split.index(log.len() + 1));
        let halves = fold(&fold(&nothing(), prefix), rest);
        prop_assert_eq!(&halves, &fold(&nothing(), &log));
        let stored: State = codec::decode(&codec::encode(&halves)).expect("its own bytes");
        prop_assert_eq!(stored, halves);
    }

    #[test]
    fn a_projection_holds_nothing_of_anybody_else(log in any_log()) {
        let whole = fold(&nothing(), &log);
        for person in everybody() {
            let theirs = project(&whole, person);
            prop_assert_eq!(project(&theirs, person), theirs.clone());
            prop_assert_eq!(theirs.tally(person), whole.tally(person));
            let others = theirs.members.iter().filter(|member| member.person != person);
            prop_assert!(others.into_iter().all(|member| member.tally.is_none()));
            if whole.member(person).is_none() {
                prop_assert_eq!(theirs, State::absent(Viewer::Only(person)));
            }
        }
    }

    #[test]
    fn a_tally_counts_exactly_the_visible_messages_of_others(log in begun(1..30)) {
        let whole = fold(&nothing(), &log);
        for member in &whole.members {
            let mut seen = log.iter().filter(|entry| visible_to(entry, member));
            let counted = seen.clone().filter(|entry| {
                matches!(
                    entry.kind,
                    kind::MESSAGE
                        | kind::REDACTED
                        | kind::QUOTING
                        | kind::REDACTED_QUOTING
                        | kind::ASSIGNED
                        | kind::SUBMITTED
                        | kind::SHARED
                ) && entry.author != member.person
            });
            let last = seen.next_back();
            let expect = Tally {
                messages: counted.count() as u32,
                last: last.map(|entry| entry.id),
                last_at: last.map(|entry| entry.at).unwrap_or_default(),
            };
            prop_assert_eq!(member.tally, Some(expect));
        }
    }

    #[test]
    fn nobody_sees_what_is_outside_their_audience_or_their_membership(
        log in log(1..20),
        who in person(),
        from in any::<Index>(),
        until in option::of(any::<Index>()),
        earlier in option::of((any::<Index>(), any::<Index>())),
    ) {
        let at = |index: Index| log[index.index(log.len())].id;
        let (from, until) = (at(from), until.map(at));
        let earlier = earlier.map(|(from, until)| Span { from: at(from), until: at(until) });
        let before = earlier.into_iter().collect();
        let member = Member { until, before, ..Member::since(who, from) };
        for entry in &log {
            let named = match &entry.audience {
                Audience::Members => true,
                Audience::Only(people) => people.contains(&who) || entry.author == who,
            };
            let within = (from..=until.unwrap_or(EntryId::MAX)).contains(&entry.id)
                || earlier.is_some_and(|span| (span.from..=span.until).contains(&entry.id));
            prop_assert_eq!(visible_to(entry, &member), named && within);
        }
    }
}
