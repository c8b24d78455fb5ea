//! Forms in the store: those of the practice, each in all its versions, sealed with the records
//! key; and those given to somebody in a conversation with what they answered, sealed with the
//! conversation's. A form that was given says which version it is: that one never changes.
//!
//! What is open and what has been submitted lie apart, so that a room that is loaded reads only
//! what is open, however many forms there have been.

use serde::{Deserialize, Serialize};
use shared_proto::form::answers::Answers;
use shared_proto::form::version::Template;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FormId, PersonId};
use shared_proto::limits;
use shared_proto::time::Millis;

use super::engine::{Batch, Direction};
use super::vault::SealingKey;
use super::{Store, StoreError, keys, parts, seal, unseal};

/// A form of the practice, without what it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRecord {
    /// Its latest version.
    pub version: u32,
    /// What it is called in that.
    pub title: String,
    /// How many questions that has.
    pub questions: u16,
    /// Whether it is no longer offered.
    pub retired: bool,
    /// Who changed it last.
    pub by: PersonId,
    /// When.
    pub at: Millis,
    /// Counts the changes.
    pub revision: u64,
}

/// One version of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRecord {
    /// The form.
    pub template: Template,
    /// Who saved it.
    pub by: PersonId,
    /// When.
    pub at: Millis,
    /// Their own id for that.
    pub client_id: ClientMessageId,
}

/// A form somebody was given to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenRecord {
    /// Which.
    pub form: FormId,
    /// In which version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// To whom.
    pub to: PersonId,
    /// When.
    pub at: Millis,
    /// When answers were kept last.
    pub kept_at: Option<Millis>,
    /// Of how many parts they are.
    pub parts: u8,
}

/// A form somebody has submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedRecord {
    /// As it was given.
    pub given: GivenRecord,
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
    /// Their own id for it.
    pub client_message_id: ClientMessageId,
    /// Whether their reader is alerted to an answer.
    pub alerts: bool,
}

/// A form that is not submitted yet, by the entry that gave it.
pub type OpenForm = (EntryId, GivenRecord);

/// A form and what somebody submitted as its answers, for the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The form, in the version they filled in.
    pub template: Template,
    /// When that version was saved.
    pub saved_at: Millis,
    /// What they answered.
    pub answers: Answers,
    /// Who.
    pub by: PersonId,
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
}

/// The forms of the practice.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn all(store: &Store) -> Result<Vec<(FormId, FormRecord)>, StoreError> {
    let mut forms = Vec::new();
    store.for_each(keys::FORMS, "form", |key, record| {
        let form = keys::parse_form(key).ok_or(StoreError::Damaged("form"))?;
        forms.push((form, record));
        Ok(())
    })?;
    Ok(forms)
}

/// One version of a form; `None` when there is none.
///
/// # Errors
/// `Damaged` when it does not open, or is another.
pub fn version(
    store: &Store,
    form: FormId,
    version: u32,
) -> Result<Option<VersionRecord>, StoreError> {
    let key = keys::form_version(form, version);
    let found = parts::get(&store.engine, &store.records, &key, "form version")?;
    let Some((record, _)) = found else { return Ok(None) };
    let record: VersionRecord = record;
    if (record.template.id, record.template.version) == (form, version) {
        return Ok(Some(record));
    }
    Err(StoreError::Damaged("form version (another)"))
}

/// Adds to `batch` what keeps a form.
pub fn put(store: &Store, form: FormId, record: &FormRecord, batch: &mut Batch) {
    let key = keys::form(form);
    let sealed = store.seal(&key, record);
    batch.put.push((key, sealed));
}

/// Adds to `batch` what keeps a new version of a form.
pub fn put_version(store: &Store, record: &VersionRecord, batch: &mut Batch) {
    let key = keys::form_version(record.template.id, record.template.version);
    parts::put(&store.records, &key, record, 0, batch);
}

/// The forms given in a conversation that are not submitted, oldest first.
///
/// # Errors
/// `Damaged` when one does not open.
pub fn open_in(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
) -> Result<Vec<OpenForm>, StoreError> {
    let mut open = Vec::new();
    let mut range = keys::given_in(conversation);
    loop {
        let page = store.engine.scan(range.clone(), limits::PENDING_PAGE, Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(open) };
        range.start = keys::after(last);
        for (key, sealed) in &page {
            let entry = keys::parse_given(key).ok_or(StoreError::Damaged("form given"))?;
            open.push((entry, unseal(sealing, key, sealed, "form given")?));
        }
    }
}

