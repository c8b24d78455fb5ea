//! What is shown of an entry that was found: a line around the first place, with all places in it
//! marked.

use std::ops::Range;

use shared_proto::limits;
use shared_proto::search::Piece;

/// What is shown before the first place, in Unicode scalars.
const BEFORE: usize = limits::SNIPPET_SCALARS / 4;
/// That something was left out.
const MORE: &str = "…";

/// The line of `text` around `places`, which are in order.
#[must_use]
pub fn snippet(text: &str, places: &[Range<usize>]) -> Vec<Piece> {
    let shown = shown(text, places.first().map_or(0, |place| place.start));
    let mut pieces = Vec::new();
    let mut push = |text: &str, found: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), found });
        }
    };
    push(if shown.start > 0 { MORE } else { "" }, false);
    let mut at = shown.start;
    for place in places {
        let start = place.start.clamp(at, shown.end);
        let end = place.end.clamp(at, shown.end);
        push(&text[at..start], false);
        push(&text[start..end], true);
        at = end;
    }
    push(&text[at..shown.end], false);
    push(if shown.end < text.len() { MORE } else { "" }, false);
    pieces
}

/// The part of a text with `first` in it: from the beginning of a word where there is one near, and
/// so long.
fn shown(text: &str, first: usize) -> Range<usize> {
    if text.chars().nth(limits::SNIPPET_SCALARS).is_none() {
        return 0..text.len();
    }
    let mut start = first;
    for (count, (at, letter)) in text[..first].char_indices().rev().enumerate() {
        if count == BEFORE {
            break;
        }
        start = at;
        if count >= BEFORE / 2 && letter.is_whitespace() {
            start += letter.len_utf8();
            break;
        }
    }
    let length = text[start..].char_indices().nth(limits::SNIPPET_SCALARS);
    start..length.map_or(text.len(), |(at, _)| start + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::query::Query;

    fn shown_as(typed: &str, text: &str) -> String {
        let places = Query::parse(typed).find(text).unwrap();
        let piece = |piece: &Piece| {
            if piece.found { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        snippet(text, &places).iter().map(piece).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole_with_all_that_was_found_marked() {
        assert_eq!(shown_as("sleep", "I sleep, and sleep."), "I [sleep], and [sleep].");
        assert_eq!(shown_as("头痛", "我头痛"), "我[头][痛]");
    }

    #[test]
    fn of_a_long_text_a_line_around_the_first_place_is_shown() {
        let text = format!("{}needle {}", "before ".repeat(100), "after ".repeat(100));
        let shown = shown_as("needle", &text);
        assert!(shown.starts_with("…before ") && shown.ends_with('…'), "{shown}");
        assert!(shown.contains(" [needle] after"), "{shown}");
        assert!(shown.chars().count() <= limits::SNIPPET_SCALARS + 4);
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_piece_of_the_text_and_never_longer_than_its_bound(
            text in "\\PC{0,400}", typed in "[a-z ]{0,4}",
        ) {
            let Some(places) = Query::parse(&typed).find(&text) else { return Ok(()) };
            let pieces = snippet(&text, &places);
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            let inner = whole.strip_prefix(MORE).filter(|_| !text.starts_with(MORE));
            let inner = inner.unwrap_or(&whole);
            let cut = inner.strip_suffix(MORE).unwrap_or(inner);
            prop_assert!(text.contains(inner) || text.contains(cut));
            prop_assert!(whole.chars().count() <= limits::SNIPPET_SCALARS + 2);
            if let Some(first) = places.first() {
                let marked = pieces.iter().find(|piece| piece.found);
                prop_assert!(marked.is_some_and(|piece| text[first.clone()].starts_with(&piece.text)));
            }
        }
    }
}
