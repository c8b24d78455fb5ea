//! How good a new password is, and why: the server judges, the client says it in the person's
//! language (Fluent messages `weakness-<name>`).

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// What makes a password easier to guess than it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Weakness {
    /// Below the least length.
    TooShort {
        /// The least that is accepted, in Unicode scalars.
        least: u32,
    },
    /// It is, or is built on, one of the passwords guessing starts with.
    CommonPassword,
    /// It is built on a common word or name.
    CommonWord,
    /// It holds the person's name, their email address, or the name of the practice.
    NameOrEmail,
    /// Keys that lie side by side.
    KeyboardPattern,
    /// The same again and again.
    Repeats,
    /// One after the other, such as `abcd` or `6543`.
    Sequence,
    /// A date or a year.
    Date,
}

impl Weakness {
    /// Its stable name: the end of its Fluent message id.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too-short",
            Self::CommonPassword => "common-password",
            Self::CommonWord => "common-word",
            Self::NameOrEmail => "name-or-email",
            Self::KeyboardPattern => "keyboard-pattern",
            Self::Repeats => "repeats",
            Self::Sequence => "sequence",
            Self::Date => "date",
        }
    }
}

/// What is to be said of a new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// 0 (guessed at once) to 4 (very hard to guess), as zxcvbn counts; from
    /// [`crate::limits::PASSWORD_SCORE`] on it may be used.
    pub score: u8,
    /// Why it may not be used; `None` when it may.
    pub refusal: Option<Refusal>,
    /// What could be better, the gravest first, none twice. A password that may be used can have
    /// weaknesses; a hard one has none that matter and lists none.
    pub weaknesses: Vec<Weakness>,
}
