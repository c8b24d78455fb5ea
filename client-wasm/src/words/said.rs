//! Says a message of a Fluent file: finds it, fills in its arguments, and chooses between its
//! variants, as the Fluent syntax guide has it. What a file looks like is in `form.rs`.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::form::{ARGUMENT, CHOICE, CHOICE_ENDS, ID_ENDS, KEY, MESSAGE_ENDS};

/// An argument of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Words. They are isolated from those around them: a name in Hebrew does not turn the English
    /// beside it.
    Words(Cow<'a, str>),
    /// How many.
    Number(u64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(words: &'a str) -> Self {
        Self::Words(Cow::Borrowed(words))
    }
}

impl From<String> for Value<'_> {
    fn from(words: String) -> Self {
        Self::Words(Cow::Owned(words))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        // No count of ours comes near the end of either.
        Self::Number(number as u64)
    }
}

/// The messages of one file, by their ids.
#[derive(Debug)]
pub struct Messages {
    source: &'static str,
    all: Vec<(&'static str, &'static str)>,
}

impl Messages {
    /// Those in `source`, which the build script wrote.
    #[must_use]
    pub fn of(source: &'static str) -> Self {
        let messages = source.split_terminator(MESSAGE_ENDS);
        let all = messages.filter_map(|message| message.split_once(ID_ENDS)).collect();
        Self { source, all }
    }

    /// Whether they are those of `source`.
    #[must_use]
    pub fn are_of(&self, source: &'static str) -> bool {
        std::ptr::eq(self.source, source)
    }

    /// The pattern of a message.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&'static str> {
        let at = self.all.binary_search_by(|(other, _)| (*other).cmp(id)).ok()?;
        Some(self.all[at].1)
    }
}

