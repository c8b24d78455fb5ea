//! A conversation in memory: one task that owns its header, decides every command in order,
//! commits what was decided, and only then shows it to anyone.
//!
//! `write` decides and commits, `read` answers from the log, `cursors` and `watch` keep what is
//! shown beside it. While a commit is under way reads go on, clamped to the last durable entry;
//! writes wait for the next batch.

mod aside;
mod beside;
mod cursors;
mod decide;
mod fanout;
mod find;
mod forms;
mod look;
mod message;
mod read;
mod recent;
mod record;
#[cfg(test)]
mod tests;
mod watch;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::hub::Hub;
use crate::socket::session::Session;
use crate::store::StoreError;
use crate::store::aside::Aside;
use crate::store::committer::CommitError;
use crate::store::conversations::{self, Header};
use crate::store::cursors::CursorRecord;
use crate::store::engine::Batch;
use crate::store::vault::SealingKey;

pub use find::{Finding, FoundHere, find_idle};
use look::Look;
pub use message::{By, Message, Write};
use recent::Recent;
pub use record::Snapshot;
use write::Commit;

/// A conversation in memory.
pub struct Room {
    hub: Arc<Hub>,
    id: ConversationId,
    /// The fold of everything durable: what readers are clamped to.
    header: Header,
    /// The header's stored value, expected by the next commit.
    sealed: Option<Bytes>,
    sealing: Option<Arc<SealingKey>>,
    cursors: Vec<(PersonId, CursorRecord)>,
    dirty_cursors: Vec<PersonId>,
    /// How far each was when it was last shown.
    shown_cursors: Vec<(PersonId, CursorRecord)>,
    cursors_shown: Instant,
    recent: Recent,
    watchers: Vec<Arc<Session>>,
    /// What lies beside the log, as far as it is durable.
    aside: Aside,
    waiting: VecDeque<(By, Write)>,
    /// Whether anybody needed it for more than a look since it was loaded.
    kept: bool,
}

impl Room {
    /// The room's task: from load until nobody needs it. `after_panic`: there was one before that
    /// ended where it should not.
    pub async fn run(
        hub: Arc<Hub>,
        id: ConversationId,
        mut mailbox: mpsc::Receiver<Message>,
        after_panic: bool,
    ) {
        if after_panic {
            // The room before may have left a batch on its way to the disk: what is loaded is
            // durable once this, which came after it, is. How that batch ended is in the store.
            let _ = hub.store.commit(Batch::default()).await;
        }
        let mut room = match Self::load(hub, id).await {
            Ok(room) => room,
            Err((hub, error)) => {
                tracing::error!(conversation = %id, %error, "a room could not be loaded");
                return refuse_all(&hub, id, &mut mailbox, &error).await;
            }
        };
        if after_panic {
            // Of that batch nobody has been shown anything: they resume instead.
            for person in room.members() {
                room.hub.cut(person);
            }
        }
        room.serve(&mut mailbox).await;
        room.forget_watchers();
    }

    async fn load(hub: Arc<Hub>, id: ConversationId) -> Result<Self, (Arc<Hub>, StoreError)> {
        let loaded = hub.store.read(move |store| {
            let Some(loaded) = conversations::load(store, id)? else { return Ok(None) };
            let cursors = crate::store::cursors::load(&store.engine, &loaded.sealing, id)?;
            let aside = crate::store::aside::load(store, &loaded.sealing, id)?;
            Ok(Some((loaded, cursors, aside)))
        });
        let loaded = match loaded.await {
            // What a failed store shows may never have become durable.
            Ok(_) if hub.store.committer.failed() => return Err((hub, CommitError::Failed.into())),
            Ok(loaded) => loaded,
            Err(error) => return Err((hub, error)),
        };
        let (header, sealed, sealing, cursors, aside) = match loaded {
            Some((loaded, cursors, aside)) => {
                (loaded.header, Some(loaded.sealed), Some(loaded.sealing), cursors, aside)
            }
            None => (Header::default(), None, None, Vec::new(), Aside::default()),
        };
        Ok(Self {
            recent: Recent::after(header.last),
            hub,
            id,
            header,
            sealed,
            sealing,
            shown_cursors: cursors.clone(),
            cursors,
            dirty_cursors: Vec::new(),
            cursors_shown: Instant::now() - Duration::from_millis(limits::CURSOR_MS),
            watchers: Vec::new(),
            aside,
            waiting: VecDeque::new(),
            kept: false,
        })
    }

