//! What comes of a change that was asked for: everything a rule needs is gathered, the shared rules
//! decide, and what they decided goes into the batch.

use shared_proto::audit::Action;
use shared_proto::conversation::command::{Command, Context, FormCard, Target};
use shared_proto::conversation::decide::{decide, is_host, is_member};
use shared_proto::conversation::event::{Decided, Event};
use shared_proto::entry::{Audience, Entry};
use shared_proto::form::ask::Told;
use shared_proto::id::{ClientMessageId, EntryId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::Reply;

use super::forms::Submitting;
use super::message::Writable;
use super::recent::Sent;
use super::write::Prepared;
use super::{By, Room, Write};
use crate::clock;
use crate::store::audit::Record;
use crate::store::conversations::Found;
use crate::store::entries::Encoded;
use crate::store::files::{self, Own, Unshared};

impl Room {
    /// Decides one change on what the batch has come to; its answer, or nothing where nothing is
    /// said.
    pub(super) async fn decide(
        &mut self,
        batch: &mut Prepared,
        by: &By,
        write: Write,
        now: Millis,
    ) -> Result<Option<Reply>, Refusal> {
        match write {
            Write::Do { held, command } => {
                self.carry_out(batch, by, held, command, now).await.map(Some)
            }
            Write::Later { id, due, command } => {
                self.postpone(batch, by, id, due, command, now).map(|()| Some(Reply::Done))
            }
            Write::CallBack { id } => {
                let command = self.call_back(batch, by, id, now).await?;
                Ok(Some(Reply::CalledBack(command)))
            }
            Write::Due { id } => self.is_due(batch, by, id, now).await.map(|()| None),
            Write::Activity { revision } => {
                self.tell_activity(batch, by, revision, now).await.map(|()| None)
            }
            Write::Draft { text } => {
                self.keep_draft(batch, by, &text, now).map(|()| Some(Reply::Done))
            }
            Write::Keep { entry, answers } => {
                let told = self.keep_answers(batch, by, entry, &answers, now).await?;
                Ok(Some(Reply::Form(told)))
            }
            Write::Form { entry } => {
                let form = self.form(by.actor().id, entry).await?;
                Ok(Some(Reply::Form(Told::Assigned(Box::new(form)))))
            }
            Write::Submit { entry, client_message_id, answers } => {
                let submitting = Submitting { entry, client_message_id, answers };
                let told = self.submit(batch, by, submitting, now).await?;
                Ok(Some(Reply::Form(told)))
            }
        }
    }

    /// Decides a command now.
    pub(super) async fn carry_out(
        &mut self,
        batch: &mut Prepared,
        by: &By,
        held: Option<EntryId>,
        command: Command,
        now: Millis,
    ) -> Result<Reply, Refusal> {
        let actor = by.actor();
        if let Command::Create(new) = &command
            && self.is_same_creation(actor.id, &new.participants)
        {
            return Ok(Reply::Created(self.id));
        }
        let sent = command.client_message_id();
        // What was due is removed in the same commit that appends it: it needs no looking back.
        if let (Some(id), By::Asker(_)) = (sent, by) {
            is_member(&batch.header.state, actor.id, now)?;
            if let Some((entry, at)) = self.sent_before(batch, actor.id, id, held).await? {
                return Ok(Reply::Sent { entry, at });
            }
        }
        let found = match command.target() {
            Some(target) if self.header.state.is_member(actor.id) => {
                self.target(batch, target).await?
            }
            _ => None,
        };
        let unshared = self.unshared(actor.id, &command).await?;
        let mut named = command.named().to_vec();
        if !named.is_empty() {
            named.extend(batch.header.state.current().map(|member| member.person));
        }
        let form = match command.form() {
            Some((form, version)) if is_host(&batch.header.state, actor.id).is_ok() => {
                self.form_to_give(form, version).await?
            }
            _ => None,
        };
        let (directory, practice) = (&self.hub.directory, &self.hub.practice);
        let (pickable, kept) = (directory.pickable(actor.id, &named), practice.record());
        let context = Context {
            actor,
            division: directory.actor(actor.id).and_then(|actor| actor.division),
            now,
            policies: practice.policies(),
            announcement: kept.as_ref().map_or("", |kept| &kept.settings.announcement),
            reachable: self.is_reachable(actor.id),
            pickable: &pickable,
            target: found
                .as_ref()
                .map(|(entry, withdrawn)| Target { entry, withdrawn: *withdrawn }),
            form: form.as_ref().map(|(title, retired)| FormCard { title, retired: *retired }),
            open_forms: batch.aside.forms.len(),
            given: None,
            file: unshared.as_ref().map(|unshared| &unshared.uploaded),
        };
        let record = self.record_of(by, &command);
        let creates = matches!(command, Command::Create(_));
        let silent = matches!(command, Command::Emergency { .. });
        let decided = decide(&batch.header.state, command, &context)?;
        if creates {
            self.make_key().await?;
        }
        batch.audit.extend(record);
        if decided.is_empty() {
            return Ok(Reply::Done);
        }
        let sealing = unshared.is_some().then(|| self.sealing()).transpose()?;
        let before = batch.entries.len();
        // An answer to what was said to a few would tell the others of it.
        let to_all = decided.iter().all(|decided| decided.audience == Audience::Members);
        let (entry, at) = append(batch, decided, actor.id, now);
        self.note_given(batch, before)?;
        if let (Some(unshared), Some(sealing), Some(encoded)) =
            (unshared, sealing, batch.entries.last())
        {
            let (store, beside) = (&self.hub.store, &mut batch.beside);
            files::share(store, &sealing, self.id, unshared, encoded, beside);
        }
        if let Some(client_message_id) = sent {
            batch.sent.push(Sent { entry, at, author: actor.id, client_message_id });
            if to_all {
                self.say_away(batch, actor, now);
            }
        }
        Ok(match (creates, silent) {
            (true, _) => Reply::Created(self.id),
            (_, true) => Reply::Done,
            _ => Reply::Sent { entry, at },
        })
    }

    /// Whether somebody may take this person in now, by the rule that decides it.
    pub(super) fn may_add(&self, actor: &PersonCard, person: PersonId) -> Writable {
        let (directory, state) = (&self.hub.directory, &self.header.state);
        let mut named = vec![person];
        named.extend(self.members());
        let pickable = directory.pickable(actor.id, &named);
        let context = Context {
            division: directory.actor(actor.id).and_then(|actor| actor.division),
            now: clock::now(),
            policies: self.hub.practice.policies(),
            pickable: &pickable,
            ..Context::of(actor)
        };
        decide(state, Command::Add { person }, &context).map(drop)
    }

    /// What the audit log says of a command besides the entry that comes of it.
    fn record_of(&self, by: &By, command: &Command) -> Option<Record> {
        let record = match command {
            Command::Create(_) => by.record(Action::ConversationCreated),
            Command::Emergency { reason } => by.record(Action::EmergencyOpened).with(reason.trim()),
            _ => return None,
        };
        Some(record.in_conversation(self.id))
    }

    /// Whether anybody but `actor` can read what is written here.
    pub(super) fn is_reachable(&self, actor: PersonId) -> bool {
        self.members().any(|other| other != actor && self.hub.directory.is_reachable(other))
    }

    /// Whether this very conversation has been created by this very request before. Its id is made
    /// of who asked, so that only the people can be others.
    fn is_same_creation(&self, actor: PersonId, participants: &[PersonId]) -> bool {
        let state = &self.header.state;
        state.created.is_some()
            && state.member(actor).is_some()
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

    /// The file a command names, when it is its actor's own and nobody has been shown it.
    async fn unshared(
        &self,
        person: PersonId,
        command: &Command,
    ) -> Result<Option<Unshared>, Refusal> {
        let Some(file) = command.file().filter(|_| self.header.state.is_member(person)) else {
            return Ok(None);
        };
        let own = Own { conversation: self.id, person, file };
        let found = self.hub.store.read(move |store| files::unshared(store, own)).await;
        found.map_err(|error| self.failed(&error))
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
        let member = self.member(author)?;
        match self.read_log(move |log| log.find_sent(&member, id, held)).await? {
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
}

/// Gives what was decided its ids and time, and folds it. The last entry's.
pub(super) fn append(
    batch: &mut Prepared,
    decided: Vec<Decided>,
    author: PersonId,
    at: Millis,
) -> (EntryId, Millis) {
    for Decided { audience, event } in decided {
        let id = EntryId::next(batch.header.last, at.0, rand::random());
        let (kind, body) = event.encode();
        let encoded = Encoded::new(Entry { id, at, author, audience, kind, body });
        batch.header.append(&encoded);
        batch.entries.push(encoded);
    }
    (batch.header.last.unwrap_or(EntryId::MIN), at)
}
