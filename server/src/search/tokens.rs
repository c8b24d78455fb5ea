//! What a text comes to for a search: words without case and diacritics, each with its place. A
//! script that puts no space between words is taken by characters, and found by those that follow
//! each other.

use std::ops::Range;

use icu_normalizer::DecomposingNormalizerBorrowed;
use shared_proto::limits;

/// A word, folded, and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is looked for, at most [`limits::TERM_SCALARS`].
    pub term: String,
    /// Its bytes in the text.
    pub place: Range<usize>,
}

/// What a character does to the word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Goes on with it.
    Letter,
    /// Is one by itself.
    Alone,
    /// Belongs to the character before it.
    Mark,
    /// Ends it.
    Between,
}

fn class(letter: char) -> Class {
    if letter.is_ascii() {
        return if letter.is_ascii_alphanumeric() { Class::Letter } else { Class::Between };
    }
    match u32::from(letter) {
        // Soft hyphen, joiners, and what chooses a form of the character before.
        0x00ad | 0x200c | 0x200d | 0xfe00..=0xfe0f => Class::Mark,
        // What voices kana.
        0x3099 | 0x309a | 0xff9e | 0xff9f => Class::Mark,
        // Thai and Lao vowels and tones above and below.
        0x0e31 | 0x0e34..=0x0e3a | 0x0e47..=0x0e4e => Class::Mark,
        0x0eb1 | 0x0eb4..=0x0ebc | 0x0ec8..=0x0ece => Class::Mark,
        // Signs of Indian scripts are no letters by themselves; their full stops are none at all.
        0x0964 | 0x0965 => Class::Between,
        0x0900..=0x0dff => Class::Letter,
        // Myanmar and Khmer: what is no letter belongs to one.
        0x1000..=0x109f | 0x1780..=0x17ff if !letter.is_alphanumeric() => Class::Mark,
        _ if is_diacritic(letter) => Class::Mark,
        _ if !letter.is_alphanumeric() => Class::Between,
        _ if is_alone(letter) => Class::Alone,
        _ => Class::Letter,
    }
}

/// Whether it is of a script that puts no space between words: Thai, Lao, Myanmar, Khmer, kana,
/// Bopomofo and Han, with their supplements and half-width forms.
pub fn is_alone(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff
        | 0x1000..=0x109f
        | 0x1780..=0x17ff
        | 0x3005..=0x3007
        | 0x3031..=0x3035
        | 0x3041..=0x312f
        | 0x31a0..=0x31bf
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0xff66..=0xff9d
        | 0x1b000..=0x1b16f
        | 0x20000..=0x3ffff
    )
}

/// Whether it only changes how the letter before is said or stressed, so that many leave it out.
const fn is_diacritic(letter: char) -> bool {
    matches!(letter as u32,
        0x0300..=0x036f
        | 0x0591..=0x05bd
        | 0x05bf
        | 0x05c1..=0x05c2
        | 0x05c4..=0x05c5
        | 0x05c7
        | 0x0640
        | 0x064b..=0x065f
        | 0x0670
        | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff
        | 0xfe20..=0xfe2f
    )
}

/// A word under way.
#[derive(Default)]
struct Word {
    term: String,
    scalars: usize,
    place: Range<usize>,
}

impl Word {
    fn is_open(&self) -> bool {
        !self.place.is_empty()
    }

    /// Takes in a whole word of ASCII letters and digits.
    fn take_plain(&mut self, plain: &str, at: usize) {
        self.term.push_str(&plain[..plain.len().min(limits::TERM_SCALARS)]);
        self.term.make_ascii_lowercase();
        self.place = at..at + plain.len();
    }

    fn push(&mut self, letter: char, at: usize) {
        if !self.is_open() {
            self.place.start = at;
        }
        self.place.end = at + letter.len_utf8();
        if letter.is_ascii() {
            return self.put(letter.to_ascii_lowercase());
        }
        let normalizer = const { DecomposingNormalizerBorrowed::new_nfkd() };
        for part in normalizer.normalize_iter(std::iter::once(letter)) {
            // A mark that comes apart from the letter it begins is nothing without one before it.
            let is_stray = self.term.is_empty() && class(part) == Class::Mark;
            if !is_stray && !is_diacritic(part) && class(part) != Class::Between {
                part.to_lowercase().for_each(|lower| self.put_plain(lower));
            }
        }
    }

    /// Letters that are another with something through or beside it have no parts.
    fn put_plain(&mut self, lower: char) {
        let plain = match lower {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ø' => "o",
            'đ' | 'ð' => "d",
            'ł' => "l",
            'ħ' => "h",
            'ı' => "i",
            'ς' => "σ",
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => "",
            other if is_diacritic(other) => "",
            other => return self.put(other),
        };
        plain.chars().for_each(|letter| self.put(letter));
    }

    fn put(&mut self, letter: char) {
        if self.scalars < limits::TERM_SCALARS {
            self.term.push(letter);
            self.scalars += 1;
        }
    }

    fn end(&mut self, found: &mut impl FnMut(&str, Range<usize>)) {
        if !self.term.is_empty() {
            found(&self.term, self.place.clone());
        }
        self.term.clear();
        self.scalars = 0;
        self.place = 0..0;
    }
}

