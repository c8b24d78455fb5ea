//! A notice as an email: both parts constants, and the headers that let its reader end them with one
//! press, by what is in no link of it and says nothing (RFC 8058).

use std::time::{Duration, UNIX_EPOCH};

use base64ct::{Base64UrlUnpadded, Encoding};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use shared_proto::http::UNSUBSCRIBE;
use shared_proto::id::PersonId;
use shared_proto::time::Millis;

use super::failure::Failure;
use super::words::EmailWords;
use crate::store::vault::Vault;

/// Between the parts: in no word of either.
const BOUNDARY: &str = "quietroom-notice";

/// What turns emails to somebody at an address off, without saying whose it is: a keyed hash of both. It
/// outlives `quietroom key reseal`, and is no good for another address of theirs.
#[must_use]
pub fn token(vault: &Vault, person: PersonId, email: &str) -> String {
    Base64UrlUnpadded::encode_string(&vault.name("unsubscribe", &format!("{person}/{email}")))
}

/// Whose emails a token turns off, of everyone with an address; `None` for what this server has not made.
#[must_use]
pub fn whose(
    vault: &Vault,
    mut everyone: impl Iterator<Item = (PersonId, String)>,
    given: &str,
) -> Option<PersonId> {
    let found = everyone.find(|(person, email)| token(vault, *person, email) == given);
    found.map(|(person, _)| person)
}

/// Where and how a notice goes.
pub(super) struct Letter<'a> {
    /// The address notices come from.
    pub from: &'a Mailbox,
    /// What they are sent as.
    pub sender: &'a str,
    /// Whose it is.
    pub to: &'a str,
    /// What it is called, the same each time.
    pub id: &'a str,
    /// Since when it waits.
    pub since: Millis,
    /// Where this server is.
    pub url: &'a str,
    /// What turns emails to its reader off.
    pub token: &'a str,
}

/// The notice as it travels (RFC 5322), marked as one no program is to answer (RFC 3834).
///
/// # Errors
/// `Final` for an address that is none.
pub(super) fn compose(letter: &Letter<'_>, words: EmailWords) -> Result<Message, Failure> {
    let never = |what: &str| Failure::Final(what.to_owned());
    let to = letter.to.parse().map_err(|_| never("the address is not one mail can be sent to"))?;
    let header = |name: &'static str, value: String| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
    };
    let Letter { from, sender, id, since, url, token, .. } = *letter;
    let parts = MultiPart::alternative().boundary(BOUNDARY);
    let parts = parts.singlepart(SinglePart::plain(words.text));
    Message::builder()
        .from(Mailbox::new(Some(sender.replace(char::is_control, " ")), from.email.clone()))
        .to(Mailbox::new(None, to))
        .subject(words.subject)
        .date(UNIX_EPOCH + Duration::from_millis(since.0))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(header("List-Unsubscribe", format!("<{url}{UNSUBSCRIBE}?t={token}>")))
        .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()))
        .multipart(parts.singlepart(SinglePart::html(words.html)))
        .map_err(|_| never("the notice cannot be put together"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::words::Words;
    use crate::store::testing::store;

    #[test]
    fn a_token_is_of_one_person_at_one_address() {
        let store = store();
        let (ana, ben) = (PersonId::from_bytes([7; 16]), PersonId::from_bytes([8; 16]));
        let everyone = || [(ben, "b@c".to_owned()), (ana, "a@b".to_owned())].into_iter();
        let made = token(&store.vault, ana, "a@b");
        assert_eq!(whose(&store.vault, everyone(), &made), Some(ana));
        assert!(!made.contains(&ana.to_string()) && made.len() == 43, "{made}");
        let moved = [(ana, "ana@b".to_owned())].into_iter();
        assert_eq!(whose(&store.vault, moved, &made), None);
        assert_eq!(whose(&store.vault, everyone(), ""), None);
    }

    fn composed(sender: &str, to: &str) -> Result<String, Failure> {
        let from: Mailbox = "Our clinic <messages@example.org>".parse().unwrap();
        let letter = Letter {
            from: &from,
            sender,
            to,
            id: "0123",
            since: Millis(1_700_000_000_000),
            url: "https://messages.example.org",
            token: "abc",
        };
        let message = compose(&letter, Words::of("en").email(letter.url))?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_notice_has_the_headers_mail_needs_and_no_other_name() {
        let text = composed("Quietroom", "jonas@example.org").unwrap();
        for line in [
            "From: Quietroom <messages@example.org>",
            "To: jonas@example.org",
            "Subject: Something new is waiting for you",
            "Date: Tue, 14 Nov 2023 22:13:20 +0000",
            "Message-ID: <0123@example.org>",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://messages.example.org/api/unsubscribe?t=abc>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("clinic"));
    }

    #[test]
    fn what_it_is_sent_as_adds_no_header() {
        let text = composed("Lane\r\nBcc: x@example.org", "jonas@example.org").unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert!(matches!(composed("Lane", "a, b@example.org"), Err(Failure::Final(_))));
    }
}
