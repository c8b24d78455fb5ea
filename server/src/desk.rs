//! Hours and leave in memory: what a client is promised, and when a host is away. Loaded at start,
//! changed after the store has.

use std::sync::{Arc, PoisonError, RwLock};

use dashmap::DashMap;
use shared_proto::date::Date;
use shared_proto::desk::KeptHours;
use shared_proto::hours::{Calendar, Common, Hours, Own, Promise, Zone};
use shared_proto::id::PersonId;
use shared_proto::time::Millis;

use crate::store::hours::{self, Revised};
use crate::store::{Store, StoreError};
use crate::zone::Place;

/// Everyone's hours.
#[derive(Default)]
pub struct LiveDesk {
    own: DashMap<PersonId, Arc<Revised<Own>>>,
    common: RwLock<Arc<Revised<Common>>>,
}

/// How it is with somebody at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is within their hours.
    pub open: bool,
    /// When they are back, for who is away.
    pub back: Option<Millis>,
    /// When they will have answered.
    pub by: Option<Millis>,
    /// What they say of being away; empty for nothing.
    pub away: String,
    /// The day it is where they are.
    pub day: Date,
}

impl LiveDesk {
    /// As it is kept.
    ///
    /// # Errors
    /// When a record is damaged.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        let desk = Self { common: RwLock::new(Arc::new(hours::common(store)?)), ..Self::default() };
        for (person, own) in hours::all(store)? {
            desk.put_own(person, own);
        }
        Ok(desk)
    }

    /// Takes in what somebody set, unless something newer is known.
    pub fn put_own(&self, person: PersonId, own: Revised<Own>) {
        let mut slot = self.own.entry(person).or_default();
        if slot.revision < own.revision {
            *slot = Arc::new(own);
        }
    }

    /// Takes in what the practice set, unless something newer is known.
    pub fn put_common(&self, common: Revised<Common>) {
        let mut slot = self.common.write().unwrap_or_else(PoisonError::into_inner);
        if slot.revision < common.revision {
            *slot = Arc::new(common);
        }
    }

    /// What somebody and the practice set.
    #[must_use]
    pub fn kept(&self, person: PersonId) -> KeptHours {
        let (own, common) = (self.own(person), self.common());
        KeptHours {
            own: own.set.clone(),
            own_revision: own.revision,
            common: common.set.clone(),
            common_revision: common.revision,
        }
    }

    /// How it is with somebody who is where clocks show `zone`, when they have been asked at `asked`.
    #[must_use]
    pub fn standing(&self, person: PersonId, zone: &Place, now: Millis, asked: Millis) -> Standing {
        let (own, common) = (self.own(person), self.common());
        let hours = own.set.hours.as_ref().or(common.set.hours.as_ref());
        let hours = hours.cloned().unwrap_or_else(Hours::always);
        let (leave, holidays) = (&own.set.leave, &common.set.holidays);
        let calendar = Calendar { hours: &hours, leave, holidays, zone };
        let open = calendar.is_open(now);
        Standing {
            open,
            back: if open { None } else { calendar.opens(now) },
            by: calendar.answers_by(asked),
            away: own.set.away.clone(),
            day: zone.local(now).date,
        }
    }

    fn own(&self, person: PersonId) -> Arc<Revised<Own>> {
        self.own.get(&person).map(|own| Arc::clone(&own)).unwrap_or_default()
    }

    fn common(&self) -> Arc<Revised<Common>> {
        Arc::clone(&self.common.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Standing {
    /// What a client is told of it; `None` when there is nothing to tell.
    #[must_use]
    pub fn promise(self, waits: bool) -> Option<Promise> {
        let away = if self.open { String::new() } else { self.away };
        let promise = Promise { by: self.by, waits, back: self.back, away };
        let tells = promise.by.is_some() || promise.back.is_some() || !promise.away.is_empty();
        tells.then_some(promise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_proto::hours::{Day, Leave, Span};

    const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
    const HOUR: u64 = 3_600_000;
    /// 1970-01-05, a Monday.
    const MONDAY: u64 = 4 * 24 * HOUR;

    fn mornings(within: u16) -> Hours {
        let day = || Day(vec![Span { from: 9 * 60, until: 12 * 60 }]);
        Hours { week: std::array::from_fn(|_| day()), answer_within: Some(within * 60) }
    }

    fn standing(desk: &LiveDesk, zone: &str, hour: u64) -> Standing {
        let now = Millis(MONDAY + hour * HOUR);
        desk.standing(ANA, &Place::named(zone), now, now)
    }

    #[test]
    fn who_has_set_nothing_goes_by_the_practice_and_that_by_nothing() {
        let desk = LiveDesk::default();
        let nothing = standing(&desk, "UTC", 3);
        assert!(nothing.open);
        assert_eq!(nothing.promise(false), None);
        let common = Common { hours: Some(mornings(1)), ..Common::default() };
        desk.put_common(Revised { revision: 1, set: common });
        let night = standing(&desk, "UTC", 3);
        assert_eq!((night.open, night.back), (false, Some(Millis(MONDAY + 9 * HOUR))));
        assert_eq!(night.by, Some(Millis(MONDAY + 10 * HOUR)));
        assert!(standing(&desk, "Asia/Tokyo", 1).open, "it is ten there");
        let own = Own { hours: Some(mornings(2)), away: "Away".into(), ..Own::default() };
        desk.put_own(ANA, Revised { revision: 1, set: own.clone() });
        desk.put_own(ANA, Revised { revision: 1, set: Own::default() });
        let promise = standing(&desk, "UTC", 3).promise(true).unwrap();
        assert_eq!(promise.by, Some(Millis(MONDAY + 11 * HOUR)));
        assert_eq!((promise.away.as_str(), promise.waits), ("Away", true));
        assert_eq!(standing(&desk, "UTC", 10).promise(true).unwrap().away, "");
    }

    #[test]
    fn who_is_on_leave_without_hours_is_away_all_day() {
        let desk = LiveDesk::default();
        let [from, until] = ["1970-01-05", "1970-01-06"].map(|day| day.parse().unwrap());
        let own = Own { leave: vec![Leave { from, until }], ..Own::default() };
        desk.put_own(ANA, Revised { revision: 1, set: own });
        let promise = standing(&desk, "UTC", 3).promise(false).unwrap();
        assert_eq!((promise.by, promise.back), (None, Some(Millis(MONDAY + 48 * HOUR))));
    }
}
