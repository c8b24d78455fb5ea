//! The rules for whoever fills a form in.

use serde::{Deserialize, Serialize};

use super::answers::{Answers, Value};
use super::decimal::Decimal;
use super::text::{Lines, is_clean, is_longer, tidied};
use super::{ChoiceId, Form, Item, Kind, LinkId};
use crate::date::Date;
use crate::{codec, limits};

/// One thing that keeps answers from being submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerProblem {
    /// To which item; `None` for all answers together.
    pub item: Option<LinkId>,
    /// Which rule it breaks.
    pub rule: AnswerRule,
}

/// A rule for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerRule {
    /// The item has to be answered.
    Missing,
    /// The form does not ask this.
    Unknown,
    /// It is answered in another way.
    WrongKind,
    /// A text is too long.
    TooLong {
        /// The most Unicode scalars.
        limit: u32,
    },
    /// A text has characters that cannot be written, or several lines where one belongs.
    Malformed,
    /// A number is too small.
    TooSmall {
        /// The least.
        least: Decimal,
    },
    /// A number is too great.
    TooGreat {
        /// The greatest.
        most: Decimal,
    },
    /// A number has too many decimals.
    TooFine {
        /// The most digits after the decimal point.
        decimals: u8,
    },
    /// A day is too early.
    TooEarly {
        /// The earliest.
        earliest: Date,
    },
    /// A day is too late.
    TooLate {
        /// The latest.
        latest: Date,
    },
    /// There is no such choice.
    NoSuchChoice,
    /// It was chosen beside others and stands alone.
    Alone {
        /// Which choice.
        choice: ChoiceId,
    },
    /// All answers together take too much room.
    TooLarge {
        /// The most bytes.
        limit: u32,
    },
}

impl AnswerRule {
    /// Whether what breaks it is not even kept while the form is being filled in. What is missing
    /// or out of its bounds is kept: who types 1,750 passes by 1.
    #[must_use]
    pub const fn bars_saving(&self) -> bool {
        matches!(
            self,
            Self::Unknown
                | Self::WrongKind
                | Self::TooLong { .. }
                | Self::Malformed
                | Self::NoSuchChoice
                | Self::TooLarge { .. }
        )
    }
}

/// Which items are shown, in the order of the form. An item is shown when its section is and its
/// condition holds; an item that is not shown counts as not answered for those after it.
#[must_use]
pub fn shown(form: &Form, answers: &Answers) -> Vec<bool> {
    let mut shown: Vec<bool> = Vec::with_capacity(form.items.len());
    let mut section = true;
    for item in &form.items {
        let holds = item.show_if.as_ref().is_none_or(|condition| {
            // What comes later is not in `shown` yet, and so is not found.
            let mut earlier = form.items.iter().zip(&shown);
            let asked = earlier.find(|(item, _)| item.link == condition.item);
            asked.is_some_and(|(_, shown)| *shown)
                && answers.get(condition.item).is_some_and(|answer| condition.test.holds(answer))
        });
        if item.kind == Kind::Section {
            section = holds;
        }
        shown.push(holds && section);
    }
    shown
}

/// Everything that keeps these answers from being submitted, in the order of the form. Answers to
/// items that are not shown are none of it.
#[must_use]
pub fn problems(form: &Form, answers: &Answers) -> Vec<AnswerProblem> {
    let mut problems = strangers(form, answers);
    for (item, shown) in form.items.iter().zip(shown(form, answers)) {
        if !shown || !item.kind.is_asked() {
            continue;
        }
        let rule = match answers.get(item.link) {
            Some(answer) => rule_broken(item, answer),
            None => item.required.then_some(AnswerRule::Missing),
        };
        problems.extend(rule.map(|rule| AnswerProblem { item: Some(item.link), rule }));
    }
    problems
}

/// Whether these answers can be submitted.
#[must_use]
pub fn may_submit(form: &Form, answers: &Answers) -> bool {
    problems(form, answers).is_empty()
}

/// The answers as they are submitted: only those to items that are shown, texts trimmed, choices in
/// the order of the form.
///
/// # Errors
/// [`problems`], when there are any.
pub fn submitted(form: &Form, answers: &Answers) -> Result<Answers, Vec<AnswerProblem>> {
    let problems = problems(form, answers);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut submitted = Answers::default();
    for (item, _) in form.items.iter().zip(shown(form, answers)).filter(|(_, shown)| *shown) {
        let Some(answer) = answers.get(item.link) else { continue };
        let value = match answer {
            Value::Text(text) => Value::Text(tidied(text)),
            Value::Signature(name) => Value::Signature(tidied(name)),
            Value::Several(chosen) => {
                let ids = item.kind.choices().iter().map(|choice| choice.id);
                Value::Several(ids.filter(|id| chosen.contains(id)).collect())
            }
            other => other.clone(),
        };
        submitted.set(item.link, value);
    }
    Ok(submitted)
}

