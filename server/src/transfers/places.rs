//! How many transfers there are at a time: no more than there is memory for, a few for each person,
//! and never so many of clients that none is left for those who look after them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::PersonId;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;

/// The places there are of one kind.
#[derive(Clone)]
pub struct Places {
    all: usize,
    for_clients: usize,
    for_each: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_clients: usize,
    by_each: HashMap<PersonId, usize>,
}

/// One of them, taken; given up when it is dropped.
pub struct Place {
    places: Places,
    person: PersonId,
    is_clients: bool,
}

impl Places {
    /// So many in all, of which clients take no more than `for_clients` together, and one person no
    /// more than `for_each`.
    #[must_use]
    pub fn new(all: usize, for_clients: usize, for_each: usize) -> Self {
        Self { all, for_clients, for_each, taken: Arc::default() }
    }

    /// A place for somebody.
    ///
    /// # Errors
    /// `Busy`, when as many are taken as may be: by this person, by clients if they are one, or by
    /// all.
    pub fn begin(&self, person: &PersonCard) -> Result<Place, Refusal> {
        let (person, is_clients) = (person.id, person.role == Role::Client);
        let mut taken = self.taken();
        let own = taken.by_each.get(&person).copied().unwrap_or_default();
        if taken.all >= self.all
            || own >= self.for_each
            || (is_clients && taken.by_clients >= self.for_clients)
        {
            return Err(Refusal::Busy);
        }
        taken.all += 1;
        taken.by_clients += usize::from(is_clients);
        taken.by_each.insert(person, own + 1);
        Ok(Place { places: self.clone(), person, is_clients })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Nothing between the changes of it panics.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        taken.by_clients -= usize::from(self.is_clients);
        match taken.by_each.get_mut(&self.person) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.by_each.remove(&self.person)),
        }
    }
}

/// Of them, and people for tests of what has some.
#[cfg(test)]
pub mod tests {
    use super::*;

    /// Somebody, by a number.
    pub fn somebody(number: u8, role: Role) -> PersonCard {
        PersonCard { id: PersonId::from_bytes([number; 16]), name: String::new(), role }
    }

    fn take(places: &Places, number: u8, role: Role) -> Option<Place> {
        match places.begin(&somebody(number, role)) {
            Ok(place) => Some(place),
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Busy);
                None
            }
        }
    }

    #[test]
    fn nobody_takes_more_than_their_share_nor_all_together_more_than_there_are() {
        let places = Places::new(6, 6, 2);
        let own: Vec<_> = (0..2).map(|_| take(&places, 1, Role::Client).unwrap()).collect();
        assert!(take(&places, 1, Role::Client).is_none());
        drop(take(&places, 2, Role::Client).unwrap());
        drop(own);
        let all: Vec<_> = (0..6).map(|n| take(&places, n, Role::Provider).unwrap()).collect();
        assert!(take(&places, 9, Role::Provider).is_none());
        drop(all);
        let taken = places.taken();
        assert!(taken.by_each.is_empty() && taken.all == 0 && taken.by_clients == 0);
    }

    #[test]
    fn clients_together_leave_places_for_providers_and_owners() {
        let places = Places::new(4, 3, 4);
        let clients: Vec<_> = (0..3).map(|n| take(&places, n, Role::Client).unwrap()).collect();
        assert!(take(&places, 3, Role::Client).is_none());
        assert!(take(&places, 0, Role::Client).is_none());
        let owner = take(&places, 4, Role::Owner).unwrap();
        assert!(take(&places, 5, Role::Provider).is_none(), "there are no more");
        drop(clients);
        let provider = take(&places, 5, Role::Provider).unwrap();
        let again: Vec<_> = (0..2).map(|n| take(&places, n, Role::Client).unwrap()).collect();
        assert!(take(&places, 3, Role::Client).is_none(), "nor for them");
        drop((owner, provider, again));
    }
}
