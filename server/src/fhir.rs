//! Forms, answers and conversations as FHIR R4 (4.0.1) resources, for whoever takes a record elsewhere:
//! Questionnaire (hl7.org/fhir/R4/questionnaire.html) and QuestionnaireResponse
//! (hl7.org/fhir/R4/questionnaireresponse.html), with the extensions that R4 publishes for them.
//!
//! A section becomes a group with its items within, help and the like a display item beneath what
//! it belongs to, a score a read-only item at the end. What a reader is alerted to has no place in
//! R4 and stays here.

use shared_proto::form::LinkId;
use shared_proto::form::answers::Answers;
use shared_proto::form::version::Template;
use shared_proto::people::PersonCard;
use shared_proto::time::Millis;

pub mod communication;
mod parts;
mod questionnaire;
mod response;

pub use questionnaire::questionnaire;
pub use response::questionnaire_response;

/// What is said of a version of a form besides the form itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published<'a> {
    /// The form in this version.
    pub template: &'a Template,
    /// When this version was made.
    pub at: Millis,
    /// The name of the practice.
    pub publisher: &'a str,
    /// Whether it is assigned no more.
    pub retired: bool,
}

/// What is said of answers besides the answers themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled<'a> {
    /// The form that was assigned, in the version it had.
    pub template: &'a Template,
    /// Which response: 1 to 64 ASCII letters, digits, `-` and `.`, as a UUID is written.
    pub id: &'a str,
    /// What was answered.
    pub answers: &'a Answers,
    /// Whom it is about.
    pub subject: &'a PersonCard,
    /// Who answered.
    pub author: &'a PersonCard,
    /// When it was submitted, or last changed.
    pub at: Millis,
    /// Whether it was submitted; else it is still being filled in.
    pub submitted: bool,
}

/// What something beneath an item is called there: its link id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// An item itself.
    Item(LinkId),
    /// The help of an item.
    Help(LinkId),
    /// What the low end of a scale means.
    Low(LinkId),
    /// What the high end of a scale means.
    High(LinkId),
    /// What is signed.
    Statement(LinkId),
    /// A score, by its place.
    Total(usize),
    /// The band a score is in.
    Band(usize),
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Item(link) => write!(f, "{}", link.0),
            Self::Help(link) => write!(f, "{}.help", link.0),
            Self::Low(link) => write!(f, "{}.low", link.0),
            Self::High(link) => write!(f, "{}.high", link.0),
            Self::Statement(link) => write!(f, "{}.statement", link.0),
            Self::Total(place) => write!(f, "total.{}", place + 1),
            Self::Band(place) => write!(f, "total.{}.band", place + 1),
        }
    }
}

#[cfg(test)]
mod tests;
