//! Who sees what: the one answer that fan-out, history, counts, last activity and other people's
//! cursors all go through (invariant 3).

use crate::entry::{Audience, Entry};
use crate::id::PersonId;

use super::state::{Member, State, Viewer};

/// Whether `member` may see `entry`.
#[must_use]
pub fn visible_to(entry: &Entry, member: &Member) -> bool {
    let within = member.from <= entry.id && member.until.is_none_or(|until| entry.id <= until);
    within
        && match &entry.audience {
            Audience::Members => true,
            Audience::Only(people) => {
                entry.author == member.person || people.binary_search(&member.person).is_ok()
            }
        }
}

/// What client `person` starts from: nothing of anyone else's tally, and nothing at all for
/// somebody who was never a member.
#[must_use]
pub fn project(state: &State, person: PersonId) -> State {
    let viewer = Viewer::Only(person);
    if state.member(person).is_none() {
        return State::absent(viewer);
    }
    seen_by(state, person)
}

/// What somebody with an emergency grant is shown: who is in it, and nothing of how far each has
/// come. No fold goes on from it: what they read they ask for.
#[must_use]
pub fn seen_by(state: &State, person: PersonId) -> State {
    let viewer = Viewer::Only(person);
    let keep = |member: &Member| Member {
        tally: member.tally.filter(|_| viewer.counts(member.person)),
        ..*member
    };
    let members = state.members.iter().map(keep).collect();
    State { viewer, created: state.created, members, grants: Vec::new() }
}
