//! The rules for whoever builds a form. All that is wrong is named at once, so that a builder marks
//! every place.

use super::decimal::Decimal;
use super::score::range;
use super::text::{Lines, is_blank, is_clean, is_longer, tidied};
use super::{Choice, ChoiceId, Form, Item, Kind, LinkId, Test};
use crate::{codec, limits};

mod problem;

pub use problem::{FormProblem, FormRule, Part};

/// The form as it is kept: texts trimmed, nothing required that cannot be answered.
///
/// # Errors
/// Everything that is wrong with it, in the order it stands there.
pub fn checked(mut form: Form) -> Result<Form, Vec<FormProblem>> {
    tidy(&mut form);
    let mut check = Check { form: &form, problems: Vec::new() };
    check.head();
    check.ids();
    for place in 0..form.items.len() {
        check.item(place);
    }
    check.scores();
    if codec::encode(&form).len() > limits::FORM_BYTES {
        let rule = FormRule::TooLarge { limit: limits::FORM_BYTES as u32 };
        check.found(None, Part::Whole, rule);
    }
    let problems = check.problems;
    if problems.is_empty() { Ok(form) } else { Err(problems) }
}

fn tidy(form: &mut Form) {
    let mut texts = vec![&mut form.title, &mut form.description];
    for item in &mut form.items {
        item.required &= item.kind.is_asked();
        texts.extend([&mut item.label, &mut item.help]);
        texts.extend(item.alert.as_mut().map(|alert| &mut alert.label));
        match &mut item.kind {
            Kind::Number(number) => texts.push(&mut number.unit),
            Kind::Scale(scale) => texts.extend([&mut scale.from_label, &mut scale.to_label]),
            Kind::Signature(statement) => texts.push(statement),
            Kind::One(choices) | Kind::Several(choices) => {
                texts.extend(choices.iter_mut().map(|choice| &mut choice.label));
            }
            _ => {}
        }
    }
    for score in &mut form.scores {
        texts.push(&mut score.label);
        texts.extend(score.bands.iter_mut().map(|band| &mut band.label));
    }
    for text in texts {
        *text = tidied(text);
    }
}

struct Check<'a> {
    form: &'a Form,
    problems: Vec<FormProblem>,
}

