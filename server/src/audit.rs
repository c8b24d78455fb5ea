//! The door to the audit log for everything that is done here: who, from where, what, to what. It
//! is recorded before it is answered, and never what somebody wrote.

pub mod fields;
mod upkeep;

use std::net::IpAddr;

use shared_proto::audit::{Action, Subject, WORDS, detail, words};
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::refusal::Refusal;

use crate::clock;
use crate::socket::session::Session;
use crate::store::audit::Record;
use crate::store::{Store, StoreError};
pub use upkeep::AuditUpkeep;

/// A record of something done now by nobody that is known, or the operator.
#[must_use]
pub fn of(action: Action) -> Record {
    let subject = Subject::Nothing;
    Record { at: clock::now(), actor: None, address: None, action, subject, detail: None }
}

impl Record {
    /// Done by somebody.
    #[must_use]
    pub fn by(mut self, actor: PersonId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// From an address.
    #[must_use]
    pub fn from(mut self, address: IpAddr) -> Self {
        self.address = Some(address.to_canonical());
        self
    }

    /// Done over a socket, by its person.
    #[must_use]
    pub fn over(self, session: &Session) -> Self {
        self.by(session.person.id).from(session.address)
    }

    /// To a person.
    #[must_use]
    pub fn to(mut self, person: PersonId) -> Self {
        self.subject = Subject::Person(person);
        self
    }

    /// To a conversation.
    #[must_use]
    pub fn in_conversation(mut self, conversation: ConversationId) -> Self {
        self.subject = Subject::Conversation(conversation);
        self
    }

    /// To the practice.
    #[must_use]
    pub fn to_practice(mut self) -> Self {
        self.subject = Subject::Practice;
        self
    }

    /// With some of [`WORDS`], such as the names of changed fields.
    #[must_use]
    pub fn naming(mut self, named: &[&'static str]) -> Self {
        debug_assert!(named.iter().all(|word| WORDS.contains(word)), "{named:?}");
        self.detail = words(named);
        self
    }

    /// With a reason, or an id; cut after [`shared_proto::limits::AUDIT_DETAIL_SCALARS`].
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        self.detail = Some(detail(text));
        self
    }
}

/// Records what is about to be answered.
///
/// # Errors
/// When it could not be made durable: then it must not be answered either (ASVS 16.5.3).
pub async fn record(store: &Store, record: Record) -> Result<(), Refusal> {
    store.record(record).await.map_err(|error| failed(&error))
}

/// What the person is told of a record that was not written; the log is told the rest.
#[must_use]
pub fn failed(error: &StoreError) -> Refusal {
    tracing::error!(%error, "an audit record was not written, and what it is about not done");
    error.refusal()
}
