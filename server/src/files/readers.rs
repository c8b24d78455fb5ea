//! How many files are being read: no more than there is memory for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;

/// Those who read files now.
#[derive(Clone, Default)]
pub struct Readers {
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    each: HashMap<PersonId, usize>,
}

/// A place among them; given up when it is dropped.
pub struct Reading {
    readers: Readers,
    person: PersonId,
}

impl Readers {
    /// A place for somebody.
    ///
    /// # Errors
    /// `Busy`, when as many are taken as may be, by this person or by all.
    pub fn begin(&self, person: PersonId) -> Result<Reading, Refusal> {
        let mut counts = self.counts();
        let own = counts.each.get(&person).copied().unwrap_or_default();
        if counts.all >= limits::DOWNLOADS || own >= limits::DOWNLOADS_PER_PERSON {
            return Err(Refusal::Busy);
        }
        counts.all += 1;
        counts.each.insert(person, own + 1);
        Ok(Reading { readers: self.clone(), person })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing between the two changes of it panics.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut counts = self.readers.counts();
        counts.all -= 1;
        match counts.each.get_mut(&self.person) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(counts.each.remove(&self.person)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_more_files_at_a_time_than_their_share() {
        let (readers, person) = (Readers::default(), |n| PersonId::from_bytes([n; 16]));
        let own: Vec<_> =
            (0..limits::DOWNLOADS_PER_PERSON).map(|_| readers.begin(person(1)).unwrap()).collect();
        assert_eq!(readers.begin(person(1)).err(), Some(Refusal::Busy));
        drop(readers.begin(person(2)).unwrap());
        drop(own);
        let all: Vec<_> = (0..limits::DOWNLOADS)
            .map(|n| readers.begin(person((n % 100) as u8)).unwrap())
            .collect();
        assert_eq!(readers.begin(person(200)).err(), Some(Refusal::Busy));
        drop(all);
        assert!(readers.counts().each.is_empty() && readers.counts().all == 0);
    }
}
