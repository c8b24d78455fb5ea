//! A notice that waits to be sent or was set aside, and what it is called.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::notice::Channel;
use shared_proto::time::Millis;

use crate::store::engine::Batch;
use crate::store::{Store, keys, unseal_record};

/// A notice that waits to be sent. Where to, and whether it still is, is looked up then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// To whom.
    pub person: PersonId,
    /// The conversation it is about, and how far they had read there; `None` for one that somebody
    /// sends to try.
    pub about: Option<(ConversationId, Option<EntryId>)>,
    /// The browser it goes to, of a push.
    pub device: Option<[u8; 16]>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub due_at: Millis,
    /// How often it was on its way when the server last wrote this. More than nothing, once it starts:
    /// the server went down, and nobody knows whether it arrived.
    pub underway: u8,
    /// Why it was not taken, without anything about a person; empty while it was not tried.
    pub problem: String,
}

impl Job {
    /// One that was never tried.
    #[must_use]
    pub const fn new(person: PersonId, now: Millis) -> Self {
        Self {
            person,
            about: None,
            device: None,
            tries: 0,
            due_at: now,
            underway: 0,
            problem: String::new(),
        }
    }
}

/// A job, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// On which channel.
    pub channel: Channel,
    /// Since when it waits.
    pub since: Millis,
    /// The same for the same notice, whenever it is decided: a keyed hash.
    pub id: [u8; 16],
    /// What is sent.
    pub job: Job,
}

impl Named {
    /// Its key while it waits.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        keys::notice_job(self.channel, self.since, &self.id)
    }

    /// Its key once it is set aside.
    #[must_use]
    pub fn dead_key(&self) -> Vec<u8> {
        keys::notice_dead(self.channel, self.since, &self.id)
    }

    /// Adds to `batch` that it is set aside for the operator, and why.
    pub fn put_dead(&self, store: &Store, problem: String, batch: &mut Batch) {
        let key = self.dead_key();
        let job = Job { problem, underway: 0, ..self.job.clone() };
        batch.put.push((key.clone(), store.seal(&key, &job)));
    }

    /// Itself as text that says nothing to anybody else: base64url without padding, some 200
    /// characters. A gateway is given it to say what became of the notice.
    #[must_use]
    pub fn token(&self, store: &Store) -> String {
        let key = self.dead_key();
        let job = Job { problem: String::new(), ..self.job.clone() };
        let sealed = store.seal(&key, &job);
        Base64UrlUnpadded::encode_string(
            &[&self.since.0.to_be_bytes()[..], &self.id, &sealed].concat(),
        )
    }

    /// The notice of `channel` that [`Self::token`] made the text of; `None` for any other text.
    #[must_use]
    pub fn of_token(store: &Store, channel: Channel, token: &str) -> Option<Self> {
        let bytes = Base64UrlUnpadded::decode_vec(token).ok()?;
        let (since, rest) = bytes.split_first_chunk::<8>()?;
        let (id, sealed) = rest.split_first_chunk::<16>()?;
        let since = Millis(u64::from_be_bytes(*since));
        let key = keys::notice_dead(channel, since, id);
        let job = unseal_record(store, &key, sealed, "notice").ok()?;
        Some(Self { channel, since, id: *id, job })
    }

    /// Adds to `batch` that it waits as it is now.
    pub fn put(&self, store: &Store, batch: &mut Batch) {
        let key = self.key();
        let sealed = store.seal(&key, &self.job);
        batch.put.push((key, sealed));
    }
}
