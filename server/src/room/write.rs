//! Commands: each decided in order on the state the ones before it leave, all of a batch in one
//! commit, and shown only when it is durable (invariant 1).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::notice::rule::tells;
use shared_proto::wire::Reply;
use tokio::time::Instant;

use super::aside::News;
use super::recent::{Recent, Sent};
use super::{By, Room};
use crate::clock;
use crate::socket::session::Session;
use crate::store::aside::{self, Aside};
use crate::store::audit::Record;
use crate::store::committer::CommitError;
use crate::store::conversations::{self, Header};
use crate::store::engine::Batch;
use crate::store::entries::Encoded;
use crate::store::{self, StoreError, keys};

type Committing = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

/// A batch under way to the disk.
pub struct Commit {
    committing: Committing,
    batch: Box<Prepared>,
}

/// What becomes true when it is durable.
pub(super) struct Prepared {
    pub(super) header: Header,
    sealed: Option<Bytes>,
    pub(super) entries: Vec<Encoded>,
    pub(super) sent: Vec<Sent>,
    answers: Vec<(By, Option<Reply>)>,
    cursors: Vec<PersonId>,
    pub(super) audit: Vec<Record>,
    /// What lies beside the log then, and the operations that make it so.
    pub(super) aside: Aside,
    pub(super) beside: Batch,
    pub(super) news: Vec<News>,
    /// Whether something new is due some time.
    pub(super) sets_clock: bool,
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
        let alone = self.waiting.front().is_some_and(|(_, write)| write.is_alone());
        let cursors = if alone { Vec::new() } else { self.take_due_cursors() };
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
            aside: self.aside.clone(),
            beside: Batch::default(),
            news: Vec::new(),
            sets_clock: false,
            decided: Instant::now(),
        };
        let (now, mut bytes) = (clock::now(), 0);
        while self.waiting.front().is_some_and(|(_, next)| {
            next.is_alone() == alone
                && batch.entries.len() + next.entries() <= limits::ROOM_BATCH_ENTRIES
        }) && bytes < limits::ROOM_BATCH_BYTES / 2
            && batch.beside.put.len() + batch.beside.delete.len() < limits::ROOM_BATCH_ENTRIES
        {
            let Some((by, write)) = self.waiting.pop_front() else { break };
            let is_last = write.creates() || write.postpones() || alone;
            match self.decide(&mut batch, &by, write, now).await {
                Ok(reply) => {
                    batch.answers.push((by, reply));
                    bytes = batch.entries.iter().map(|entry| entry.bytes.len()).sum();
                }
                Err(refusal) => by.refuse(refusal),
            }
            // Of what is put and deleted in one batch the deletion wins.
            if is_last || !batch.beside.delete.is_empty() {
                break;
            }
        }
        let operations = self.operations(&mut batch)?;
        let store = Arc::clone(&self.hub.store);
        let committing: Committing = Box::pin(async move { store.commit(operations).await });
        Some(Commit { committing, batch: Box::new(batch) })
    }

    /// The operations of a batch; `None` when it turned out to hold nothing, and whoever waited
    /// for it is answered.
    fn operations(&mut self, batch: &mut Prepared) -> Option<Batch> {
        let keeps = !batch.entries.is_empty()
            || !batch.cursors.is_empty()
            || !batch.beside.put.is_empty()
            || !batch.beside.delete.is_empty();
        let Some(sealing) = self.sealing.clone().filter(|_| keeps) else {
            for (by, reply) in batch.answers.drain(..) {
                if let Some(session) = answer(by, reply) {
                    session.wake();
                }
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
        operations.put.append(&mut batch.beside.put);
        operations.delete.append(&mut batch.beside.delete);
        operations.expect.append(&mut batch.beside.expect);
        operations.audit = std::mem::take(&mut batch.audit);
        Some(operations)
    }

    /// The commit under way has ended: what is durable is shown, then acknowledged.
    pub(super) async fn finish(&mut self, commit: Commit, result: Result<(), StoreError>) {
        let Commit { batch, .. } = commit;
        if let Err(error) = result {
            return self.give_up(*batch, &error).await;
        }
        let batch = *batch;
        let mut asleep = Vec::with_capacity(self.header.state.members.len());
        if let Some(sealed) = batch.sealed {
            self.sealed = Some(sealed);
            self.header = batch.header;
            self.hub.metrics.entries_committed.increment(batch.entries.len() as u64);
            for sent in batch.sent {
                self.recent.push(sent);
            }
            self.note_memberships(&batch.entries);
            self.hub.search.behind.note(self.id, batch.entries.len());
            if batch.entries.iter().any(|encoded| tells(encoded.entry.kind)) {
                self.hub.notices.note(self.id);
            }
            self.aside = batch.aside;
            self.fan_out(&batch.entries, &mut asleep);
            self.hub.metrics.fanout_seconds.record(batch.decided.elapsed().as_secs_f64());
        } else {
            self.aside = batch.aside;
        }
        for (by, reply) in batch.answers {
            asleep.extend(answer(by, reply));
        }
        self.tell(batch.news);
        if batch.sets_clock {
            self.hub.clock.set();
        }
        for session in asleep {
            session.wake();
        }
        self.show_cursors(&batch.cursors).await;
    }

    /// Who joined is heard coming from now on, and who left hears nothing more.
    fn note_memberships(&mut self, entries: &[Encoded]) {
        let changes = |kind| matches!(kind, kind::ADDED | kind::LEFT);
        for encoded in entries.iter().filter(|encoded| changes(encoded.entry.kind)) {
            match Event::decode(&encoded.entry) {
                Ok(Event::Added(body)) => self.note_joined(body.person),
                Ok(Event::Left(body)) => self.note_left(body.person),
                _ => {}
            }
        }
    }

    async fn give_up(&mut self, batch: Prepared, error: &StoreError) {
        tracing::warn!(conversation = %self.id, %error, "a batch was not committed");
        let refusal = error.refusal();
        for (by, _) in batch.answers {
            by.refuse(refusal);
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
            if let Ok(aside) = self
                .hub
                .store
                .read({
                    let sealing = Arc::clone(&loaded.sealing);
                    move |store| aside::load(store, &sealing, id)
                })
                .await
            {
                self.aside = aside;
            }
            self.header = loaded.header;
            self.sealed = Some(loaded.sealed);
            self.sealing = Some(loaded.sealing);
        }
    }
}

/// Answers who waits; the socket, when it has to be woken.
fn answer(by: By, reply: Option<Reply>) -> Option<Arc<Session>> {
    match (by, reply) {
        (By::Asker(asker), Some(reply)) => asker.put_answer(Ok(reply)),
        (By::Asker(asker), None) => {
            asker.finish();
            None
        }
        (By::Clock(_), _) => None,
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
