//! What can be wrong with a form.

use serde::{Deserialize, Serialize};

use crate::form::{ChoiceId, LinkId};

/// One thing that is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormProblem {
    /// In which item; `None` for the form itself and its scores.
    pub item: Option<LinkId>,
    /// In which part of it.
    pub part: Part,
    /// Which rule it breaks.
    pub rule: FormRule,
}

/// A part of a form or an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The form as a whole.
    Whole,
    /// Its title.
    Title,
    /// Its description.
    Description,
    /// Its list of items.
    Items,
    /// The id of an item, or of one of its choices.
    Id,
    /// What an item asks or says.
    Label,
    /// Its help.
    Help,
    /// When it is shown.
    ShowIf,
    /// Which answers are alerted to.
    Alert,
    /// What the reader is told then.
    AlertLabel,
    /// The least and the greatest that is accepted.
    Bounds,
    /// How many decimals are accepted.
    Decimals,
    /// What stands after a number.
    Unit,
    /// What the ends of a scale mean.
    Ends,
    /// The list of choices.
    Choices,
    /// One choice.
    Choice(ChoiceId),
    /// What is signed.
    Statement,
    /// The list of scores.
    Scores,
    /// What a score is called; its place in the list.
    ScoreLabel(u8),
    /// The items that count; the score's place in the list.
    ScoreItems(u8),
    /// A band of a score; the places of both.
    Band(u8, u8),
}

/// A rule for forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormRule {
    /// Nothing is there.
    Empty,
    /// A text is too long.
    TooLong {
        /// The most Unicode scalars.
        limit: u32,
    },
    /// A text has characters that cannot be written, or several lines where one belongs.
    Malformed,
    /// Too few stand in a list.
    TooFew {
        /// The least.
        least: u32,
    },
    /// Too many stand in a list.
    TooMany {
        /// The most.
        limit: u32,
    },
    /// It is there twice.
    Duplicate,
    /// It names what is not there.
    Unknown,
    /// It names the item itself, or one after it.
    Later,
    /// It does not go with how the item is answered.
    WrongKind,
    /// The least is above the greatest.
    Contrary,
    /// A number is out of its bounds, or has more decimals than are asked for.
    OutOfRange,
    /// An item counts, and one of its choices has no points.
    NoPoints,
    /// The bands do not rise.
    Disordered,
    /// It has an id that something else has had, or one that was not given out.
    NotNew,
    /// The form takes too much room.
    TooLarge {
        /// The most bytes.
        limit: u32,
    },
}
