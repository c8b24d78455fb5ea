//! All words the person sees come from Fluent files through [`Text`], which is given to every
//! component as a context.

use std::cell::RefCell;
use std::rc::Rc;

use shared_proto::notice::rule::Why;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::strength::Weakness;
use yew::{hook, use_context};

use crate::words::plural::Plurals;
use crate::words::said::{self, Messages, Value};
use crate::words::{self, Words};

/// The words of the person's language.
#[derive(Clone)]
pub struct Text {
    language: &'static str,
    plurals: Plurals,
    known: Rc<RefCell<Vec<Messages>>>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.known, &other.known)
    }
}

impl Text {
    /// The first of the `wanted` languages (BCP 47, most wanted first) that there is, or English.
    #[must_use]
    pub fn in_language(wanted: &[String]) -> Self {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let mut found = wanted
            .iter()
            .filter_map(|tag| words::LANGUAGES.iter().find(|language| **language == primary(tag)));
        let language = found.next().unwrap_or(&words::LANGUAGES[0]);
        let text = Self { language, plurals: Plurals::of(language), known: Rc::default() };
        text.learn(words::core);
        text
    }

    /// Knows the words of a part from now on.
    pub fn learn(&self, words: Words) {
        let mut known = self.known.borrow_mut();
        for source in words(self.language) {
            if !known.iter().any(|messages| messages.are_of(source)) {
                known.push(Messages::of(source));
            }
        }
    }

    /// Its BCP 47 tag, for `<html lang>`.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The message `id`.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The message `id` with its arguments.
    #[must_use]
    pub fn say_with(&self, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let pattern = self.known.borrow().iter().find_map(|messages| messages.find(id));
        match pattern {
            Some(pattern) => said::say(pattern, arguments, &|count| self.plurals.category(count)),
            None => id.to_owned(),
        }
    }

    /// Names in a row. One alone is that name and nothing else.
    #[must_use]
    pub fn list<S: AsRef<str>>(&self, names: &[S]) -> String {
        let mut names = names.iter().map(AsRef::as_ref);
        let first = names.next().unwrap_or_default().to_owned();
        names.fold(first, |before, next| {
            self.say_with("list-pair", &[("before", before.into()), ("next", next.into())])
        })
    }

    /// What was refused and what to do about it.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Invalid { field, rule } => {
                let limit = match rule {
                    Rule::TooLong { limit }
                    | Rule::TooShort { limit }
                    | Rule::TooMany { limit }
                    | Rule::TooLarge { limit }
                    | Rule::QuotaUsed { limit } => *limit,
                    _ => 0,
                };
                let arguments = [("field", field_name(*field).into()), ("limit", limit.into())];
                self.say_with(&format!("refusal-{}", refusal.rule()), &arguments)
            }
            Refusal::TooManyTries { retry_after_s } => {
                let minutes = retry_after_s.div_ceil(60);
                self.say_with("refusal-too-many-tries", &[("minutes", minutes.into())])
            }
            Refusal::NoNotice(why) => {
                self.say_with("refusal-no-notice", &[("why", why_name(*why).into())])
            }
            _ => self.say(&format!("refusal-{}", refusal.rule())),
        }
    }
}

impl Text {
    /// What makes a password easy to guess.
    #[must_use]
    pub fn weakness(&self, weakness: &Weakness) -> String {
        let least = match weakness {
            Weakness::TooShort { least } => *least,
            _ => 0,
        };
        let id = format!("weakness-{}", weakness.name());
        self.say_with(&id, &[("least", least.into())])
    }
}

