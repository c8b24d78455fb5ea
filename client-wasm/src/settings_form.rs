//! The practice's settings as they stand in a form: text by part. Pure. It keeps apart what was
//! typed, what it was typed over, and what is saved by now, so that two windows neither overwrite
//! each other unseen nor lose what was typed.

use shared_proto::practice::{Booking, ClientStart, CreateForInvited, Notices, Policies, Settings};
use shared_proto::refusal::{Field, Refusal, Rule};

/// One input of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The practice's name.
    Name,
    /// Its time zone.
    TimeZone,
    /// Its language.
    Language,
    /// Its currency.
    Currency,
    /// Who may start a conversation.
    ClientStart,
    /// Whether somebody without an account can be taken into one.
    Invited,
    /// Notices by email.
    Email,
    /// Notices by text message.
    Sms,
    /// Notices by web push.
    Push,
    /// What notices are sent as.
    Sender,
    /// Who may book.
    Booking,
    /// What new conversations announce.
    Announcement,
    /// Minutes without activity.
    Idle,
    /// Hours of a session.
    Hours,
}

/// Name and place.
pub const PLACE: &[Part] = &[Part::Name, Part::TimeZone, Part::Language, Part::Currency];
/// The policies.
pub const POLICIES: &[Part] = &[
    Part::ClientStart,
    Part::Invited,
    Part::Email,
    Part::Sms,
    Part::Push,
    Part::Sender,
    Part::Booking,
];
/// Those of a practice that is set up: what notices are sent as comes with its own warning later.
pub const FIRST_POLICIES: &[Part] =
    &[Part::ClientStart, Part::Invited, Part::Email, Part::Sms, Part::Push, Part::Booking];
/// The announcement.
pub const ANNOUNCEMENT: &[Part] = &[Part::Announcement];
/// The limits.
pub const LIMITS: &[Part] = &[Part::Idle, Part::Hours];

impl Part {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::TimeZone,
        Self::Language,
        Self::Currency,
        Self::ClientStart,
        Self::Invited,
        Self::Email,
        Self::Sms,
        Self::Push,
        Self::Sender,
        Self::Booking,
        Self::Announcement,
        Self::Idle,
        Self::Hours,
    ];

    /// Id, form name and `data-testid` of its input; its words begin with it, too.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "practice",
            Self::TimeZone => "time-zone",
            Self::Language => "language",
            Self::Currency => "currency",
            Self::ClientStart => "client-start",
            Self::Invited => "invited",
            Self::Email => "notify-email",
            Self::Sms => "notify-sms",
            Self::Push => "notify-push",
            Self::Sender => "sender",
            Self::Booking => "booking",
            Self::Announcement => "announcement",
            Self::Idle => "idle-minutes",
            Self::Hours => "session-hours",
        }
    }

    /// What a refusal calls it; policies are chosen and never refused.
    #[must_use]
    pub const fn field(self) -> Option<Field> {
        match self {
            Self::Name => Some(Field::Practice),
            Self::TimeZone => Some(Field::TimeZone),
            Self::Language => Some(Field::Language),
            Self::Currency => Some(Field::Currency),
            Self::Sender => Some(Field::Sender),
            Self::Announcement => Some(Field::Announcement),
            Self::Idle => Some(Field::IdleMinutes),
            Self::Hours => Some(Field::SessionHours),
            _ => None,
        }
    }

    /// What can be chosen for a policy, the default first.
    #[must_use]
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::ClientStart => &["assigned", "after-provider", "never"],
            Self::Invited => &["yes", "no"],
            Self::Email | Self::Sms | Self::Push => &["on", "off"],
            Self::Booking => &["off", "clients", "public"],
            _ => &[],
        }
    }
}

/// What stands in the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form([String; Part::ALL.len()]);

