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
    /// Who opened it.
    pub host: PersonId,
    /// Its division.
    pub division: Option<DivisionId>,
}

/// Somebody's membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The first entry they may see.
    pub from: EntryId,
    /// The last entry they may see; `None` while they are a member.
    pub until: Option<EntryId>,
    /// What they have been shown; `None` where this fold does not count it.
    pub tally: Option<Tally>,
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
        Self { viewer, created: None, members: Vec::new(), grants: Vec::new() }
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