/// Calls `found` with each word of a text and where it stands, in order.
pub fn each(text: &str, mut found: impl FnMut(&str, Range<usize>)) {
    let (mut word, mut alone, mut at) = (Word::default(), false, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if !word.is_open() || alone {
            let plain = plain_word(rest.as_bytes());
            if plain > 0 {
                word.end(&mut found);
                word.take_plain(&rest[..plain], at);
                word.end(&mut found);
                (alone, at) = (false, at + plain);
                continue;
            }
        }
        let Some(letter) = rest.chars().next() else { break };
        let class = class(letter);
        match class {
            Class::Mark if word.is_open() => word.push(letter, at),
            Class::Mark => {}
            Class::Between => word.end(&mut found),
            Class::Alone | Class::Letter => {
                if alone || class == Class::Alone {
                    word.end(&mut found);
                }
                alone = class == Class::Alone;
                word.push(letter, at);
            }
        }
        at += letter.len_utf8();
    }
    word.end(&mut found);
}

/// How long the word is that a text begins with, if it is one of ASCII alone; most are, and need no
/// look at each letter.
fn plain_word(text: &[u8]) -> usize {
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric());
    match end {
        // A letter or mark of another script may go on with it.
        Some(end) if !text[end].is_ascii() => 0,
        Some(end) => end,
        None => text.len(),
    }
}

/// The words of a text.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    each(text, |term, place| tokens.push(Token { term: term.to_owned(), place }));
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let terms: Vec<&str> = tokens.iter().map(|token| token.term.as_str()).collect();
        assert_eq!(terms, expected, "{text:?}");
    }

    #[test]
    fn words_are_taken_without_case_and_diacritics() {
        check("Are you OK?", &["are", "you", "ok"]);
        check("Über Größe, naïve café", &["uber", "grosse", "naive", "cafe"]);
        check("Łódź, Ærø, İstanbul ısı", &["lodz", "aero", "istanbul", "isi"]);
        check("l’hôpital don't", &["l", "hopital", "don", "t"]);
        check("ΟΔΥΣΣΕΥΣ Ὀδυσσεύς", &["οδυσσευσ", "οδυσσευσ"]);
        check("Ещё ёж", &["еще", "еж"]);
        check("e\u{301}te\u{301}", &["ete"]);
        check("ＦＵＬＬ ｗidth ﬁne", &["full", "width", "fine"]);
        check("a.b@example.org 3.14", &["a", "b", "example", "org", "3", "14"]);
        check("co\u{ad}operate", &["cooperate"]);
        check("", &[]);
        check("?! — 😀", &[]);
    }

    #[test]
    fn scripts_without_spaces_are_taken_by_characters() {
        check("头痛三天", &["头", "痛", "三", "天"]);
        check("がんばる", &["か\u{3099}", "ん", "は\u{3099}", "る"]);
        check("か\u{3099}", &["か\u{3099}"]);
        check("カード ok中", &["カ", "ー", "ト\u{3099}", "ok", "中"]);
        check("ที่นี่", &["ท\u{e35}\u{e48}", "น\u{e35}\u{e48}"]);
    }

    #[test]
    fn vowel_marks_of_hebrew_and_arabic_may_be_left_out_and_those_of_india_not() {
        check("שָׁלוֹם", &["שלום"]);
        check("مُحَمَّد", &["محمد"]);
        check("हिन्दी", &["हिन्दी"]);
        check("한국어", &["\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}"]);
    }

    #[test]
    fn words_of_several_scripts_go_on_or_end_where_one_meets_another() {
        check("don’t naïve resumé abc", &["don", "t", "naive", "resume", "abc"]);
        check("e\u{301}t e\u{301} te\u{301}t x\u{301}", &["et", "e", "tet", "x"]);
        check("中abc中 abcд中d abc中", &["中", "abc", "中", "abcд", "中", "d", "abc", "中"]);
        check("A\u{ad}b C\u{200d}", &["ab", "c"]);
        check("Straße 42°C", &["strasse", "42", "c"]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let tokens = tokens(&"x".repeat(8_000));
        assert_eq!(tokens[0].term.len(), limits::TERM_SCALARS);
        assert_eq!(tokens[0].place, 0..8_000);
        let text = format!("{}é", "x".repeat(8_000));
        let tokens = super::tokens(&text);
        assert_eq!(tokens.len(), 1);
        assert_eq!(tokens[0].term.len(), limits::TERM_SCALARS);
        assert_eq!(tokens[0].place, 0..8_002);
    }

    proptest! {
        #[test]
        fn places_follow_each_other_and_lie_between_characters(text in "\\PC{0,80}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.place.start >= end && token.place.start < token.place.end);
                prop_assert!(text.get(token.place.clone()).is_some());
                prop_assert!(!token.term.is_empty());
                prop_assert!(token.term.chars().count() <= limits::TERM_SCALARS);
                end = token.place.end;
            }
        }

        #[test]
        fn a_word_is_found_by_what_it_was_folded_to(text in "\\PC{0,40}") {
            for token in tokens(&text) {
                let again: Vec<String> = tokens(&token.term).into_iter().map(|t| t.term).collect();
                // What was cut may end within what belongs together.
                if token.term.chars().count() < limits::TERM_SCALARS {
                    prop_assert_eq!(again.concat(), token.term);
                }
            }
        }
    }
}
