//! All words the person sees come from Fluent files through [`Text`], which is given to every
//! component as a context.

use std::cell::RefCell;
use std::rc::Rc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::strength::Weakness;
use yew::{hook, use_context};

use crate::words;

/// The words of the person's language.
#[derive(Clone)]
pub struct Text {
    language: &'static str,
    bundle: Rc<RefCell<FluentBundle<FluentResource>>>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.bundle, &other.bundle)
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
        let id = language.parse().expect("our own language tags are well formed");
        let mut bundle = FluentBundle::new(vec![id]);
        // Numbers need no marks around them; words do, and get them in `say_with`.
        bundle.set_use_isolating(false);
        let text = Self { language, bundle: Rc::new(RefCell::new(bundle)) };
        text.learn(words::core);
        text
    }

    /// Knows the words of a part from now on.
    pub fn learn(&self, words: words::Words) {
        let mut bundle = self.bundle.borrow_mut();
        for source in words(self.language) {
            // What does not parse is left out; a test holds every file to the grammar.
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
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
        self.format(id, None)
    }

    /// The message `id` with its arguments. Words among them are isolated: a name in Hebrew does
    /// not turn the English around it.
    #[must_use]
    pub fn say_with<'a>(&self, id: &str, arguments: &[(&'a str, FluentValue<'a>)]) -> String {
        let isolated = |value: &FluentValue<'a>| match value {
            FluentValue::String(words) => isolated(words).into(),
            other => other.clone(),
        };
        let all: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (*name, isolated(value))).collect();
        self.format(id, Some(&all))
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

    fn format(&self, id: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle.borrow();
        let pattern = bundle.get_message(id).and_then(|message| message.value());
        match pattern {
            Some(pattern) => {
                bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
            }
            None => id.to_owned(),
        }
    }

    /// What was refused and what to do about it.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Invalid { field, rule } => {
                let limit = match rule {
                    Rule::TooLong { limit }
                    | Rule::TooShort { limit }
                    | Rule::TooMany { limit } => *limit,
                    _ => 0,
                };
                let arguments: [(_, FluentValue<'_>); 2] =
                    [("field", field_name(*field).into()), ("limit", limit.into())];
                let arguments = FluentArgs::from_iter(arguments);
                self.format(&format!("refusal-{}", refusal.rule()), Some(&arguments))
            }
            Refusal::TooManyTries { retry_after_s } => {
                let minutes = retry_after_s.div_ceil(60);
                self.say_with("refusal-too-many-tries", &[("minutes", minutes.into())])
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

/// `words` between a first strong isolate and its end (Unicode UAX 9, 2.4).
fn isolated(words: &str) -> String {
    format!("\u{2068}{words}\u{2069}")
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
        ];
        for field in fields {
            refusals.extend(rules.iter().map(|rule| Refusal::invalid(field, *rule)));
        }
        for refusal in refusals {
            let words = text.refusal(&refusal);
            assert!(words.len() > 12 && !words.contains(['{', '}']), "{refusal:?}: {words}");
            assert!(!words.contains('!'), "{words}");
            if matches!(refusal, Refusal::Invalid { rule: Rule::TooLong { .. }, .. }) {
                assert!(words.contains("77"), "{words}");
            }
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
            assert!(text.bundle.borrow().has_message(&format!("strength-{score}")));
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
            assert!(text.bundle.borrow().has_message(&id), "{id}");
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
    fn counts_take_their_plural() {
        let text = everything();
        assert_eq!(text.say_with("unread-count", &[("count", 1.into())]), "1 unread message");
        assert_eq!(text.say_with("unread-count", &[("count", 5.into())]), "5 unread messages");
    }
}
