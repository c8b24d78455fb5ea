//! The forms of the practice: who builds them, and how they change. A version that was saved never
//! changes; saving makes the next one.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::codec;
use shared_proto::desk::News;
use shared_proto::form::Form;
use shared_proto::form::ask::{Known, Told};
use shared_proto::form::check::FormProblem;
use shared_proto::form::version::Template;
use shared_proto::id::{ClientMessageId, FormId, PersonId};
use shared_proto::limits;
use shared_proto::people::rules::{self, Does};
use shared_proto::refusal::{Field, Refusal, Rule};

use super::library;
use super::live::{listing, questions};
use crate::app::App;
use crate::clock;
use crate::office::desk::tell_of;
use crate::office::{actor, failed};
use crate::socket::session::Session;
use crate::store::committer::CommitError;
use crate::store::engine::{Batch, Expect};
use crate::store::forms::{self, FormRecord, VersionRecord};
use crate::store::{Store, StoreError, keys};
use crate::{audit, store};

/// What an ask comes to.
type Answer = Result<Told, Refusal>;

/// How often a change is judged anew because somebody else changed the same meanwhile.
const TRIES: usize = 5;

/// A page of the forms there are.
///
/// # Errors
/// `ProviderOnly`.
pub fn list(app: &App, asker: PersonId, after: Option<FormId>) -> Answer {
    may_build(app, asker)?;
    let (forms, more) = app.hub.forms.page(after);
    let changed = forms.iter().filter_map(|form| form.changed);
    let people = app.directory.cards(changed.map(|changed| changed.person));
    Ok(Told::Forms { forms, people, more })
}