impl Form {
    /// As these settings fill it in.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let policies = &settings.policies;
        let switch = |on: bool| if on { "on" } else { "off" };
        Self(Part::ALL.map(|part| match part {
            Part::Name => settings.name.clone(),
            Part::TimeZone => settings.time_zone.clone(),
            Part::Language => settings.language.clone(),
            Part::Currency => settings.currency.clone(),
            Part::Announcement => settings.announcement.clone(),
            Part::Sender => settings.sender.clone(),
            Part::Idle => settings.idle_minutes.to_string(),
            Part::Hours => settings.session_hours.to_string(),
            Part::Email => switch(policies.notify.email).to_owned(),
            Part::Sms => switch(policies.notify.sms).to_owned(),
            Part::Push => switch(policies.notify.push).to_owned(),
            Part::ClientStart => part.choices()[policies.client_start as usize].to_owned(),
            Part::Invited => part.choices()[policies.create_for_invited as usize].to_owned(),
            Part::Booking => part.choices()[policies.booking as usize].to_owned(),
        }))
    }

    /// What stands in an input.
    #[must_use]
    pub fn get(&self, part: Part) -> &str {
        &self.0[part as usize]
    }

    /// Types into it.
    pub fn set(&mut self, part: Part, value: String) {
        self.0[part as usize] = value;
    }

    /// The policies chosen.
    #[must_use]
    pub fn policies(&self) -> Policies {
        Policies {
            client_start: match self.get(Part::ClientStart) {
                "after-provider" => ClientStart::AfterProviderFirst,
                "never" => ClientStart::Never,
                _ => ClientStart::Assigned,
            },
            create_for_invited: match self.get(Part::Invited) {
                "no" => CreateForInvited::No,
                _ => CreateForInvited::Yes,
            },
            booking: match self.get(Part::Booking) {
                "clients" => Booking::Clients,
                "public" => Booking::Public,
                _ => Booking::Off,
            },
            notify: Notices {
                email: self.get(Part::Email) == "on",
                sms: self.get(Part::Sms) == "on",
                push: self.get(Part::Push) == "on",
            },
        }
    }

    /// The settings typed, checked by the server's own rules.
    ///
    /// # Errors
    /// The first input that broke a rule.
    pub fn settings(&self) -> Result<Settings, Refusal> {
        let typed = Settings {
            name: self.get(Part::Name).to_owned(),
            time_zone: self.get(Part::TimeZone).to_owned(),
            language: self.get(Part::Language).to_owned(),
            currency: self.get(Part::Currency).to_owned(),
            announcement: self.get(Part::Announcement).to_owned(),
            idle_minutes: number(Field::IdleMinutes, self.get(Part::Idle))?,
            session_hours: number(Field::SessionHours, self.get(Part::Hours))?,
            policies: self.policies(),
            sender: self.get(Part::Sender).to_owned(),
        };
        typed.checked()
    }
}

/// A whole number; one that is too large for any limit is as large as fits.
fn number(field: Field, text: &str) -> Result<u16, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::invalid(field, Rule::Empty));
    }
    if !text.chars().all(|digit| digit.is_ascii_digit()) {
        return Err(Refusal::invalid(field, Rule::Malformed));
    }
    Ok(text.parse().unwrap_or(u16::MAX))
}

/// What is typed over settings that may change meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What was saved when somebody began to type.
    base: Form,
    /// What stands in the inputs.
    pub typed: Form,
    /// What is saved now.
    pub saved: Form,
}

