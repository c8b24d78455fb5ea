//! Saved replies: what a provider writes often, with places that are filled in when it is used.

use serde::{Deserialize, Serialize};

use crate::id::ReplyId;
use crate::limits;
use crate::people;
use crate::refusal::{Field, Refusal, Rule};

/// A reply that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Which; chosen by whoever makes it, so that a retry finds it.
    pub id: ReplyId,
    /// Counts the changes; 0 for one that is new.
    pub revision: u64,
    /// What it is found by, 1 to 60 Unicode scalars.
    pub title: String,
    /// What it says, with its places as they were typed.
    pub text: String,
}

impl Reply {
    /// As it is stored: trimmed, within its bounds.
    ///
    /// # Errors
    /// `Invalid` for `ReplyTitle` or `ReplyText`.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.title = people::name(Field::ReplyTitle, &self.title)?;
        let limit = limits::REPLY_TITLE_SCALARS;
        if self.title.chars().count() > limit {
            let rule = Rule::TooLong { limit: limit as u32 };
            return Err(Refusal::invalid(Field::ReplyTitle, rule));
        }
        self.text = self.text.trim().to_owned();
        if self.text.is_empty() {
            return Err(Refusal::invalid(Field::ReplyText, Rule::Empty));
        }
        let limit = limits::REPLY_SCALARS;
        if self.text.len() > limits::REPLY_BYTES || self.text.chars().count() > limit {
            let rule = Rule::TooLong { limit: limit as u32 };
            return Err(Refusal::invalid(Field::ReplyText, rule));
        }
        Ok(self)
    }
}

/// Puts `reply` among `kept`, in place of the one it changes.
///
/// # Errors
/// `Outdated` when somebody else has changed it since it was looked at, `NotFound` when it is gone;
/// `Invalid { field: Replies }` when there are as many as may be kept.
pub fn save(kept: &mut Vec<Reply>, reply: Reply) -> Result<(), Refusal> {
    let known = kept.iter().position(|known| known.id == reply.id);
    let next = Reply { revision: reply.revision + 1, ..reply };
    match known {
        // A retry: so it is already.
        Some(index) if kept[index] == next => return Ok(()),
        Some(index) if kept[index].revision + 1 == next.revision => kept[index] = next,
        Some(_) => return Err(Refusal::Outdated),
        None if next.revision == 1 => kept.push(next),
        None => return Err(Refusal::NotFound),
    }
    let bytes: usize = kept.iter().map(|reply| reply.title.len() + reply.text.len()).sum();
    if kept.len() > limits::REPLIES || bytes > limits::REPLIES_BYTES {
        let rule = Rule::TooMany { limit: limits::REPLIES as u32 };
        return Err(Refusal::invalid(Field::Replies, rule));
    }
    kept.sort_by_cached_key(|reply| (reply.title.to_lowercase(), reply.id));
    Ok(())
}

/// What is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The name of the client who is written to.
    Client,
    /// The name of the provider who writes.
    Provider,
    /// What the practice is called.
    Practice,
    /// The day of today.
    Date,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Client, Self::Provider, Self::Practice, Self::Date];

    /// What it is called between its braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Provider => "provider",
            Self::Practice => "practice",
            Self::Date => "date",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }
}

/// All of them as they are typed, for who is told of them.
#[must_use]
pub fn places() -> String {
    Place::ALL.map(|place| format!("{{{}}}", place.name())).join(" ")
}

/// A text in pieces: words, and what stands between braces.
enum Piece<'a> {
    Words(&'a str),
    Braced(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic());
    while let Some(open) = rest.find('{') {
        let (words, braced) = rest.split_at(open);
        pieces.push(Piece::Words(words));
        let name = braced[1..].split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
        match name {
            Some(name) => {
                pieces.push(Piece::Braced(name));
                rest = &braced[name.len() + 2..];
            }
            None => {
                pieces.push(Piece::Words("{"));
                rest = &braced[1..];
            }
        }
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// The text with its places filled in. What is not known, here or at all, stays as it was typed.
#[must_use]
pub fn fill(text: &str, known: impl Fn(Place) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Braced(name) => match Place::named(name).and_then(&known) {
                Some(value) => filled.push_str(&value),
                None => {
                    filled.push('{');
                    filled.push_str(name);
                    filled.push('}');
                }
            },
        }
    }
    filled
}

