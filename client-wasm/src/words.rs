//! The Fluent files of every language, by the part of the client they come with: who never opens a
//! part does not load its words. A message that two parts say is in the file of both, or in one
//! that comes with [`core`]. Another language is another folder beside `en` and another line in
//! each of these. `build/words.rs` takes the files apart, so that no browser needs to.

pub mod form;
pub mod plural;
pub mod said;

/// The languages there are (BCP 47, primary tags), the fallback first.
pub const LANGUAGES: &[&str] = &["en"];

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(include_str!(concat!(env!("OUT_DIR"), "/words/en/", $name))),*]
    };
}

/// Picks the files of a language, in the form that [`said::Messages`] reads.
pub type Words = fn(&str) -> &'static [&'static str];

/// The words everybody loads.
#[must_use]
pub const fn core(_language: &str) -> &'static [&'static str] {
    files!["app", "sign-in", "inbox", "conversation", "refusal"]
}

/// Those of [`Part::People`](crate::parts::Part::People).
#[must_use]
pub const fn people(_language: &str) -> &'static [&'static str] {
    files!["people", "new", "presets", "by-email"]
}

/// Those of [`Part::Practice`](crate::parts::Part::Practice).
#[must_use]
pub const fn practice(_language: &str) -> &'static [&'static str] {
    files!["practice", "set-up", "audit", "opened", "strength", "hours"]
}

/// Those of [`Part::Tools`](crate::parts::Part::Tools).
#[must_use]
pub const fn tools(_language: &str) -> &'static [&'static str] {
    files!["tools", "opened", "presets", "by-email"]
}

/// Those of [`Part::Forms`](crate::parts::Part::Forms).
#[must_use]
pub const fn forms(_language: &str) -> &'static [&'static str] {
    files!["forms"]
}

/// Those of [`Part::Search`](crate::parts::Part::Search).
#[must_use]
pub const fn search(_language: &str) -> &'static [&'static str] {
    files!["search"]
}

/// Those of [`Part::Account`](crate::parts::Part::Account).
#[must_use]
pub const fn account(_language: &str) -> &'static [&'static str] {
    files!["settings", "links", "passkey", "strength", "hours"]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;

    /// The sources that only one part draws, by how their path begins; all others are the core's.
    const OF_PARTS: &[(&str, Words)] = &[
        ("pages/people", people),
        ("pages/new_conversation", people),
        ("pages/tools", tools),
        ("pages/forms", forms),
        ("components/dialog", tools),
        ("components/presets", tools),
        ("components/invite_by_email", tools),
        ("pages/practice", practice),
        ("pages/set_up", practice),
        ("components/divisions", practice),
        ("components/settings_inputs", practice),
        ("components/writes", practice),
        ("pages/search", search),
        ("components/hours_", practice),
        ("pages/settings", account),
        ("pages/enrol", account),
        ("pages/invited", account),
        ("pages/forgotten", account),
        ("pages/new_password", account),
        ("pages/confirm_email", account),
        ("pages/second_step", account),
        ("pages/link", account),
        ("passkey", account),
    ];

    fn ids(sources: &[&'static str]) -> HashSet<&'static str> {
        let messages = sources.iter().flat_map(|source| source.split(form::MESSAGE_ENDS));
        messages.filter_map(|message| Some(message.split_once(form::ID_ENDS)?.0)).collect()
    }

    fn visit(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let source = source.split("#[cfg(test)]").next().unwrap().to_owned();
                found.push((path.to_str().unwrap().replace('\\', "/"), source));
            }
        }
    }

    /// A message of another part is not there when that part was never opened.
    #[test]
    fn every_message_named_in_a_source_comes_with_its_part() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = Vec::new();
        visit(&folder, &mut sources);
        let prefix = format!("{}/", folder.to_str().unwrap());
        let mut count = 0;
        for (path, source) in &sources {
            let path = path.strip_prefix(&prefix).unwrap();
            let part = OF_PARTS.iter().find(|(start, _)| path.starts_with(start));
            let mut known = ids(core("en"));
            known.extend(part.map(|(_, words)| ids(words("en"))).unwrap_or_default());
            for start in ["text.say(\"", "text.say_with(\"", "text.say_with(\n"] {
                for rest in source.split(start).skip(1) {
                    let rest = rest.trim_start().trim_start_matches('"');
                    let id = rest.split('"').next().unwrap();
                    if id.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !id.is_empty() {
                        assert!(
                            known.contains(id),
                            "{path} says {id}, which does not come with it"
                        );
                        count += 1;
                    }
                }
            }
        }
        assert!(count > 200, "only {count} messages found: has the way they are named changed?");
    }

    #[test]
    fn no_message_is_defined_twice() {
        for language in LANGUAGES {
            let mut files: HashSet<&str> = HashSet::new();
            let parts = [core, people, practice, tools, forms, search, account]
                .map(|words| words(language));
            files.extend(parts.into_iter().flatten());
            let mut known = HashSet::new();
            for file in files {
                for id in ids(&[file]) {
                    assert!(known.insert(id), "{id} is defined twice");
                }
            }
        }
    }
}
