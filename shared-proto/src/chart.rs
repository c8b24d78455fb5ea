//! What a practice keeps of a client besides their account: details that the client and the
//! practice both tend (N11), and consents.

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

/// One detail of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DetailField {
    /// Date of birth, `YYYY-MM-DD`.
    BirthDate,
    /// How the client describes their gender.
    Gender,
    /// How the client wants to be spoken of.
    Pronouns,
    /// Street and number.
    Street,
    /// Postal code and town.
    Town,
    /// Country.
    Country,
    /// Whom to call in an emergency.
    EmergencyName,
    /// Their telephone number.
    EmergencyPhone,
    /// Who pays: the insurer.
    Insurer,
    /// The insurer's number for the member.
    MemberNumber,
    /// The insurer's number for the group.
    GroupNumber,
    /// Whose policy it is, when it is not the client's.
    PolicyHolder,
}

impl DetailField {
    /// All, in the order they are shown: first the client's own, from [`Self::FIRST_OF_INSURANCE`]
    /// on those of the insurance.
    pub const ALL: [Self; 12] = [
        Self::BirthDate,
        Self::Gender,
        Self::Pronouns,
        Self::Street,
        Self::Town,
        Self::Country,
        Self::EmergencyName,
        Self::EmergencyPhone,
        Self::Insurer,
        Self::MemberNumber,
        Self::GroupNumber,
        Self::PolicyHolder,
    ];
    /// Where the insurance begins in [`Self::ALL`].
    pub const FIRST_OF_INSURANCE: usize = 8;

    /// Its stable name: Fluent message id and what the audit log says was changed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BirthDate => "birth-date",
            Self::Gender => "gender",
            Self::Pronouns => "pronouns",
            Self::Street => "street",
            Self::Town => "town",
            Self::Country => "country",
            Self::EmergencyName => "emergency-name",
            Self::EmergencyPhone => "emergency-phone",
            Self::Insurer => "insurer",
            Self::MemberNumber => "member-number",
            Self::GroupNumber => "group-number",
            Self::PolicyHolder => "policy-holder",
        }
    }
}

/// The details of a chart, in the order of [`DetailField::ALL`]; empty where nothing is known.
/// Each at most 200 Unicode scalars; all together fit one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details(pub [String; 12]);

impl Details {
    /// One of them.
    #[must_use]
    pub fn get(&self, field: DetailField) -> &str {
        &self.0[field as usize]
    }

    /// Sets one of them.
    pub fn set(&mut self, field: DetailField, text: String) {
        self.0[field as usize] = text;
    }

    /// As they are stored: trimmed, one line each, within their bounds.
    ///
    /// # Errors
    /// `Invalid { field: Detail }` for the first that broke a rule, with its place in
    /// [`DetailField::ALL`].
    pub fn checked(mut self) -> Result<Self, (DetailField, Refusal)> {
        for field in DetailField::ALL {
            let text = self.0[field as usize].trim().to_owned();
            let refused = |rule| Err((field, Refusal::invalid(Field::Detail, rule)));
            if text.chars().count() > limits::DETAIL_SCALARS {
                return refused(Rule::TooLong { limit: limits::DETAIL_SCALARS as u32 });
            }
            if text.chars().any(char::is_control)
                || (field == DetailField::BirthDate && !text.is_empty() && !is_date(&text))
            {
                return refused(Rule::Malformed);
            }
            self.0[field as usize] = text;
        }
        let bytes: usize = self.0.iter().map(String::len).sum();
        if bytes > 3 * 1_024 {
            let limit = limits::DETAIL_SCALARS as u32;
            let refusal = Refusal::invalid(Field::Detail, Rule::TooLong { limit });
            return Err((DetailField::Street, refusal));
        }
        Ok(self)
    }

    /// Those that differ from `before`.
    pub fn changed<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = DetailField> + 'a {
        DetailField::ALL.into_iter().filter(|field| self.get(*field) != before.get(*field))
    }
}

/// Whether `text` is a day of the calendar, as `YYYY-MM-DD` (RFC 3339, full-date).
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok()
}

/// What a person agreed to (I11, I12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// To notices by email.
    pub email: bool,
    /// To notices by text message.
    pub sms: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_stand_in_the_order_of_their_list() {
        for (place, field) in DetailField::ALL.into_iter().enumerate() {
            assert_eq!(field as usize, place);
        }
        assert_eq!(DetailField::ALL[DetailField::FIRST_OF_INSURANCE], DetailField::Insurer);
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for day in ["1984-02-29", "2000-02-29", "1999-12-31"] {
            assert!(is_date(day), "{day}");
        }
        for day in ["1983-02-29", "1900-02-29", "1999-13-01", "1999-1-01", "0000-01-01", "éééééé"]
        {
            assert!(!is_date(day), "{day}");
        }
    }

    #[test]
    fn details_are_trimmed_and_the_broken_one_is_named() {
        let mut details = Details::default();
        details.set(DetailField::Town, " 8000 Zürich ".into());
        let kept = details.clone().checked().expect("kept");
        assert_eq!(kept.get(DetailField::Town), "8000 Zürich");
        assert_eq!(kept.changed(&Details::default()).collect::<Vec<_>>(), [DetailField::Town]);
        details.set(DetailField::BirthDate, "yesterday".into());
        let refused = details.checked().expect_err("no date");
        assert_eq!(refused.0, DetailField::BirthDate);
    }
}
