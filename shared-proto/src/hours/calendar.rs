//! What hours, leave and holidays come to at a moment.

use super::{DAY, Day, Hours, Leave, Span};
use crate::date::Date;
use crate::limits;
use crate::time::Millis;

/// What a promise is rounded up to, so that it names a time people say: five minutes.
const ROUND_MS: u64 = 5 * 60 * 1_000;

/// A time of day somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// The day there.
    pub date: Date,
    /// Minutes after midnight, less than [`DAY`].
    pub minute: u16,
}

/// What clocks show somewhere, with whatever changes they have had and will have.
pub trait Zone {
    /// What they show at a moment.
    fn local(&self, at: Millis) -> Local;

    /// The first moment at which they show it; where they leap over it, as long after the leap as
    /// it is after where they leap from.
    fn moment(&self, local: Local) -> Millis;
}

/// Somebody's hours in a place, and when they do not hold.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a, Z> {
    /// The hours of a week.
    pub hours: &'a Hours,
    /// When they are away.
    pub leave: &'a [Leave],
    /// When everybody is.
    pub holidays: &'a [Date],
    /// Where.
    pub zone: &'a Z,
}

impl<Z: Zone> Calendar<'_, Z> {
    /// Whether it is within the hours.
    #[must_use]
    pub fn is_open(&self, now: Millis) -> bool {
        self.opens(now) == Some(now)
    }

    /// When it is within the hours next: `now` while it is; `None` when that is too far to say.
    #[must_use]
    pub fn opens(&self, now: Millis) -> Option<Millis> {
        self.stretches(now).next().map(|(from, _)| from)
    }

    /// When somebody will have answered who is written to at `now`; `None` when nothing is
    /// promised, or that is too far to say.
    #[must_use]
    pub fn answers_by(&self, now: Millis) -> Option<Millis> {
        let mut left = u64::from(self.hours.answer_within?) * 60_000;
        for (from, until) in self.stretches(now) {
            let length = until.since(from);
            if left <= length {
                let by = (from.0 + left).next_multiple_of(ROUND_MS);
                return Some(Millis(by.min(until.0)));
            }
            left -= length;
        }
        None
    }

    /// The stretches within the hours from a moment on, none empty or overlapping another.
    fn stretches(&self, now: Millis) -> impl Iterator<Item = (Millis, Millis)> {
        let first = self.zone.local(now).date;
        let days = std::iter::successors(Some(first), |date| date.next());
        let open = days.take(limits::HOURS_DAYS).filter(|date| !self.is_closed(*date));
        let spans = open.flat_map(|date| {
            let Day(spans) = &self.hours.week[date.weekday()];
            spans.iter().map(move |span| (date, *span))
        });
        let mut before = now;
        spans.filter_map(move |(date, Span { from, until })| {
            let from = self.edge(date, from).max(before);
            let until = self.edge(date, until);
            before = before.max(until);
            (from < until).then_some((from, until))
        })
    }

    fn is_closed(&self, date: Date) -> bool {
        self.leave.iter().any(|leave| (leave.from..=leave.until).contains(&date))
            || self.holidays.contains(&date)
    }

    /// The end of a day is the beginning of the next.
    fn edge(&self, date: Date, minute: u16) -> Millis {
        let local = match date.next() {
            Some(next) if minute == DAY => Local { date: next, minute: 0 },
            _ => Local { date, minute },
        };
        self.zone.moment(local)
    }
}
