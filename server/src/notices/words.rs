//! The words of notices, from Fluent files, in the language of whoever reads them. Constants: nothing
//! goes into them but the address of this server, and the digits of a code.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

/// The languages there are, English first. Another is another folder beside `en` and another line.
const LANGUAGES: &[(&str, &str)] =
    &[("en", include_str!("../../../assets/locales/en/notices.ftl"))];

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
pub struct Words {
    language: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Those in `language` (BCP 47), or in English.
    #[must_use]
    pub fn of(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default().to_lowercase();
        let found = LANGUAGES.iter().find(|(known, _)| *known == primary);
        let (language, source) = found.unwrap_or(&LANGUAGES[0]);
        let tag = language.parse().expect("our own language tags are well formed");
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.set_use_isolating(false);
        // What does not parse is left out; a test holds every file to the grammar.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }

    /// The email that says that there is something, with the sign-in page at `url`.
    #[must_use]
    pub fn email(&self, url: &str) -> EmailWords {
        let say = |id: &str| escaped(&self.say(id, &[]));
        let html = format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\">\
             <title>{title}</title></head>\n<body>\n<p>{greeting}</p>\n<p>{lead}</p>\n\
             <p><a href=\"{url}\">{button}</a></p>\n<p>{end}</p>\n</body>\n</html>\n",
            language = self.language,
            title = say("notice-email-subject"),
            greeting = say("notice-email-greeting"),
            lead = say("notice-email-lead"),
            url = escaped(url),
            button = say("notice-email-button"),
            end = say("notice-email-end"),
        );
        EmailWords {
            subject: self.say("notice-email-subject", &[]),
            text: self.say("notice-email", &[("url", url)]) + "\n",
            html,
        }
    }

    /// The text message that says so.
    #[must_use]
    pub fn sms(&self, url: &str) -> String {
        self.say("notice-sms", &[("url", url)])
    }

    /// What a browser is pushed: a JSON object that the service worker shows as it is.
    #[must_use]
    pub fn push(&self) -> String {
        let (title, body) = (self.say("notice-push-title", &[]), self.say("notice-push-body", &[]));
        // Written out, so that the order of the two is the same in every build.
        let [title, body] = [title, body].map(|text| serde_json::Value::from(text).to_string());
        format!("{{\"title\":{title},\"body\":{body}}}")
    }

    /// The text message with a code for a mobile number.
    #[must_use]
    pub fn code(&self, code: &str) -> String {
        self.say("notice-code", &[("code", code)])
    }

    /// A message by its name.
    #[must_use]
    pub fn plain(&self, id: &str) -> String {
        self.say(id, &[])
    }

    /// The language they are in (BCP 47).
    #[must_use]
    pub const fn language(&self) -> &'static str {
        self.language
    }

    fn say(&self, id: &str, with: &[(&str, &str)]) -> String {
        let arguments: FluentArgs = with.iter().map(|(name, value)| (*name, *value)).collect();
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        pattern.map_or_else(
            || id.to_owned(),
            |pattern| {
                let mut errors = Vec::new();
                self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
            },
        )
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
        for (language, source) in LANGUAGES {
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
            let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
            bundle.add_resource(resource).unwrap();
        }
    }

    #[test]
    fn every_notice_is_plain_words_that_give_nothing_away() {
        for (language, _) in LANGUAGES {
            let words = Words::of(language);
            let email = words.email(URL);
            let all = [email.subject, email.text, email.html, words.sms(URL), words.push()];
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
        let text = Words::of("en").sms("https://messages.lakeside-clinic.example.org");
        assert!(text.is_ascii() && text.len() <= 160, "{} {text}", text.len());
    }

    #[test]
    fn an_address_ends_no_attribute() {
        let html = Words::of("en").email("https://x\"><script>").html;
        assert!(!html.contains("<script>"), "{html}");
    }
}
