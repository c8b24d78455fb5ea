//! Forms: what a provider asks, shaped like FHIR's Questionnaire so that it can be exported as one
//! (`server/src/fhir.rs`). Here is what a form is; beside it are the rules: [`check`] for whoever
//! builds one, [`fill`] for whoever fills it in, [`score`] for whoever reads it, [`version`] for
//! how it changes; and [`ask`], what goes over the socket.
//!
//! A form is a list of items in the order they are asked. A section holds the items after it up to
//! the next one. An item may be shown only when an earlier one was answered in a certain way; an
//! item that is not shown counts as if it were not there.

use serde::{Deserialize, Serialize};

use answers::Value;
use decimal::Decimal;

use crate::date::Date;

pub mod answers;
pub mod ask;
mod bounded;
pub mod check;
pub mod decimal;
pub mod fill;
#[cfg(test)]
mod sample;
pub mod score;
mod text;
pub mod version;

/// An item of a form, through all its versions: never given to another item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LinkId(pub u16);

/// A choice of an item, through all versions of its form: never given to another choice. Counted
/// together with [`LinkId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChoiceId(pub u16);

/// A form. Whatever came from outside goes through [`check::checked`] first; encoded it takes at
/// most [`FORM_BYTES`](crate::limits::FORM_BYTES).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What it is called.
    pub title: String,
    /// What stands at its head; may be empty, may have several lines.
    pub description: String,
    /// What it asks, in order; at most [`FORM_ITEMS`](crate::limits::FORM_ITEMS), and no more are
    /// decoded.
    #[serde(deserialize_with = "bounded::items")]
    pub items: Vec<Item>,
    /// What is counted together; at most [`FORM_SCORES`](crate::limits::FORM_SCORES), and no more
    /// are decoded.
    #[serde(deserialize_with = "bounded::scores")]
    pub scores: Vec<Score>,
    /// The next id for an item or a choice: above every one that this form, in any of its versions,
    /// has ever had.
    pub next_id: u16,
}

/// One item of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Which.
    pub link: LinkId,
    /// The question, the heading, or the text of a note. One line, but for a note.
    pub label: String,
    /// What helps with the answer; may be empty.
    pub help: String,
    /// Whether the form cannot be submitted without an answer, when the item is shown.
    pub required: bool,
    /// When it is shown; always without.
    pub show_if: Option<Condition>,
    /// Which answers its reader is alerted to.
    pub alert: Option<Alert>,
    /// How it is answered.
    pub kind: Kind,
}

/// How an item is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Not at all: the heading of the items after it, up to the next section. When it is not
    /// shown, neither are they.
    Section,
    /// Not at all: text to read.
    Note,
    /// With one line.
    Text,
    /// With several lines.
    LongText,
    /// With a number.
    Number(Number),
    /// With a day.
    Date(Days),
    /// With yes or no.
    YesNo,
    /// With one of these; at most [`FORM_CHOICES`](crate::limits::FORM_CHOICES), and no more are
    /// decoded.
    One(#[serde(deserialize_with = "bounded::choices")] Vec<Choice>),
    /// With any of these; as many.
    Several(#[serde(deserialize_with = "bounded::choices")] Vec<Choice>),
    /// With a whole number between two ends.
    Scale(Scale),
    /// With the name of whoever signs this statement, typed.
    Signature(String),
}

/// Which numbers are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The least.
    pub least: Option<Decimal>,
    /// The greatest.
    pub most: Option<Decimal>,
    /// How many digits after the decimal point; whole numbers only with 0.
    pub decimals: u8,
    /// What stands after the number, for example `kg`; may be empty.
    pub unit: String,
}

/// Which days are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The earliest.
    pub earliest: Option<Date>,
    /// The latest.
    pub latest: Option<Date>,
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Which.
    pub id: ChoiceId,
    /// What it says.
    pub label: String,
    /// What it counts; every choice of an item that counts has points.
    pub points: Option<i16>,
    /// Whether nothing else can be chosen beside it, as "None of these".
    pub alone: bool,
}

