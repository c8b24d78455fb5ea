//! What lies beside the log and is its author's alone: drafts, and commands that wait to be
//! decided. It goes through the room as every change does, so that it is in order with them and as
//! durable, and is shown to its author's sockets only.

use std::sync::Arc;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::{is_member, is_open, may_complete, message_text, send_at};
use shared_proto::id::{ClientMessageId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;
use shared_proto::wire::{Due, Pending, ServerEvent, ServerFrame};

use super::write::Prepared;
use super::{By, Room};
use crate::socket::session::Session;
use crate::store::StoreError;
use crate::store::aside::{self, Aside, DraftAt, PendingAt};
use crate::store::settled::{self, SettledAt, SettledRecord};
use crate::store::vault::SealingKey;

/// Something its author's sockets are told once it is durable.
pub struct News {
    /// Whose.
    pub(super) person: PersonId,
    /// The socket that knows already.
    pub(super) but: Option<u64>,
    /// What.
    pub(super) event: ServerEvent,
}

impl Aside {
    fn find(&self, person: PersonId, id: ClientMessageId) -> Option<PendingAt> {
        self.pending.iter().find(|at| at.person == person && at.id == id).copied()
    }

    fn waited(&self, person: PersonId, id: ClientMessageId) -> Option<SettledAt> {
        self.settled.iter().find(|at| at.person == person && at.id == id).copied()
    }

    fn of(&self, person: PersonId) -> impl Iterator<Item = &PendingAt> {
        self.pending.iter().filter(move |at| at.person == person)
    }

    fn remove(&mut self, gone: &PendingAt) {
        self.pending.retain(|at| (at.person, at.id) != (gone.person, gone.id));
    }
}

impl Room {
    /// Keeps a command until it is due. It is looked at as far as it can be judged now.
    pub(super) fn postpone(
        &self,
        batch: &mut Prepared,
        by: &By,
        id: ClientMessageId,
        due: Due,
        command: Command,
        now: Millis,
    ) -> Result<(), Refusal> {
        let person = by.actor().id;
        let state = &batch.header.state;
        is_member(state, person, now)?;
        if batch.aside.find(person, id).is_some() || batch.aside.waited(person, id).is_some() {
            return Ok(());
        }
        is_open(state)?;
        match &command {
            Command::Send { client_message_id, text, .. } if *client_message_id == id => {
                message_text(text)?;
            }
            Command::Complete => may_complete(state, person, now)?,
            _ => return Err(Refusal::NotFound),
        }
        let due = match due {
            Due::At(at) => send_at(at, now)?,
            Due::Undoable => Millis(now.0 + limits::UNDO_MS),
        };
        if batch.aside.of(person).count() >= limits::PENDING_COMMANDS {
            let rule = Rule::TooMany { limit: limits::PENDING_COMMANDS as u32 };
            return Err(Refusal::invalid(Field::SendAt, rule));
        }
        let pending = Pending { id, due, command, refused: None };
        let sealing = self.sealing()?;
        let (store, beside) = (&self.hub.store, &mut batch.beside);
        let at = aside::put_pending(store, &sealing, self.id, person, &pending, beside);
        batch.aside.pending.push(at);
        batch.sets_clock = true;
        let event = ServerEvent::Pending { conversation: self.id, pending };
        batch.news.push(News { person, but: None, event });
        Ok(())
    }

    /// Gives back what waited, or was refused when it was due; for a day once more, to who did not
    /// hear the answer.
    pub(super) async fn call_back(
        &self,
        batch: &mut Prepared,
        by: &By,
        id: ClientMessageId,
        now: Millis,
    ) -> Result<Command, Refusal> {
        let person = by.actor().id;
        let Some(at) = batch.aside.find(person, id) else {
            let waited = batch.aside.waited(person, id).ok_or(Refusal::NotFound)?;
            return self.called_back(waited).await;
        };
        let pending = self.pending(at).await?;
        self.settle(batch, &at, at.record.parts, now)?;
        Ok(pending.command)
    }

    /// Decides what waited, by the rights its author has now. What is refused stays, with why.
    pub(super) async fn is_due(
        &mut self,
        batch: &mut Prepared,
        by: &By,
        id: ClientMessageId,
        now: Millis,
    ) -> Result<(), Refusal> {
        let person = by.actor().id;
        let waits = |at: &PendingAt| at.record.refused.is_none() && at.record.due <= now;
        let Some(at) = batch.aside.find(person, id).filter(waits) else {
            // Called back, or decided, meanwhile; or that it was is due to be forgotten.
            let waited = batch.aside.waited(person, id).filter(|waited| waited.until() <= now);
            if let Some(waited) = waited {
                self.forget(batch, &waited);
            }
            return Ok(());
        };
        let pending = self.pending(at).await?;
        let decided = match self.hub.directory.may_act(person) {
            Ok(()) => self.carry_out(batch, by, None, pending.command.clone(), now).await,
            Err(refusal) => Err(refusal),
        };
        match decided {
            Ok(_) => self.settle(batch, &at, 0, now)?,
            // It is tried again.
            Err(refusal) if refusal.is_passing() => return Err(refusal),
            Err(refusal) => {
                let sealing = self.sealing()?;
                let beside = &mut batch.beside;
                let refused = aside::refuse_pending(&sealing, self.id, &at, refusal, beside);
                batch.aside.remove(&at);
                batch.aside.pending.push(refused);
                let pending = Pending { refused: Some(refusal), ..pending };
                let event = ServerEvent::Pending { conversation: self.id, pending };
                batch.news.push(News { person, but: None, event });
            }
        }
        Ok(())
    }

    /// It waits no longer, and is known by its id for a while, with so many parts of its command:
    /// all of them or none. In the same commit.
    fn settle(
        &self,
        batch: &mut Prepared,
        at: &PendingAt,
        parts: u8,
        now: Millis,
    ) -> Result<(), Refusal> {
        let PendingAt { person, id, record } = *at;
        aside::delete_pending(self.id, at, parts > 0, &mut batch.beside);
        batch.aside.remove(at);
        let own = batch.aside.settled.iter().filter(|waited| waited.person == person);
        let full = own.clone().count() >= limits::SETTLED;
        if let Some(oldest) = own.min_by_key(|waited| waited.record.at).filter(|_| full).copied() {
            self.forget(batch, &oldest);
        }
        let mut waited = SettledAt { person, id, record: SettledRecord { at: now, parts } };
        if waited.until() == record.due {
            // Of what is put and deleted in one batch the deletion wins.
            waited.record.at.0 += 1;
        }
        let (store, sealing) = (&self.hub.store, self.sealing()?);
        settled::put(store, &sealing, self.id, &waited, &mut batch.beside);
        Arc::make_mut(&mut batch.aside.settled).push(waited);
        let event = ServerEvent::Settled { conversation: self.id, id };
        batch.news.push(News { person, but: None, event });
        Ok(())
    }

    /// Nothing is known any more of what waited.
    fn forget(&self, batch: &mut Prepared, waited: &SettledAt) {
        settled::delete(self.id, waited, &mut batch.beside);
        Arc::make_mut(&mut batch.aside.settled).retain(|known| known != waited);
    }

    /// Keeps what stands in somebody's composer.
    pub(super) fn keep_draft(
        &self,
        batch: &mut Prepared,
        by: &By,
        text: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        let person = by.actor().id;
        is_member(&batch.header.state, person, now)?;
        if text.len() > limits::DRAFT_SCALARS && text.chars().count() > limits::DRAFT_SCALARS {
            let rule = Rule::TooLong { limit: limits::DRAFT_SCALARS as u32 };
            return Err(Refusal::invalid(Field::Text, rule));
        }
        let drafts = &mut batch.aside.drafts;
        let known = drafts.iter().position(|draft| draft.person == person);
        let before = known.map_or(0, |index| drafts.remove(index).parts);
        if text.is_empty() && before == 0 {
            return Ok(());
        }
        let sealing = self.sealing()?;
        let parts = aside::put_draft(&sealing, self.id, person, text, before, &mut batch.beside);
        if parts > 0 {
            drafts.push(DraftAt { person, parts });
        }
        let but = match by {
            By::Asker(asker) => Some(asker.session.id),
            By::Clock(_) => None,
        };
        let event = ServerEvent::Draft { conversation: self.id, text: text.to_owned() };
        batch.news.push(News { person, but, event });
        Ok(())
    }

    /// Tells authors what became of what is theirs.
    pub(super) fn tell(&self, news: Vec<News>) {
        for News { person, but, event } in news {
            let frame = Bytes::from(codec::encode(&ServerFrame::Event(event)));
            self.hub.push_but(person, but, &frame);
        }
    }

    /// Shows somebody who opened the conversation, or came back to it, what is theirs beside it.
    pub(super) async fn show_aside(&self, session: &Arc<Session>) {
        let (person, conversation) = (session.person.id, self.id);
        let Ok(sealing) = self.sealing() else { return };
        let waiting: Vec<PendingAt> = self.aside.of(person).copied().collect();
        let is_writing = self.aside.drafts.iter().any(|draft| draft.person == person);
        let read = self.hub.store.read(move |store| {
            let draft = || match is_writing {
                true => aside::draft(store, &sealing, conversation, person),
                false => Ok(String::new()),
            };
            let pending = |at| aside::pending(store, &sealing, conversation, at);
            // A commit that is under way is seen in part at most once.
            let draft = draft().or_else(|_| draft());
            let pending = waiting.iter().map(|at| pending(at).or_else(|_| pending(at)));
            Ok((draft, pending.collect::<Vec<_>>()))
        });
        // The log is told of what does not open; all else is shown.
        let told = |error: &StoreError| {
            self.failed(error);
        };
        let Ok((draft, pending)) = read.await.inspect_err(told) else { return };
        let draft = draft.inspect_err(told).ok();
        let draft = draft.map(|text| ServerEvent::Draft { conversation, text });
        // What is not there any more is being decided: that it waits no longer is told after that.
        let pending = pending.into_iter().filter_map(|pending| pending.inspect_err(told).ok()?);
        let events = pending.map(|pending| ServerEvent::Pending { conversation, pending });
        for event in draft.into_iter().chain(events) {
            session.push(Bytes::from(codec::encode(&ServerFrame::Event(event))));
        }
    }

    /// What was called back before.
    async fn called_back(&self, at: SettledAt) -> Result<Command, Refusal> {
        let (sealing, conversation) = (self.sealing()?, self.id);
        let read =
            self.hub.store.read(move |store| settled::command(store, &sealing, conversation, &at));
        read.await.map_err(|error| self.failed(&error))?.ok_or(Refusal::NotFound)
    }

    async fn pending(&self, at: PendingAt) -> Result<Pending, Refusal> {
        let (sealing, conversation) = (self.sealing()?, self.id);
        let read =
            self.hub.store.read(move |store| aside::pending(store, &sealing, conversation, &at));
        let found = read.await.map_err(|error| self.failed(&error))?;
        found.ok_or_else(|| self.failed(&StoreError::Damaged("pending command")))
    }

    pub(super) fn sealing(&self) -> Result<Arc<SealingKey>, Refusal> {
        self.sealing.clone().ok_or(Refusal::NotFound)
    }
}
