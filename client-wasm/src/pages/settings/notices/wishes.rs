//! Quiet hours, the reminder and the sound as they stand in the form: text by input. Pure.

use shared_proto::notice::ask::Ask as NoticeAsk;
use shared_proto::notice::{Quiet, Wishes};
use shared_proto::office::Ask;
use shared_proto::refusal::{Field, Refusal};

use super::super::draft::Draft;
use super::super::saving::{Part, Saving};

/// What quiet hours begin with.
const USUAL: Quiet = Quiet { from: 22 * 60, until: 7 * 60 };

/// Hours after which one may be reminded, as they are offered; never is the first.
pub const REMINDERS: [&str; 5] = ["", "1", "4", "24", "72"];

/// What stands in the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Whether there are quiet hours.
    pub quiet: bool,
    /// When they begin, as a time field has it.
    pub from: String,
    /// When they end.
    pub until: String,
    /// One of [`REMINDERS`], or another number of hours.
    pub remind_after: String,
    /// Whether an open page sounds.
    pub sound: bool,
}

impl Typed {
    /// As these wishes fill it in.
    #[must_use]
    pub fn stored(wishes: &Wishes) -> Self {
        let quiet = wishes.quiet.unwrap_or(USUAL);
        Self {
            quiet: wishes.quiet.is_some(),
            from: clock(quiet.from),
            until: clock(quiet.until),
            remind_after: wishes.remind_after.map(|hours| hours.to_string()).unwrap_or_default(),
            sound: wishes.sound,
        }
    }

    /// What was typed over these wishes.
    #[must_use]
    pub fn of(draft: &Draft, wishes: &Wishes) -> Self {
        let stored = Self::stored(wishes);
        let is_on = |name, stored: bool| draft.value(name, &stored.to_string()) == "true";
        Self {
            quiet: is_on("quiet", stored.quiet),
            from: draft.value("quiet-from", &stored.from),
            until: draft.value("quiet-until", &stored.until),
            remind_after: draft.value("remind-after", &stored.remind_after),
            sound: is_on("sound", stored.sound),
        }
    }

    /// The wishes typed, checked by the server's own rules.
    ///
    /// # Errors
    /// `Invalid` for `QuietHours` or `Reminder`.
    pub fn wishes(&self) -> Result<Wishes, Refusal> {
        // No minute of a day for what is not finished: the rule says so.
        let minute = |typed: &str| minutes(typed).unwrap_or(u16::MAX);
        let quiet = Quiet { from: minute(&self.from), until: minute(&self.until) };
        let remind_after = match self.remind_after.as_str() {
            "" => None,
            hours => Some(hours.parse().unwrap_or(u16::MAX)),
        };
        Wishes { quiet: self.quiet.then_some(quiet), remind_after, sound: self.sound }.checked()
    }
}

/// What is to be saved. All wishes are one record: each part carries all of them as they stand now,
/// and what is wrong with one keeps the others back.
pub fn parts(saving: &Saving, wishes: &Wishes) -> Vec<Part> {
    let (stored, typed) = (Typed::stored(wishes), Typed::of(&saving.draft, wishes));
    let wanted = typed.wishes();
    let quiet = typed.quiet.then_some([("quiet-from", stored.from), ("quiet-until", stored.until)]);
    let inputs = [
        ("quiet", stored.quiet.to_string()),
        ("remind-after", stored.remind_after),
        ("sound", stored.sound.to_string()),
    ];
    let inputs = inputs.into_iter().chain(quiet.into_iter().flatten());
    let parts = inputs.filter_map(|(name, stored)| {
        saving
            .part_of(name, &stored, |_| wanted.map(|wishes| Ask::Notices(NoticeAsk::Wish(wishes))))
    });
    let mut parts: Vec<Part> = parts.collect();
    if let (Err(refusal), Some(first)) = (wanted, parts.first_mut()) {
        // Said once, where it stands.
        first.name = match refusal {
            Refusal::Invalid { field: Field::Reminder, .. } => "remind-after",
            _ => "quiet-from",
        };
        parts.truncate(1);
    }
    parts
}

/// A minute of the day as a time field has it.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a time field holds, in minutes after midnight; `None` while it is not finished.
fn minutes(typed: &str) -> Option<u16> {
    // Some browsers add seconds.
    let mut parts = typed.split(':').map(str::parse::<u16>);
    let (hours, minutes) = (parts.next()?.ok()?, parts.next()?.ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_proto::refusal::Rule;
    use yew::Reducible;

    use super::super::super::draft::Edit;
    use super::*;

    fn typed(edits: &[(&'static str, &str)], wishes: &Wishes) -> Typed {
        let draft = edits.iter().fold(Rc::new(Draft::default()), |draft, (name, value)| {
            draft.reduce(Edit::Type(name, (*value).to_owned()))
        });
        Typed::of(&draft, wishes)
    }

    #[test]
    fn wishes_go_into_the_form_and_come_out_again() {
        for quiet in [None, Some(USUAL), Some(Quiet { from: 0, until: 1_439 })] {
            for remind_after in [None, Some(1), Some(5), Some(72)] {
                let wishes = Wishes { quiet, remind_after, sound: remind_after.is_some() };
                assert_eq!(Typed::stored(&wishes).wishes(), Ok(wishes));
            }
        }
        for hours in REMINDERS {
            let typed =
                Typed { remind_after: hours.to_owned(), ..Typed::stored(&Wishes::default()) };
            assert!(typed.wishes().is_ok(), "{hours}");
        }
    }

    #[test]
    fn quiet_hours_are_from_ten_to_seven_until_somebody_says_otherwise() {
        let none = Wishes::default();
        let on = typed(&[("quiet", "true")], &none);
        assert_eq!((on.from.as_str(), on.until.as_str()), ("22:00", "07:00"));
        assert_eq!(on.wishes().map(|wishes| wishes.quiet), Ok(Some(USUAL)));
        let other = typed(&[("quiet", "true"), ("quiet-from", "23:30:00")], &none);
        let quiet = Quiet { from: 23 * 60 + 30, until: 7 * 60 };
        assert_eq!(other.wishes().map(|wishes| wishes.quiet), Ok(Some(quiet)));
    }

    #[test]
    fn hours_that_are_none_are_refused_only_while_they_count() {
        let refused = Err(Refusal::invalid(Field::QuietHours, Rule::Malformed));
        for wrong in ["07:00", "", "24:00", "7"] {
            let mut edits = vec![("quiet", "true"), ("quiet-from", wrong)];
            assert_eq!(typed(&edits, &Wishes::default()).wishes(), refused, "{wrong:?}");
            edits.push(("quiet", "false"));
            assert_eq!(typed(&edits, &Wishes::default()).wishes(), Ok(Wishes::default()));
        }
    }
}
