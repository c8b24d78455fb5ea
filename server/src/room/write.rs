//! Commands: each decided in order on the state the ones before it leave, all of a batch in one
//! commit, and shown only when it is durable (invariant 1).

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use shared_proto::audit::Action;
use shared_proto::conversation::command::{Command, Context, Target};
use shared_proto::conversation::decide::decide;
use shared_proto::conversation::event::{Decided, Event};
use shared_proto::entry::Entry;
use shared_proto::id::{ClientMessageId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::Reply;
use tokio::time::Instant;

use super::recent::{Recent, Sent};
use super::{Room, Write};
use crate::audit;
use crate::clock;
use crate::socket::session::Asker;
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::conversations::{self, Found, Header};
use crate::store::engine::Batch;
use crate::store::entries::Encoded;
use crate::store::{self, StoreError, keys};

type Committing = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

/// A batch under way to the disk.
pub struct Commit {
    committing: Committing,
    batch: Prepared,
}

/// What becomes true when it is durable.
struct Prepared {
    header: Header,
    sealed: Option<Bytes>,
    entries: Vec<Encoded>,
    sent: Vec<Sent>,
    answers: Vec<(Asker, Reply)>,
    cursors: Vec<PersonId>,
    audit: Vec<Record>,
    decided: Instant,
}

/// The end of the commit under way; never, when there is none.
pub async fn committed(commit: &mut Option<Commit>) -> Result<(), StoreError> {
    match commit {
        Some(commit) => commit.committing.as_mut().await,
        None => std::future::pending().await,
    }
}

impl Room {
    /// Decides what waits and begins its commit; `None` when there is nothing to commit.
    pub(super) async fn prepare(&mut self) -> Option<Commit> {
        let cursors = self.take_due_cursors();
        if self.waiting.is_empty() && cursors.is_empty() {
            return None;
        }
        let mut batch = Prepared {
            header: self.header.clone(),
            sealed: None,
            entries: Vec::new(),
            sent: Vec::new(),
            answers: Vec::new(),
            cursors,
            audit: Vec::new(),
            decided: Instant::now(),
        };
        let (now, mut bytes) = (clock::now(), 0);
        while batch.entries.len() < limits::ROOM_BATCH_ENTRIES
            && bytes < limits::ROOM_BATCH_BYTES / 2
        {
            let Some((asker, write)) = self.waiting.pop_front() else { break };
            let creates = matches!(write, Write::Create { .. });
            match self.decide(&mut batch, &asker, write, now).await {
                Ok(reply) => {
                    batch.answers.push((asker, reply));
                    bytes = batch.entries.iter().map(|entry| entry.bytes.len()).sum();
                }
                Err(refusal) => asker.answer(Err(refusal)),
            }
            if creates {
                break;
            }
        }
        let operations = self.operations(&mut batch)?;
        let store = std::sync::Arc::clone(&self.hub.store);
        let committing: Committing = Box::pin(async move { store.commit(operations).await });
        Some(Commit { committing, batch })
    }

    async fn decide(
        &mut self,
        batch: &mut Prepared,
        asker: &Asker,
        write: Write,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        let actor = &asker.session.person;
        let policies = self.hub.practice.policies();
        let context = Context { now, policies, ..Context::of(actor) };
        match write {
            Write::Create { participants, pickable, division } => {
                if self.is_same_creation(actor.id, &participants) {
                    return Ok(Reply::Created(self.id));
                }
                let context = Context { pickable: &pickable, division, ..context };
                let command = Command::Create { participants };
                let decided = decide(&batch.header.state, command, &context)?;
                self.make_key().await?;
                append(batch, decided, actor, now);
                let record = audit::of(Action::ConversationCreated).in_conversation(self.id);
                batch.audit.push(record.over(&asker.session));
                Ok(Reply::Created(self.id))
            }
            Write::Send { client_message_id, held, text } => {
                let state = &batch.header.state;
                if !state.is_member(actor.id) {
                    let reads = state.has_grant(actor.id, now);
                    return Err(if reads { Refusal::ReadOnly } else { Refusal::NotFound });
                }
                let before = self.sent_before(batch, actor.id, client_message_id, held).await?;
                if let Some((entry, at)) = before {
                    return Ok(Reply::Sent { entry, at });
                }
                let command = Command::Send { client_message_id, text };
                let context = Context { reachable: self.is_reachable(actor.id), ..context };
                let decided = decide(&batch.header.state, command, &context)?;
                let (entry, at) = append(batch, decided, actor, now);
                batch.sent.push(Sent { entry, at, author: actor.id, client_message_id });
                Ok(Reply::Sent { entry, at })
            }
            Write::Withdraw { target } => {
                let found = self.target(batch, target).await?;
                let found = found.as_ref();
                let context = Context {
                    target: found.map(|(entry, withdrawn)| Target { entry, withdrawn: *withdrawn }),
                    ..context
                };
                let command = Command::Withdraw { target };
                let decided = decide(&batch.header.state, command, &context)?;
                let (entry, at) = append(batch, decided, actor, now);
                Ok(Reply::Sent { entry, at })
            }
            Write::Emergency { reason } => {
                let record = audit::of(Action::EmergencyOpened).in_conversation(self.id);
                let record = record.over(&asker.session).with(reason.trim());
                let command = Command::Emergency { reason };
                let decided = decide(&batch.header.state, command, &context)?;
                append(batch, decided, actor, now);
                batch.audit.push(record);
                Ok(Reply::Done)
            }
        }
    }

    /// Whether anybody but `actor` can read what is written here.
    pub(super) fn is_reachable(&self, actor: PersonId) -> bool {
        self.members().any(|other| other != actor && self.hub.directory.is_reachable(other))
    }

    /// Whether this very conversation has been created by this very request before.
    fn is_same_creation(&self, actor: PersonId, participants: &[PersonId]) -> bool {
        let state = &self.header.state;
        state.created.is_some_and(|created| created.host == actor)
            && state.members.len() == participants.len() + 1
            && participants.iter().all(|person| state.member(*person).is_some())
    }

    async fn make_key(&mut self) -> Result<(), Refusal> {
        if self.sealing.is_none() {
            let id = self.id;
            let made = self.hub.store.read(move |store| Ok(store.vault.create_conversation(id)?));
            self.sealing = Some(made.await.map_err(|error| self.failed(&error))?);
        }
        Ok(())
    }

    async fn sent_before(
        &self,
        batch: &Prepared,
        author: PersonId,
        id: ClientMessageId,
        held: Option<EntryId>,
    ) -> Result<Option<(EntryId, Millis)>, Refusal> {
        let held = held.unwrap_or(EntryId::MIN);
        let in_batch = batch.sent.iter();
        let in_batch =
            in_batch.rev().find(|sent| sent.client_message_id == id && sent.author == author);
        if let Some(sent) = in_batch.or_else(|| self.recent.find(author, id, held)) {
            return Ok(Some((sent.entry, sent.at)));
        }
        if self.recent.covers(held) {
            return Ok(None);
        }
        match self.read_log(move |log| log.find_sent(author, id, held)).await? {
            Found::Sent(entry, at) => Ok(Some((entry, at))),
            Found::Never => Ok(None),
            Found::TooFarBack => Err(Refusal::TooFarBehind),
        }
    }

    async fn target(
        &self,
        batch: &Prepared,
        target: EntryId,
    ) -> Result<Option<(Entry, bool)>, Refusal> {
        let withdrawn = batch.entries.iter().any(|encoded| {
            matches!(Event::decode(&encoded.entry), Ok(Event::Withdrawn(event)) if event.target == target)
        });
        if let Some(found) = batch.entries.iter().find(|encoded| encoded.entry.id == target) {
            return Ok(Some((found.entry.clone(), withdrawn)));
        }
        let found = self.read_log(move |log| {
            let Some(entry) = log.find(target)? else { return Ok(None) };
            Ok(Some((entry, log.is_withdrawn(target)?)))
        });
        Ok(found.await?.map(|(entry, before)| (entry, before || withdrawn)))
    }

    /// The operations of a batch; `None` when it turned out to hold nothing, and whoever waited
    /// for it is answered.
    fn operations(&mut self, batch: &mut Prepared) -> Option<Batch> {
        let sealing =
            self.sealing.clone().filter(|_| !batch.entries.is_empty() || !batch.cursors.is_empty());
        let Some(sealing) = sealing else {
            for (asker, reply) in batch.answers.drain(..) {
                asker.answer(Ok(reply));
            }
            return None;
        };
        let mut operations = Batch::default();
        if !batch.entries.is_empty() {
            let records_key = self.hub.store.vault.records();
            let before = self.sealed.clone();
            let (header, entries) = (&mut batch.header, &batch.entries);
            let (made, sealed) =
                conversations::append(self.id, &sealing, &records_key, before, header, entries);
            operations = made;
            batch.sealed = Some(sealed);
        }
        for person in &batch.cursors {
            let key = keys::cursor(self.id, *person);
            let sealed = store::seal(&sealing, &key, &self.cursor(*person));
            operations.put.push((key, sealed));
        }
        operations.audit = std::mem::take(&mut batch.audit);
        Some(operations)
    }

    /// The commit under way has ended: what is durable is shown, then acknowledged.
    pub(super) async fn finish(&mut self, commit: Commit, result: Result<(), StoreError>) {
        let Commit { batch, .. } = commit;
        if let Err(error) = result {
            return self.give_up(batch, &error).await;
        }
        let mut asleep = Vec::with_capacity(self.header.state.members.len());
        if let Some(sealed) = batch.sealed {
            self.sealed = Some(sealed);
            self.header = batch.header;
            self.hub.metrics.entries_committed.increment(batch.entries.len() as u64);
            for sent in batch.sent {
                self.recent.push(sent);
            }
            self.fan_out(&batch.entries, &mut asleep);
            self.hub.metrics.fanout_seconds.record(batch.decided.elapsed().as_secs_f64());
        }
        for (asker, reply) in batch.answers {
            asleep.extend(asker.put_answer(Ok(reply)));
        }
        for session in asleep {
            session.wake();
        }
        self.show_cursors(&batch.cursors).await;
    }

    async fn give_up(&mut self, batch: Prepared, error: &StoreError) {
        tracing::warn!(conversation = %self.id, %error, "a batch was not committed");
        let refusal = error.refusal();
        for (asker, _) in batch.answers {
            asker.answer(Err(refusal));
        }
        if !self.hub.is_stopping() {
            put_back(&mut self.dirty_cursors, batch.cursors);
        }
        // Nothing of a batch in conflict was applied, so what lies in the store is durable. After
        // any other failure it may not be.
        if !matches!(error, StoreError::Commit(CommitError::Conflict)) {
            return;
        }
        let id = self.id;
        let reloaded = self.hub.store.read(move |store| conversations::load(store, id)).await;
        if let Ok(Some(loaded)) = reloaded
            && loaded.header.last > self.header.last
        {
            // What others appended meanwhile was never seen here: a retry is looked for in the log.
            self.recent = Recent::after(loaded.header.last);
            self.header = loaded.header;
            self.sealed = Some(loaded.sealed);
            self.sealing = Some(loaded.sealing);
        }
    }
}

/// Cursors that were not kept are kept the next time; each once, however often it moves meanwhile.
fn put_back(dirty: &mut Vec<PersonId>, cursors: Vec<PersonId>) {
    for person in cursors {
        if !dirty.contains(&person) {
            dirty.push(person);
        }
    }
}

/// Gives what was decided its ids and time, and folds it. The last entry's.
fn append(
    batch: &mut Prepared,
    decided: Vec<Decided>,
    actor: &PersonCard,
    at: Millis,
) -> (EntryId, Millis) {
    for Decided { audience, event } in decided {
        let id = EntryId::next(batch.header.last, at.0, rand::random());
        let (kind, body) = event.encode();
        let encoded = Encoded::new(Entry { id, at, author: actor.id, audience, kind, body });
        batch.header.append(&encoded);
        batch.entries.push(encoded);
    }
    (batch.header.last.unwrap_or(EntryId::MIN), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_that_could_not_be_kept_wait_once_each() {
        let person = |n| PersonId::from_random([n; 16]);
        let mut dirty = vec![person(1)];
        for _ in 0..3 {
            put_back(&mut dirty, vec![person(1), person(2)]);
        }
        assert_eq!(dirty, [person(1), person(2)]);
    }
}
