//! What a file may be called. The name is shown, and suggested where it is saved; nothing is ever
//! stored under it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::FileKind;
use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

/// What a file is called where nothing of its own name is left.
const NAMELESS: &str = "file";

/// A name nothing is wrong with, and the kind of file it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// At most [`limits::FILE_NAME_SCALARS`] and [`limits::FILE_NAME_BYTES`], with the extension in
    /// lower case.
    pub name: String,
    /// What its contents have to be.
    pub kind: FileKind,
}

/// What somebody's file is called from now on: the last part of a path, without what is not seen,
/// turns writing around or means something to an operating system, and not longer than names may
/// be. Its extension stays. A name made here is left as it is when it comes here again.
///
/// # Errors
/// `NotAccepted`, when its extension stands for no kind that is taken.
pub fn named(given: &str) -> Result<Named, Refusal> {
    let refused = Refusal::invalid(Field::File, Rule::NotAccepted);
    let part = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let written = written(part);
    let (stem, extension) = written.rsplit_once('.').ok_or(refused)?;
    let kind = FileKind::of_extension(extension).ok_or(refused)?;
    let extension = extension.to_ascii_lowercase();
    let stem = unreserved(harmless(stem));
    // Cutting may leave the name of a device, which is short.
    let stem = unreserved(shortened(&stem, extension.len() + 1));
    Ok(Named { name: format!("{stem}.{extension}"), kind })
}

/// Without what nobody sees, and with nothing that a header, a shell or Windows takes for more than
/// a letter. Windows forgets dots and spaces at the end.
fn written(part: &str) -> String {
    let shown = part.chars().filter(|c| !is_unseen(*c)).map(|c| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\' => '_',
        c => c,
    });
    let shown: String = shown.collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ' ']).to_owned()
}

/// A name that begins with a dot is hidden, and one with dashes looks like an option of a program.
fn harmless(stem: &str) -> &str {
    stem.trim_end_matches(['.', ' ']).trim_start_matches(['-', '.', ' '])
}

/// Control characters but those that stand between words (which become a space), marks that turn
/// the direction of writing (Trojan Source, CVE-2021-42574), and characters without a shape. Joiners
/// stay: names in Persian and in Hindi, and emoji, are written with them.
fn is_unseen(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

fn unreserved(stem: &str) -> Cow<'_, str> {
    if is_reserved(stem) { format!("_{stem}").into() } else { stem.into() }
}

/// What Windows takes for a device, with whatever extension.
fn is_reserved(stem: &str) -> bool {
    let device = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |rest: &str| {
        let mut digits = rest.chars();
        let is_digit =
            digits.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
        is_digit && digits.next().is_none()
    };
    matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
        || device.strip_prefix("COM").is_some_and(numbered)
        || device.strip_prefix("LPT").is_some_and(numbered)
}

/// As much of it as fits before an ending of so many bytes, cut between letters as people see them.
fn shortened(stem: &str, ending: usize) -> &str {
    let (mut scalars, mut end) = (0, 0);
    for letter in stem.graphemes(true) {
        scalars += letter.chars().count();
        if scalars + ending > limits::FILE_NAME_SCALARS
            || end + letter.len() + ending > limits::FILE_NAME_BYTES
        {
            break;
        }
        end += letter.len();
    }
    let stem = stem[..end].trim_end_matches(['.', ' ']);
    if stem.is_empty() { NAMELESS } else { stem }
}
