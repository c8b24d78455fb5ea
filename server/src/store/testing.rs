//! A small practice in memory, for tests of what is built on the store.

use std::sync::Arc;
use std::time::Duration;

use shared_proto::conversation::event::{Created, Event, Message};
use shared_proto::entry::{Audience, Entry};
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use shared_proto::people::Role;
use shared_proto::time::Millis;

use super::Store;
use super::audit::Chain;
use super::committer::CommitObserver;
use super::conversations::{self, Header};
use super::engine::{Batch, Engine, EngineError};
use super::entries::Encoded;
use super::people::PersonRecord;
use super::vault::{PracticeKey, SealingKey, Vault};

/// Commits are nobody's business, and never fail.
pub struct Nobody;

impl CommitObserver for Nobody {
    fn committed(&self, _: usize, _: usize, _: Duration) {}
    fn failed(&self, error: &EngineError) {
        panic!("{error}");
    }
}

/// The first person.
pub const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
/// The second.
pub const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
/// The third.
pub const CARA: PersonId = PersonId::from_bytes([0xca; 16]);
/// Their conversation.
pub const TALK: ConversationId = ConversationId::from_bytes([0xcc; 16]);

/// The audit chain of an engine, sealed with a key of its own.
pub fn chain(engine: &Engine) -> Chain {
    let vault = Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap();
    Chain::recover(engine, vault.records()).unwrap()
}

/// An empty store.
pub fn store() -> Store {
    let vault = Vault::open(None, PracticeKey::from_bytes([7; 32])).unwrap();
    Store::open(Arc::new(Engine::memory()), vault, Arc::new(Nobody)).unwrap()
}

/// Somebody.
pub fn person(id: PersonId, email: &str) -> PersonRecord {
    PersonRecord {
        email: email.into(),
        password_hash: Some(String::new()),
        ..PersonRecord::new(id, "Somebody".into(), Role::Provider, Millis(1))
    }
}

/// A message for everyone or for some.
pub fn message(n: u8, text: &str) -> Event {
    let client_message_id = ClientMessageId::from_random([n; 16]);
    Event::Message(Message { client_message_id, text: text.into() })
}

/// The conversation of the three, as its room would write it.
pub struct Talk {
    /// What seals it.
    pub sealing: Arc<SealingKey>,
    /// Its header.
    pub header: Header,
    /// Its entries so far.
    pub entries: Vec<Entry>,
    /// The time of its entry of this number.
    pub clock: fn(u64) -> u64,
    sealed: Option<bytes::Bytes>,
}

impl Talk {
    /// It begins, with Ana as its host.
    pub async fn begin(store: &Store) -> Self {
        let sealing = store.vault.create_conversation(TALK).unwrap();
        let (header, entries, clock) = (Header::default(), vec![], (|n| 1 + n) as fn(u64) -> u64);
        let mut talk = Self { sealing, header, entries, clock, sealed: None };
        let created =
            Event::Created(Created { host: ANA, participants: vec![BEN, CARA], division: None });
        talk.append(store, &[(ANA, Audience::Members, created)]).await;
        talk
    }

    /// The id the next entry gets.
    pub fn next_id(&self) -> EntryId {
        EntryId::next(self.header.last, 1 + self.entries.len() as u64, 0)
    }

    /// Appends in one batch. The last entry's id.
    pub async fn append(
        &mut self,
        store: &Store,
        events: &[(PersonId, Audience, Event)],
    ) -> EntryId {
        let mut encoded = Vec::new();
        for (author, audience, event) in events {
            let (kind, body) = event.encode();
            let (id, audience) = (self.next_id(), audience.clone());
            let at = Millis((self.clock)(self.entries.len() as u64));
            let entry = Entry { id, at, author: *author, audience, kind, body };
            self.entries.push(entry.clone());
            let entry = Encoded::new(entry);
            self.header.append(&entry);
            encoded.push(entry);
        }
        let (records, before) = (store.vault.records(), self.sealed.take());
        let header = &mut self.header;
        let (batch, sealed) =
            conversations::append(TALK, &self.sealing, &records, before, header, &encoded);
        self.sealed = Some(sealed);
        store.commit(batch).await.unwrap();
        self.header.last.unwrap()
    }
}

/// Commits a batch.
pub async fn put(store: &Store, batch: Batch) {
    store.commit(batch).await.unwrap();
}