const fn field_name(field: Field) -> &'static str {
    match field {
        Field::Text => "text",
        Field::Participants => "participants",
        Field::Name => "name",
        Field::Email => "email",
        Field::Password => "password",
        Field::Practice => "practice",
        Field::Query => "query",
        Field::Conversations => "conversations",
        Field::Phone => "phone",
        Field::ChartNumber => "chart-number",
        Field::Division => "division",
        Field::Detail => "detail",
        Field::TimeZone => "time-zone",
        Field::Language => "language",
        Field::Currency => "currency",
        Field::Announcement => "announcement",
        Field::IdleMinutes => "idle-minutes",
        Field::SessionHours => "session-hours",
        Field::StartsAt => "starts-at",
        Field::SendAt => "send-at",
        Field::Memberships => "memberships",
        Field::Reason => "reason",
        Field::PasskeyName => "passkey-name",
        Field::Code => "code",
        Field::CurrentPassword => "current-password",
        Field::File => "file",
        Field::Host => "host",
        Field::Form => "form",
        Field::Recipients => "recipients",
        Field::Hours => "hours",
        Field::Leave => "leave",
        Field::Holidays => "holidays",
        Field::AwayReply => "away-reply",
        Field::Greeting => "greeting",
        Field::ReplyTitle => "reply-title",
        Field::ReplyText => "reply-text",
        Field::Replies => "replies",
        Field::QuietHours => "quiet-hours",
        Field::Reminder => "reminder",
        Field::Sender => "sender",
        Field::PushDevice => "push-device",
    }
}

/// Why no notice goes out, as messages name it.
#[must_use]
pub const fn why_name(why: Why) -> &'static str {
    match why {
        Why::NoMember => "no-member",
        Why::Read => "read",
        Why::Told => "told",
        Why::NoAccount => "no-account",
        Why::Policy => "policy",
        Why::Consent => "consent",
        Why::NoAddress => "no-address",
        Why::Unfit => "unfit",
        Why::Unconfirmed => "unconfirmed",
        Why::NoWayOut => "no-way-out",
        Why::Withdrawn => "withdrawn",
        Why::Stopped => "stopped",
    }
}

/// The words of the person's language, in a component.
#[hook]
pub fn use_text() -> Text {
    use_context::<Text>().expect("App provides the text to everything it draws")
}

#[cfg(test)]
mod tests {
    use shared_proto::factors::SecondSteps;

    use super::*;

    fn everything() -> Text {
        let text = Text::in_language(&["en-GB".to_owned()]);
        for words in [words::people, words::practice, words::account] {
            text.learn(words);
        }
        text
    }

    fn knows(text: &Text, id: &str) -> bool {
        text.known.borrow().iter().any(|messages| messages.find(id).is_some())
    }

    #[test]
    fn every_refusal_has_words_with_its_limit() {
        let text = Text::in_language(&[]);
        let rules = [
            Rule::Empty,
            Rule::TooLong { limit: 77 },
            Rule::TooShort { limit: 77 },
            Rule::TooMany { limit: 77 },
            Rule::Malformed,
            Rule::Duplicate,
            Rule::Unknown,
            Rule::Common,
            Rule::Taken,
            Rule::InUse,
            Rule::Wrong,
            Rule::NotAccepted,
            Rule::Differs,
            Rule::TooLarge { limit: 77 },
            Rule::QuotaUsed { limit: 77 },
        ];
        let fields = [
            Field::Text,
            Field::Participants,
            Field::Name,
            Field::Email,
            Field::Password,
            Field::Practice,
            Field::Query,
            Field::Conversations,
            Field::Phone,
            Field::ChartNumber,
            Field::Division,
            Field::Detail,
            Field::TimeZone,
            Field::Language,
            Field::Currency,
            Field::Announcement,
            Field::IdleMinutes,
            Field::SessionHours,
            Field::Reason,
            Field::PasskeyName,
            Field::Code,
            Field::CurrentPassword,
            Field::File,
            Field::Host,
            Field::Form,
            Field::Recipients,
            Field::QuietHours,
            Field::Reminder,
            Field::Sender,
            Field::PushDevice,
        ];
        let mut refusals = vec![
            Refusal::SignInRequired,
            Refusal::WrongCredentials,
            Refusal::TooManyTries { retry_after_s: 61 },
            Refusal::NotFound,
            Refusal::ClientCannotStart,
            Refusal::OwnerOnly,
            Refusal::ProviderOnly,
            Refusal::LastOwner,
            Refusal::PortalOff,
            Refusal::NotAssigned,
            Refusal::ProviderFirst,
            Refusal::SessionsOnly,
            Refusal::OtherDivision,
            Refusal::NoAccount,
            Refusal::HasAccount,
            Refusal::NoEmail,
            Refusal::Suspended,
            Refusal::Locked,
            Refusal::ReadOnly,
            Refusal::Outdated,
            Refusal::WrongCode,
            Refusal::StepExpired,
            Refusal::Link,
            Refusal::NotAuthor,
            Refusal::AlreadyWithdrawn,
            Refusal::NotAMessage,
            Refusal::TooFast { retry_after_ms: 1 },
            Refusal::Busy,
            Refusal::StorageFull,
            Refusal::Unavailable,
            Refusal::Stopping,
            Refusal::SetUpLink,
            Refusal::SecondStep(SecondSteps::default()),
            Refusal::SecondFactorRequired,
            Refusal::LastFactor,
            Refusal::CodeExpired,
            Refusal::Submitted,
            Refusal::Retired,
            Refusal::FileStays,
            Refusal::NotWhole,
            Refusal::NotSent,
            Refusal::WrongMobileCode,
            Refusal::MobileCodeOver,
        ];
        refusals.extend(Why::ALL.map(Refusal::NoNotice));
        for field in fields {
            refusals.extend(rules.iter().map(|rule| Refusal::invalid(field, *rule)));
        }
        for refusal in refusals {
            let words = text.refusal(&refusal);
            assert!(words.len() > 12 && !words.contains(['{', '}']), "{refusal:?}: {words}");
            assert!(!words.contains('!'), "{words}");
            let limit = matches!(
                refusal,
                Refusal::Invalid {
                    rule: Rule::TooLong { .. } | Rule::TooLarge { .. } | Rule::QuotaUsed { .. },
                    ..
                }
            );
            assert!(!limit || words.contains("77"), "{words}");
        }
    }

