//! The practice in memory: read by every rule, changed after the store has.

use std::sync::{Arc, PoisonError, RwLock};

use shared_proto::people::Role;
use shared_proto::practice::{Policies, Practice};

use crate::store::practice::{PracticeRecord, UNNAMED};

/// The practice as the running server knows it.
#[derive(Default)]
pub struct LivePractice {
    record: RwLock<Option<Arc<PracticeRecord>>>,
}

impl LivePractice {
    /// As it was loaded.
    #[must_use]
    pub fn new(record: Option<PracticeRecord>) -> Self {
        Self { record: RwLock::new(record.map(Arc::new)) }
    }

    /// Its record; `None` before it is set up.
    #[must_use]
    pub fn record(&self) -> Option<Arc<PracticeRecord>> {
        self.record.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes in what has been made durable, unless something newer is known.
    pub fn put(&self, practice: PracticeRecord) {
        let mut record = self.record.write().unwrap_or_else(PoisonError::into_inner);
        if record.as_ref().is_none_or(|known| known.revision <= practice.revision) {
            *record = Some(Arc::new(practice));
        }
    }

    /// Its policies; the defaults before it is set up.
    #[must_use]
    pub fn policies(&self) -> Policies {
        let record = self.record.read().unwrap_or_else(PoisonError::into_inner);
        record.as_ref().map_or(Policies::OPEN, |record| record.settings.policies)
    }

    /// As somebody with this role sees it.
    #[must_use]
    pub fn seen_by(&self, role: Role) -> Practice {
        let unnamed = || PracticeRecord::named(UNNAMED, shared_proto::time::Millis(0));
        self.record().map_or_else(|| unnamed().seen_by(role), |record| record.seen_by(role))
    }

    /// Milliseconds without activity before a screen is locked, and milliseconds a session lasts
    /// at most, as the owner set them.
    #[must_use]
    pub fn session_limits(&self) -> (u64, u64) {
        let record = self.record.read().unwrap_or_else(PoisonError::into_inner);
        let (idle, hours) = record.as_ref().map_or((10, 12), |record| {
            (record.settings.idle_minutes, record.settings.session_hours)
        });
        (u64::from(idle) * 60_000, u64::from(hours) * 3_600_000)
    }
}
