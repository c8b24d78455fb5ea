//! Which files are coming in: each once at a time, and no more than there is memory for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use shared_proto::id::FileId;
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use tokio_util::sync::CancellationToken;

use crate::transfers::places::{Place, Places};

/// The files that are coming in.
#[derive(Clone)]
pub struct Underway {
    files: Arc<Mutex<HashMap<FileId, Coming>>>,
    places: Places,
    /// Cancelled when nothing more comes in: the server stops.
    stopping: CancellationToken,
}

impl Default for Underway {
    fn default() -> Self {
        let all = limits::UPLOADS;
        let places = Places::new(all, limits::UPLOADS_OF_CLIENTS, limits::UPLOADS_PER_PERSON);
        Self { files: Arc::default(), places, stopping: CancellationToken::new() }
    }
}

/// One of them, as others see it.
struct Coming {
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
    place: Option<Place>,
}

impl Underway {
    /// A place for a file somebody sends.
    ///
    /// # Errors
    /// `Busy`: it is coming in already, for instance over a line that nobody knows yet is dead; or
    /// as many are as may be ([`Places::begin`]). `Stopping`.
    pub fn begin(&self, person: &PersonCard, file: FileId) -> Result<Turn, Refusal> {
        let mut turn = self.hold(file)?;
        turn.place = Some(self.places.begin(person)?);
        Ok(turn)
    }

    /// Keeps a file from coming in while it is removed. Nothing comes, so it takes nobody's place.
    ///
    /// # Errors
    /// `Busy`: it is coming in, or being removed. `Stopping`.
    pub fn hold(&self, file: FileId) -> Result<Turn, Refusal> {
        if self.stopping.is_cancelled() {
            return Err(Refusal::Stopping);
        }
        let mut files = self.files();
        if files.contains_key(&file) {
            return Err(Refusal::Busy);
        }
        let (end, ended) = (self.stopping.child_token(), CancellationToken::new());
        files.insert(file, Coming { end: end.clone(), ended });
        Ok(Turn { underway: self.clone(), file, end, place: None })
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
        // Before whoever waits for the end comes for one.
        self.place = None;
        if let Some(coming) = self.underway.files().remove(&self.file) {
            coming.ended.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_proto::people::Role;

    use super::*;
    use crate::transfers::places::tests::somebody;

    fn file(number: u16) -> FileId {
        FileId::from_bytes([number.to_be_bytes(); 8].concat().try_into().unwrap())
    }

    #[test]
    fn a_file_comes_in_once_at_a_time_and_each_person_sends_a_few() {
        let underway = Underway::default();
        let (ana, ben) = (somebody(1, Role::Client), somebody(2, Role::Client));
        let first = underway.begin(&ana, file(0)).unwrap();
        assert_eq!(underway.begin(&ben, file(0)).err(), Some(Refusal::Busy));
        let more: Vec<_> =
            (1..4).map(|number| underway.begin(&ana, file(number)).unwrap()).collect();
        assert_eq!(underway.begin(&ana, file(4)).err(), Some(Refusal::Busy));
        assert!(!underway.has(file(4)), "what found no place is not held either");
        let other = underway.begin(&ben, file(4)).unwrap();
        drop(first);
        assert!(!underway.has(file(0)));
        let again = underway.begin(&ana, file(0)).unwrap();
        assert!(underway.has(file(0)));
        drop((more, other, again));
        let everyone: Vec<_> = (0..64)
            .map(|number| {
                let role = if number < 48 { Role::Client } else { Role::Provider };
                underway.begin(&somebody(number, role), file(number.into())).unwrap()
            })
            .collect();
        let late = somebody(99, Role::Provider);
        assert_eq!(underway.begin(&late, file(99)).err(), Some(Refusal::Busy));
        // What is removed needs no place.
        drop(underway.hold(file(99)).unwrap());
        drop(everyone);
        assert!(underway.files().is_empty());
    }

    #[test]
    fn clients_leave_places_for_those_who_look_after_them() {
        let underway = Underway::default();
        let clients: Vec<_> = (0..48)
            .map(|n| underway.begin(&somebody(n, Role::Client), file(n.into())).unwrap())
            .collect();
        let more = underway.begin(&somebody(60, Role::Client), file(60));
        assert_eq!(more.err(), Some(Refusal::Busy));
        underway.begin(&somebody(61, Role::Provider), file(61)).unwrap();
        underway.begin(&somebody(62, Role::Owner), file(62)).unwrap();
        drop(clients);
    }

    #[tokio::test]
    async fn who_comes_back_ends_what_they_had_begun() {
        let underway = Underway::default();
        let ana = somebody(1, Role::Client);
        underway.end(file(0)).await;
        let turn = underway.begin(&ana, file(0)).unwrap();
        let sending = tokio::spawn(async move { turn.is_to_end().await });
        underway.end(file(0)).await;
        assert_eq!(sending.await.unwrap(), Refusal::Outdated);
        let again = underway.begin(&ana, file(0)).unwrap();
        underway.stop();
        assert_eq!(again.is_to_end().await, Refusal::Stopping);
        assert_eq!(underway.begin(&ana, file(1)).err(), Some(Refusal::Stopping));
    }
}
