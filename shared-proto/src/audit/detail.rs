//! What a record says besides who, what and to whom.

use crate::limits;

/// Every word a detail is made of, but for reasons and ids: what was changed, or which of
/// several. Each has a Fluent message.
pub const WORDS: &[&str] = &[
    "added",
    "announcement",
    "away-reply",
    "birth-date",
    "booking",
    "by-link",
    "by-reply",
    "chart-number",
    "client-start",
    "clients",
    "consents",
    "country",
    "create-for-invited",
    "currency",
    "division",
    "email",
    "emergency-name",
    "emergency-phone",
    "gender",
    "greeting",
    "group-number",
    "holidays",
    "hours",
    "idle",
    "idle-minutes",
    "insurer",
    "language",
    "leave",
    "member-number",
    "mobile-code",
    "mobile-confirmed",
    "name",
    "notices",
    "on-paper",
    "owner",
    "phone",
    "policy-holder",
    "pronouns",
    "provider",
    "providers",
    "push",
    "quiet-hours",
    "read-receipts",
    "reminder",
    "removed",
    "renamed",
    "replies",
    "resealed",
    "sender",
    "session-hours",
    "sms",
    "sound",
    "street",
    "time-zone",
    "to-write-to",
    "town",
    "unlock",
];

/// A detail that is made of [`WORDS`]; `None` without any.
#[must_use]
pub fn words(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| detail(&words.join(", ")))
}

/// A detail as it is recorded: cut after [`limits::AUDIT_DETAIL_SCALARS`].
#[must_use]
pub fn detail(text: &str) -> String {
    text.chars().take(limits::AUDIT_DETAIL_SCALARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_cut_between_scalars() {
        assert_eq!(detail(&"é".repeat(300)), "é".repeat(200));
    }
}
