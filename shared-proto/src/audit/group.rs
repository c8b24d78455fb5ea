//! Kinds of actions.

use serde::{Deserialize, Serialize};

/// What actions have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Who came and went.
    SignIns,
    /// What people changed about their own way in and their own settings.
    Accounts,
    /// People and their charts.
    People,
    /// The practice.
    Practice,
    /// Conversations and who saw them.
    Conversations,
    /// Emergency access.
    Emergency,
    /// The audit log itself, and what the server and its operator do.
    Server,
}

impl Group {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::SignIns,
        Self::Accounts,
        Self::People,
        Self::Practice,
        Self::Conversations,
        Self::Emergency,
        Self::Server,
    ];

    /// Its stable name: Fluent message id.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Accounts => "accounts",
            Self::People => "people",
            Self::Practice => "practice",
            Self::Conversations => "conversations",
            Self::Emergency => "emergency",
            Self::Server => "server",
        }
    }

    /// The group of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Action;

    #[test]
    fn every_group_is_found_by_its_name_and_is_of_some_action() {
        for group in Group::ALL {
            assert_eq!(Group::named(group.name()), Some(group));
            assert!(Action::ALL.iter().any(|action| action.group() == group), "{group:?}");
        }
        assert_eq!(Group::named(""), None);
    }
}
