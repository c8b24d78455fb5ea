//! The practice's forms in memory, without what they ask: changed after the store has, so that
//! nobody is shown a version that could still be lost.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use shared_proto::form::ask::{ChangedBy, Known, Listing, Source};
use shared_proto::form::{Form, Item};
use shared_proto::id::FormId;
use shared_proto::limits;

use super::library;
use crate::store::forms::FormRecord;

/// The forms as the running server knows them.
#[derive(Default)]
pub struct LiveForms {
    records: RwLock<BTreeMap<FormId, FormRecord>>,
}

impl LiveForms {
    /// As they were loaded.
    #[must_use]
    pub fn new(records: Vec<(FormId, FormRecord)>) -> Self {
        Self { records: RwLock::new(records.into_iter().collect()) }
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, form: FormId) -> Option<FormRecord> {
        self.records.read().unwrap_or_else(PoisonError::into_inner).get(&form).cloned()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.records.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes in what has been made durable, unless something newer is known.
    pub fn put(&self, form: FormId, record: FormRecord) {
        let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
        if records.get(&form).is_none_or(|known| known.revision <= record.revision) {
            records.insert(form, record);
        }
    }

    /// A page of them and of those that came along, in the order of their ids; whether there are
    /// more.
    #[must_use]
    pub fn page(&self, after: Option<FormId>) -> (Vec<Listing>, bool) {
        let records = self.records.read().unwrap_or_else(PoisonError::into_inner);
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let kept = records.range((from, Bound::Unbounded)).take(limits::FORM_ROWS + 1);
        let mut listings: Vec<_> = kept.map(|(form, record)| listing(*form, record)).collect();
        let untouched = |known: &Known| {
            !records.contains_key(&known.id()) && after.is_none_or(|after| after < known.id())
        };
        listings.extend(Known::ALL.into_iter().filter(untouched).map(as_it_came));
        listings.sort_unstable_by_key(|listing| listing.id);
        let more = listings.len() > limits::FORM_ROWS;
        listings.truncate(limits::FORM_ROWS);
        (listings, more)
    }
}

/// A form of the practice as its list shows it.
#[must_use]
pub fn listing(form: FormId, record: &FormRecord) -> Listing {
    Listing {
        id: form,
        version: record.version,
        title: record.title.clone(),
        questions: record.questions,
        source: Known::of(form).map_or(Source::Own, Source::Library),
        changed: Some(ChangedBy { person: record.by, at: record.at }),
        retired: record.retired,
    }
}

/// How many questions a form has.
#[must_use]
pub fn questions(form: &Form) -> u16 {
    let asked = |item: &&Item| item.kind.is_asked();
    form.items.iter().filter(asked).count() as u16
}

fn as_it_came(known: Known) -> Listing {
    let form = library::form(known);
    Listing {
        id: known.id(),
        version: 0,
        questions: questions(&form),
        title: form.title,
        source: Source::Library(known),
        changed: None,
        retired: false,
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::id::PersonId;
    use shared_proto::time::Millis;

    use super::*;

    fn record(revision: u64) -> FormRecord {
        FormRecord {
            version: 1,
            title: format!("Revision {revision}"),
            questions: 1,
            retired: false,
            by: PersonId::from_bytes([0xaa; 16]),
            at: Millis(1),
            revision,
        }
    }

    fn id(n: u16) -> FormId {
        let mut bytes = [0x50; 16];
        bytes[1..3].copy_from_slice(&n.to_be_bytes());
        FormId::from_bytes(bytes)
    }

    #[test]
    fn pages_hold_every_form_once_those_that_came_along_among_them() {
        let own = 2 * limits::FORM_ROWS as u16;
        let forms = LiveForms::new((0..own).map(|n| (id(n), record(1))).collect());
        forms.put(Known::Gad7.id(), record(1));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (page, more) = forms.page(after);
            assert!(page.len() <= limits::FORM_ROWS);
            after = page.last().map(|listing| listing.id);
            seen.extend(page);
            if !more {
                break;
            }
        }
        let mut expected: Vec<FormId> = (0..own).map(id).collect();
        expected.extend(Known::ALL.map(Known::id));
        expected.sort_unstable();
        assert_eq!(seen.iter().map(|listing| listing.id).collect::<Vec<_>>(), expected);
        let of = |known| seen.iter().find(|listing| listing.source == Source::Library(known));
        assert_eq!(of(Known::Gad7).map(|listing| listing.version), Some(1), "the practice's own");
        assert_eq!(of(Known::Phq9).map(|listing| listing.version), Some(0));
        assert!(forms.page(Some(id(u16::MAX))).0.is_empty());
    }

    #[test]
    fn what_is_older_than_what_is_known_is_not_taken_in() {
        let forms = LiveForms::default();
        forms.put(id(1), record(2));
        forms.put(id(1), record(1));
        assert_eq!((forms.get(id(1)), forms.count()), (Some(record(2)), 1));
    }
}
