//! Messages of Fluent files, for what the server itself writes to people: letters and notices.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

/// A file in one language: its tag (BCP 47) and its text.
pub type File = (&'static str, &'static str);

/// The messages of one language.
pub struct Messages {
    language: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Messages {
    /// Those of the file in `language` (BCP 47; what stands behind its first hyphen makes no
    /// difference), or of the first file. There is at least one.
    ///
    /// # Panics
    /// When there is none, or the tag of one is not well formed.
    #[must_use]
    pub fn of(files: &[File], language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or_default().to_lowercase();
        let found = files.iter().find(|(known, _)| *known == primary);
        let (language, source) = found.unwrap_or(&files[0]);
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

    /// The language they are in (BCP 47).
    #[must_use]
    pub const fn language(&self) -> &'static str {
        self.language
    }

    /// A message by its id, with its arguments in their places as they are given; the id itself
    /// where there is no such message.
    #[must_use]
    pub fn say(&self, id: &str, with: &[(&str, &str)]) -> String {
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

/// That every file parses and defines each message once.
#[cfg(test)]
pub(crate) fn assert_sound(files: &[File]) {
    for (language, source) in files {
        let resource = FluentResource::try_new((*source).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{language}: {errors:?}"));
        let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
        bundle.add_resource(resource).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [File; 2] = [
        ("en", "greeting = Good evening, { $name }\n"),
        ("de", "greeting = Guten Abend, { $name }\n"),
    ];

    #[test]
    fn a_message_is_said_in_the_language_asked_for_or_in_the_first() {
        for (language, said) in [
            ("de", "Guten Abend, Ida"),
            ("DE-ch", "Guten Abend, Ida"),
            ("fr", "Good evening, Ida"),
            ("", "Good evening, Ida"),
        ] {
            assert_eq!(Messages::of(&FILES, language).say("greeting", &[("name", "Ida")]), said);
        }
        assert_eq!(Messages::of(&FILES, "en").say("farewell", &[]), "farewell");
    }

    #[test]
    #[should_panic(expected = "Overriding")]
    fn a_message_defined_twice_is_not_sound() {
        assert_sound(&[("en", "one = 1\none = 2\n")]);
    }
}
