//! The words of notices, from Fluent files, in the language of whoever reads them. Constants: nothing
//! goes into them but the address of this server, and the digits of a code.

use crate::fluent::{File, Messages};

/// The languages there are, English first. Another is another folder beside `en` and another line.
const LANGUAGES: &[File] = &[("en", include_str!("../../../assets/locales/en/notices.ftl"))];

/// An email in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailWords {
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text: String,
    /// Its HTML part: the same in meaning.
    pub html: String,
}

/// The words of one language.
pub struct Words(Messages);

impl Words {
    /// Those in `language` (BCP 47), or in English.
    #[must_use]
    pub fn of(language: &str) -> Self {
        Self(Messages::of(LANGUAGES, language))
    }

    /// The email that says that there is something, with the sign-in page at `url`.
    #[must_use]
    pub fn email(&self, url: &str) -> EmailWords {
        let say = |id: &str| escaped(&self.0.say(id, &[]));
        let html = format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\">\
             <title>{title}</title></head>\n<body>\n<p>{greeting}</p>\n<p>{lead}</p>\n\
             <p><a href=\"{url}\">{button}</a></p>\n<p>{end}</p>\n</body>\n</html>\n",
            language = self.0.language(),
            title = say("notice-email-subject"),
            greeting = say("notice-email-greeting"),
            lead = say("notice-email-lead"),
            url = escaped(url),
            button = say("notice-email-button"),
            end = say("notice-email-end"),
        );
        EmailWords {
            subject: self.0.say("notice-email-subject", &[]),
            text: self.0.say("notice-email", &[("url", url)]) + "\n",
            html,
        }
    }

    /// The text message that says so: how to end them, by an answer where that is heard.
    #[must_use]
    pub fn sms(&self, url: &str, hears_stop: bool) -> String {
        self.0.say(if hears_stop { "notice-sms" } else { "notice-sms-unheard" }, &[("url", url)])
    }

    /// What a browser is pushed: a JSON object that the service worker shows as it is.
    #[must_use]
    pub fn push(&self) -> String {
        let (title, body) =
            (self.0.say("notice-push-title", &[]), self.0.say("notice-push-body", &[]));
        // Written out, so that the order of the two is the same in every build.
        let [title, body] = [title, body].map(|text| serde_json::Value::from(text).to_string());
        format!("{{\"title\":{title},\"body\":{body}}}")
    }

    /// The text message with a code for a mobile number.
    #[must_use]
    pub fn code(&self, code: &str) -> String {
        self.0.say("notice-code", &[("code", code)])
    }

    /// A message by its name.
    #[must_use]
    pub fn plain(&self, id: &str) -> String {
        self.0.say(id, &[])
    }

    /// The language they are in (BCP 47).
    #[must_use]
    pub const fn language(&self) -> &'static str {
        self.0.language()
    }
}

/// Text as it stands in HTML, also within quotes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://messages.example.org";

    #[test]
    fn every_file_parses_and_defines_each_message_once() {
        crate::fluent::assert_sound(LANGUAGES);
    }

    #[test]
    fn every_notice_is_plain_words_that_give_nothing_away() {
        for (language, _) in LANGUAGES {
            let words = Words::of(language);
            let email = words.email(URL);
            let sms = [true, false].map(|hears_stop| words.sms(URL, hears_stop)).concat();
            let all = [email.subject, email.text, email.html, sms, words.push()];
            for text in all {
                assert!(!text.contains("notice-") && !text.contains("{ $"), "{text}");
                let lower = text.to_lowercase();
                for said in
                    ["message", "care", "health", "client", "provider", "therap", "practice"]
                {
                    let without_url = lower.replace(URL, "");
                    assert!(!without_url.contains(said), "{said}: {text}");
                }
            }
        }
    }

    #[test]
    fn both_parts_of_an_email_say_the_same() {
        let email = Words::of("de-CH").email(URL);
        // What a reader sees of the HTML, a link standing for its address.
        let shown = email.html.split_once("<body>").unwrap().1;
        let shown = shown.replace("Visit your account</a>", &format!("{URL}</a>"));
        let mut plain = String::new();
        let mut inside = false;
        for c in shown.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                other if !inside => plain.push(other),
                _ => {}
            }
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&plain.replace("&quot;", "\"")), words(&email.text));
    }

    #[test]
    fn a_text_message_fits_one_part() {
        // 160 characters of the GSM alphabet (3GPP TS 23.038); what is written here is all of it.
        for hears_stop in [true, false] {
            let url = "https://messages.lakeside-clinic.example.org";
            let text = Words::of("en").sms(url, hears_stop);
            assert!(text.is_ascii() && text.len() <= 160, "{} {text}", text.len());
        }
    }

    #[test]
    fn an_address_ends_no_attribute() {
        let html = Words::of("en").email("https://x\"><script>").html;
        assert!(!html.contains("<script>"), "{html}");
    }
}
