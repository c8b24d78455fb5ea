//! The only fold. It cannot fail: what it does not know it skips.

use std::collections::BinaryHeap;

use crate::entry::{Audience, Entry};
use crate::id::PersonId;
use crate::limits;

use super::event::{Begun, Emergency, Event, kind};
use super::state::{Created, Ended, Ending, Grant, Member, Session, Span, State, Tally, Viewer};
use super::visible::{forget_what_changes, visible_to};

/// Folds `entry` into `state`. Entries come in order, each once.
pub fn apply(state: &mut State, entry: &Entry) {
    // What changes the fold is for all its members, or some of them would hold another fold than
    // the rest; and messages, by far the most, change nothing here.
    if !is_said(entry.kind)
        && entry.audience == Audience::Members
        && let Ok(event) = Event::decode(entry)
    {
        change(state, entry, event);
    }
    let counted = is_counted(entry.kind);
    for member in &mut state.members {
        let sees = member.tally.is_some() && visible_to(entry, member);
        let Some(tally) = member.tally.as_mut().filter(|_| sees) else { continue };
        if counted && entry.author != member.person {
            tally.messages = tally.messages.saturating_add(1);
        }
        tally.last = Some(entry.id);
        tally.last_at = entry.at;
    }
}

/// Whether entries of this kind count as unread.
#[must_use]
pub const fn is_counted(entry_kind: u16) -> bool {
    is_said(entry_kind) || matches!(entry_kind, kind::ASSIGNED | kind::SUBMITTED | kind::SHARED)
}

/// Whether entries of this kind are a person's words, and nothing of the fold but its counts.
#[must_use]
pub const fn is_said(entry_kind: u16) -> bool {
    matches!(entry_kind, kind::MESSAGE | kind::QUOTING | kind::REDACTED | kind::REDACTED_QUOTING)
}

/// What an event that is for everyone makes of the fold. Every kind has its line.
fn change(state: &mut State, entry: &Entry, event: Event) {
    match event {
        Event::Created(body) => begin(
            state,
            entry,
            Begun {
                host: body.host,
                participants: body.participants,
                division: body.division,
                session: None,
                announcement: String::new(),
            },
        ),
        Event::Begun(body) => begin(state, entry, body),
        Event::Emergency(body) => grant(state, entry, &body),
        Event::Announced(body) => state.announcement = body.text,
        Event::Rescheduled(body) => {
            if let Some(session) = &mut state.session {
                session.starts_at = body.starts_at;
            }
        }
        Event::Cancelled => end(state, entry, Ending::Cancelled),
        Event::Completed => end(state, entry, Ending::Completed),
        Event::Added(body) => join(state, entry, body.person),
        Event::Left(body) => leave(state, entry, body.person),
        Event::Message(_)
        | Event::Quoting(_)
        | Event::Withdrawn(_)
        | Event::Redacted(_)
        | Event::RedactedQuoting(_)
        | Event::Assigned(_)
        | Event::Submitted(_)
        | Event::Shared(_)
        | Event::Activity(_)
        | Event::Away(_) => {}
    }
}

fn begin(state: &mut State, entry: &Entry, body: Begun) {
    if state.created.is_some() {
        return;
    }
    state.created = Some(Created { at: entry.at, host: body.host, division: body.division });
    state.session = body.session.map(|start| Session { starts_at: start.at, ended: None });
    state.announcement = body.announcement;
    let viewer = state.viewer;
    // A heap: the client has this too, and no other sort takes as little code.
    let participants = BinaryHeap::from(body.participants).into_sorted_vec();
    for person in std::iter::once(body.host).chain(participants) {
        if state.member(person).is_none() {
            let tally = viewer.counts(person).then(Tally::default);
            state.members.push(Member { tally, ..Member::since(person, entry.id) });
        }
    }
}

fn grant(state: &mut State, entry: &Entry, body: &Emergency) {
    // Only the whole fold keeps it: it is a right of somebody else, and who left before would
    // otherwise hold another fold than who stayed.
    if state.viewer != Viewer::Everyone {
        return;
    }
    state.grants.retain(|grant| grant.person != body.person);
    if state.grants.len() >= limits::GRANTS {
        state.grants.remove(0);
    }
    state.grants.push(Grant { person: body.person, from: entry.id, until: body.until });
}

fn end(state: &mut State, entry: &Entry, how: Ending) {
    if let Some(session) = &mut state.session {
        session.ended.get_or_insert(Ended { entry: entry.id, at: entry.at, how });
    }
}

/// Somebody is a member from this entry on. Who joins starts from their projection, not from here:
/// what they did not see before, such as who else is in it, no entry brings them.
fn join(state: &mut State, entry: &Entry, person: PersonId) {
    if state.created.is_none() || state.is_member(person) || state.viewer == Viewer::Only(person) {
        return;
    }
    let known = state.members.iter().position(|member| member.person == person);
    let member = match known.map(|index| state.members.remove(index)) {
        Some(mut member) => {
            if let Some(until) = member.until.take() {
                member.before.push(Span { from: member.from, until });
            }
            Member { from: entry.id, ..member }
        }
        None => Member {
            tally: state.viewer.counts(person).then(Tally::default),
            ..Member::since(person, entry.id)
        },
    };
    state.members.push(member);
}

fn leave(state: &mut State, entry: &Entry, person: PersonId) {
    let member = state.members.iter_mut().find(|member| member.person == person);
    let Some(member) = member.filter(|member| member.until.is_none()) else { return };
    member.until = Some(entry.id);
    if state.viewer == Viewer::Only(person) {
        forget_what_changes(state);
    }
}
