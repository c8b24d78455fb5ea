//! Who takes a record now: so few at a time that nobody else waits for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;

/// The records that are being written.
#[derive(Clone, Default)]
pub struct Slots {
    people: Arc<Mutex<HashMap<PersonId, usize>>>,
}

/// One of them; gives its place up when it is dropped.
pub struct Slot {
    slots: Slots,
    person: PersonId,
}

impl Slots {
    /// A place for a record somebody takes.
    ///
    /// # Errors
    /// `Busy` when as many are being written as may be, for this person or for all.
    pub fn begin(&self, person: PersonId) -> Result<Slot, Refusal> {
        let mut people = self.people();
        let own = people.get(&person).copied().unwrap_or_default();
        if people.values().sum::<usize>() >= limits::EXPORTS || own >= limits::EXPORTS_PER_PERSON {
            return Err(Refusal::Busy);
        }
        people.insert(person, own + 1);
        Ok(Slot { slots: self.clone(), person })
    }

    fn people(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        // Each change is one insertion or removal.
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut people = self.slots.people();
        match people.get_mut(&self.person) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(people.remove(&self.person)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_take_a_record_at_a_time_and_each_person_one() {
        let slots = Slots::default();
        let person = |number: u8| PersonId::from_bytes([number; 16]);
        let first = slots.begin(person(0)).unwrap();
        assert_eq!(slots.begin(person(0)).err(), Some(Refusal::Busy));
        drop(first);
        let all: Vec<_> = (0..4).map(|number| slots.begin(person(number)).unwrap()).collect();
        assert_eq!(slots.begin(person(9)).err(), Some(Refusal::Busy));
        drop(all);
        assert!(slots.people().is_empty());
    }
}
