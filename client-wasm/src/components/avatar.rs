//! A person or a group as a tinted circle with initials.

use shared_proto::id::PersonId;
use shared_proto::people::PersonCard;
use yew::{Html, Properties, classes, component, html};

/// Tints in `components.css`.
const TINTS: u8 = 8;

/// Who to draw.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Everyone it stands for; one person for a person.
    pub people: Vec<PersonCard>,
    /// Whether a dot says that somebody is here.
    #[prop_or_default]
    pub here: bool,
    /// Whether it is small.
    #[prop_or_default]
    pub small: bool,
}

/// The circle. Decoration: the name stands beside it.
#[component]
pub fn Avatar(props: &Props) -> Html {
    let (tint, letters) = match props.people.as_slice() {
        [person] => (tint(person.id), initials(&person.name)),
        [first, ..] => (tint(first.id), props.people.len().to_string()),
        [] => (0, String::new()),
    };
    let group = (props.people.len() > 1).then_some("avatar-group");
    let small = props.small.then_some("avatar-small");
    html! {
        <span class={classes!("avatar", format!("tint-{tint}"), group, small)} aria-hidden="true">
            {letters}
            if props.here {
                <span class="avatar-here"></span>
            }
        </span>
    }
}

/// The tint of a person: the same wherever they appear.
#[must_use]
pub fn tint(id: PersonId) -> u8 {
    id.as_bytes().iter().fold(0, |sum: u8, byte| sum.wrapping_mul(31).wrapping_add(*byte)) % TINTS
}

/// First letters of the first and last word; the style sheet makes capitals of them, since browsers
/// have the tables for that anyway.
#[must_use]
pub fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    // "Dr." and the like are not what somebody is called.
    let words = || name.split_whitespace();
    let titled = words().any(|word| !word.ends_with('.'));
    let mut words = words().filter(|word| !(titled && word.ends_with('.'))).filter_map(letter);
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Ana Lopez"), "AL");
        assert_eq!(initials("  ana maria lópez-vega "), "al");
        assert_eq!(initials("Dr. Mara Lindqvist"), "ML");
        assert_eq!(initials("Émile"), "É");
        assert_eq!(initials("(Dr) 李 明"), "D明");
        assert_eq!(initials("—"), "");
    }
}
