//! New items.

use shared_proto::form::{Choice, Days, Form, Item, Kind, Number, Scale};

/// A kind of item, before anything is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// A heading.
    Section,
    /// Something to read.
    Note,
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of several choices.
    One,
    /// Several of them.
    Several,
    /// A number between two ends.
    Scale,
    /// A typed name.
    Signature,
}

impl Blank {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::LongText,
        Self::Number,
        Self::Date,
        Self::YesNo,
        Self::One,
        Self::Several,
        Self::Scale,
        Self::Signature,
        Self::Section,
        Self::Note,
    ];

    /// Which one an item is of.
    #[must_use]
    pub const fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Section => Self::Section,
            Kind::Note => Self::Note,
            Kind::Text => Self::Text,
            Kind::LongText => Self::LongText,
            Kind::Number(_) => Self::Number,
            Kind::Date(_) => Self::Date,
            Kind::YesNo => Self::YesNo,
            Kind::One(_) => Self::One,
            Kind::Several(_) => Self::Several,
            Kind::Scale(_) => Self::Scale,
            Kind::Signature(_) => Self::Signature,
        }
    }

    /// Its name in `data-kind` and in the Fluent messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Note => "note",
            Self::Text => "text",
            Self::LongText => "long-text",
            Self::Number => "number",
            Self::Date => "date",
            Self::YesNo => "yes-no",
            Self::One => "one",
            Self::Several => "several",
            Self::Scale => "scale",
            Self::Signature => "signature",
        }
    }

    /// An item of this kind with ids that `form` has never given out.
    pub(super) fn item(self, form: &mut Form) -> Item {
        let link = form.new_link();
        let mut choices = || (0..2).map(|_| choice(form)).collect();
        let kind = match self {
            Self::Section => Kind::Section,
            Self::Note => Kind::Note,
            Self::Text => Kind::Text,
            Self::LongText => Kind::LongText,
            Self::Number => Kind::Number(Number::default()),
            Self::Date => Kind::Date(Days::default()),
            Self::YesNo => Kind::YesNo,
            Self::One => Kind::One(choices()),
            Self::Several => Kind::Several(choices()),
            Self::Scale => Kind::Scale(Scale {
                from: 0,
                to: 10,
                from_label: String::new(),
                to_label: String::new(),
            }),
            Self::Signature => Kind::Signature(String::new()),
        };
        Item {
            link,
            label: String::new(),
            help: String::new(),
            required: false,
            show_if: None,
            alert: None,
            kind,
        }
    }
}

/// A choice that says nothing yet.
pub(super) const fn choice(form: &mut Form) -> Choice {
    Choice { id: form.new_choice(), label: String::new(), points: None, alone: false }
}
