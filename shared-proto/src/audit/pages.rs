//! The log, and the accesses to a conversation, a page at a time.

use serde::{Deserialize, Serialize};

use super::{Action, AuditEntry};
use crate::id::PersonId;
use crate::people::PersonCard;
use crate::time::Millis;

/// A page of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Newest first, at most [`crate::limits::AUDIT_ROWS`]. Can be fewer, or none, with more to come:
    /// one request looks at a bounded part of the log.
    pub entries: Vec<AuditEntry>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<u64>,
    /// Those the records name, each once, as far as they are known still.
    pub people: Vec<PersonCard>,
}

/// That somebody saw what is written in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// When.
    pub at: Millis,
    /// Who; `None`: the operator.
    pub person: Option<PersonId>,
    /// How.
    pub action: Action,
}

/// A page of the accesses to a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// Newest first, at most [`crate::limits::ACCESS_ROWS`].
    pub accesses: Vec<Access>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<u64>,
    /// Those the accesses name, each once, as far as they are known still.
    pub people: Vec<PersonCard>,
}