/// Whether answers can be kept while the form is being filled in. Those to items that are not
/// shown are kept too: they are there again when the item is.
///
/// # Errors
/// Everything that [bars saving](AnswerRule::bars_saving).
pub fn may_save(form: &Form, answers: &Answers) -> Result<(), Vec<AnswerProblem>> {
    let mut problems = strangers(form, answers);
    for answer in answers.iter() {
        let rule = form.item(answer.link).and_then(|item| rule_broken(item, &answer.value));
        let rule = rule.filter(AnswerRule::bars_saving);
        problems.extend(rule.map(|rule| AnswerProblem { item: Some(answer.link), rule }));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Answers to what the form does not ask, and more than fit.
fn strangers(form: &Form, answers: &Answers) -> Vec<AnswerProblem> {
    let mut problems = Vec::new();
    for answer in answers.iter() {
        if !form.item(answer.link).is_some_and(|item| item.kind.is_asked()) {
            let item = Some(answer.link);
            problems.push(AnswerProblem { item, rule: AnswerRule::Unknown });
        }
    }
    if codec::encode(answers).len() > limits::ANSWERS_BYTES {
        let rule = AnswerRule::TooLarge { limit: limits::ANSWERS_BYTES as u32 };
        problems.push(AnswerProblem { item: None, rule });
    }
    problems
}

/// The rule an answer breaks. What bars saving is looked for first.
fn rule_broken(item: &Item, answer: &Value) -> Option<AnswerRule> {
    match (&item.kind, answer) {
        // Not asked at all: said once, by [`strangers`].
        (Kind::Section | Kind::Note, _) | (Kind::YesNo, Value::YesNo(_)) => None,
        (Kind::Text, Value::Text(text)) => text_rule(text, limits::ANSWER_LINE_SCALARS, Lines::One),
        (Kind::LongText, Value::Text(text)) => {
            text_rule(text, limits::ANSWER_TEXT_SCALARS, Lines::Many)
        }
        (Kind::Signature(_), Value::Signature(name)) => {
            text_rule(name, *limits::NAME_SCALARS.end(), Lines::One)
        }
        (Kind::Number(number), Value::Number(said)) => {
            number_rule(*said, number.least, number.most, number.decimals)
        }
        (Kind::Scale(scale), Value::Number(said)) => {
            let (from, to) = (Decimal::whole(scale.from), Decimal::whole(scale.to));
            number_rule(*said, Some(from), Some(to), 0)
        }
        (Kind::Date(days), Value::Date(said)) => match (days.earliest, days.latest) {
            (Some(earliest), _) if *said < earliest => Some(AnswerRule::TooEarly { earliest }),
            (_, Some(latest)) if *said > latest => Some(AnswerRule::TooLate { latest }),
            _ => None,
        },
        (Kind::One(_), Value::One(chosen)) => choices_rule(item, &[*chosen]),
        (Kind::Several(_), Value::Several(chosen)) => choices_rule(item, chosen),
        _ => Some(AnswerRule::WrongKind),
    }
}

fn text_rule(text: &str, limit: usize, lines: Lines) -> Option<AnswerRule> {
    if is_longer(text, limit) {
        return Some(AnswerRule::TooLong { limit: limit as u32 });
    }
    (!is_clean(text, lines)).then_some(AnswerRule::Malformed)
}

fn number_rule(
    said: Decimal,
    least: Option<Decimal>,
    most: Option<Decimal>,
    decimals: u8,
) -> Option<AnswerRule> {
    match (least, most) {
        (Some(least), _) if said < least => Some(AnswerRule::TooSmall { least }),
        (_, Some(most)) if said > most => Some(AnswerRule::TooGreat { most }),
        _ => (said.decimals() > decimals).then_some(AnswerRule::TooFine { decimals }),
    }
}

fn choices_rule(item: &Item, chosen: &[ChoiceId]) -> Option<AnswerRule> {
    let mut alone = None;
    for id in chosen {
        match item.kind.choices().iter().find(|choice| choice.id == *id) {
            None => return Some(AnswerRule::NoSuchChoice),
            Some(choice) if choice.alone => alone = Some(choice.id),
            Some(_) => {}
        }
    }
    let choice = alone.filter(|alone| chosen.iter().any(|other| other != alone))?;
    Some(AnswerRule::Alone { choice })
}

#[cfg(test)]
mod tests;
