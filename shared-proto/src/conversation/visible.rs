//! Who sees what: the one answer that fan-out, history, counts, last activity and other people's
//! cursors all go through (invariant 3).

use crate::entry::{Audience, Entry};
use crate::id::{EntryId, PersonId};

use super::state::{Member, Session, Span, State, Viewer};

/// Whether `member` was one when an entry with this id was appended. Not enough to see it.
#[must_use]
pub fn within(id: EntryId, member: &Member) -> bool {
    let now = member.from <= id && member.until.is_none_or(|until| id <= until);
    let was = |span: &Span| span.from <= id && id <= span.until;
    now || member.before.iter().any(was)
}

/// Whether `member` may see `entry`.
#[must_use]
pub fn visible_to(entry: &Entry, member: &Member) -> bool {
    within(entry.id, member)
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
    let Some(member) = state.member(person) else { return State::absent(viewer) };
    let mut seen = seen_by(state, person);
    let last = member.until;
    seen.members = seen.members.into_iter().filter_map(|other| beside(other, member)).collect();
    // As they joined, as far as this person knows: who came back after they left comes no later.
    let host = state.host();
    seen.members.sort_by_key(|member| (member.from, host != Some(member.person), member.person));
    if let Some(last) = last {
        forget_what_changes(&mut seen);
        if let Some(session) = &mut seen.session {
            session.ended = session.ended.filter(|ended| ended.entry <= last);
        }
    }
    seen
}

/// A membership as `viewer` knows of it: the times of it that they were there for themselves. Of who
/// took part only while they were away they know nothing.
fn beside(mut member: Member, viewer: &Member) -> Option<Member> {
    let own = spans(viewer);
    let met = |span: &Span| own.iter().any(|own| span.from <= own.until && own.from <= span.until);
    let mut known = spans(&member);
    known.retain(met);
    let Span { from, until } = known.pop()?;
    (member.from, member.before) = (from, known);
    // They did not see the end of one that outlasted their own.
    let end = viewer.until.unwrap_or(EntryId::MAX);
    member.until = (until < EntryId::MAX && until <= end).then_some(until);
    Some(member)
}

/// All times somebody was a member, oldest first; one that has no end yet lasts until the end of all
/// entries.
fn spans(member: &Member) -> Vec<Span> {
    let now = Span { from: member.from, until: member.until.unwrap_or(EntryId::MAX) };
    member.before.iter().copied().chain([now]).collect()
}

/// What may be another after somebody left is not known to them any more.
pub(super) fn forget_what_changes(state: &mut State) {
    state.announcement.clear();
    if let Some(Session { starts_at, .. }) = &mut state.session {
        *starts_at = None;
    }
}

/// What somebody with an emergency grant is shown: who is in it, and nothing of how far each has
/// come. No fold goes on from it: what they read they ask for.
#[must_use]
pub fn seen_by(state: &State, person: PersonId) -> State {
    let viewer = Viewer::Only(person);
    let keep = |member: &Member| Member {
        tally: member.tally.filter(|_| viewer.counts(member.person)),
        ..member.clone()
    };
    State {
        viewer,
        created: state.created,
        members: state.members.iter().map(keep).collect(),
        grants: Vec::new(),
        announcement: state.announcement.clone(),
        session: state.session,
    }
}
