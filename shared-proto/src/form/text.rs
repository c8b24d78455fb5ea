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
