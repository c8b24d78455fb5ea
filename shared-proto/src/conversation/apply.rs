//! The only fold. It cannot fail: what it does not know it skips.

use crate::entry::{Audience, Entry};
use crate::limits;

use super::event::{Event, kind};
use super::state::{Created, Grant, Member, State, Tally, Viewer};
use super::visible::visible_to;

/// Folds `entry` into `state`. Entries come in order, each once.
pub fn apply(state: &mut State, entry: &Entry) {
    if entry.kind == kind::CREATED {
        create(state, entry);
    }
    if entry.kind == kind::EMERGENCY {
        grant(state, entry);
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
    matches!(entry_kind, kind::MESSAGE | kind::REDACTED)
}

fn create(state: &mut State, entry: &Entry) {
    let Ok(Event::Created(body)) = Event::decode(entry) else { return };
    // A beginning hidden from some of its members would part their folds from the whole one.
    if state.created.is_some() || entry.audience != Audience::Members {
        return;
    }
    state.created = Some(Created { at: entry.at, host: body.host, division: body.division });
    let viewer = state.viewer;
    state.members = std::iter::once(body.host)
        .chain(body.participants)
        .map(|person| Member {
            person,
            from: entry.id,
            until: None,
            tally: viewer.counts(person).then(Tally::default),
        })
        .collect();
}

fn grant(state: &mut State, entry: &Entry) {
    let Ok(Event::Emergency(body)) = Event::decode(entry) else { return };
    // Announced to all its members, or it is none. Only the whole fold keeps it: it is a right of
    // somebody else, and who left before would otherwise hold another fold than who stayed.
    if entry.audience != Audience::Members || state.viewer != Viewer::Everyone {
        return;
    }
    state.grants.retain(|grant| grant.person != body.person);
    if state.grants.len() >= limits::GRANTS {
        state.grants.remove(0);
    }
    state.grants.push(Grant { person: body.person, from: entry.id, until: body.until });
}
