//! The practice: its settings, divisions and policies, and what a policy means for people.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::id::DivisionId;
use crate::limits;
use crate::people;
use crate::refusal::{Field, Refusal, Rule};

/// Who may start a conversation on the clients' side (I7, O9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ClientStart {
    /// A client may start one with a provider they are assigned to.
    #[default]
    Assigned,
    /// Only a provider starts; a client may write once a provider has.
    AfterProviderFirst,
    /// A client only answers, in sessions.
    Never,
}

/// Whether somebody without an account can be taken into a conversation (I3, I8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CreateForInvited {
    /// They can: they are invited, and see nothing until they have signed up.
    #[default]
    Yes,
    /// They sign up first.
    No,
}

/// Who may book a messaging appointment (I1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Booking {
    /// Nobody.
    #[default]
    Off,
    /// Clients who are signed in.
    Clients,
    /// Anybody who has the calendar's address.
    Public,
}

/// Which notices may go out at all. Each is besides gated by the person's own consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Notices {
    /// By email.
    pub email: bool,
    /// By text message.
    pub sms: bool,
    /// By web push.
    pub push: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self { email: true, sms: true, push: true }
    }
}

/// What the owner decides for everyone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies {
    /// Who may start a conversation.
    pub client_start: ClientStart,
    /// Whether somebody without an account can be taken into one.
    pub create_for_invited: CreateForInvited,
    /// Which notices may go out.
    pub notify: Notices,
    /// Who may book.
    pub booking: Booking,
}

impl Policies {
    /// The defaults, as a constant.
    pub const OPEN: Self = Self {
        client_start: ClientStart::Assigned,
        create_for_invited: CreateForInvited::Yes,
        notify: Notices { email: true, sms: true, push: true },
        booking: Booking::Off,
    };
}

/// A part of the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// Which.
    pub id: DivisionId,
    /// Its name, 1 to 60 Unicode scalars.
    pub name: String,
}

/// What the owner sets, as a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The practice's name, 1 to 100 Unicode scalars.
    pub name: String,
    /// IANA time zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// Language tag (BCP 47) of those who choose none, such as `en`.
    pub language: String,
    /// Currency (ISO 4217), such as `EUR`.
    pub currency: String,
    /// What new conversations announce; empty for nothing.
    pub announcement: String,
    /// Minutes without activity before a screen is locked.
    pub idle_minutes: u16,
    /// Hours a session lasts at most.
    pub session_hours: u16,
    /// The policies.
    pub policies: Policies,
    /// What notices are sent as, at most 40 Unicode scalars; empty for [`SENDER`]. It is shown on
    /// locked screens: nothing of what the practice does.
    pub sender: String,
}

/// What notices are sent as where the practice has not set anything.
pub const SENDER: &str = "Quietroom";

impl Settings {
    /// What a new practice begins with.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            time_zone: "UTC".to_owned(),
            language: "en".to_owned(),
            currency: "USD".to_owned(),
            announcement: String::new(),
            idle_minutes: 10,
            session_hours: 12,
            policies: Policies::default(),
            sender: String::new(),
        }
    }

    /// The settings as they are stored: trimmed, and each within its bounds.
    ///
    /// # Errors
    /// `Invalid` with the first field that broke a rule.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = people::name(Field::Practice, &self.name)?;
        self.time_zone = time_zone(&self.time_zone)?;
        self.language = language(&self.language)?;
        self.currency = currency(&self.currency)?;
        self.announcement = announcement(&self.announcement)?;
        within(Field::IdleMinutes, self.idle_minutes, &limits::IDLE_MINUTES)?;
        within(Field::SessionHours, self.session_hours, &limits::SESSION_HOURS)?;
        self.sender = sender(&self.sender)?;
        Ok(self)
    }
}

/// What notices are sent as, as it is stored: trimmed, one line; it may be empty.
///
/// # Errors
/// `Invalid { field: Sender }`.
pub fn sender(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > limits::SENDER_SCALARS {
        let limit = limits::SENDER_SCALARS as u32;
        return Err(Refusal::invalid(Field::Sender, Rule::TooLong { limit }));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(Field::Sender, Rule::Malformed));
    }
    Ok(text.to_owned())
}

fn within(field: Field, given: u16, range: &std::ops::RangeInclusive<u16>) -> Result<(), Refusal> {
    if given < *range.start() {
        return Err(Refusal::invalid(field, Rule::TooShort { limit: u32::from(*range.start()) }));
    }
    if given > *range.end() {
        return Err(Refusal::invalid(field, Rule::TooLong { limit: u32::from(*range.end()) }));
    }
    Ok(())
}

