//! What the fold of a conversation's entries knows.

use serde::{Deserialize, Serialize};

use crate::id::{DivisionId, EntryId, PersonId};
use crate::time::Millis;

/// The fold. On the server it holds everything; a client holds its own projection
/// ([`super::visible::project`]), from which the same fold goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// For whom this fold counts.
    pub viewer: Viewer,
    /// `None` before the first entry, and for somebody who may not know of the conversation.
    pub created: Option<Created>,
    /// In the order they joined, the host first.
    pub members: Vec<Member>,
    /// Emergency grants, oldest first, at most [`crate::limits::GRANTS`]; only where everyone's
    /// tallies are kept too.
    pub grants: Vec<Grant>,
    /// What stands across its top; empty for nothing, and for somebody who left.
    pub announcement: String,
    /// `None` for an ongoing conversation.
    pub session: Option<Session>,
}

/// A conversation that starts and is completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Nobody writes before; `None` from the beginning on, and for somebody who left.
    pub starts_at: Option<Millis>,
    /// How it ended, for good.
    pub ended: Option<Ended>,
}

/// The end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
    /// How.
    pub how: Ending,
}

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It was held.
    Completed,
    /// It never began.
    Cancelled,
}

/// Which list of an inbox a conversation is in (O20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum List {
    /// It can be written to.
    Active,
    /// Its start is still to come.
    Scheduled,
    /// It is only read: completed, cancelled, or left.
    Archived,
}

/// Somebody who is no member reads for a while; announced to the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub person: PersonId,
    /// The entry that announces it.
    pub from: EntryId,
    /// When it ends by itself.
    pub until: Millis,
}

/// Whose tallies a fold keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Viewer {
    /// Everyone's: the server.
    Everyone,
    /// One person's: a client.
    Only(PersonId),
}

impl Viewer {
    /// Whether `person`'s tally is kept.
    #[must_use]
    pub fn counts(self, person: PersonId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(viewer) => viewer == person,
        }
    }
}

/// How a conversation began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// When.
    pub at: Millis,
    /// The provider who leads it: who opened it, or when a client did, the provider they chose.
    pub host: PersonId,
    /// Its division.
    pub division: Option<DivisionId>,
}

/// Somebody's membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The first entry they may see.
    pub from: EntryId,
    /// The last entry they may see; `None` while they are a member.
    pub until: Option<EntryId>,
    /// What they have been shown; `None` where this fold does not count it.
    pub tally: Option<Tally>,
    /// The times they were a member before, oldest first.
    pub before: Vec<Span>,
}

/// A time somebody was a member and is not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first entry they may see.
    pub from: EntryId,
    /// The last.
    pub until: EntryId,
}

impl Member {
    /// Somebody who is one from an entry on.
    #[must_use]
    pub const fn since(person: PersonId, from: EntryId) -> Self {
        Self { person, from, until: None, tally: None, before: Vec::new() }
    }

    /// The first entry they ever could see.
    #[must_use]
    pub fn first(&self) -> EntryId {
        self.before.first().map_or(self.from, |span| span.from)
    }
}

/// What one member has been shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Messages of others visible to them. Unread is this less its value at their read mark.
    pub messages: u32,
    /// The newest entry visible to them.
    pub last: Option<EntryId>,
    /// Its time: their last activity.
    pub last_at: Millis,
}

impl State {
    /// The fold of nothing.
    #[must_use]
    pub const fn absent(viewer: Viewer) -> Self {
        Self {
            viewer,
            created: None,
            members: Vec::new(),
            grants: Vec::new(),
            announcement: String::new(),
            session: None,
        }
    }

    /// Somebody's membership, past or present.
    #[must_use]
    pub fn member(&self, person: PersonId) -> Option<&Member> {
        self.members.iter().find(|member| member.person == person)
    }

    /// Whether somebody is a member now.
    #[must_use]
    pub fn is_member(&self, person: PersonId) -> bool {
        self.member(person).is_some_and(|member| member.until.is_none())
    }

    /// Those who are members now.
    pub fn current(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.until.is_none())
    }

    /// Who leads it.
    #[must_use]
    pub fn host(&self) -> Option<PersonId> {
        self.created.map(|created| created.host)
    }

    /// How it ended, if it is a session that did.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.session?.ended
    }

    /// When nobody may write yet at `now`: the start that is waited for.
    #[must_use]
    pub fn waits_for(&self, now: Millis) -> Option<Millis> {
        self.session?.starts_at.filter(|start| now < *start)
    }

    /// Which list of somebody's inbox it is in. Scheduled or active follows from the start, without
    /// an entry.
    #[must_use]
    pub fn list(&self, person: PersonId, now: Millis) -> List {
        if self.ended().is_some() || !self.is_member(person) {
            List::Archived
        } else if self.waits_for(now).is_some() {
            List::Scheduled
        } else {
            List::Active
        }
    }

    /// Whether somebody may read by an emergency grant at `now`.
    #[must_use]
    pub fn has_grant(&self, person: PersonId, now: Millis) -> bool {
        self.grants.iter().any(|grant| grant.person == person && now < grant.until)
    }

    /// What somebody has been shown, where this fold counts it.
    #[must_use]
    pub fn tally(&self, person: PersonId) -> Option<&Tally> {
        self.member(person)?.tally.as_ref()
    }
}