/// Whole numbers from one end to the other, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// The low end.
    pub from: i16,
    /// The high end.
    pub to: i16,
    /// What the low end means; may be empty.
    pub from_label: String,
    /// What the high end means; may be empty.
    pub to_label: String,
}

/// That an earlier item was answered in a certain way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Which item.
    pub item: LinkId,
    /// In which way.
    pub test: Test,
}

/// What an answer has to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// There, whatever it is.
    Answered,
    /// Yes, or no.
    Is(bool),
    /// One of these choices, or several with one of these among them.
    OneOf(Vec<ChoiceId>),
    /// This number.
    Equals(Decimal),
    /// This number or a greater one.
    AtLeast(Decimal),
    /// This number or a lesser one.
    AtMost(Decimal),
}

/// An answer its reader has to see, as one about thoughts of suicide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which answers.
    pub test: Test,
    /// What the reader is told.
    pub label: String,
}

/// Points of several items, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// What the sum is called.
    pub label: String,
    /// The items that count: choices by their points, scales by their number.
    pub items: Vec<LinkId>,
    /// What the sum means, from the lowest band to the highest; may be empty. At most
    /// [`FORM_BANDS`](crate::limits::FORM_BANDS), and no more are decoded.
    #[serde(deserialize_with = "bounded::bands")]
    pub bands: Vec<Band>,
}

/// What a sum means from some points on, up to the next band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The least sum in it.
    pub from: i32,
    /// What it is called.
    pub label: String,
}

impl Form {
    /// A form with nothing in it yet.
    #[must_use]
    pub fn named(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
            items: Vec::new(),
            scores: Vec::new(),
            next_id: 1,
        }
    }

    /// The id for one more item. Once all 65,535 have been given out it stays the last one, which
    /// [`check::checked`] then refuses.
    pub const fn new_link(&mut self) -> LinkId {
        LinkId(self.new_id())
    }

    /// The id for one more choice, as [`Self::new_link`].
    pub const fn new_choice(&mut self) -> ChoiceId {
        ChoiceId(self.new_id())
    }

    const fn new_id(&mut self) -> u16 {
        let id = self.next_id;
        self.next_id = id.saturating_add(1);
        id
    }

    /// One of its items.
    #[must_use]
    pub fn item(&self, link: LinkId) -> Option<&Item> {
        self.items.iter().find(|item| item.link == link)
    }

    /// As whoever fills it in gets it: what their answers count, and which ones their reader is
    /// alerted to, is not theirs to see. It asks the same.
    #[must_use]
    pub fn for_filling(mut self) -> Self {
        self.scores.clear();
        for item in &mut self.items {
            item.alert = None;
            if let Kind::One(choices) | Kind::Several(choices) = &mut item.kind {
                choices.iter_mut().for_each(|choice| choice.points = None);
            }
        }
        self
    }
}

impl Kind {
    /// Whether it is answered at all: neither section nor note.
    #[must_use]
    pub const fn is_asked(&self) -> bool {
        !matches!(self, Self::Section | Self::Note)
    }

    /// What there is to choose from; nothing where nothing is chosen.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::One(choices) | Self::Several(choices) => choices,
            _ => &[],
        }
    }
}

impl Test {
    /// Whether `answer` is so. An empty one is none.
    #[must_use]
    pub fn holds(&self, answer: &Value) -> bool {
        match (self, answer) {
            (Self::Answered, answer) => !answer.is_empty(),
            (Self::Is(wanted), Value::YesNo(said)) => wanted == said,
            (Self::OneOf(wanted), Value::One(chosen)) => wanted.contains(chosen),
            (Self::OneOf(wanted), Value::Several(chosen)) => {
                chosen.iter().any(|choice| wanted.contains(choice))
            }
            (Self::Equals(number), Value::Number(said)) => said == number,
            (Self::AtLeast(least), Value::Number(said)) => said >= least,
            (Self::AtMost(most), Value::Number(said)) => said <= most,
            _ => false,
        }
    }
}