/// What `pattern` says of `arguments`. `plural` names the plural category of a number (CLDR).
#[must_use]
pub fn say(
    pattern: &str,
    arguments: &[(&str, Value<'_>)],
    plural: &dyn Fn(u64) -> String,
) -> String {
    let mut said = Saying { rest: pattern, arguments, plural, said: String::new() };
    said.pattern(true);
    said.said
}

struct Saying<'a> {
    rest: &'a str,
    arguments: &'a [(&'a str, Value<'a>)],
    plural: &'a dyn Fn(u64) -> String,
    said: String,
}

impl<'a> Saying<'a> {
    /// What is before the next mark, and that mark; none at the end.
    fn next(&mut self) -> (&'a str, Option<char>) {
        let end = self.rest.bytes().position(|byte| byte <= CHOICE_ENDS as u8 && byte > 0);
        let Some(end) = end else { return (std::mem::take(&mut self.rest), None) };
        let (before, rest) = self.rest.split_at(end);
        let mark = rest.chars().next();
        self.rest = &rest[1..];
        (before, mark)
    }

    /// Reads a pattern up to its end, which it answers with, and says it if it is the one chosen.
    fn pattern(&mut self, chosen: bool) -> Option<char> {
        loop {
            let (text, mark) = self.next();
            if chosen {
                self.said.push_str(text);
            }
            match mark {
                Some(ARGUMENT) => {
                    let (name, _) = self.next();
                    if chosen {
                        self.argument(name);
                    }
                }
                Some(CHOICE) => self.choice(chosen),
                end => return end,
            }
        }
    }

    fn argument(&mut self, name: &str) {
        // Writing into a string cannot fail.
        let _ = match self.value(name) {
            // Between a first strong isolate and its end (Unicode UAX 9, 2.4).
            Some(Value::Words(words)) => write!(self.said, "\u{2068}{words}\u{2069}"),
            Some(Value::Number(number)) => write!(self.said, "{number}"),
            None => write!(self.said, "{{${name}}}"),
        };
    }

    fn choice(&mut self, chosen: bool) {
        let (name, mut mark) = self.next();
        let value = self.value(name);
        let mut open = chosen;
        while mark == Some(KEY) {
            let (key, _) = self.next();
            let this = open && (key.is_empty() || value.is_some_and(|value| self.is(value, key)));
            open &= !this;
            mark = self.pattern(this);
        }
    }

    fn is(&self, value: &Value<'_>, key: &str) -> bool {
        match value {
            Value::Words(words) => words == key,
            Value::Number(number) => number.to_string() == key || (self.plural)(*number) == key,
        }
    }

    fn value(&self, name: &str) -> Option<&'a Value<'a>> {
        self.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

    use super::*;
    use crate::words::LANGUAGES;
    use crate::words::plural::Plurals;

    fn list(folder: &Path) -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// Names after `mark` in a Fluent file: of arguments after `$`, of variants after `[`.
    fn names(source: &str, mark: char) -> BTreeSet<&str> {
        let ends = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        source.split(mark).skip(1).filter_map(|rest| rest.split(ends).next()).collect()
    }

    /// Fluent isolates everything that is filled in, we only words.
    fn plain(said: &str) -> String {
        said.replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn every_message_says_what_fluent_itself_says() {
        let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/locales");
        let mut count = 0;
        for language in LANGUAGES {
            for file in list(&locales.join(language)) {
                let compiled = Path::new(env!("OUT_DIR")).join("words").join(language);
                let compiled = compiled.join(file.file_stem().unwrap());
                let compiled = std::fs::read_to_string(compiled).unwrap();
                let messages = Messages::of(String::leak(compiled));
                let source = std::fs::read_to_string(&file).unwrap();
                let resource = FluentResource::try_new(source.clone()).unwrap();
                let mut bundle = FluentBundle::new(vec![language.parse().unwrap()]);
                bundle.add_resource(resource).unwrap();
                let lines = source.lines().filter_map(|line| line.split_once(" ="));
                let ids: Vec<_> = lines.map(|(id, _)| id).filter(|id| !id.contains(' ')).collect();
                assert_eq!(messages.all.len(), ids.len(), "{}", file.display());
                let numbers = [0u32, 1, 2, 5, 11, 21, 1_000].map(Value::from);
                // A number is never told in words.
                let words =
                    names(&source, '[').into_iter().filter(|key| key.parse::<u64>().is_err());
                let words = words.chain(["Ana", ""]).map(Value::from);
                for value in numbers.into_iter().chain(words) {
                    let names = names(&source, '$');
                    let ours: Vec<_> = names.iter().map(|name| (*name, value.clone())).collect();
                    let theirs: FluentArgs<'_> = names
                        .iter()
                        .map(|name| match &value {
                            Value::Words(words) => (*name, FluentValue::from(words.as_ref())),
                            Value::Number(number) => (*name, FluentValue::from(*number)),
                        })
                        .collect();
                    for id in &ids {
                        let pattern = bundle.get_message(id).unwrap().value().unwrap();
                        let theirs = bundle.format_pattern(pattern, Some(&theirs), &mut Vec::new());
                        let plural = |count| Plurals::of(language).category(count);
                        let ours = say(messages.find(id).unwrap(), &ours, &plural);
                        assert_eq!(plain(&ours), plain(&theirs), "{id} of {value:?}");
                        count += 1;
                    }
                }
            }
        }
        assert!(count > 2_000, "only {count}: were the files found?");
    }

    #[test]
    fn a_choice_within_a_choice_says_one_of_all() {
        let pattern = "A\u{4}n\u{5}one\u{5}B\u{4}w\u{5}x\u{5}C\u{5}\u{5}D\u{6}E\
                       \u{5}7\u{5}seven\u{5}\u{5}F\u{3}n\u{3}\u{6}G";
        let say = |number: u32, words: &str| {
            let plural = |count| Plurals::of("en").category(count);
            say(pattern, &[("n", number.into()), ("w", words.into())], &plural)
        };
        assert_eq!(say(1, "x"), "ABCEG");
        assert_eq!(say(1, "y"), "ABDEG");
        assert_eq!(say(7, "x"), "AsevenG");
        assert_eq!(say(8, "x"), "AF8G");
    }

    #[test]
    fn what_is_not_told_is_named() {
        let plural = |count| Plurals::of("en").category(count);
        assert_eq!(say("Ana and \u{3}other\u{3}", &[], &plural), "Ana and {$other}");
        assert_eq!(say("\u{4}n\u{5}one\u{5}A\u{5}\u{5}B\u{6}", &[], &plural), "B");
    }
}
