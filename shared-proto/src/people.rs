//! People as others see them, and the rules for what is entered about them.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

mod rows;
pub mod rules;
mod standing;

pub use rows::{
    AccountState, Chart, NewPerson, PeopleFilter, PeopleMark, PeoplePage, PeopleShown,
    PersonChange, PersonRow,
};
pub use standing::Standing;

/// What a person is in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// The provider who administers the practice.
    Owner,
    /// Gives care.
    Provider,
    /// Receives care.
    Client,
}

impl Role {
    /// Owner or provider: may start conversations and find people by name.
    #[must_use]
    pub const fn is_provider(self) -> bool {
        matches!(self, Self::Owner | Self::Provider)
    }
}

/// A person as the other members of a conversation see them: never an email address (O21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Who.
    pub id: PersonId,
    /// Display name, 1 to 100 Unicode scalars.
    pub name: String,
    /// What they are in the practice.
    pub role: Role,
}

fn counted(
    text: &str,
    scalars: std::ops::RangeInclusive<usize>,
    field: Field,
) -> Result<(), Refusal> {
    let count = text.chars().count();
    if count == 0 {
        return Err(Refusal::invalid(field, Rule::Empty));
    }
    if count < *scalars.start() {
        let limit = *scalars.start() as u32;
        return Err(Refusal::invalid(field, Rule::TooShort { limit }));
    }
    if count > *scalars.end() {
        let limit = *scalars.end() as u32;
        return Err(Refusal::invalid(field, Rule::TooLong { limit }));
    }
    Ok(())
}

/// A name as it is stored: trimmed, 1 to 100 Unicode scalars, no line breaks or other controls.
///
/// # Errors
/// `Invalid` with `field` when it is empty, too long or holds a control character.
pub fn name(field: Field, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    counted(text, limits::NAME_SCALARS, field)?;
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(field, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// An email address as it is stored and looked up: trimmed, lower case. Only its outline is
/// checked (RFC 5321: a local part, one `@`, a domain); whether mail arrives is found by sending.
///
/// # Errors
/// `Invalid { field: Email }` when it is empty, too long or has not that outline.
pub fn email(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(Refusal::invalid(Field::Email, Rule::Empty));
    }
    if text.len() > *limits::EMAIL_BYTES.end() {
        let limit = *limits::EMAIL_BYTES.end() as u32;
        return Err(Refusal::invalid(Field::Email, Rule::TooLong { limit }));
    }
    let formed = text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    }) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if formed { Ok(text) } else { Err(Refusal::invalid(Field::Email, Rule::Malformed)) }
}

/// A telephone number as it is stored: trimmed; digits, spaces and `+-()./` only, and at least
/// three digits. Empty is none.
///
/// # Errors
/// `Invalid { field: Phone }`.
pub fn phone(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    counted(text, limits::PHONE_SCALARS, Field::Phone)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let formed = text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if formed && digits >= 3 {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(Field::Phone, Rule::Malformed))
    }
}

/// The number of a chart as it is stored: trimmed, one line. Empty is none.
///
/// # Errors
/// `Invalid { field: ChartNumber }`.
pub fn chart_number(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    counted(text, limits::CHART_NUMBER_SCALARS, Field::ChartNumber)?;
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(Field::ChartNumber, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// A reason as it is recorded: trimmed, one line, 10 to 200 Unicode scalars.
///
/// # Errors
/// `Invalid { field: Reason }`.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    counted(text, limits::REASON_SCALARS, Field::Reason)?;
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(Field::Reason, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// Passwords that guessing starts with, at or above the least length; compared in lower case.
/// NIST SP 800-63B-4, 3.1.1.2: a blocklist instead of composition rules.
const COMMON_PASSWORDS: [&str; 12] = [
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "passwordpassword",
    "password12345678",
    "password123456789",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "iloveyouiloveyou",
    "letmeinletmeinletmein",
    "correcthorsebatterystaple",
    "administratoradministrator",
];

/// What a passkey is called, as it is stored: trimmed, one line, 1 to 60 Unicode scalars.
///
/// # Errors
/// `Invalid { field: PasskeyName }`.
pub fn passkey_name(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    counted(text, limits::PASSKEY_NAME_SCALARS, Field::PasskeyName)?;
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(Field::PasskeyName, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// Whether a new password may be used: 15 to 256 Unicode scalars, or 8 to 256 beside a second
/// factor, not a common one, not one character or the person's own email repeated. No composition
/// rules (NIST SP 800-63B-4, 3.1.1.2).
///
/// # Errors
/// `Invalid { field: Password }` with the rule it broke.
pub fn password(text: &str, email: &str, has_second_factor: bool) -> Result<(), Refusal> {
    let scalars = if has_second_factor {
        limits::PASSWORD_WITH_FACTOR_SCALARS
    } else {
        limits::PASSWORD_SCALARS
    };
    counted(text, scalars, Field::Password)?;
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    let one_character = chars.all(|c| Some(c) == first);
    if one_character || lower == email.to_lowercase() || COMMON_PASSWORDS.contains(&lower.as_str())
    {
        return Err(Refusal::invalid(Field::Password, Rule::Common));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: PartialEq + std::fmt::Debug>(given: Result<T, Refusal>, expect: Result<T, Rule>) {
        match (given, expect) {
            (Ok(given), Ok(expect)) => assert_eq!(given, expect),
            (Err(Refusal::Invalid { rule, .. }), Err(expect)) => assert_eq!(rule, expect),
            (given, expect) => panic!("{given:?} is not {expect:?}"),
        }
    }

    #[test]
    fn an_email_is_trimmed_and_lowered_and_its_outline_checked() {
        check(email("  Ana@Example.ORG "), Ok("ana@example.org".to_owned()));
        check(email(""), Err(Rule::Empty));
        check(email("ana"), Err(Rule::Malformed));
        check(email("ana@"), Err(Rule::Malformed));
        check(email("@example.org"), Err(Rule::Malformed));
        check(email("a na@example.org"), Err(Rule::Malformed));
        check(
            email(&format!("{}@example.org", "a".repeat(250))),
            Err(Rule::TooLong { limit: 254 }),
        );
    }

    #[test]
    fn a_name_is_trimmed_and_bounded() {
        check(name(Field::Name, " Ana "), Ok("Ana".to_owned()));
        check(name(Field::Name, "  "), Err(Rule::Empty));
        check(name(Field::Name, &"é".repeat(100)), Ok("é".repeat(100)));
        check(name(Field::Name, &"é".repeat(101)), Err(Rule::TooLong { limit: 100 }));
        check(name(Field::Name, "a\nb"), Err(Rule::Malformed));
    }

    #[test]
    fn a_password_is_long_and_not_common() {
        check(password("a lake in autumn", "ana@example.org", false), Ok(()));
        check(password("short", "a@b", false), Err(Rule::TooShort { limit: 15 }));
        check(password("a lake", "a@b", true), Err(Rule::TooShort { limit: 8 }));
        check(password("lakewood", "a@b", true), Ok(()));
        check(password(&"lake ".repeat(52), "a@b", true), Err(Rule::TooLong { limit: 256 }));
        check(password("passwordpassword", "a@b", false), Err(Rule::Common));
        check(password(&"z".repeat(20), "a@b", false), Err(Rule::Common));
        check(password("ana.lopez@example.org", "ana.lopez@example.org", false), Err(Rule::Common));
    }
}