impl Check<'_> {
    fn found(&mut self, item: Option<LinkId>, part: Part, rule: FormRule) {
        self.problems.push(FormProblem { item, part, rule });
    }

    /// A text that may be empty.
    fn text(
        &mut self,
        item: Option<LinkId>,
        part: Part,
        text: &str,
        (limit, lines): (usize, Lines),
    ) {
        if is_longer(text, limit) {
            self.found(item, part, FormRule::TooLong { limit: limit as u32 });
        }
        if !is_clean(text, lines) {
            self.found(item, part, FormRule::Malformed);
        }
    }

    /// A text that may not.
    fn words(&mut self, item: Option<LinkId>, part: Part, text: &str, bound: (usize, Lines)) {
        if is_blank(text) {
            self.found(item, part, FormRule::Empty);
        }
        self.text(item, part, text, bound);
    }

    fn head(&mut self) {
        let form = self.form;
        self.words(None, Part::Title, &form.title, (limits::FORM_TITLE_SCALARS, Lines::One));
        let bound = (limits::FORM_DESCRIPTION_SCALARS, Lines::Many);
        self.text(None, Part::Description, &form.description, bound);
        if form.items.len() > limits::FORM_ITEMS {
            let rule = FormRule::TooMany { limit: limits::FORM_ITEMS as u32 };
            self.found(None, Part::Items, rule);
        }
        if !form.items.iter().any(|item| item.kind.is_asked()) {
            self.found(None, Part::Items, FormRule::Empty);
        }
    }

    /// Items and choices share their ids; each was given out and stands once.
    fn ids(&mut self) {
        let form = self.form;
        let mut known = vec![false; 1 + usize::from(u16::MAX)];
        for item in &form.items {
            let choices = item.kind.choices().iter().map(|choice| choice.id.0);
            for id in std::iter::once(item.link.0).chain(choices) {
                if std::mem::replace(&mut known[usize::from(id)], true) {
                    self.found(Some(item.link), Part::Id, FormRule::Duplicate);
                } else if id == 0 || id >= form.next_id {
                    self.found(Some(item.link), Part::Id, FormRule::NotNew);
                }
            }
        }
    }

    fn item(&mut self, place: usize) {
        let form = self.form;
        let item = &form.items[place];
        let of = Some(item.link);
        let bound = match item.kind {
            Kind::Note => (limits::FORM_NOTE_SCALARS, Lines::Many),
            _ => (limits::FORM_LABEL_SCALARS, Lines::One),
        };
        self.words(of, Part::Label, &item.label, bound);
        self.text(of, Part::Help, &item.help, (limits::FORM_HELP_SCALARS, Lines::Many));
        if item.kind == Kind::Note && !item.help.is_empty() {
            self.found(of, Part::Help, FormRule::WrongKind);
        }
        self.kind(item);
        if let Some(condition) = &item.show_if {
            let earlier = form.items[..place].iter().find(|item| item.link == condition.item);
            let rule = match earlier {
                Some(earlier) => test_rule(&earlier.kind, &condition.test),
                None if form.item(condition.item).is_some() => Some(FormRule::Later),
                None => Some(FormRule::Unknown),
            };
            if let Some(rule) = rule {
                self.found(of, Part::ShowIf, rule);
            }
        }
        if let Some(alert) = &item.alert {
            if let Some(rule) = test_rule(&item.kind, &alert.test) {
                self.found(of, Part::Alert, rule);
            }
            let bound = (limits::FORM_ALERT_SCALARS, Lines::One);
            self.words(of, Part::AlertLabel, &alert.label, bound);
        }
    }

    fn kind(&mut self, item: &Item) {
        let of = Some(item.link);
        let name = (limits::FORM_NAME_SCALARS, Lines::One);
        match &item.kind {
            Kind::Section | Kind::Note | Kind::Text | Kind::LongText | Kind::YesNo => {}
            Kind::Number(number) => {
                self.text(of, Part::Unit, &number.unit, name);
                if number.decimals > limits::FORM_DECIMALS {
                    self.found(of, Part::Decimals, FormRule::OutOfRange);
                }
                let fine = |bound: &Decimal| bound.decimals() > number.decimals;
                if number.least.iter().chain(&number.most).any(fine) {
                    self.found(of, Part::Bounds, FormRule::OutOfRange);
                }
                if is_contrary(number.least, number.most) {
                    self.found(of, Part::Bounds, FormRule::Contrary);
                }
            }
            Kind::Date(days) => {
                if is_contrary(days.earliest, days.latest) {
                    self.found(of, Part::Bounds, FormRule::Contrary);
                }
            }
            Kind::One(choices) => self.choices(item, choices, 2),
            Kind::Several(choices) => self.choices(item, choices, 1),
            Kind::Scale(scale) => {
                let most = limits::FORM_SCALE;
                if scale.from.unsigned_abs() > most || scale.to.unsigned_abs() > most {
                    self.found(of, Part::Bounds, FormRule::OutOfRange);
                }
                if scale.from >= scale.to {
                    self.found(of, Part::Bounds, FormRule::Contrary);
                }
                self.text(of, Part::Ends, &scale.from_label, name);
                self.text(of, Part::Ends, &scale.to_label, name);
            }
            Kind::Signature(statement) => {
                let bound = (limits::FORM_STATEMENT_SCALARS, Lines::Many);
                self.words(of, Part::Statement, statement, bound);
            }
        }
    }

    fn choices(&mut self, item: &Item, choices: &[Choice], least: usize) {
        let of = Some(item.link);
        if choices.len() < least {
            self.found(of, Part::Choices, FormRule::TooFew { least: least as u32 });
        }
        if choices.len() > limits::FORM_CHOICES {
            let rule = FormRule::TooMany { limit: limits::FORM_CHOICES as u32 };
            self.found(of, Part::Choices, rule);
        }
        for (place, choice) in choices.iter().enumerate().take(limits::FORM_CHOICES) {
            let part = Part::Choice(choice.id);
            self.words(of, part, &choice.label, (limits::FORM_CHOICE_SCALARS, Lines::One));
            if choices[..place].iter().any(|earlier| earlier.label == choice.label) {
                self.found(of, part, FormRule::Duplicate);
            }
            if choice.points.is_some_and(|points| points.unsigned_abs() > limits::FORM_POINTS) {
                self.found(of, part, FormRule::OutOfRange);
            }
        }
    }

    fn scores(&mut self) {
        let form = self.form;
        if form.scores.len() > limits::FORM_SCORES {
            let rule = FormRule::TooMany { limit: limits::FORM_SCORES as u32 };
            self.found(None, Part::Scores, rule);
        }
        let name = (limits::FORM_NAME_SCALARS, Lines::One);
        for (number, score) in form.scores.iter().enumerate().take(limits::FORM_SCORES) {
            let number = number as u8;
            self.words(None, Part::ScoreLabel(number), &score.label, name);
            self.score_items(number, &score.items);
            if score.bands.len() > limits::FORM_BANDS {
                let rule = FormRule::TooMany { limit: limits::FORM_BANDS as u32 };
                self.found(None, Part::Band(number, limits::FORM_BANDS as u8), rule);
            }
            let (lowest, highest) = range(form, score);
            let mut before = None;
            for (place, band) in score.bands.iter().enumerate().take(limits::FORM_BANDS) {
                let part = Part::Band(number, place as u8);
                self.words(None, part, &band.label, name);
                if !(lowest..=highest).contains(&band.from) {
                    self.found(None, part, FormRule::OutOfRange);
                }
                if before.is_some_and(|before| band.from <= before) {
                    self.found(None, part, FormRule::Disordered);
                }
                before = Some(band.from);
            }
        }
    }

    fn score_items(&mut self, number: u8, items: &[LinkId]) {
        let form = self.form;
        let part = Part::ScoreItems(number);
        if items.is_empty() {
            self.found(None, part, FormRule::Empty);
        }
        for (place, link) in items.iter().enumerate().take(limits::FORM_ITEMS + 1) {
            let rule = match form.item(*link).map(|item| &item.kind) {
                None => FormRule::Unknown,
                _ if items[..place].contains(link) => FormRule::Duplicate,
                Some(Kind::Scale(_)) => continue,
                Some(Kind::One(choices) | Kind::Several(choices)) => {
                    if choices.iter().all(|choice| choice.points.is_some()) {
                        continue;
                    }
                    FormRule::NoPoints
                }
                Some(_) => FormRule::WrongKind,
            };
            self.found(Some(*link), part, rule);
        }
    }
}

