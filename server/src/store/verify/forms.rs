//! Forms: every version there should be is there and opens, each that was given is one of them, and
//! nothing is answered that was not asked.

use std::collections::{HashMap, HashSet};

use shared_proto::conversation::event::Event;
use shared_proto::id::{ConversationId, EntryId, FormId};

use crate::store::conversations::Loaded;
use crate::store::engine::Direction;
use crate::store::entries::Batches;
use crate::store::forms::{self, GivenRecord};
use crate::store::{Store, StoreError, keys};

/// The forms of the practice, and their latest versions.
pub struct Forms(HashMap<FormId, u32>);

impl Forms {
    /// Reads and checks them.
    ///
    /// # Errors
    /// The first thing that is damaged.
    pub fn check(store: &Store) -> Result<Self, StoreError> {
        let mut known = HashMap::new();
        for (form, record) in forms::all(store)? {
            for version in 1..=record.version {
                let found = forms::version(store, form, version)?;
                let found = found.ok_or(StoreError::Damaged("form version (missing)"))?;
                let latest = version == record.version;
                if latest && found.template.form.title != record.title {
                    return Err(StoreError::Damaged("form (called otherwise)"));
                }
            }
            known.insert(form, record.version);
        }
        let forms = Self(known);
        each_key(store, keys::prefix_range(keys::FORM_VERSIONS), |key| {
            let named = keys::parse_form_version(key);
            if named.is_some_and(|(form, version)| forms.has(form, version)) {
                return Ok(());
            }
            Err(StoreError::Damaged("form version (of nothing)"))
        })?;
        Ok(forms)
    }

    fn has(&self, form: FormId, version: u32) -> bool {
        self.0.get(&form).is_some_and(|latest| (1..=*latest).contains(&version))
    }

    /// What was given in a conversation is in its log, and open or submitted as the log says.
    ///
    /// # Errors
    /// The first thing that is damaged.
    pub fn check_given(
        &self,
        store: &Store,
        conversation: ConversationId,
        loaded: &Loaded,
    ) -> Result<(), StoreError> {
        let sealing = &loaded.sealing;
        let mut told = Told::read(store, conversation, loaded)?;
        for (entry, record) in forms::open_in(store, sealing, conversation)? {
            if !self.is_as_told(told.given.remove(&entry), &record) {
                return Err(StoreError::Damaged("form given (of nothing)"));
            }
            check_answers(store, conversation, loaded, entry, &record)?;
        }
        forms::each_handed(store, sealing, conversation, None, |entry, handed| {
            let submitted = told.submitted.remove(&entry) == Some(handed.entry);
            if !submitted || !self.is_as_told(told.given.remove(&entry), &handed.given) {
                return Err(StoreError::Damaged("form submitted (of nothing)"));
            }
            check_answers(store, conversation, loaded, entry, &handed.given)?;
            Ok(true)
        })?;
        if !told.given.is_empty() || !told.submitted.is_empty() {
            return Err(StoreError::Damaged("form given (missing)"));
        }
        let mut all = HashSet::new();
        each_key(store, keys::answers_in(conversation), |key| {
            all.insert(keys::parse_given(key).ok_or(StoreError::Damaged("answers"))?);
            Ok(())
        })?;
        for entry in all {
            let open = store.engine.get(&keys::given(conversation, entry))?;
            if open.is_none() && store.engine.get(&keys::handed(conversation, entry))?.is_none() {
                return Err(StoreError::Damaged("answers (of nothing)"));
            }
        }
        Ok(())
    }

    fn is_as_told(&self, told: Option<GivenRecord>, record: &GivenRecord) -> bool {
        let as_given = GivenRecord { kept_at: None, parts: 0, ..record.clone() };
        told == Some(as_given) && self.has(record.form, record.version)
    }
}

/// What the log says of forms: what each entry gave, and which entry says that it was submitted.
#[derive(Default)]
struct Told {
    given: HashMap<EntryId, GivenRecord>,
    submitted: HashMap<EntryId, EntryId>,
}

impl Told {
    fn read(
        store: &Store,
        conversation: ConversationId,
        loaded: &Loaded,
    ) -> Result<Self, StoreError> {
        let mut told = Self::default();
        let mut batches =
            Batches::forward(&store.engine, &loaded.sealing, conversation, EntryId::MIN)?;
        while let Some(batch) = batches.next_batch()? {
            for entry in batch {
                match Event::decode(&entry) {
                    Ok(Event::Assigned(body)) => {
                        let given = GivenRecord {
                            form: body.form,
                            version: body.version,
                            title: body.title,
                            to: body.to,
                            at: entry.at,
                            kept_at: None,
                            parts: 0,
                        };
                        told.given.insert(entry.id, given);
                    }
                    Ok(Event::Submitted(body)) => {
                        told.submitted.insert(body.assigned, entry.id);
                    }
                    _ => {}
                }
            }
        }
        Ok(told)
    }
}

/// As many parts as the record says, that open.
fn check_answers(
    store: &Store,
    conversation: ConversationId,
    loaded: &Loaded,
    entry: EntryId,
    record: &GivenRecord,
) -> Result<(), StoreError> {
    forms::answers(store, &loaded.sealing, conversation, entry)?;
    let mut parts = 0;
    each_key(store, keys::prefix_range(&keys::answers(conversation, entry)), |_| {
        parts += 1;
        Ok(())
    })?;
    if parts == usize::from(record.parts) {
        Ok(())
    } else {
        Err(StoreError::Damaged("answers (in part)"))
    }
}

fn each_key(
    store: &Store,
    mut range: std::ops::Range<Vec<u8>>,
    mut each: impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    loop {
        let page = store.engine.scan(range.clone(), 64, Direction::Forward)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        range.start = keys::after(last);
        for (key, _) in &page {
            each(key)?;
        }
    }
}