/// The form given by an entry, once it has been submitted.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn handed(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
) -> Result<Option<HandedRecord>, StoreError> {
    let key = keys::handed(conversation, given);
    let Some(sealed) = store.engine.get(&key)? else { return Ok(None) };
    unseal(sealing, &key, &sealed, "form submitted").map(Some)
}

/// Forms that have been submitted and were given by an entry before `before`, the one given last
/// first, each with that entry; until `each` has enough.
///
/// # Errors
/// `Damaged` when one does not open; what `each` answers.
pub fn each_handed(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    before: Option<EntryId>,
    mut each: impl FnMut(EntryId, HandedRecord) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut range = keys::handed_in(conversation);
    if let Some(before) = before {
        range.end = keys::handed(conversation, before);
    }
    loop {
        let page = store.engine.scan(range.clone(), limits::PENDING_PAGE, Direction::Backward)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.end = last.to_vec();
        for (key, sealed) in &page {
            let given = keys::parse_given(key).ok_or(StoreError::Damaged("form submitted"))?;
            if !each(given, unseal(sealing, key, sealed, "form submitted")?)? {
                return Ok(());
            }
        }
    }
}

/// What was answered to the form an entry gave; nothing before anything is.
///
/// # Errors
/// `Damaged` when it does not open.
pub fn answers(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
) -> Result<Answers, StoreError> {
    let key = keys::answers(conversation, given);
    let found = parts::get(&store.engine, sealing, &key, "answers")?;
    Ok(found.map(|(answers, _)| answers).unwrap_or_default())
}

/// Adds to `batch` what keeps that somebody was given a form.
pub fn put_given(
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
    record: &GivenRecord,
    batch: &mut Batch,
) {
    let key = keys::given(conversation, given);
    let sealed = seal(sealing, &key, record);
    batch.put.push((key, sealed));
}

/// Adds to `batch` what keeps answers given so far; `record` says so then.
pub fn put_answers(
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
    record: &mut GivenRecord,
    (answers, at): (&Answers, Millis),
    batch: &mut Batch,
) {
    let key = keys::answers(conversation, given);
    let parts = parts::put(sealing, &key, answers, usize::from(record.parts), batch);
    (record.parts, record.kept_at) = (parts as u8, Some(at));
    put_given(sealing, conversation, given, record, batch);
}

/// Adds to `batch` what keeps answers as they are submitted: it is not open any more.
pub fn hand_over(
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
    record: &mut HandedRecord,
    answers: &Answers,
    batch: &mut Batch,
) {
    let key = keys::answers(conversation, given);
    let before = usize::from(record.given.parts);
    record.given.parts = parts::put(sealing, &key, answers, before, batch) as u8;
    record.given.kept_at = Some(record.at);
    let key = keys::handed(conversation, given);
    let sealed = seal(sealing, &key, record);
    batch.put.push((key, sealed));
    batch.delete.push(keys::given(conversation, given));
}

/// What was answered to the form that `given` gave, once it is submitted; `None` before. Who may see
/// it is for the caller to know.
///
/// # Errors
/// `Damaged` when something does not open.
pub fn filled_by(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
) -> Result<Option<Filled>, StoreError> {
    let Some(handed) = handed(store, sealing, conversation, given)? else { return Ok(None) };
    filled(store, sealing, conversation, given, handed).map(Some)
}

fn filled(
    store: &Store,
    sealing: &SealingKey,
    conversation: ConversationId,
    given: EntryId,
    HandedRecord { given: record, entry, at, .. }: HandedRecord,
) -> Result<Filled, StoreError> {
    let found = version(store, record.form, record.version)?;
    let VersionRecord { template, at: saved_at, .. } =
        found.ok_or(StoreError::Damaged("form version (missing)"))?;
    let answers = answers(store, sealing, conversation, given)?;
    Ok(Filled { template, saved_at, answers, by: record.to, entry, at })
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
