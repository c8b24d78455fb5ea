//! People in memory, for names in frames and for the search by name. Loaded at start, changed
//! after the store has.

use dashmap::DashMap;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::people::PersonCard;

use crate::store::people::{PersonRecord, Status};

struct Known {
    card: PersonCard,
    lower: String,
    active: bool,
    read_receipts: bool,
}

/// Everyone in the practice.
#[derive(Default)]
pub struct Directory {
    people: DashMap<PersonId, Known>,
}

impl Directory {
    /// Takes somebody in, or what changed about them.
    pub fn put(&self, person: &PersonRecord) {
        let known = Known {
            card: person.card(),
            lower: person.name.to_lowercase(),
            active: person.status == Status::Active,
            read_receipts: person.read_receipts,
        };
        self.people.insert(person.id, known);
    }

    /// Whether there is nobody yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// What others see of somebody.
    #[must_use]
    pub fn card(&self, id: PersonId) -> Option<PersonCard> {
        self.people.get(&id).map(|known| known.card.clone())
    }

    /// Whether others see how far somebody has read.
    #[must_use]
    pub fn shows_reading(&self, id: PersonId) -> bool {
        self.people.get(&id).is_some_and(|known| known.read_receipts)
    }

    /// Of `ids`, those who can be picked for a conversation.
    #[must_use]
    pub fn pickable(&self, ids: &[PersonId]) -> Vec<PersonCard> {
        ids.iter()
            .filter_map(|id| self.people.get(id))
            .filter(|known| known.active)
            .map(|known| known.card.clone())
            .collect()
    }

    /// People whose name holds `text`, by name; at most [`limits::PEOPLE_FOUND`], without `except`.
    #[must_use]
    pub fn find(&self, text: &str, except: PersonId) -> Vec<PersonCard> {
        let text = text.trim().to_lowercase();
        let mut found: Vec<(String, PersonCard)> = self
            .people
            .iter()
            .filter(|known| known.active && known.card.id != except)
            .filter(|known| text.is_empty() || known.lower.contains(&text))
            .map(|known| (known.lower.clone(), known.card.clone()))
            .collect();
        found.sort_unstable_by(|a, b| (&a.0, a.1.id).cmp(&(&b.0, b.1.id)));
        found.truncate(limits::PEOPLE_FOUND);
        found.into_iter().map(|(_, card)| card).collect()
    }
}
