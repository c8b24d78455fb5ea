//! When somebody answers: the hours of a week, leave and holidays, and the moment by which who is
//! written to now will have answered. Pure: what time it is somewhere comes in as a [`Zone`].

mod bounded;
mod calendar;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::conversation::event::Event;
use crate::date::Date;
use crate::entry::Entry;
use crate::id::PersonId;
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};
use crate::time::Millis;

pub use calendar::{Calendar, Local, Zone};

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;

/// A stretch of a day, in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// When it begins.
    pub from: u16,
    /// When it is over: at most [`DAY`].
    pub until: u16,
}

/// The stretches of one day, in order, none touching another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day(#[serde(deserialize_with = "bounded::spans")] pub Vec<Span>);

/// The hours of somebody who answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Monday first.
    pub week: [Day; 7],
    /// How many minutes of these hours an answer takes at most; `None` promises nothing.
    pub answer_within: Option<u16>,
}

/// Days on which nobody answers, the first and the last of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Leave {
    /// The first day.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// What a provider sets for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Their hours; `None` for those of the practice.
    pub hours: Option<Hours>,
    /// When they are away.
    #[serde(deserialize_with = "bounded::leave")]
    pub leave: Vec<Leave>,
    /// What clients are answered who write outside of their hours; empty for nothing.
    pub away: String,
    /// What they may begin a new conversation with; empty for nothing.
    pub greeting: String,
}

/// What an owner sets for everyone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Common {
    /// The hours of who has set none; `None` for no hours at all.
    pub hours: Option<Hours>,
    /// Days on which nobody answers.
    #[serde(deserialize_with = "bounded::holidays")]
    pub holidays: Vec<Date>,
}

/// What a client can go by who writes to somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// When they will have answered: what has waited longest, or else what is written now.
    pub by: Option<Millis>,
    /// Whether something waits to be answered.
    pub waits: bool,
    /// When they are back, for who is away now.
    pub back: Option<Millis>,
    /// What they say of being away; empty while they are not.
    pub away: String,
}

impl Hours {
    /// As they are stored: in order, and what touches in one.
    ///
    /// # Errors
    /// `Invalid { field: Hours }` for a stretch that ends before it begins or overlaps another, and
    /// for too many of them in a day.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        for Day(spans) in &mut self.week {
            if spans.len() > limits::HOURS_SPANS {
                let limit = limits::HOURS_SPANS as u32;
                return Err(Refusal::invalid(Field::Hours, Rule::TooMany { limit }));
            }
            spans.sort_unstable();
            let whole = |span: &Span| span.from < span.until && span.until <= DAY;
            let apart = spans.windows(2).all(|pair| pair[0].until <= pair[1].from);
            if !spans.iter().all(whole) || !apart {
                return Err(Refusal::invalid(Field::Hours, Rule::Malformed));
            }
            spans.dedup_by(|next, before| {
                let touches = next.from == before.until;
                if touches {
                    before.until = next.until;
                }
                touches
            });
        }
        if self.answer_within.is_some_and(|within| !limits::ANSWER_MINUTES.contains(&within)) {
            return Err(Refusal::invalid(Field::Hours, Rule::Malformed));
        }
        Ok(self)
    }

    /// Every hour of every day, and nothing promised: of who has set none.
    #[must_use]
    pub fn always() -> Self {
        let day = || Day(vec![Span { from: 0, until: DAY }]);
        Self { week: std::array::from_fn(|_| day()), answer_within: None }
    }
}

impl Own {
    /// As it is stored: trimmed, in order, within its bounds.
    ///
    /// # Errors
    /// As [`Hours::checked`]; `Invalid` for `Leave`, `AwayReply` or `Greeting`.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.hours = self.hours.map(Hours::checked).transpose()?;
        if self.leave.len() > limits::LEAVES {
            let rule = Rule::TooMany { limit: limits::LEAVES as u32 };
            return Err(Refusal::invalid(Field::Leave, rule));
        }
        if self.leave.iter().any(|leave| leave.until < leave.from) {
            return Err(Refusal::invalid(Field::Leave, Rule::Malformed));
        }
        self.leave.sort_unstable();
        self.leave.dedup();
        self.away = words(Field::AwayReply, &self.away, limits::AWAY_SCALARS)?;
        self.greeting = words(Field::Greeting, &self.greeting, limits::GREETING_SCALARS)?;
        Ok(self)
    }
}

impl Common {
    /// As it is stored: in order, each day once.
    ///
    /// # Errors
    /// As [`Hours::checked`]; `Invalid { field: Holidays }` for too many.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.hours = self.hours.map(Hours::checked).transpose()?;
        self.holidays.sort_unstable();
        self.holidays.dedup();
        if self.holidays.len() > limits::HOLIDAYS {
            let rule = Rule::TooMany { limit: limits::HOLIDAYS as u32 };
            return Err(Refusal::invalid(Field::Holidays, rule));
        }
        Ok(self)
    }
}

/// Words that may be none: trimmed, within their bound, without controls but for line breaks.
fn words(field: Field, text: &str, limit: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > limit {
        return Err(Refusal::invalid(field, Rule::TooLong { limit: limit as u32 }));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Refusal::invalid(field, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// When the oldest message was written that waits for an answer: those a client wrote since a
/// provider last did. `since` is what it is among all entries after these; `Break`, when a provider
/// wrote here, so that nothing before these waits.
pub fn waits_since(
    since: Option<Millis>,
    entries: &[Entry],
    is_provider: impl Fn(PersonId) -> bool,
) -> ControlFlow<Option<Millis>, Option<Millis>> {
    let said = |entry: &&Entry| {
        // What was withdrawn neither waits nor answers.
        Event::decode(entry).is_ok_and(|event| event.said().is_some_and(|said| said.text.is_some()))
    };
    entries.iter().rev().filter(said).try_fold(since, |since, entry| {
        if is_provider(entry.author) {
            ControlFlow::Break(since)
        } else {
            ControlFlow::Continue(Some(entry.at))
        }
    })
}
