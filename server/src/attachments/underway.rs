//! Which files are coming in: each once at a time, and no more than there is memory for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::{FileId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use tokio_util::sync::CancellationToken;

/// The files that are coming in.
#[derive(Clone, Default)]
pub struct Underway {
    files: Arc<Mutex<HashMap<FileId, Coming>>>,
    /// Cancelled when nothing more comes in: the server stops.
    stopping: CancellationToken,
}

/// One of them, as others see it.
struct Coming {
    person: PersonId,
    /// Cancelled when it is to end.
    end: CancellationToken,
    /// Cancelled when it has ended.
    ended: CancellationToken,
}

/// One of them; gives its place up when it is dropped.
pub struct Turn {
    underway: Underway,
    file: FileId,
    end: CancellationToken,
}

impl Underway {
    /// A place for a file somebody sends.
    ///
    /// # Errors
    /// `Busy`: it is coming in already, for instance over a line that nobody knows yet is dead; or
    /// as many are as may be, of this person or of all. `Stopping`.
    pub fn begin(&self, person: PersonId, file: FileId) -> Result<Turn, Refusal> {
        if self.stopping.is_cancelled() {
            return Err(Refusal::Stopping);
        }
        let mut files = self.files();
        let own = files.values().filter(|coming| coming.person == person).count();
        if files.len() >= limits::UPLOADS
            || own >= limits::UPLOADS_PER_PERSON
            || files.contains_key(&file)
        {
            return Err(Refusal::Busy);
        }
        let (end, ended) = (self.stopping.child_token(), CancellationToken::new());
        files.insert(file, Coming { person, end: end.clone(), ended });
        Ok(Turn { underway: self.clone(), file, end })
    }

    /// Whether a file is coming in.
    #[must_use]
    pub fn has(&self, file: FileId) -> bool {
        self.files().contains_key(&file)
    }

    /// Ends the coming in of a file, as its sender has come back over another line; returns when it
    /// has ended.
    pub async fn end(&self, file: FileId) {
        let ended = {
            let files = self.files();
            let Some(coming) = files.get(&file) else { return };
            coming.end.cancel();
            coming.ended.clone()
        };
        ended.cancelled().await;
    }

    /// Ends them all, and takes none in any more.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    fn files(&self) -> MutexGuard<'_, HashMap<FileId, Coming>> {
        // Each change is one insertion or removal.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Until it is to end, and why: its sender has come back, or the server stops.
    pub async fn is_to_end(&self) -> Refusal {
        self.end.cancelled().await;
        let stops = self.underway.stopping.is_cancelled();
        if stops { Refusal::Stopping } else { Refusal::Outdated }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(coming) = self.underway.files().remove(&self.file) {
            coming.ended.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(number: u16) -> FileId {
        FileId::from_bytes([number.to_be_bytes(); 8].concat().try_into().unwrap())
    }

    #[test]
    fn a_file_comes_in_once_at_a_time_and_each_person_sends_a_few() {
        let underway = Underway::default();
        let (ana, ben) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
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

    #[tokio::test]
    async fn who_comes_back_ends_what_they_had_begun() {
        let underway = Underway::default();
        let ana = PersonId::from_bytes([1; 16]);
        underway.end(file(0)).await;
        let turn = underway.begin(ana, file(0)).unwrap();
        let sending = tokio::spawn(async move { turn.is_to_end().await });
        underway.end(file(0)).await;
        assert_eq!(sending.await.unwrap(), Refusal::Outdated);
        let again = underway.begin(ana, file(0)).unwrap();
        underway.stop();
        assert_eq!(again.is_to_end().await, Refusal::Stopping);
        assert_eq!(underway.begin(ana, file(1)).err(), Some(Refusal::Stopping));
    }
}
