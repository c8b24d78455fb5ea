//! Why a notice was not taken.

/// A notice was not taken. What each says holds nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may be taken later.
    Passing(String),
    /// Nobody knows whether it was: it was handed over, and no answer came.
    Unknown(String),
    /// It never will be.
    Final(String),
    /// Where it goes is no more, or wants no more: a browser that ended its subscription, a number
    /// that answered STOP.
    Gone(String),
}