/// A time zone as it is stored: the outline of an IANA name (RFC 9557, 4.1); whether there is such
/// a zone the browser knows, which has the list.
///
/// # Errors
/// `Invalid { field: TimeZone }`.
pub fn time_zone(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let part = |part: &str| {
        !part.is_empty()
            && part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
    };
    let formed = text.len() <= 64 && text.split('/').all(part) && text.split('/').count() <= 3;
    if formed {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(Field::TimeZone, Rule::Malformed))
    }
}

/// A language tag as it is stored: the outline of BCP 47.
///
/// # Errors
/// `Invalid { field: Language }`.
pub fn language(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|first| {
        (2..=3).contains(&first.len()) && first.chars().all(|c| c.is_ascii_alphabetic())
    });
    let rest = |part: &str| {
        (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    if first && text.len() <= 35 && parts.all(rest) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::invalid(Field::Language, Rule::Malformed))
    }
}

/// A currency as it is stored: three capital letters (ISO 4217).
///
/// # Errors
/// `Invalid { field: Currency }`.
pub fn currency(text: &str) -> Result<String, Refusal> {
    let text = text.trim().to_uppercase();
    if text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase()) {
        Ok(text)
    } else {
        Err(Refusal::invalid(Field::Currency, Rule::Malformed))
    }
}

/// How long an announcement is, as people count: in extended grapheme clusters (Unicode UAX 29).
#[must_use]
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// An announcement as it is stored: trimmed, one line, at most 120 graphemes and 1 KiB; it may be
/// empty.
///
/// # Errors
/// `Invalid { field: Announcement }`.
pub fn announcement(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    // The bytes first: one grapheme has no end by itself.
    let over =
        text.len() > limits::ANNOUNCEMENT_BYTES || graphemes(text) > limits::ANNOUNCEMENT_GRAPHEMES;
    if over {
        let limit = limits::ANNOUNCEMENT_GRAPHEMES as u32;
        return Err(Refusal::invalid(Field::Announcement, Rule::TooLong { limit }));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::invalid(Field::Announcement, Rule::Malformed));
    }
    Ok(text.to_owned())
}

/// A division's name as it is stored; `others` are the names of the others.
///
/// # Errors
/// `Invalid { field: Division }`: empty, too long, or there already.
pub fn division_name<'a>(
    text: &str,
    mut others: impl Iterator<Item = &'a str>,
) -> Result<String, Refusal> {
    let name = people::name(Field::Division, text)?;
    let limit = *limits::DIVISION_SCALARS.end();
    if name.chars().count() > limit {
        return Err(Refusal::invalid(Field::Division, Rule::TooLong { limit: limit as u32 }));
    }
    let lower = name.to_lowercase();
    if others.any(|other| other.to_lowercase() == lower) {
        return Err(Refusal::invalid(Field::Division, Rule::Duplicate));
    }
    Ok(name)
}

/// The names of a new practice's divisions as they are stored: one a line, empty lines left out.
///
/// # Errors
/// `Invalid { field: Division }` with what the first that broke a rule broke, or when there are
/// too many.
pub fn division_names(lines: &str) -> Result<Vec<String>, Refusal> {
    let mut names: Vec<String> = Vec::new();
    for line in lines.split('\n').filter(|line| !line.trim().is_empty()) {
        if names.len() == limits::DIVISIONS {
            let rule = Rule::TooMany { limit: limits::DIVISIONS as u32 };
            return Err(Refusal::invalid(Field::Division, rule));
        }
        let name = division_name(line, names.iter().map(String::as_str))?;
        names.push(name);
    }
    Ok(names)
}

/// The practice as those who belong to it see it. Clients get no divisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// What the owner set.
    pub settings: Settings,
    /// Its divisions, by name.
    pub divisions: Vec<Division>,
    /// Counts the changes: who changes something names the one they looked at.
    pub revision: u64,
}

/// A change an owner makes to the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PracticeChange {
    /// All settings at once, as the form holds them.
    Settings(Box<Settings>),
    /// A new division.
    AddDivision {
        /// Its name.
        name: String,
    },
    /// Another name for a division.
    RenameDivision {
        /// Which.
        division: DivisionId,
        /// Its new name.
        name: String,
    },
    /// A division goes, once nobody belongs to it.
    RemoveDivision {
        /// Which.
        division: DivisionId,
    },
}

