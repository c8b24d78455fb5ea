//! What somebody looks for: phrases of words, all of which an entry has to hold; a word is a phrase
//! of one. The last, unless a quotation mark ends it, is matched as far as it was typed.

use std::ops::Range;

use shared_proto::limits;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::search::Search;

use super::tokens::{Token, is_alone, tokens};

/// Words that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Folded.
    pub terms: Vec<String>,
    /// Whether the last may go on.
    pub open: bool,
}

impl Phrase {
    fn of(text: &str) -> Option<Self> {
        let terms: Vec<String> = tokens(text).into_iter().map(|token| token.term).collect();
        (!terms.is_empty()).then_some(Self { terms, open: false })
    }

    /// Whether these words, as many as it has, are it.
    fn fits(&self, words: &[Token]) -> bool {
        let last = self.terms.len() - 1;
        self.terms.iter().zip(words).enumerate().all(|(n, (term, word))| {
            if self.open && n == last { word.term.starts_with(term) } else { word.term == *term }
        })
    }
}

/// What is looked for in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of them; without any every entry fits.
    pub phrases: Vec<Phrase>,
}

impl Query {
    /// What is asked for.
    ///
    /// # Errors
    /// `TooLong`; `Empty` when neither a word nor anything to sort out by is given.
    pub fn of(search: &Search) -> Result<Self, Refusal> {
        if search.text.chars().count() > limits::QUERY_SCALARS {
            let rule = Rule::TooLong { limit: limits::QUERY_SCALARS as u32 };
            return Err(Refusal::invalid(Field::Query, rule));
        }
        let query = Self::parse(&search.text);
        let wordless = query.phrases.is_empty();
        if wordless && (search.filter.is_empty() || !search.text.trim().is_empty()) {
            return Err(Refusal::invalid(Field::Query, Rule::Empty));
        }
        Ok(query)
    }

    /// The phrases of what was typed.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut phrases = Vec::new();
        let mut closed = false;
        let pieces: Vec<&str> = text.split(is_quotation_mark).collect();
        for (number, piece) in pieces.iter().enumerate() {
            let before = phrases.len();
            if number % 2 == 1 {
                phrases.extend(Phrase::of(piece));
            } else {
                // What is written together, as an address is, is looked for together.
                phrases.extend(piece.split_whitespace().filter_map(Phrase::of));
            }
            if phrases.len() > before {
                closed = number % 2 == 1 && number + 1 < pieces.len();
            }
        }
        if let Some(last) = phrases.last_mut() {
            let end = last.terms.last().and_then(|term| term.chars().next());
            last.open = !closed && !end.is_some_and(is_alone);
        }
        Self { phrases }
    }

    /// Where in a text it stands, in order, the words of a phrase one by one; `None` when not all
    /// of it does.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Vec<Range<usize>>> {
        if self.phrases.is_empty() {
            return Some(Vec::new());
        }
        let words = tokens(text);
        let mut places = Vec::new();
        for phrase in &self.phrases {
            let before = places.len();
            for words in words.windows(phrase.terms.len()).filter(|words| phrase.fits(words)) {
                places.extend(words.iter().map(|word| word.place.clone()));
            }
            if places.len() == before {
                return None;
            }
        }
        places.sort_unstable_by_key(|place| (place.start, place.end));
        places.dedup();
        Some(places)
    }
}

const fn is_quotation_mark(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_proto::search::Filter;

    use super::*;

    #[track_caller]
    fn check(typed: &str, text: &str, expected: Option<&[&str]>) {
        let found = Query::parse(typed).find(text);
        let found: Option<Vec<&str>> =
            found.map(|places| places.into_iter().map(|place| &text[place]).collect());
        assert_eq!(found.as_deref(), expected, "{typed:?} in {text:?}");
    }

    #[test]
    fn every_word_is_in_what_is_found_and_the_last_as_far_as_it_was_typed() {
        check("sleep", "I sleep badly", Some(&["sleep"]));
        check("badly sleep", "I sleep badly", Some(&["sleep", "badly"]));
        check("sle", "I sleep badly", Some(&["sleep"]));
        check("sle badly", "I sleep badly", None);
        check("sleep well", "I sleep badly", None);
        check("SLEEP", "Sleep, sleep", Some(&["Sleep", "sleep"]));
        check("cafe", "im Café", Some(&["Café"]));
        check("Café", "CAFE\u{301}", Some(&["CAFE\u{301}"]));
    }

    #[test]
    fn words_in_quotation_marks_follow_each_other() {
        check("\"sleep badly\"", "I sleep badly", Some(&["sleep", "badly"]));
        check("\"badly sleep\"", "I sleep badly", None);
        check("„sleep badly“", "sleep – badly", Some(&["sleep", "badly"]));
        check("\"sleep bad\"", "I sleep badly", None);
        check("\"sleep bad", "I sleep badly", Some(&["sleep", "badly"]));
        check("\"sleep badly\" i", "It: sleep badly", Some(&["It", "sleep", "badly"]));
        check("\"sle\"", "I sleep badly", None);
        check("a.b@example.org", "write to a.b@example.org", Some(&["a", "b", "example", "org"]));
        check("a.b@example.org", "b a example org", None);
    }

    #[test]
    fn characters_that_are_written_together_are_found_together() {
        check("头痛", "我头痛三天", Some(&["头", "痛"]));
        check("痛头", "我头痛三天", None);
        check("头", "我头痛三天", Some(&["头"]));
        check("か", "がんばる", None);
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let of = |text: &str, has_file| {
            let filter = Filter { has_file, ..Filter::default() };
            Query::of(&Search { text: text.into(), filter, after: None })
        };
        let empty = Err(Refusal::invalid(Field::Query, Rule::Empty));
        for text in ["", "  ", "?!", "\"\"", "“—”"] {
            assert_eq!(of(text, false), empty, "{text:?}");
        }
        assert_eq!(of("", true), Ok(Query::default()));
        assert_eq!(of("?!", true), empty);
        let limit = limits::QUERY_SCALARS;
        assert!(of(&"ä".repeat(limit), false).is_ok());
        let rule = Rule::TooLong { limit: limit as u32 };
        assert_eq!(of(&"ä".repeat(limit + 1), false), Err(Refusal::invalid(Field::Query, rule)));
    }

    proptest! {
        #[test]
        fn any_word_of_a_text_finds_it(text in "\\PC{0,60}", which in any::<prop::sample::Index>()) {
            let words = tokens(&text);
            prop_assume!(!words.is_empty());
            let word = &words[which.index(words.len())];
            prop_assume!(word.term.chars().count() < limits::TERM_SCALARS);
            let found = Query::parse(&text[word.place.clone()]).find(&text);
            prop_assert!(found.is_some_and(|places| !places.is_empty()));
        }

        #[test]
        fn what_is_found_lies_in_the_text(typed in "\\PC{0,30}", text in "\\PC{0,60}") {
            if let Some(places) = Query::parse(&typed).find(&text) {
                for place in places {
                    prop_assert!(text.get(place).is_some());
                }
            }
        }
    }
}