    async fn serve(&mut self, mailbox: &mut mpsc::Receiver<Message>) {
        let idle = Duration::from_millis(limits::ROOM_IDLE_MS);
        let quiet = tokio::time::sleep(idle);
        tokio::pin!(quiet);
        let mut last_message = Instant::now();
        let mut messages = Vec::with_capacity(8);
        let mut open = true;
        let mut commit: Option<Commit> = None;
        loop {
            while commit.is_none() && self.has_due_work() {
                commit = self.prepare().await;
            }
            if commit.is_none() {
                if !open && self.dirty_cursors.is_empty() {
                    return;
                }
                if self.passes(mailbox) {
                    return;
                }
            }
            let cursors_due = self.cursors_due();
            tokio::select! {
                biased;
                result = write::committed(&mut commit) => {
                    if let Some(commit) = commit.take() {
                        self.finish(commit, result).await;
                    }
                }
                count = mailbox.recv_many(&mut messages, limits::ROOM_BATCH_ENTRIES),
                    if open && self.waiting.len() < limits::ROOM_MAILBOX =>
                {
                    open = count > 0;
                    last_message = Instant::now();
                    let mut taken = messages.drain(..);
                    while let Some(message) = taken.next() {
                        self.kept |= message.keeps(&self.header.state);
                        let Some(look) = self.handle(message).await else { continue };
                        let gone =
                            taken.len() == 0 && commit.is_none() && self.passes(mailbox);
                        look.answer();
                        if gone {
                            return;
                        }
                    }
                }
                () = tokio::time::sleep_until(cursors_due.unwrap_or(last_message)),
                    if cursors_due.is_some() && commit.is_none() => {}
                () = &mut quiet => {
                    quiet.as_mut().reset(Instant::now() + idle);
                    self.prune_watchers();
                    let quiet = commit.is_none()
                        && self.watchers.is_empty()
                        && self.dirty_cursors.is_empty()
                        && last_message.elapsed() >= idle;
                    if quiet && self.hub.forget(self.id, mailbox) {
                        return;
                    }
                }
            }
        }
    }

    fn has_due_work(&self) -> bool {
        let due = self.cursors_due().is_some_and(|due| due <= Instant::now());
        !self.waiting.is_empty()
            || due
            || (self.hub.is_stopping() && !self.dirty_cursors.is_empty())
    }

    /// Answers a message, or puts it in line; what is only a look is answered by whoever asked
    /// for this.
    async fn handle(&mut self, message: Message) -> Option<Look> {
        crate::faults::panic_once(crate::faults::Point::PanicRoom);
        match message {
            Message::Write { by, write } => self.waiting.push_back((by, write)),
            Message::Rehearse { asker } => self.answer_rehearsal(asker).await,
            Message::Emails { asker } => self.answer_emails(asker),
            Message::Open { asker } => self.open(asker).await,
            Message::Leave { session } => self.unwatch(&session),
            Message::Resume { resuming, last } => self.resume(&resuming, last).await,
            Message::History { asker, from, direction } => {
                let result = self.history(asker.session.person.id, from, direction).await;
                asker.answer(result);
            }
            Message::Forms { asker, before } => self.answer_forms(asker, before).await,
            Message::ReadsForm { person, entry, answer } => {
                // Whoever asked may be gone.
                let _ = answer.send(self.reads_form(person, entry).await);
            }
            Message::Reads { person, answer } => self.answer_reads(person, answer),
            Message::Record { person, answer } => self.answer_record(person, answer),
            Message::Accesses { asker, before } => self.answer_accesses(asker, before).await,
            Message::Reachable { asker } => self.answer_reachable(asker),
            Message::Promise { asker } => self.answer_promise(asker).await,
            Message::Greeting { asker } => self.answer_greeting(asker),
            Message::Row { slot } => return Some(self.look_at_row(slot).await),
            Message::Find(finding) => return Some(self.look_for(finding).await),
            Message::Cursor { asker, entry, read } => self.move_cursor(asker, entry, read).await,
            Message::Typing { asker } => self.typing(asker),
            Message::MayWrite { actor, answer } => self.answer_may_write(&actor, answer),
            Message::MayAdd { actor, person, answer } => {
                // Whoever asked may be gone.
                let _ = answer.send(self.may_add(&actor, person));
            }
            Message::File { person, file, answer } => {
                self.answer_file(person, file, answer).await;
            }
            Message::Files { asker, listing } => self.answer_files(asker, listing).await,
            Message::Presence { person, here } => self.presence(person, here),
        }
        None
    }

    /// Those who are members now.
    fn members(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.header.state.current().map(|member| member.person)
    }

    /// What the person is told of a failed read; the log is told the rest.
    fn failed(&self, error: &StoreError) -> Refusal {
        tracing::error!(conversation = %self.id, %error, "a read failed");
        error.refusal()
    }
}

async fn refuse_all(
    hub: &Hub,
    id: ConversationId,
    mailbox: &mut mpsc::Receiver<Message>,
    error: &StoreError,
) {
    loop {
        while let Ok(message) = mailbox.try_recv() {
            // One damaged conversation does not keep its members from all the others; nobody can
            // tell any more whose it is. The log has named it.
            let is_row = matches!(message, Message::Row { .. } | Message::Find(_));
            let absent = is_row && error.is_damage();
            message.refuse(if absent { Refusal::NotFound } else { error.refusal() });
        }
        if hub.forget(id, mailbox) || mailbox.is_closed() {
            return;
        }
        tokio::task::yield_now().await;
    }
}