impl Edited {
    /// Nothing typed yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let form = Form::of(settings);
        Self { base: form.clone(), typed: form.clone(), saved: form }
    }

    /// These are saved now. What nobody typed into follows; what somebody did stays as it is.
    pub fn follow(&mut self, settings: &Settings) {
        self.saved = Form::of(settings);
        for part in Part::ALL {
            let (typed, saved) = (self.typed.get(part).to_owned(), self.saved.get(part).to_owned());
            if typed == self.base.get(part) || typed == saved {
                self.typed.set(part, saved.clone());
                self.base.set(part, saved);
            }
        }
    }

    /// What was typed here is saved: as the server keeps it, trimmed, it stands in the inputs. What
    /// was typed since it was sent stays.
    pub fn keep(&mut self, parts: &[Part], sent: &Form, settings: &Settings) {
        for part in parts.iter().filter(|part| self.typed.get(**part) == sent.get(**part)) {
            self.base.set(*part, sent.get(*part).to_owned());
        }
        self.follow(settings);
    }

    /// Whether something typed here is not saved.
    #[must_use]
    pub fn is_changed(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.typed.get(*part) != self.saved.get(*part))
    }

    /// What somebody else saved in an input that has been typed into here.
    #[must_use]
    pub fn newer(&self, part: Part) -> Option<&str> {
        let (typed, saved) = (self.typed.get(part), self.saved.get(part));
        (saved != self.base.get(part) && saved != typed).then_some(saved)
    }

    /// Whether one of these was changed elsewhere, too.
    #[must_use]
    pub fn is_contested(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.newer(*part).is_some())
    }

    /// The newer value instead of the one typed.
    pub fn take_newer(&mut self, part: Part) {
        let saved = self.saved.get(part).to_owned();
        self.typed.set(part, saved.clone());
        self.base.set(part, saved);
    }

    /// What is sent to save these parts: everything else as it is saved.
    #[must_use]
    pub fn to_save(&self, parts: &[Part]) -> Form {
        let mut form = self.saved.clone();
        for part in parts {
            form.set(*part, self.typed.get(*part).to_owned());
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lakeside() -> Settings {
        Settings::named("Lakeside")
    }

    #[test]
    fn settings_go_into_the_form_and_come_out_again() {
        let mut settings = lakeside();
        settings.announcement = "Back on Monday".to_owned();
        settings.idle_minutes = 25;
        settings.sender = "Lake House".to_owned();
        settings.policies.notify.sms = false;
        for client_start in
            [ClientStart::Assigned, ClientStart::AfterProviderFirst, ClientStart::Never]
        {
            for booking in [Booking::Off, Booking::Clients, Booking::Public] {
                for invited in [CreateForInvited::Yes, CreateForInvited::No] {
                    settings.policies.client_start = client_start;
                    settings.policies.booking = booking;
                    settings.policies.create_for_invited = invited;
                    assert_eq!(Form::of(&settings).settings(), Ok(settings.clone()));
                }
            }
        }
        for (index, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(part as usize, index);
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused_where_they_stand() {
        let refused = |part: Part, text: &str| {
            let mut form = Form::of(&lakeside());
            form.set(part, text.to_owned());
            form.settings().map_err(|refusal| match refusal {
                Refusal::Invalid { field, rule } => (field, rule),
                other => panic!("{other:?}"),
            })
        };
        let idle = Field::IdleMinutes;
        assert_eq!(refused(Part::Idle, " "), Err((idle, Rule::Empty)));
        assert_eq!(refused(Part::Idle, "ten"), Err((idle, Rule::Malformed)));
        assert_eq!(refused(Part::Idle, "-1"), Err((idle, Rule::Malformed)));
        assert_eq!(refused(Part::Idle, "0"), Err((idle, Rule::TooShort { limit: 1 })));
        let long = Rule::TooLong { limit: 24 };
        assert_eq!(refused(Part::Hours, "99999"), Err((Field::SessionHours, long)));
        assert!(refused(Part::Hours, " 8 ").is_ok());
    }

    #[test]
    fn what_notices_are_sent_as_is_short_and_may_be_empty() {
        let sent_as = |sender: &str| {
            let mut form = Form::of(&lakeside());
            form.set(Part::Sender, sender.to_owned());
            form.settings().map(|settings| settings.sender)
        };
        assert_eq!(sent_as("  Lake House "), Ok("Lake House".to_owned()));
        assert_eq!(sent_as(""), Ok(String::new()));
        let long = Refusal::invalid(Field::Sender, Rule::TooLong { limit: 40 });
        assert_eq!(sent_as(&"a".repeat(41)), Err(long));
    }

    #[test]
    fn what_nobody_typed_into_follows_and_what_was_typed_stays() {
        let mut edited = Edited::new(&lakeside());
        edited.typed.set(Part::Name, "Typed here".to_owned());
        let mut theirs = lakeside();
        theirs.name = "Typed there".to_owned();
        theirs.currency = "CHF".to_owned();
        edited.follow(&theirs);
        assert_eq!(edited.typed.get(Part::Currency), "CHF");
        assert_eq!(edited.typed.get(Part::Name), "Typed here");
        assert_eq!(edited.newer(Part::Name), Some("Typed there"));
        assert!(edited.is_contested(PLACE) && !edited.is_contested(LIMITS));

        let mut taken = edited.clone();
        taken.take_newer(Part::Name);
        assert!(!taken.is_contested(PLACE) && !taken.is_changed(PLACE));
        assert_eq!(taken.typed.get(Part::Name), "Typed there");
        // Typed into again, it is no quarrel: nobody else has changed it since.
        taken.typed.set(Part::Name, "And again".to_owned());
        assert_eq!(taken.newer(Part::Name), None);
    }

    #[test]
    fn saving_a_group_sends_the_others_as_they_are_saved() {
        let mut edited = Edited::new(&lakeside());
        edited.typed.set(Part::Hours, "8".to_owned());
        edited.typed.set(Part::Name, "Half typ".to_owned());
        let sent = edited.to_save(LIMITS);
        assert_eq!((sent.get(Part::Hours), sent.get(Part::Name)), ("8", "Lakeside"));
        let saved = sent.settings().unwrap();
        edited.keep(LIMITS, &sent, &saved);
        assert!(!edited.is_changed(LIMITS) && edited.is_changed(PLACE));
        assert_eq!(edited.typed.get(Part::Name), "Half typ");
    }

    #[test]
    fn what_is_saved_stands_in_the_form_as_it_is_kept_and_later_typing_stays() {
        let mut edited = Edited::new(&lakeside());
        edited.typed.set(Part::Name, "  Lake House ".to_owned());
        let sent = edited.to_save(PLACE);
        let saved = sent.settings().unwrap();
        let mut later = edited.clone();
        edited.keep(PLACE, &sent, &saved);
        assert_eq!(edited.typed.get(Part::Name), "Lake House");
        later.typed.set(Part::Name, "Lake House North".to_owned());
        later.keep(PLACE, &sent, &saved);
        assert_eq!(later.typed.get(Part::Name), "Lake House North");
        assert!(later.is_changed(PLACE));
    }
}
