//! Quiet hours.

use super::Quiet;
use crate::hours::{DAY, Local, Zone};
use crate::time::Millis;

impl Quiet {
    /// Whether it is some part of a day.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.from < DAY && self.until < DAY && self.from != self.until
    }

    /// When they are over, for a moment within them; `None` outside of them. Where clocks leap over
    /// their end, when clocks have leapt.
    #[must_use]
    pub fn ends(&self, now: Millis, zone: &impl Zone) -> Option<Millis> {
        let local = zone.local(now);
        let minute = local.minute;
        let within = if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        };
        if !self.is_whole() || !within {
            return None;
        }
        let date = if minute < self.until { Some(local.date) } else { local.date.next() };
        let ends = zone.moment(Local { date: date?, minute: self.until });
        // Clocks that went back show the end twice: it is not waited for again.
        Some(ends).filter(|ends| *ends > now)
    }
}
