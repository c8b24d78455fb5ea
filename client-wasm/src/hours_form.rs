//! Hours, leave and holidays as they stand in a form: text by input. Pure.

use shared_proto::date::Date;
use shared_proto::hours::{Common, DAY, Day, Hours, Leave, Own, Span};
use shared_proto::refusal::{Field, Refusal, Rule};

/// What an answer may take at most, in hours of the week's; empty for no promise.
pub const WITHIN: [&str; 7] = ["", "1", "2", "4", "8", "16", "40"];

/// The hours of a week as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Monday first; such as `9:00–12:00, 13:00–17:00`, or empty.
    pub days: [String; 7],
    /// One of [`WITHIN`], or another number of hours.
    pub within: String,
}

impl Week {
    /// As these hours fill it in.
    #[must_use]
    pub fn of(hours: &Hours) -> Self {
        let days = std::array::from_fn(|day| show(&hours.week[day]));
        // What was set elsewhere to the minute is shown as such.
        let within = hours.answer_within.map(|minutes| match minutes % 60 {
            0 => (minutes / 60).to_string(),
            rest => format!("{}:{rest:02}", minutes / 60),
        });
        Self { days, within: within.unwrap_or_default() }
    }

    /// What a new one begins with: weekdays from nine to five, an answer within eight hours.
    #[must_use]
    pub fn usual() -> Self {
        let day = |day: usize| if day < 5 { "9:00–17:00" } else { "" }.to_owned();
        Self { days: std::array::from_fn(day), within: "8".to_owned() }
    }

    /// The hours typed, checked by the server's own rules.
    ///
    /// # Errors
    /// `Invalid { field: Hours }`.
    pub fn hours(&self) -> Result<Hours, Refusal> {
        let malformed = Refusal::invalid(Field::Hours, Rule::Malformed);
        let mut hours = Hours::default();
        for (day, typed) in hours.week.iter_mut().zip(&self.days) {
            *day = read(typed).ok_or(malformed)?;
        }
        hours.answer_within = match self.within.as_str() {
            "" => None,
            typed => Some(minutes(typed).ok_or(malformed)?),
        };
        hours.checked()
    }
}

fn clock(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

fn show(Day(spans): &Day) -> String {
    let spans = spans.iter().map(|span| format!("{}–{}", clock(span.from), clock(span.until)));
    spans.collect::<Vec<_>>().join(", ")
}

/// A day as it was typed: stretches between commas, each from one time to another.
#[must_use]
pub fn read(typed: &str) -> Option<Day> {
    let parts = typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let spans = parts.map(|part| {
        let (from, until) = part.split_once(['-', '–', '—'])?;
        let span = Span { from: minutes(from)?, until: minutes(until)? };
        (span.from < span.until && span.until <= DAY).then_some(span)
    });
    let spans = spans.collect::<Option<Vec<_>>>()?;
    let mut week: [Day; 7] = Default::default();
    week[0] = Day(spans);
    // One day by itself, so that what is wrong is said of the day it stands at.
    let hours = Hours { week, answer_within: None }.checked().ok()?;
    let [day, ..] = hours.week;
    Some(day)
}

/// Hours, and minutes where there are some: `9`, `9:30` or `9.30`.
fn minutes(typed: &str) -> Option<u16> {
    let typed = typed.trim();
    let (hours, minutes) = typed.split_once([':', '.']).unwrap_or((typed, "00"));
    let number = |text: &str| {
        let plain = !text.is_empty() && text.len() <= 3;
        let plain = plain && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u16>().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60).then(|| hours * 60 + minutes)
}

/// What a provider sets, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTyped {
    /// Whether they have hours of their own.
    pub differs: bool,
    /// Those.
    pub week: Week,
    /// First and last days of leave.
    pub leave: Vec<(String, String)>,
    /// The away reply.
    pub away: String,
    /// The greeting.
    pub greeting: String,
}

impl OwnTyped {
    /// As this fills it in; without hours of their own, those of the practice stand in it.
    #[must_use]
    pub fn of(own: &Own, common: &Common) -> Self {
        let hours = own.hours.as_ref().or(common.hours.as_ref());
        let leave = own.leave.iter().map(|leave| (leave.from.to_string(), leave.until.to_string()));
        Self {
            differs: own.hours.is_some(),
            week: hours.map_or_else(Week::usual, Week::of),
            leave: leave.collect(),
            away: own.away.clone(),
            greeting: own.greeting.clone(),
        }
    }

