//! Days of the calendar, without a time of day or a zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Not a day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day of the calendar: expected one such as 2026-03-01")
    }
}

impl std::error::Error for InvalidDate {}

/// A day of the Gregorian calendar in the years 1 to 9999. Whatever other three numbers arrive are
/// refused while they are decoded. Written `YYYY-MM-DD` (RFC 3339, full-date); later is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(u16, u8, u8)", try_from = "(u16, u8, u8)")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The last there is.
    pub const LAST: Self = Self { year: 9_999, month: 12, day: 31 };

    /// The day with these three numbers, if there is one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_day = (1..=9_999).contains(&year) && (1..=days).contains(&day);
        is_day.then_some(Self { year, month, day })
    }

    /// The day after; `None` after the last there is.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let Self { year, month, day } = self;
        Self::new(year, month, day + 1)
            .or_else(|| Self::new(year, month + 1, 1))
            .or_else(|| Self::new(year + 1, 1, 1))
    }

    /// Which day of the week it is, from 0 for Monday to 6 for Sunday.
    #[must_use]
    pub fn weekday(self) -> usize {
        // Years that begin with March (Zeller, "Kalender-Formeln", Acta Mathematica 9).
        let (month, year) = match self.month {
            1 | 2 => (usize::from(self.month) + 12, usize::from(self.year) - 1),
            month => (usize::from(month), usize::from(self.year)),
        };
        let days = usize::from(self.day) + 13 * (month + 1) / 5 + year + year / 4 - year / 100
            + year / 400;
        (days + 5) % 7
    }
}

impl TryFrom<(u16, u8, u8)> for Date {
    type Error = InvalidDate;
    fn try_from((year, month, day): (u16, u8, u8)) -> Result<Self, InvalidDate> {
        Self::new(year, month, day).ok_or(InvalidDate)
    }
}

impl From<Date> for (u16, u8, u8) {
    fn from(date: Date) -> Self {
        (date.year, date.month, date.day)
    }
}

impl FromStr for Date {
    type Err = InvalidDate;
    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(InvalidDate);
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().try_fold(0u16, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
            })
        };
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let part = |number: Option<u16>| number.map_or(0, |number| number as u8);
        year.and_then(|year| Self::new(year, part(month), part(day))).ok_or(InvalidDate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_calendar_has_its_days_and_no_others() {
        for (year, month, day) in [(1, 1, 1), (1984, 2, 29), (2000, 2, 29), (9999, 12, 31)] {
            assert!(Date::new(year, month, day).is_some(), "{year}-{month}-{day}");
        }
        for (year, month, day) in [
            (0, 1, 1),
            (10_000, 1, 1),
            (1983, 2, 29),
            (1900, 2, 29),
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 4, 31),
            (2026, 1, 0),
        ] {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn days_follow_each_other_through_the_weeks() {
        // ISO 8601 gives 2000-01-01 as a Saturday; 0001-01-01 was a Monday of this calendar.
        assert_eq!(Date::new(2000, 1, 1).unwrap().weekday(), 5);
        let (mut day, mut weekday) = (Date::new(1, 1, 1).unwrap(), 0);
        let mut count = 1;
        while let Some(next) = day.next() {
            assert_eq!(day.weekday(), weekday, "{day}");
            assert!(day < next);
            (day, weekday, count) = (next, (weekday + 1) % 7, count + 1);
        }
        assert_eq!((day.to_string().as_str(), count), ("9999-12-31", 3_652_059));
    }

    #[test]
    fn numbers_that_are_no_day_are_not_decoded() {
        let bytes = |numbers: (u16, u8, u8)| crate::codec::encode(&numbers);
        let day = Date::new(2026, 3, 1).unwrap();
        assert_eq!(crate::codec::decode(&bytes((2026, 3, 1))), Ok(day));
        assert!(crate::codec::decode::<Date>(&bytes((2026, 2, 29))).is_err());
        assert!(crate::codec::decode::<Date>(&bytes((0, 0, 0))).is_err());
    }

    proptest! {
        #[test]
        fn a_day_survives_its_text_and_later_is_greater(
            a in (1u16..=9_999, 1u8..=12, 1u8..=28),
            b in (1u16..=9_999, 1u8..=12, 1u8..=28),
        ) {
            let [first, second] = [a, b].map(|(year, month, day)| Date::new(year, month, day).unwrap());
            prop_assert_eq!(first.to_string().parse(), Ok(first));
            prop_assert_eq!(first.cmp(&second), first.to_string().cmp(&second.to_string()));
        }

        #[test]
        fn what_reads_as_a_day_reads_back_as_it_was(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}|.{0,12}") {
            if let Ok(date) = text.parse::<Date>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}
