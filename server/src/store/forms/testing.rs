//! Forms in a small practice, for tests of what is built on the store.

use shared_proto::conversation::event::{Assigned, Event, Submitted};
use shared_proto::entry::Audience;
use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::version::Template;
use shared_proto::form::{Form, Item, Kind, LinkId};
use shared_proto::id::{ClientMessageId, EntryId, FormId, PersonId};
use shared_proto::time::Millis;

use super::{FormRecord, GivenRecord, HandedRecord, VersionRecord};
use crate::store::Store;
use crate::store::engine::Batch;
use crate::store::forms;
use crate::store::testing::{ANA, TALK, Talk, put};

/// The one form of the practice.
pub const INTAKE: FormId = FormId::from_bytes([0xf0; 16]);

/// What it asks.
const WHY: LinkId = LinkId(1);

/// A practice with a form in two versions.
pub struct Forms;

impl Forms {
    /// Keeps it.
    pub async fn of(store: &Store) -> Self {
        for version in [1, 2] {
            let mut form = Form::named(&format!("Version {version}"));
            let (label, help) = ("Why?".to_owned(), String::new());
            let (link, required, kind) = (form.new_link(), true, Kind::LongText);
            form.items.push(Item { link, label, help, required, show_if: None, alert: None, kind });
            let record = FormRecord {
                version,
                title: form.title.clone(),
                questions: 1,
                retired: false,
                by: ANA,
                at: Millis(1),
                revision: version.into(),
            };
            let client_id = ClientMessageId::from_bytes([version as u8; 16]);
            let template = Template { id: INTAKE, version, form };
            let version = VersionRecord { template, by: ANA, at: Millis(1), client_id };
            let mut batch = Batch::default();
            forms::put(store, INTAKE, &record, &mut batch);
            forms::put_version(store, &version, &mut batch);
            put(store, batch).await;
        }
        Self
    }

    /// Gives somebody its first version.
    pub async fn give(&self, store: &Store, talk: &mut Talk, to: PersonId) -> EntryId {
        let body = Assigned {
            client_message_id: ClientMessageId::from_bytes([5; 16]),
            form: INTAKE,
            version: 1,
            title: "Version 1".into(),
            to,
        };
        let event = Event::Assigned(body.clone());
        let entry = talk.append(store, &[(ANA, Audience::Only(vec![ANA, to]), event)]).await;
        let at = talk.entries.last().expect("it was given").at;
        let Assigned { form, version, title, to, .. } = body;
        let record = GivenRecord { form, version, title, to, at, kept_at: None, parts: 0 };
        let mut batch = Batch::default();
        forms::put_given(&talk.sealing, TALK, entry, &record, &mut batch);
        put(store, batch).await;
        entry
    }

    /// Gives somebody a form, who answers and does not submit it.
    pub async fn keep(&self, store: &Store, talk: &mut Talk, to: PersonId, why: &str) -> EntryId {
        let entry = self.give(store, talk, to).await;
        let open = forms::open_in(store, &talk.sealing, TALK).unwrap();
        let (_, mut record) = open.into_iter().find(|(given, _)| *given == entry).unwrap();
        let (kept, mut batch) = (&answers(why), Batch::default());
        let kept = (kept, Millis(7));
        forms::put_answers(&talk.sealing, TALK, entry, &mut record, kept, &mut batch);
        put(store, batch).await;
        entry
    }

    /// Gives somebody a form, who submits it.
    pub async fn submit(&self, store: &Store, talk: &mut Talk, to: PersonId, why: &str) -> EntryId {
        let given = self.keep(store, talk, to, "half of it").await;
        let client_message_id = ClientMessageId::from_bytes([6; 16]);
        let title = "Version 1".to_owned();
        let event = Event::Submitted(Submitted { client_message_id, assigned: given, title });
        let entry = talk.append(store, &[(to, Audience::Only(vec![ANA, to]), event)]).await;
        let at = talk.entries.last().expect("it was submitted").at;
        let open = forms::open_in(store, &talk.sealing, TALK).unwrap();
        let (_, record) = open.into_iter().find(|(known, _)| *known == given).unwrap();
        let mut record =
            HandedRecord { given: record, entry, at, client_message_id, alerts: false };
        let mut batch = Batch::default();
        forms::hand_over(&talk.sealing, TALK, given, &mut record, &answers(why), &mut batch);
        put(store, batch).await;
        given
    }
}

/// Answers to it.
pub fn answers(why: &str) -> Answers {
    let mut answers = Answers::default();
    answers.set(WHY, Value::Text(why.into()));
    answers
}
