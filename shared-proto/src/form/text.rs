//! Texts in forms and answers: trimmed, without control characters, of one line or of several.

/// Whether a text may have more than one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// As it is kept: trimmed, lines ended by a line feed alone, no tabs.
pub fn tidied(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    text.trim().to_owned()
}

/// Whether nothing stands in it that [`tidied`] leaves and no line has.
pub fn is_clean(text: &str, lines: Lines) -> bool {
    let fits = |c: char| match c {
        '\t' => true,
        '\n' | '\r' => lines == Lines::Many,
        c => !c.is_control(),
    };
    text.trim().chars().all(fits)
}

/// Whether it is longer than `limit`, in Unicode scalars, as it is kept.
pub fn is_longer(text: &str, limit: usize) -> bool {
    text.trim().chars().nth(limit).is_some()
}

/// Whether there is nothing to see in it: no name that somebody signed with, no answer, no label.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// What takes no room or is drawn as nothing: the marks of Unicode's general category Cf that occur
/// in text, and the fillers of Hangul and Braille.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_shows_nothing_is_blank() {
        for text in ["", " \t\n", "\u{a0}", "\u{feff}", "\u{200b}\u{200d}", "\u{3164} \u{2800}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["x", "\u{200b}.", "می\u{200c}خواهم"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
