//! What clocks show in a time zone, by the IANA database that is built in.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use shared_proto::date::Date;
use shared_proto::hours::{Local, Zone};
use shared_proto::time::Millis;

/// A time zone.
pub struct Place(TimeZone);

impl Place {
    /// The zone of that name; UTC for one the database does not have.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap_or(TimeZone::UTC))
    }

    /// The day it is there, for people: `1 March 2026`.
    #[must_use]
    pub fn day(&self, at: Millis) -> String {
        self.at(at).strftime("%-d %B %Y").to_string()
    }

    fn at(&self, at: Millis) -> civil::DateTime {
        let at = i64::try_from(at.0).unwrap_or(i64::MAX);
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX);
        self.0.to_datetime(at)
    }
}

impl Zone for Place {
    fn local(&self, at: Millis) -> Local {
        let shown = self.at(at);
        // The calendar here has no years before 1, and neither has any time after 1970.
        let [year, month, day] = [shown.year() as u16, shown.month() as u16, shown.day() as u16];
        let date = Date::new(year, month as u8, day as u8).unwrap_or(Date::LAST);
        Local { date, minute: shown.hour() as u16 * 60 + shown.minute() as u16 }
    }

    fn moment(&self, Local { date, minute }: Local) -> Millis {
        let (year, month, day) = date.into();
        let date = civil::Date::new(year as i16, month as i8, day as i8);
        let date = date.unwrap_or(civil::Date::MAX);
        let shown = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        let at = self.0.to_timestamp(shown).unwrap_or(Timestamp::MAX);
        Millis(u64::try_from(at.as_millisecond()).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, at: u64, shown: &str, minute: u16) {
        let place = Place::named(zone);
        let local = place.local(Millis(at * 60_000));
        assert_eq!((local.date.to_string().as_str(), local.minute), (shown, minute));
    }

    #[test]
    fn a_day_is_that_of_the_place() {
        let day = |zone: &str| Place::named(zone).day(Millis(1_772_357_400_125));
        assert_eq!(day("Europe/Zurich"), "1 March 2026");
        assert_eq!(day("Pacific/Honolulu"), "28 February 2026");
    }

    /// 2026-03-29T01:00Z, when clocks leap in Zurich, in minutes.
    const LEAP: u64 = 29_579_100;
    /// 2026-10-25T01:00Z, when they go back.
    const FALL: u64 = 29_881_500;

    #[test]
    fn clocks_leap_and_go_back_where_they_do() {
        check("UTC", LEAP, "2026-03-29", 60);
        check("Europe/Zurich", LEAP - 1, "2026-03-29", 119);
        check("Europe/Zurich", LEAP, "2026-03-29", 180);
        check("Europe/Zurich", FALL - 1, "2026-10-25", 179);
        check("Europe/Zurich", FALL, "2026-10-25", 120);
        check("America/New_York", FALL, "2026-10-24", 21 * 60);
        check("Asia/Kathmandu", FALL, "2026-10-25", 6 * 60 + 45);
        check("Nowhere/At_All", FALL, "2026-10-25", 60);
    }

    #[test]
    fn what_they_show_was_shown_first_then() {
        let zurich = Place::named("Europe/Zurich");
        let moment = |date: &str, minute| {
            zurich.moment(Local { date: date.parse().unwrap(), minute }).0 / 60_000
        };
        assert_eq!(moment("2026-03-29", 119), LEAP - 1);
        assert_eq!(moment("2026-03-29", 150), LEAP + 30, "it was never shown");
        assert_eq!(moment("2026-10-25", 150), FALL - 30, "it was shown twice");
        assert_eq!(moment("2026-10-25", 180), FALL + 60);
    }
}
