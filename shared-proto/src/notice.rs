//! Notices: somebody who is not there is told that there is something for them, and never what. Who
//! is told of what, how and when is decided in [`rule`], from facts that are handed in.

pub mod ask;
mod quiet;
pub mod rule;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::people::PersonCard;
use crate::refusal::{Field, Refusal, Rule};
use crate::time::Millis;

/// A way a notice goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// By email.
    Email,
    /// By text message.
    Sms,
    /// By web push, to browsers that were allowed to show it.
    Push,
}

impl Channel {
    /// All of them, in the order of [`Self::place`].
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Push];

    /// Its stable name: metrics label, and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }

    /// The channel of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }

    /// Its place in [`Self::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }
}

/// Hours of the day in which somebody is told nothing, in minutes after midnight where they are.
/// They may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quiet {
    /// When they begin: less than [`crate::hours::DAY`].
    pub from: u16,
    /// When they are over: less than [`crate::hours::DAY`], and another minute.
    pub until: u16,
}

/// What somebody wishes of notices, besides what they agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// When they are told nothing; what comes then is told when it is over.
    pub quiet: Option<Quiet>,
    /// Hours after which they are told once more of what they have not read; `None` for never.
    pub remind_after: Option<u16>,
    /// Whether a page that is open sounds when something comes.
    pub sound: bool,
}

impl Wishes {
    /// As they are stored.
    ///
    /// # Errors
    /// `Invalid` for `QuietHours` that begin and end at the same minute or at none of a day, and for
    /// `Reminder` outside of [`limits::REMIND_HOURS`].
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.quiet.is_some_and(|quiet| !quiet.is_whole()) {
            return Err(Refusal::invalid(Field::QuietHours, Rule::Malformed));
        }
        if self.remind_after.is_some_and(|hours| !limits::REMIND_HOURS.contains(&hours)) {
            return Err(Refusal::invalid(Field::Reminder, Rule::Malformed));
        }
        Ok(self)
    }
}

/// How it came that somebody agrees to a channel, or does not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum How {
    /// They said so in their settings.
    Themselves,
    /// They told the practice, as on paper, and a provider wrote it down.
    Practice,
    /// They used what every email carries for it (RFC 8058).
    Link,
    /// They answered a text message with STOP, or START.
    Reply,
}

/// When somebody last agreed to a channel, or withdrew that, as those see it who may see their chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// When.
    pub at: Millis,
    /// How.
    pub how: How,
    /// The provider who wrote it down.
    pub by: Option<PersonCard>,
}

/// The same of every channel that takes somebody's consent; `None` where they never said anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreements {
    /// To email.
    pub email: Option<Agreed>,
    /// To text messages.
    pub sms: Option<Agreed>,
}

/// A telephone number as text messages are sent to it (ITU-T E.164): `+` and 8 to 15 digits. `None`
/// for one that does not say its country.
#[must_use]
pub fn mobile(phone: &str) -> Option<String> {
    let phone = phone.trim();
    let rest = phone.strip_prefix('+').or_else(|| phone.strip_prefix("00"))?;
    // As it is written for callers at home: +41 (0)79.
    let rest = rest.replace("(0)", "");
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let formed = (8..=15).contains(&digits.len()) && !digits.starts_with('0');
    formed.then(|| format!("+{digits}"))
}