/// What stands between braces in a text and is no place that is filled in, each once.
#[must_use]
pub fn unknown(text: &str) -> Vec<&str> {
    let mut unknown = Vec::new();
    for piece in pieces(text) {
        if let Piece::Braced(name) = piece
            && Place::named(name).is_none()
            && !unknown.contains(&name)
        {
            unknown.push(name);
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reply(n: u8, title: &str, text: &str) -> Reply {
        let id = ReplyId::from_random([n; 16]);
        Reply { id, revision: 0, title: title.into(), text: text.into() }
    }

    fn known(place: Place) -> Option<String> {
        match place {
            Place::Client => Some("Jonas {practice}".into()),
            Place::Provider => Some("Dana".into()),
            Place::Practice => Some("Lake House".into()),
            Place::Date => None,
        }
    }

    #[test]
    fn places_are_filled_in_once_and_what_is_not_known_stays() {
        for (text, filled) in [
            ("Hello {client}, {provider}", "Hello Jonas {practice}, Dana"),
            ("{practice}{practice}", "Lake HouseLake House"),
            ("until {date}", "until {date}"),
            ("{Client} {clients} {} {cli ent} {client", "{Client} {clients} {} {cli ent} {client"),
            ("{{client}}", "{Jonas {practice}}"),
            ("nothing", "nothing"),
            ("", ""),
        ] {
            assert_eq!(fill(text, known), filled);
        }
    }

    #[test]
    fn what_is_no_place_is_named_once() {
        assert_eq!(unknown("{client} {name} {day} {name} {} {a b}"), ["name", "day"]);
    }

    proptest! {
        #[test]
        fn with_nothing_known_a_text_stays_as_it_is(text in "([{}a-z ü]|\\{client\\}){0,30}") {
            prop_assert_eq!(fill(&text, |_| None), text);
        }
    }

    #[test]
    fn a_reply_has_a_title_and_a_text_within_their_bounds() {
        let kept = reply(1, " Hours ", " We are open. ").checked().unwrap();
        assert_eq!((kept.title.as_str(), kept.text.as_str()), ("Hours", "We are open."));
        let refused = |title: &str, text: &str| reply(1, title, text).checked().unwrap_err();
        let invalid = Refusal::invalid;
        assert_eq!(refused("", "x"), invalid(Field::ReplyTitle, Rule::Empty));
        let long = Rule::TooLong { limit: 60 };
        assert_eq!(refused(&"x".repeat(61), "x"), invalid(Field::ReplyTitle, long));
        assert_eq!(refused("x", " \n "), invalid(Field::ReplyText, Rule::Empty));
        let long = Rule::TooLong { limit: 2_000 };
        assert_eq!(refused("x", &"x".repeat(2_001)), invalid(Field::ReplyText, long));
        assert_eq!(refused("x", &"\u{1f600}".repeat(876)), invalid(Field::ReplyText, long));
    }

    #[test]
    fn what_was_changed_meanwhile_is_not_overwritten_and_a_retry_changes_nothing() {
        let mut kept = Vec::new();
        let first = reply(1, "Hours", "old");
        save(&mut kept, first.clone()).unwrap();
        save(&mut kept, first.clone()).unwrap();
        assert_eq!(kept, [Reply { revision: 1, ..first.clone() }]);
        let newer = Reply { text: "new".into(), revision: 1, ..first.clone() };
        save(&mut kept, newer.clone()).unwrap();
        save(&mut kept, newer.clone()).unwrap();
        let stale = Reply { text: "mine".into(), revision: 1, ..first.clone() };
        assert_eq!(save(&mut kept, stale), Err(Refusal::Outdated));
        assert_eq!(kept, [Reply { revision: 2, ..newer }]);
        let gone = Reply { revision: 3, ..reply(2, "Gone", "x") };
        assert_eq!(save(&mut kept, gone), Err(Refusal::NotFound));
        save(&mut kept, reply(3, "after", "x")).unwrap();
        assert_eq!(kept[0].title, "after", "by title");
    }

    #[test]
    fn as_many_are_kept_as_fit_an_answer() {
        let full = Err(Refusal::invalid(Field::Replies, Rule::TooMany { limit: 40 }));
        let mut kept = Vec::new();
        for n in 0..40 {
            save(&mut kept, reply(n, "a", "b")).unwrap();
        }
        assert_eq!(save(&mut kept.clone(), reply(40, "a", "b")), full);
        let mut kept: Vec<Reply> = (0..12).map(|n| reply(n, "a", &"b".repeat(2_000))).collect();
        assert_eq!(save(&mut kept, reply(12, "a", &"b".repeat(2_000))), full);
    }
}
