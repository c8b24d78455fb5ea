//! The words of mail, from Fluent files, in the language of whoever reads it.

use super::Letter;
use crate::fluent::{File, Messages};

/// The languages there are, English first. Another is another folder beside `en` and another line.
const LANGUAGES: &[File] = &[("en", include_str!("../../../assets/locales/en/mail.ftl"))];

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Names nobody, and nothing about why people write to each other.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// The letter in `language` (BCP 47), or in English.
#[must_use]
pub fn write(language: &str, letter: &Letter) -> Words {
    let messages = Messages::of(LANGUAGES, language);
    let (name, practice, inviter, link) = parts(letter);
    let (practice, inviter) = (one_line(practice), one_line(inviter));
    let with = [("practice", &*practice), ("inviter", &*inviter), ("link", link)];
    let say = |id: &str| messages.say(id, &with);
    let body = [say(&format!("mail-{name}")), say("mail-footer")].join("\n\n-- \n");
    Words { subject: say(&format!("mail-{name}-subject")), body: body + "\n" }
}

fn parts(letter: &Letter) -> (&'static str, &str, &str, &str) {
    match letter {
        Letter::Invitation { practice, inviter, link } => ("invitation", practice, inviter, link),
        Letter::PasswordReset { practice, link } => ("password-reset", practice, "", link),
        Letter::ConfirmNewEmail { practice, link } => ("confirm-new-email", practice, "", link),
        Letter::ConfirmOldEmail { practice, link } => ("confirm-old-email", practice, "", link),
        Letter::PasswordChanged { practice } => ("password-changed", practice, "", ""),
        Letter::FactorChanged { practice } => ("factor-changed", practice, "", ""),
        Letter::EmailChanged { practice } => ("email-changed", practice, "", ""),
        Letter::Test { practice } => ("test", practice, "", ""),
    }
}

/// A name as words in a line: it starts no line of its own. One of another script is isolated, so
/// that it does not turn the words around it (Unicode UAX 9, 2.4).
fn one_line(name: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{202a}'..='\u{202e}')
    };
    let words = name.replace(breaks, " ");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_ascii() { words } else { format!("\u{2068}{words}\u{2069}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Letter> {
        let practice = || "Willow Lane".to_owned();
        let link = || "https://messages.example.org/welcome#abc_-123".to_owned();
        vec![
            Letter::Invitation {
                practice: practice(),
                inviter: "Dana Whitfield".into(),
                link: link(),
            },
            Letter::PasswordReset { practice: practice(), link: link() },
            Letter::ConfirmNewEmail { practice: practice(), link: link() },
            Letter::ConfirmOldEmail { practice: practice(), link: link() },
            Letter::PasswordChanged { practice: practice() },
            Letter::FactorChanged { practice: practice() },
            Letter::EmailChanged { practice: practice() },
            Letter::Test { practice: practice() },
        ]
    }

    #[test]
    fn every_file_parses_and_defines_each_message_once() {
        crate::fluent::assert_sound(LANGUAGES);
    }

    #[test]
    fn every_letter_has_plain_words_and_a_subject_that_gives_nothing_away() {
        for letter in all() {
            let words = write("de-CH", &letter);
            let whole = format!("{}\n{}", words.subject, words.body);
            assert!(!whole.contains("mail-") && !whole.contains(['{', '}', '!']), "{whole}");
            assert!(words.body.contains("Willow Lane"), "{whole}");
            let subject = words.subject.to_lowercase();
            for given_away in ["willow", "dana", "care", "health", "client", "provider", "therap"] {
                assert!(!subject.contains(given_away), "{subject}");
            }
            let link = parts(&letter).3;
            if !link.is_empty() {
                assert!(words.body.lines().any(|line| line == link), "{whole}");
            }
            assert!(words.body.lines().all(|line| line.chars().count() <= 998));
        }
    }

    #[test]
    fn a_name_starts_no_line_and_does_not_turn_the_words_around_it() {
        let letter = Letter::Invitation {
            practice: "Lane\r\nBcc: x@example.org".into(),
            inviter: "דנה\u{202e}\n\nhttps://elsewhere.example".into(),
            link: "https://messages.example.org/x".into(),
        };
        let body = write("en", &letter).body;
        assert!(
            !body.lines().any(|line| line.starts_with("Bcc") || line.starts_with("https://else"))
        );
        assert!(body.contains("\u{2068}דנה https://elsewhere.example\u{2069}"), "{body}");
    }
}