    #[test]
    fn every_weakness_and_every_score_has_words() {
        let text = everything();
        for weakness in [
            Weakness::TooShort { least: 77 },
            Weakness::CommonPassword,
            Weakness::CommonWord,
            Weakness::NameOrEmail,
            Weakness::KeyboardPattern,
            Weakness::Repeats,
            Weakness::Sequence,
            Weakness::Date,
        ] {
            let words = text.weakness(&weakness);
            assert!(words.contains(' ') && !words.contains(['{', '}', '!']), "{words}");
            let limited = matches!(weakness, Weakness::TooShort { .. });
            assert_eq!(words.contains("77"), limited, "{words}");
        }
        for score in 0..=4 {
            assert!(knows(&text, &format!("strength-{score}")));
        }
    }

    #[test]
    fn everything_the_audit_log_says_has_words() {
        use shared_proto::audit::{Action, Group, WORDS};
        let text = everything();
        let actions = Action::ALL.iter().map(|action| format!("audit-action-{}", action.name()));
        let groups = Group::ALL.iter().map(|group| format!("audit-group-{}", group.name()));
        let words = WORDS.iter().map(|word| format!("audit-word-{word}"));
        for id in actions.chain(groups).chain(words) {
            assert!(knows(&text, &id), "{id}");
        }
    }

    #[test]
    fn names_are_isolated_from_the_words_around_them() {
        let text = everything();
        let said = text.say_with("typing-one", &[("name", "דנה".into())]);
        assert_eq!(said, "\u{2068}דנה\u{2069} is typing");
        assert_eq!(text.list(&["Ana"]), "Ana");
        let listed = text.list(&["Ana", "דנה", "Luca"]).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(listed, "Ana, דנה, Luca");
    }

    #[test]
    fn the_words_of_the_page_before_the_app_are_those_of_the_files() {
        let text = everything();
        let page = include_str!("../index.html");
        for words in [text.say("boot-noscript"), text.say("boot-failed")] {
            assert!(page.contains(&words), "index.html does not say: {words}");
        }
    }

    #[test]
    fn the_words_of_the_worker_are_those_of_the_files_and_it_keeps_nothing() {
        let text = everything();
        let worker = include_str!("../../assets/sw.js");
        assert!(worker.contains(&text.say("notices-shown")), "sw.js does not say them");
        for kept in ["caches", "indexedDB", "\"fetch\"", "fetch(", "postMessage"] {
            assert!(!worker.contains(kept), "{kept}");
        }
    }

    #[test]
    fn counts_take_their_plural() {
        let text = everything();
        assert_eq!(text.say_with("unread-count", &[("count", 1u32.into())]), "1 unread message");
        assert_eq!(text.say_with("unread-count", &[("count", 5u32.into())]), "5 unread messages");
    }
}
