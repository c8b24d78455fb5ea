//! A record, and which of them are wanted.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Action, Group};
use crate::id::{ConversationId, PersonId};
use crate::time::Millis;

/// What something was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Nothing in particular.
    Nothing,
    /// A person.
    Person(PersonId),
    /// A conversation.
    Conversation(ConversationId),
    /// The practice.
    Practice,
}

/// A record of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the log, from 1 on without a gap.
    pub sequence: u64,
    /// When, by the server's clock.
    pub at: Millis,
    /// Who. `None`: the operator, or nobody that is known.
    pub actor: Option<PersonId>,
    /// From where; `None` for the operator.
    pub address: Option<IpAddr>,
    /// What.
    pub action: Action,
    /// To what.
    pub subject: Subject,
    /// Names of changed fields, the id of a second person, or the reason of an emergency; at most
    /// [`crate::limits::AUDIT_DETAIL_SCALARS`]. Never what somebody wrote otherwise.
    pub detail: Option<String>,
}

/// Which records are wanted; all of what is given must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Done by this person, or to them.
    pub person: Option<PersonId>,
    /// Of this kind.
    pub action: Option<Action>,
    /// Not before.
    pub from: Option<Millis>,
    /// Before.
    pub until: Option<Millis>,
    /// Of a kind that belongs to this.
    pub group: Option<Group>,
}

impl AuditEntry {
    /// Whom it concerns besides its subject: the detail of an assignment.
    #[must_use]
    pub fn second(&self) -> Option<PersonId> {
        let named = matches!(self.action, Action::Assigned | Action::Unassigned);
        self.detail.as_ref().filter(|_| named)?.parse().ok()
    }

    /// Everyone it names.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        let subject = match self.subject {
            Subject::Person(person) => Some(person),
            Subject::Nothing | Subject::Conversation(_) | Subject::Practice => None,
        };
        self.actor.into_iter().chain(subject).chain(self.second())
    }
}

impl AuditFilter {
    /// Whether a record is wanted.
    #[must_use]
    pub fn wants(&self, entry: &AuditEntry) -> bool {
        let concerns = |person| entry.people().any(|named| named == person);
        self.person.is_none_or(concerns)
            && self.action.is_none_or(|action| entry.action == action)
            && self.group.is_none_or(|group| entry.action.group() == group)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.until.is_none_or(|until| entry.at < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_wants_what_all_of_it_holds_for() {
        let [ana, ben] = [1, 2].map(|n| PersonId::from_random([n; 16]));
        let entry = AuditEntry {
            sequence: 1,
            at: Millis(10),
            actor: Some(ana),
            address: None,
            action: Action::PersonChanged,
            subject: Subject::Person(ben),
            detail: None,
        };
        let all = AuditFilter::default();
        let wants = |filter: AuditFilter| filter.wants(&entry);
        assert!(wants(all));
        assert!(wants(AuditFilter { person: Some(ana), ..all }));
        assert!(wants(AuditFilter { person: Some(ben), ..all }));
        assert!(!wants(AuditFilter { person: Some(PersonId::from_random([3; 16])), ..all }));
        assert!(!wants(AuditFilter { action: Some(Action::SignedIn), ..all }));
        assert!(wants(AuditFilter { group: Some(Group::People), ..all }));
        assert!(!wants(AuditFilter { group: Some(Group::SignIns), ..all }));
        assert!(wants(AuditFilter { from: Some(Millis(10)), until: Some(Millis(11)), ..all }));
        assert!(!wants(AuditFilter { until: Some(Millis(10)), ..all }));
        assert!(!wants(AuditFilter { person: Some(ana), from: Some(Millis(11)), ..all }));
    }

    #[test]
    fn an_assignment_concerns_the_client_and_the_provider() {
        let [ana, ben, cleo] = [1, 2, 3].map(|n| PersonId::from_random([n; 16]));
        let entry = |action| AuditEntry {
            sequence: 1,
            at: Millis(10),
            actor: Some(ana),
            address: None,
            action,
            subject: Subject::Person(ben),
            detail: Some(cleo.to_string()),
        };
        let of_cleo = AuditFilter { person: Some(cleo), ..AuditFilter::default() };
        assert!(of_cleo.wants(&entry(Action::Assigned)));
        assert!(!of_cleo.wants(&entry(Action::EmergencyListed)), "a reason is no name");
        assert!(entry(Action::Unassigned).people().eq([ana, ben, cleo]));
    }
}