/// One form, in one of its versions.
///
/// # Errors
/// `ProviderOnly`; `NotFound`; when the store cannot be read.
pub async fn read(app: &App, asker: PersonId, form: FormId, version: Option<u32>) -> Answer {
    may_build(app, asker)?;
    let latest = app.hub.forms.get(form).map_or(0, |record| record.version);
    match version.unwrap_or(latest) {
        0 => as_it_came(Known::of(form).ok_or(Refusal::NotFound)?),
        version if version <= latest => {
            let read = app.store.read(move |store| forms::version(store, form, version));
            let found = read.await.map_err(|error| failed(&error))?;
            Ok(Told::Template(codec::encode(&found.ok_or(Refusal::NotFound)?.template)))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// A form as it came along.
///
/// # Errors
/// `ProviderOnly`.
pub fn library(app: &App, asker: PersonId, which: Known) -> Answer {
    may_build(app, asker)?;
    as_it_came(which)
}

fn as_it_came(known: Known) -> Answer {
    let template = Template { id: known.id(), version: 0, form: library::form(known) };
    Ok(Told::Template(codec::encode(&template)))
}

fn may_build(app: &App, asker: PersonId) -> Result<(), Refusal> {
    rules::may(actor(app, asker)?.role, Does::BuildForms)
}

/// A form somebody wants to save.
#[derive(Clone)]
struct Draft {
    /// Recognises a retry.
    client_id: ClientMessageId,
    /// Which; `None` for a new one.
    form: Option<FormId>,
    /// The version that was looked at.
    version: u32,
    /// What it is to ask.
    body: Form,
}

/// A form, or answers, as they came over the socket.
///
/// # Errors
/// `Invalid { Form }`: too long, or not what they should be.
pub fn decoded<T: serde::de::DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, Refusal> {
    if bytes.len() > limit {
        let rule = Rule::TooLong { limit: limit as u32 };
        return Err(Refusal::invalid(Field::Form, rule));
    }
    codec::decode(bytes).map_err(|_| Refusal::invalid(Field::Form, Rule::Malformed))
}

/// Saves a form, as a new one or in its next version.
///
/// # Errors
/// `ProviderOnly`; `NotFound`; `Outdated` when it is in another version by now; `Invalid { Form }`
/// when there are too many forms, or versions of it; when it could not be made durable.
pub async fn save(
    app: &Arc<App>,
    session: &Session,
    client_id: ClientMessageId,
    (form, version): (Option<FormId>, u32),
    body: &[u8],
) -> Answer {
    let asker = session.person.id;
    may_build(app, asker)?;
    let body = decoded(body, limits::FORM_BYTES)?;
    let draft = Draft { client_id, form, version, body };
    let form = form.unwrap_or_else(|| new_id(app, asker, client_id));
    for _ in 0..TRIES {
        let draft = draft.clone();
        let has_room = app.hub.forms.count() < limits::FORMS;
        let read = app.store.read(move |store| judge(store, form, asker, draft, has_room));
        let (version, record, mut batch) = match read.await.map_err(|error| failed(&error))?? {
            Judged::Problems(mut problems) => {
                problems.truncate(limits::FORM_PROBLEMS);
                return Ok(Told::Problems(problems));
            }
            Judged::Saved(version) => return Ok(Told::Saved { form, version }),
            Judged::Next(record, batch) => (record.version, record, batch),
        };
        batch.audit.push(changed(session, form));
        match app.store.commit(batch).await {
            Ok(()) => {
                app.hub.forms.put(form, record);
                tell_of(app, News::Forms, None);
                tracing::info!(%form, version, by = %asker, "a form was saved");
                return Ok(Told::Saved { form, version });
            }
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(Refusal::Busy)
}

/// The id of a form somebody makes under this id of their own: a retry finds the same.
fn new_id(app: &App, asker: PersonId, client_id: ClientMessageId) -> FormId {
    let hash = app.store.vault.name("form", &format!("{asker}/{client_id}"));
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    FormId::from_random(random)
}

fn changed(session: &Session, form: FormId) -> store::audit::Record {
    audit::of(Action::FormChanged).over(session).to_practice().with(&form.to_string())
}

/// What saving a form comes to.
enum Judged {
    /// This is wrong with it.
    Problems(Vec<FormProblem>),
    /// It is in this version already.
    Saved(u32),
    /// It gets a version more.
    Next(FormRecord, Batch),
}

fn judge(
    store: &Store,
    form: FormId,
    by: PersonId,
    draft: Draft,
    has_room: bool,
) -> Result<Result<Judged, Refusal>, StoreError> {
    let key = keys::form(form);
    let before: Option<(FormRecord, Expect)> = store.get_to_change(key.clone(), "form")?;
    let is_unknown = draft.form.is_some_and(|form| Known::of(form).is_none());
    if before.is_none() && is_unknown {
        return Ok(Err(Refusal::NotFound));
    }
    let latest = before.as_ref().map_or(0, |(record, _)| record.version);
    if draft.version != latest {
        // Saved by this very request, perhaps, and changed again since.
        let next = draft.version.saturating_add(1);
        let saved = if draft.version < latest { forms::version(store, form, next)? } else { None };
        let is_retry = saved.is_some_and(|saved| saved.client_id == draft.client_id);
        return Ok(if is_retry { Ok(Judged::Saved(next)) } else { Err(Refusal::Outdated) });
    }
    let full = |limit| Ok(Err(Refusal::invalid(Field::Form, Rule::TooMany { limit })));
    let (template, record, expect) = match before {
        None if !has_room => return full(limits::FORMS as u32),
        None => (Template::first(form, draft.body), None, Expect { key, value: None }),
        Some((record, expect)) => {
            let found = forms::version(store, form, record.version)?;
            let found = found.ok_or(StoreError::Damaged("form version (missing)"))?;
            (found.template.next(draft.body), Some(record), expect)
        }
    };
    let template = match template {
        Ok(template) => template,
        Err(problems) => return Ok(Ok(Judged::Problems(problems))),
    };
    if template.version == latest {
        return Ok(Ok(Judged::Saved(latest)));
    }
    if template.version > limits::FORM_VERSIONS {
        return full(limits::FORM_VERSIONS);
    }
    let at = clock::now();
    let record = FormRecord {
        version: template.version,
        title: template.form.title.clone(),
        questions: questions(&template.form),
        retired: record.as_ref().is_some_and(|record| record.retired),
        by,
        at,
        revision: record.map_or(0, |record| record.revision) + 1,
    };
    let mut batch = Batch { expect: vec![expect], ..Batch::default() };
    forms::put(store, form, &record, &mut batch);
    let version = VersionRecord { template, by, at, client_id: draft.client_id };
    forms::put_version(store, &version, &mut batch);
    Ok(Ok(Judged::Next(record, batch)))
}

/// Offers a form no longer for assigning, or again.
///
/// # Errors
/// `ProviderOnly`; `NotFound`, also for one that came along and is not the practice's yet; when it
/// could not be made durable.
pub async fn retire(app: &Arc<App>, session: &Session, form: FormId, retired: bool) -> Answer {
    let by = session.person.id;
    may_build(app, by)?;
    for _ in 0..TRIES {
        let read = app.store.read(move |store| {
            let Some((record, expect)) = store.get_to_change(keys::form(form), "form")? else {
                return Ok(None);
            };
            let mut record: FormRecord = record;
            if record.retired == retired {
                return Ok(Some((record, None)));
            }
            (record.retired, record.by, record.at) = (retired, by, clock::now());
            record.revision += 1;
            let mut batch = Batch { expect: vec![expect], ..Batch::default() };
            forms::put(store, form, &record, &mut batch);
            Ok(Some((record, Some(batch))))
        });
        let found = read.await.map_err(|error| failed(&error))?;
        let (record, batch) = found.ok_or(Refusal::NotFound)?;
        let told = Told::Listing(Box::new(listing(form, &record)));
        let Some(mut batch) = batch else { return Ok(told) };
        batch.audit.push(changed(session, form));
        match app.store.commit(batch).await {
            Ok(()) => {
                app.hub.forms.put(form, record);
                tell_of(app, News::Forms, None);
                return Ok(told);
            }
            Err(StoreError::Commit(CommitError::Conflict)) => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Err(Refusal::Busy)
}
