//! Search over one's own conversations. After an entry is durable the one task of [`keeper`] takes
//! it into the index of its conversation, sealed with that conversation's key, in pieces
//! ([`segment`]) of which each says in a few bytes what it cannot hold ([`sieve`]). A search
//! ([`plan`]) goes over the asker's own conversations, newest first, and has each room read what may
//! fit: the index says where to look, and the room what is there for this person.
//!
//! The index is made of the log alone: what is damaged is thrown away and made anew.

pub mod index;
pub mod keeper;
pub mod plan;
pub mod query;
pub mod segment;
pub mod sieve;
pub mod snippet;
pub mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use index::Index;
use keeper::Behind;

/// What is kept of search while the server runs.
pub struct Search {
    /// The index.
    pub index: Index,
    /// What it does not know yet.
    pub behind: Behind,
    at_once: Arc<Semaphore>,
    of_each: Mutex<HashMap<PersonId, usize>>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            index: Index::default(),
            behind: Behind::default(),
            at_once: Arc::new(Semaphore::new(limits::SEARCHES)),
            of_each: Mutex::default(),
        }
    }
}

impl Search {
    /// Takes a search of somebody's in: it may wait for others', and never for many of one person.
    ///
    /// # Errors
    /// `Busy` beyond [`limits::SEARCHES_PER_PERSON`].
    pub fn turn(self: &Arc<Self>, person: PersonId) -> Result<Turn, Refusal> {
        let mut of_each = self.of_each.lock().unwrap_or_else(PoisonError::into_inner);
        let count = of_each.entry(person).or_default();
        if *count >= limits::SEARCHES_PER_PERSON {
            return Err(Refusal::Busy);
        }
        *count += 1;
        drop(of_each);
        Ok(Turn { search: Arc::clone(self), person })
    }
}

/// A search of somebody's, waiting or under way.
pub struct Turn {
    search: Arc<Search>,
    person: PersonId,
}

impl Turn {
    /// Until fewer than [`limits::SEARCHES`] are under way; it is for as long as the answer lives.
    pub async fn comes(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.search.at_once).acquire_owned().await.ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut of_each = self.search.of_each.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = of_each.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                of_each.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_searches_so_often_at_once_and_others_besides() {
        let search = Arc::new(Search::default());
        let [ana, ben] = [1, 2].map(|n| PersonId::from_bytes([n; 16]));
        let mut turns: Vec<Turn> =
            (0..limits::SEARCHES_PER_PERSON).map(|_| search.turn(ana).unwrap()).collect();
        assert_eq!(search.turn(ana).err(), Some(Refusal::Busy));
        turns.push(search.turn(ben).unwrap());
        turns.remove(0);
        assert!(search.turn(ana).is_ok());
        drop(turns);
        assert!(search.of_each.lock().unwrap().is_empty());
    }
}