    /// What is to be kept.
    ///
    /// # Errors
    /// The first input that broke a rule.
    pub fn own(&self) -> Result<Own, Refusal> {
        let empty = Refusal::invalid(Field::Leave, Rule::Malformed);
        let day = |typed: &str| typed.parse::<Date>().map_err(|_| empty);
        let leave = self
            .leave
            .iter()
            .map(|(from, until)| Ok(Leave { from: day(from)?, until: day(until)? }));
        let own = Own {
            hours: self.differs.then(|| self.week.hours()).transpose()?,
            leave: leave.collect::<Result<_, _>>()?,
            away: self.away.clone(),
            greeting: self.greeting.clone(),
        };
        own.checked()
    }
}

/// What a practice sets, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonTyped {
    /// Whether it has hours.
    pub open: bool,
    /// Those.
    pub week: Week,
    /// Days on which it is closed.
    pub holidays: Vec<(String, String)>,
}

impl CommonTyped {
    /// As this fills it in.
    #[must_use]
    pub fn of(common: &Common) -> Self {
        let holidays = common.holidays.iter().map(|day| (day.to_string(), String::new()));
        Self {
            open: common.hours.is_some(),
            week: common.hours.as_ref().map_or_else(Week::usual, Week::of),
            holidays: holidays.collect(),
        }
    }

    /// What is to be kept.
    ///
    /// # Errors
    /// The first input that broke a rule.
    pub fn common(&self) -> Result<Common, Refusal> {
        let empty = Refusal::invalid(Field::Holidays, Rule::Malformed);
        let holidays = self.holidays.iter().map(|(day, _)| day.parse().map_err(|_| empty));
        let common = Common {
            hours: self.open.then(|| self.week.hours()).transpose()?,
            holidays: holidays.collect::<Result<_, _>>()?,
        };
        common.checked()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_people_write_it_and_shown_one_way() {
        for (typed, shown) in [
            ("", ""),
            ("9-17", "9:00–17:00"),
            ("9:00–12:00, 13:00–17:00", "9:00–12:00, 13:00–17:00"),
            ("13.30 - 17 ; 08:00—12", "8:00–12:00, 13:30–17:00"),
            ("0-12, 12-24", "0:00–24:00"),
        ] {
            let day = read(typed).unwrap_or_else(|| panic!("{typed:?} is not read"));
            assert_eq!(show(&day), shown);
            assert_eq!(read(shown), Some(day));
        }
        for typed in ["9", "9-", "17-9", "9-25", "9:60-10", "nine-ten", "9-12, 11-13", "9-10-11"] {
            assert_eq!(read(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn what_is_kept_goes_into_the_form_and_comes_out_again() {
        let week = Week::usual();
        assert_eq!(Week::of(&week.hours().unwrap()), week);
        let day = |text: &str| text.parse::<Date>().unwrap();
        let own = Own {
            hours: Some(Hours { answer_within: Some(90), ..week.hours().unwrap() }),
            leave: vec![Leave { from: day("2026-12-24"), until: day("2027-01-02") }],
            away: "Away".into(),
            greeting: "Hello".into(),
        };
        assert_eq!(OwnTyped::of(&own, &Common::default()).own(), Ok(own));
        let common = Common { hours: None, holidays: vec![day("2026-12-25")] };
        assert_eq!(CommonTyped::of(&common).common(), Ok(common.clone()));
        let of_practice = OwnTyped::of(&Own::default(), &common);
        assert_eq!(of_practice.own(), Ok(Own::default()), "whose hours are none of their own");
    }

    #[test]
    fn what_is_not_finished_is_refused_where_it_stands() {
        let mut own = OwnTyped::of(&Own::default(), &Common::default());
        own.leave.push((String::new(), "2026-12-24".into()));
        let leave = Refusal::invalid(Field::Leave, Rule::Malformed);
        assert_eq!(own.own(), Err(leave));
        own.leave.clear();
        (own.differs, own.week.days[2]) = (true, "later".into());
        let hours = Refusal::invalid(Field::Hours, Rule::Malformed);
        assert_eq!(own.own(), Err(hours));
    }
}
