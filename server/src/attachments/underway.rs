//! Which files are coming in: each once at a time, and no more than there is memory for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::{FileId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;

/// The files that are coming in.
#[derive(Clone, Default)]
pub struct Underway {
    files: Arc<Mutex<HashMap<FileId, PersonId>>>,
}

/// One of them; gives its place up when it is dropped.
pub struct Turn {
    underway: Underway,
    file: FileId,
}

impl Underway {
    /// A place for a file somebody sends.
    ///
    /// # Errors
    /// `Busy`: it is coming in already, for instance over a line that nobody knows yet is dead; or
    /// as many are as may be, of this person or of all.
    pub fn begin(&self, person: PersonId, file: FileId) -> Result<Turn, Refusal> {
        let mut files = self.files();
        let own = files.values().filter(|sender| **sender == person).count();
        if files.len() >= limits::UPLOADS
            || own >= limits::UPLOADS_PER_PERSON
            || files.contains_key(&file)
        {
            return Err(Refusal::Busy);
        }
        files.insert(file, person);
        Ok(Turn { underway: self.clone(), file })
    }

    /// Whether a file is coming in.
    #[must_use]
    pub fn has(&self, file: FileId) -> bool {
        self.files().contains_key(&file)
    }

    fn files(&self) -> MutexGuard<'_, HashMap<FileId, PersonId>> {
        // Each change is one insertion or removal.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.underway.files().remove(&self.file);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_in_once_at_a_time_and_each_person_sends_a_few() {
        let underway = Underway::default();
        let (ana, ben) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
        let file = |number: u16| {
            FileId::from_bytes([number.to_be_bytes(); 8].concat().try_into().unwrap())
        };
        let first = underway.begin(ana, file(0)).unwrap();
        assert_eq!(underway.begin(ben, file(0)).err(), Some(Refusal::Busy));
        let more: Vec<_> =
            (1..4).map(|number| underway.begin(ana, file(number)).unwrap()).collect();
        assert_eq!(underway.begin(ana, file(4)).err(), Some(Refusal::Busy));
        let other = underway.begin(ben, file(4)).unwrap();
        drop(first);
        assert!(!underway.has(file(0)));
        let again = underway.begin(ana, file(0)).unwrap();
        assert!(underway.has(file(0)));
        drop((more, other, again));
        let everyone: Vec<_> = (0..64)
            .map(|number| {
                underway.begin(PersonId::from_bytes([number; 16]), file(number.into())).unwrap()
            })
            .collect();
        assert_eq!(
            underway.begin(PersonId::from_bytes([99; 16]), file(99)).err(),
            Some(Refusal::Busy)
        );
        drop(everyone);
        assert!(underway.files().is_empty());
    }
}
