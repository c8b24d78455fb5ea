//! Forms given to members: filled in, submitted, and shown to whom they were given to and to the
//! host, and to nobody else. Answers lie beside the log; that a form was given, and that it was
//! submitted, stands in it.

use std::sync::Arc;

use shared_proto::codec;
use shared_proto::conversation::command::{Command, Context, Given};
use shared_proto::conversation::decide::{decide, is_member, may_fill};
use shared_proto::conversation::event::{Event, kind};
use shared_proto::form::answers::Answers;
use shared_proto::form::ask::{Assigned, Assignment, Handed, Happened, Told};
use shared_proto::form::fill;
use shared_proto::form::score;
use shared_proto::form::version::Template;
use shared_proto::id::{ClientMessageId, EntryId, FormId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::{Reply, ServerEvent};

use super::aside::News;
use super::decide::append;
use super::write::Prepared;
use super::{By, Room};
use crate::forms::build::decoded;
use crate::socket::session::Asker;
use crate::store::StoreError;
use crate::store::aside::Aside;
use crate::store::forms::{self, GivenRecord, HandedRecord};

/// Answers that are to be submitted.
pub(super) struct Submitting {
    /// The entry that gave the form.
    pub(super) entry: EntryId,
    /// Recognises a retry.
    pub(super) client_message_id: ClientMessageId,
    /// Encoded.
    pub(super) answers: Vec<u8>,
}

/// A form that was given, as far as it has come.
enum Found {
    Open(GivenRecord),
    Handed(HandedRecord),
}

impl Found {
    const fn given(&self) -> &GivenRecord {
        match self {
            Self::Open(given) => given,
            Self::Handed(handed) => &handed.given,
        }
    }

    const fn handed(&self) -> Option<Handed> {
        match self {
            Self::Open(_) => None,
            Self::Handed(handed) => Some(Handed { entry: handed.entry, at: handed.at }),
        }
    }
}

impl Aside {
    fn form(&self, entry: EntryId) -> Option<&GivenRecord> {
        self.forms.iter().find(|(given, _)| *given == entry).map(|(_, record)| record)
    }

    fn put_form(&mut self, entry: EntryId, record: GivenRecord) {
        let forms = Arc::make_mut(&mut self.forms);
        match forms.iter_mut().find(|(given, _)| *given == entry) {
            Some((_, known)) => *known = record,
            None => forms.push((entry, record)),
        }
    }
}

impl Room {
    /// What the rules look at of a form that is to be given: what it is called in that version, and
    /// whether it is no longer offered. `None` when there is no such version.
    pub(super) async fn form_to_give(
        &self,
        form: FormId,
        version: u32,
    ) -> Result<Option<(String, bool)>, Refusal> {
        let known = self.hub.forms.get(form);
        let Some(known) = known.filter(|known| (1..=known.version).contains(&version)) else {
            return Ok(None);
        };
        if version == known.version {
            return Ok(Some((known.title, known.retired)));
        }
        let template = self.template(form, version).await?;
        Ok(Some((template.form.title, known.retired)))
    }

    /// Keeps beside the log which forms the entries of a batch from `first` on give to whom.
    pub(super) fn note_given(&self, batch: &mut Prepared, first: usize) -> Result<(), Refusal> {
        let gives = |kind| kind == kind::ASSIGNED;
        for encoded in batch.entries[first..].iter().filter(|encoded| gives(encoded.entry.kind)) {
            let (id, at) = (encoded.entry.id, encoded.entry.at);
            let Ok(Event::Assigned(body)) = Event::decode(&encoded.entry) else { continue };
            let (kept_at, parts) = (None, 0);
            let (form, version, title, to) = (body.form, body.version, body.title, body.to);
            let record = GivenRecord { form, version, title, to, at, kept_at, parts };
            let sealing = self.sealing()?;
            forms::put_given(&sealing, self.id, id, &record, &mut batch.beside);
            batch.aside.put_form(id, record);
        }
        Ok(())
    }

    /// Keeps what somebody has answered so far.
    pub(super) async fn keep_answers(
        &self,
        batch: &mut Prepared,
        by: &By,
        entry: EntryId,
        answers: &[u8],
        now: Millis,
    ) -> Result<Told, Refusal> {
        let actor = by.actor().id;
        is_member(&batch.header.state, actor, now)?;
        let found = self.found(&batch.aside, entry).await?;
        let (given, submitted) = (found.given(), found.handed().is_some());
        may_fill(&batch.header.state, actor, given.to, submitted, now)?;
        let answers: Answers = decoded(answers, limits::ANSWERS_BYTES)?;
        let template = self.template(given.form, given.version).await?;
        if let Err(mut problems) = fill::may_save(&template.form, &answers) {
            problems.truncate(limits::FORM_PROBLEMS);
            return Ok(Told::AnswerProblems(problems));
        }
        let mut record = given.clone();
        let (sealing, kept) = (self.sealing()?, (&answers, now));
        forms::put_answers(&sealing, self.id, entry, &mut record, kept, &mut batch.beside);
        batch.aside.put_form(entry, record);
        let but = match by {
            By::Asker(asker) => Some(asker.session.id),
            By::Clock(_) => None,
        };
        let (conversation, answers) = (self.id, codec::encode(&answers));
        let event = ServerEvent::Form(Happened::Kept { conversation, entry, answers, at: now });
        batch.news.push(News { person: actor, but, event });
        Ok(Told::Kept { at: now })
    }

    /// Hands answers over. The same again is answered with the entry that was stored first.
    pub(super) async fn submit(
        &self,
        batch: &mut Prepared,
        by: &By,
        submitting: Submitting,
        now: Millis,
    ) -> Result<Told, Refusal> {
        let Submitting { entry, client_message_id, answers } = submitting;
        let actor = by.actor();
        is_member(&batch.header.state, actor.id, now)?;
        let found = self.found(&batch.aside, entry).await?;
        if let Found::Handed(handed) = &found
            && (handed.given.to, handed.client_message_id) == (actor.id, client_message_id)
        {
            return Ok(Told::Submitted { entry: handed.entry });
        }
        let (given, submitted) = (found.given(), found.handed().is_some());
        may_fill(&batch.header.state, actor.id, given.to, submitted, now)?;
        let answers: Answers = decoded(&answers, limits::ANSWERS_BYTES)?;
        let Template { form, .. } = self.template(given.form, given.version).await?;
        let answers = match fill::submitted(&form, &answers) {
            Ok(answers) => answers,
            Err(mut problems) => {
                problems.truncate(limits::FORM_PROBLEMS);
                return Ok(Told::AnswerProblems(problems));
            }
        };
        let command = Command::Submit { client_message_id, assigned: entry };
        let known = Given { to: given.to, title: &given.title, submitted };
        let context = Context { now, given: Some(known), ..Context::of(actor) };
        let decided = decide(&batch.header.state, command, &context)?;
        let (submission, at) = append(batch, decided, actor.id, now);
        let alerts = !score::alerts(&form, &answers).is_empty();
        let given = given.clone();
        let mut record = HandedRecord { given, entry: submission, at, client_message_id, alerts };
        let sealing = self.sealing()?;
        forms::hand_over(&sealing, self.id, entry, &mut record, &answers, &mut batch.beside);
        Arc::make_mut(&mut batch.aside.forms).retain(|(given, _)| *given != entry);
        Ok(Told::Submitted { entry: submission })
    }

    /// Whether somebody may read a form that was given, and what was answered.
    pub(super) async fn reads_form(
        &self,
        person: PersonId,
        entry: EntryId,
    ) -> Result<bool, Refusal> {
        match self.readable(person, entry).await {
            Ok(_) => Ok(true),
            Err(Refusal::NotFound) => Ok(false),
            Err(refusal) => Err(refusal),
        }
    }

    /// A form that was given, and what was answered, as somebody may see it.
    pub(super) async fn form(&self, person: PersonId, entry: EntryId) -> Result<Assigned, Refusal> {
        let found = self.readable(person, entry).await?;
        let (given, submitted) = (found.given(), found.handed());
        let Template { id, version, form } = self.template(given.form, given.version).await?;
        let fills = given.to == person;
        let form = if fills { form.for_filling() } else { form };
        // Until they are submitted they are theirs alone.
        let shown = (fills || submitted.is_some()) && given.parts > 0;
        let (sealing, conversation) = (self.sealing()?, self.id);
        let read = self.hub.store.read(move |store| match shown {
            true => forms::answers(store, &sealing, conversation, entry),
            false => Ok(Answers::default()),
        });
        let answers = read.await.map_err(|error| self.failed(&error))?;
        Ok(Assigned {
            template: codec::encode(&Template { id, version, form }),
            answers: codec::encode(&answers),
            to: given.to,
            submitted,
            saved_at: given.kept_at.filter(|_| shown),
        })
    }

    pub(super) async fn answer_forms(&self, asker: Asker, before: Option<EntryId>) {
        let result = self.forms(asker.session.person.id, before).await;
        asker.answer(result.map(Reply::Form));
    }

    /// A page of the forms given here, as far as somebody may see them.
    async fn forms(&self, person: PersonId, before: Option<EntryId>) -> Result<Told, Refusal> {
        self.member(person)?;
        let sees_all = self.header.state.host() == Some(person);
        let sees = move |given: &GivenRecord| sees_all || given.to == person;
        let earlier = |entry: &EntryId| before.is_none_or(|before| *entry < before);
        let open = self.aside.forms.iter();
        let open = open.filter(|(entry, given)| earlier(entry) && sees(given));
        let mut assignments: Vec<Assignment> =
            open.map(|(entry, given)| assignment(*entry, given, None, false)).collect();
        let (sealing, conversation, upto) = (self.sealing()?, self.id, self.header.last);
        let read = self.hub.store.read(move |store| {
            let mut found = Vec::new();
            forms::each_handed(store, &sealing, conversation, before, |entry, handed| {
                // What is not durable yet is still among those that are open.
                if Some(handed.entry) <= upto && sees(&handed.given) {
                    let told = Handed { entry: handed.entry, at: handed.at };
                    let alerts = sees_all && handed.alerts;
                    found.push(assignment(entry, &handed.given, Some(told), alerts));
                }
                Ok(found.len() <= limits::ASSIGNMENT_ROWS)
            })?;
            Ok(found)
        });
        assignments.extend(read.await.map_err(|error| self.failed(&error))?);
        assignments.sort_unstable_by_key(|assignment| std::cmp::Reverse(assignment.entry));
        let more = assignments.len() > limits::ASSIGNMENT_ROWS;
        assignments.truncate(limits::ASSIGNMENT_ROWS);
        Ok(Told::Assignments { assignments, more })
    }

    /// A form that was given, to whom it was given to and to the host; also once they have left.
    async fn readable(&self, person: PersonId, entry: EntryId) -> Result<Found, Refusal> {
        self.member(person)?;
        let found = self.found(&self.aside, entry).await?;
        if found.given().to != person && self.header.state.host() != Some(person) {
            return Err(Refusal::NotFound);
        }
        Ok(found)
    }

    /// The form an entry gave, among what is open in `aside` or has been submitted durably.
    async fn found(&self, aside: &Aside, entry: EntryId) -> Result<Found, Refusal> {
        if let Some(given) = aside.form(entry) {
            return Ok(Found::Open(given.clone()));
        }
        let (sealing, conversation) = (self.sealing()?, self.id);
        let read =
            self.hub.store.read(move |store| forms::handed(store, &sealing, conversation, entry));
        let handed = read.await.map_err(|error| self.failed(&error))?;
        let durable = |handed: &HandedRecord| Some(handed.entry) <= self.header.last;
        handed.filter(durable).map(Found::Handed).ok_or(Refusal::NotFound)
    }

    /// Who has a form to fill in, in the order they joined.
    pub(super) fn filling(&self) -> Vec<PersonId> {
        let open = &self.aside.forms;
        let fills = |person: &PersonId| open.iter().any(|(_, given)| given.to == *person);
        self.members().filter(fills).collect()
    }

    async fn template(&self, form: FormId, version: u32) -> Result<Template, Refusal> {
        let read = self.hub.store.read(move |store| {
            let found = forms::version(store, form, version)?;
            found.ok_or(StoreError::Damaged("form version (missing)"))
        });
        read.await.map(|found| found.template).map_err(|error| self.failed(&error))
    }
}

fn assignment(
    entry: EntryId,
    given: &GivenRecord,
    submitted: Option<Handed>,
    alerts: bool,
) -> Assignment {
    Assignment {
        entry,
        form: given.form,
        version: given.version,
        title: given.title.clone(),
        to: given.to,
        at: given.at,
        submitted,
        alerts,
    }
}