fn is_contrary<T: PartialOrd>(least: Option<T>, most: Option<T>) -> bool {
    matches!((least, most), (Some(least), Some(most)) if least > most)
}

/// What is wrong with a test of an item that is answered in this way.
fn test_rule(kind: &Kind, test: &Test) -> Option<FormRule> {
    match (test, kind) {
        (Test::Answered, kind) if kind.is_asked() => None,
        (Test::Is(_), Kind::YesNo) => None,
        (Test::OneOf(wanted), Kind::One(choices) | Kind::Several(choices)) => {
            let is_there = |id: &ChoiceId| choices.iter().any(|choice| choice.id == *id);
            if wanted.is_empty() {
                Some(FormRule::Empty)
            } else if wanted.len() > choices.len() {
                Some(FormRule::TooMany { limit: choices.len() as u32 })
            } else {
                (!wanted.iter().all(is_there)).then_some(FormRule::Unknown)
            }
        }
        (Test::Equals(value) | Test::AtLeast(value) | Test::AtMost(value), kind) => {
            let decimals = match kind {
                Kind::Number(number) => number.decimals,
                Kind::Scale(_) => 0,
                _ => return Some(FormRule::WrongKind),
            };
            (value.decimals() > decimals).then_some(FormRule::OutOfRange)
        }
        _ => Some(FormRule::WrongKind),
    }
}

#[cfg(test)]
mod tests;