/// Who writes to whom: one line of what a policy means, for the owner to read before saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Writes {
    /// A provider starts a conversation with a client who has an account.
    ProviderToClient,
    /// A provider starts a conversation with a client who has not signed up yet.
    ProviderToInvited,
    /// A client starts a conversation with a provider they are assigned to.
    ClientToAssigned,
    /// A client starts a conversation with any other provider.
    ClientToOther,
    /// A client writes in a conversation in which no provider has written yet.
    ClientFirst,
    /// A client writes in an ongoing conversation in which a provider has written.
    ClientAnswers,
    /// A provider starts a conversation with a colleague.
    ProviderToColleague,
}

impl Writes {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::ProviderToClient,
        Self::ProviderToInvited,
        Self::ProviderToColleague,
        Self::ClientToAssigned,
        Self::ClientToOther,
        Self::ClientFirst,
        Self::ClientAnswers,
    ];

    /// Whether it is possible under these policies. The rules themselves are in
    /// `conversation/decide.rs`; a test holds both together.
    #[must_use]
    pub fn is_possible(self, policies: &Policies) -> bool {
        match self {
            Self::ProviderToClient | Self::ProviderToColleague => true,
            Self::ProviderToInvited => policies.create_for_invited == CreateForInvited::Yes,
            Self::ClientToAssigned | Self::ClientFirst => {
                policies.client_start == ClientStart::Assigned
            }
            Self::ClientToOther => false,
            Self::ClientAnswers => policies.client_start != ClientStart::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_trimmed_and_each_field_has_its_rule() {
        let good = Settings::named("  Lake House ");
        assert_eq!(good.clone().checked().map(|s| s.name), Ok("Lake House".to_owned()));
        let broken = |change: fn(&mut Settings)| {
            let mut settings = Settings::named("Lake House");
            change(&mut settings);
            match settings.checked() {
                Err(Refusal::Invalid { field, rule }) => (field, rule),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(broken(|s| s.name.clear()), (Field::Practice, Rule::Empty));
        assert_eq!(broken(|s| s.time_zone = "9/x".into()), (Field::TimeZone, Rule::Malformed));
        assert_eq!(broken(|s| s.language = "english".into()), (Field::Language, Rule::Malformed));
        assert_eq!(broken(|s| s.currency = "euro".into()), (Field::Currency, Rule::Malformed));
        assert_eq!(broken(|s| s.idle_minutes = 0).0, Field::IdleMinutes);
        assert_eq!(broken(|s| s.session_hours = 25).0, Field::SessionHours);
        let long = broken(|s| s.announcement = "a".repeat(1_025));
        assert_eq!(long, (Field::Announcement, Rule::TooLong { limit: 120 }));
    }

    #[test]
    fn an_announcement_is_as_long_as_people_count() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(graphemes(&format!("e\u{301}{family}")), 2);
        assert!(announcement(&"e\u{301}".repeat(120)).is_ok());
        let long = Err(Refusal::invalid(Field::Announcement, Rule::TooLong { limit: 120 }));
        assert_eq!(announcement(&"e\u{301}".repeat(121)), long);
        assert_eq!(announcement(&format!("e{}", "\u{301}".repeat(600))), long, "1 KiB");
    }

    #[test]
    fn zones_and_languages_have_the_outline_of_their_standard() {
        for zone in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"] {
            assert_eq!(time_zone(zone), Ok(zone.to_owned()));
        }
        for tag in ["en", "de-CH", "zh-Hant-TW", "fil"] {
            assert_eq!(language(tag), Ok(tag.to_owned()));
        }
        assert!(time_zone("Europe//Berlin").is_err());
        assert!(language("e").is_err());
    }

    #[test]
    fn a_division_has_a_name_of_its_own() {
        let others = ["Adults", "Children"];
        assert_eq!(division_name(" Families ", others.into_iter()), Ok("Families".into()));
        let taken = division_name("adults", others.into_iter());
        assert_eq!(taken, Err(Refusal::invalid(Field::Division, Rule::Duplicate)));
    }

    #[test]
    fn divisions_of_a_new_practice_stand_one_a_line() {
        let names = division_names("Adults\n\n  Children \n");
        assert_eq!(names, Ok(vec!["Adults".to_owned(), "Children".to_owned()]));
        assert_eq!(division_names(""), Ok(Vec::new()));
        let twice = Err(Refusal::invalid(Field::Division, Rule::Duplicate));
        assert_eq!(division_names("Adults\nadults"), twice);
        let many: String = (0..41).map(|number| format!("Division {number}\n")).collect();
        let rule = Rule::TooMany { limit: 40 };
        assert_eq!(division_names(&many), Err(Refusal::invalid(Field::Division, rule)));
    }
}
