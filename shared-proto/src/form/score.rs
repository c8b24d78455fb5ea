//! What answers count, for whoever reads them.

use super::answers::{Answers, Value};
use super::fill::shown;
use super::{Band, ChoiceId, Form, Item, Kind, LinkId, Score};

/// The sum of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total<'a> {
    /// The points.
    pub points: i32,
    /// The most there could be.
    pub highest: i32,
    /// The band they are in; `None` below the first.
    pub band: Option<&'a Band>,
}

/// The totals of the form's scores, in their order. `None` while an item that counts is shown and
/// not answered: half a questionnaire says nothing. An item that is not shown counts nothing.
#[must_use]
pub fn totals<'a>(form: &'a Form, answers: &Answers) -> Vec<Option<Total<'a>>> {
    let shown = shown(form, answers);
    let total = |score: &'a Score| {
        let mut points = 0;
        for (item, shown) in form.items.iter().zip(&shown) {
            if *shown && score.counts(item.link) {
                points += points_of(item, answers.get(item.link)?)?;
            }
        }
        let band = score.bands.iter().rev().find(|band| band.from <= points);
        Some(Total { points, highest: range(form, score).1, band })
    };
    form.scores.iter().map(total).collect()
}

/// The items whose answers their reader is alerted to, in the order of the form.
#[must_use]
pub fn alerts<'a>(form: &'a Form, answers: &Answers) -> Vec<&'a Item> {
    let alerted = |item: &Item| {
        let answer = answers.get(item.link);
        let alert = item.alert.as_ref();
        alert.is_some_and(|alert| answer.is_some_and(|answer| alert.test.holds(answer)))
    };
    let shown = shown(form, answers);
    let items = form.items.iter().zip(shown);
    items.filter(|(item, shown)| *shown && alerted(item)).map(|(item, _)| item).collect()
}

/// What an answer counts; `None` when it is not one that does.
fn points_of(item: &Item, answer: &Value) -> Option<i32> {
    let sum = |chosen: &[ChoiceId]| {
        let choices = item.kind.choices();
        let is_choice = |id: &ChoiceId| choices.iter().any(|choice| choice.id == *id);
        let counted = choices.iter().filter(|choice| chosen.contains(&choice.id));
        let points: Option<i32> = counted.map(|choice| choice.points.map(i32::from)).sum();
        points.filter(|_| chosen.iter().all(is_choice))
    };
    match (&item.kind, answer) {
        (Kind::One(_), Value::One(chosen)) => sum(&[*chosen]),
        (Kind::Several(_), Value::Several(chosen)) => sum(chosen),
        (Kind::Scale(_), Value::Number(number)) => i32::try_from(number.truncated()).ok(),
        _ => None,
    }
}

/// The least and the greatest a score could come to.
#[must_use]
pub fn range(form: &Form, score: &Score) -> (i32, i32) {
    let mut in_section = false;
    let (mut lowest, mut highest) = (0, 0);
    for item in &form.items {
        let mut conditional = item.show_if.is_some();
        if item.kind == Kind::Section {
            in_section = conditional;
        }
        conditional |= in_section;
        if !score.counts(item.link) {
            continue;
        }
        let (least, most) = range_of(item);
        lowest += if conditional { least.min(0) } else { least };
        highest += if conditional { most.max(0) } else { most };
    }
    (lowest, highest)
}

fn range_of(item: &Item) -> (i32, i32) {
    let points = || item.kind.choices().iter().map(|choice| choice.points.map_or(0, i32::from));
    match &item.kind {
        Kind::One(_) => (points().min().unwrap_or(0), points().max().unwrap_or(0)),
        Kind::Several(_) => {
            (points().map(|points| points.min(0)).sum(), points().map(|points| points.max(0)).sum())
        }
        Kind::Scale(scale) => (scale.from.into(), scale.to.into()),
        _ => (0, 0),
    }
}

impl Score {
    /// The sums in one of its bands: up to the next band, or to the greatest there could be.
    /// `None` where there is no such band.
    #[must_use]
    pub fn band_range(&self, form: &Form, band: usize) -> Option<std::ops::RangeInclusive<i32>> {
        let from = self.bands.get(band)?.from;
        let to = self
            .bands
            .get(band + 1)
            .map_or_else(|| range(form, self).1, |next| next.from.saturating_sub(1));
        Some(from..=to)
    }

    /// Whether an item counts.
    #[must_use]
    pub fn counts(&self, link: LinkId) -> bool {
        self.items.contains(&link)
    }
}

#[cfg(test)]
mod tests;
