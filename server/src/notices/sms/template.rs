//! What a gateway is sent, with places in it for what differs from message to message. A place is
//! filled once: what is put into it is never looked at for places.

/// What may stand in a place.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The number it goes to (E.164), for `{to}`.
    pub to: &'a str,
    /// What it says, for `{text}`.
    pub text: &'a str,
    /// What it is known by, the same whenever it is sent, for `{id}`.
    pub id: &'a str,
    /// Who it is from, for `{from}`.
    pub from: &'a str,
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `{to}`
    To,
    /// `{text}`
    Text,
    /// `{id}`
    Id,
    /// `{from}`
    From,
}

impl Place {
    const ALL: [(&'static str, Self); 4] =
        [("{to}", Self::To), ("{text}", Self::Text), ("{id}", Self::Id), ("{from}", Self::From)];

    const fn value<'a>(self, values: &Values<'a>) -> &'a str {
        match self {
            Self::To => values.to,
            Self::Text => values.text,
            Self::Id => values.id,
            Self::From => values.from,
        }
    }
}

/// How a value is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// In an address, or in a form (`application/x-www-form-urlencoded`).
    Percent,
    /// Between the quotes of a JSON text (RFC 8259, 7).
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Place(Place),
}

/// A text with places. No `Debug`: it may hold a key of the gateway's.
#[derive(Clone)]
pub struct Template(Vec<Part>);

impl Template {
    /// Finds the places of a text. Other braces are what they are: JSON is full of them.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (mut parts, mut rest) = (Vec::new(), text);
        let first = |text: &str| {
            let found = |(name, place): (&str, _)| Some((text.find(name)?, name.len(), place));
            Place::ALL.into_iter().filter_map(found).min_by_key(|(at, ..)| *at)
        };
        while let Some((at, length, place)) = first(rest) {
            parts.push(Part::Fixed(rest[..at].to_owned()));
            parts.push(Part::Place(place));
            rest = &rest[at + length..];
        }
        parts.push(Part::Fixed(rest.to_owned()));
        Self(parts)
    }

    /// Whether it has that place.
    #[must_use]
    pub fn has(&self, place: Place) -> bool {
        self.0.contains(&Part::Place(place))
    }

    /// What is in it whatever the values are.
    pub fn fixed(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Fixed(text) => Some(text.as_str()),
            Part::Place(_) => None,
        })
    }

    /// With the values in their places.
    #[must_use]
    pub fn filled(&self, values: &Values<'_>, escape: Escape) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Fixed(fixed) => text.push_str(fixed),
                Part::Place(place) => text.push_str(&escaped(place.value(values), escape)),
            }
        }
        text
    }
}

fn escaped(value: &str, escape: Escape) -> String {
    match escape {
        Escape::Percent => percent(value),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    }
}

/// Everything but the unreserved characters of RFC 3986 (2.3) encoded. Forms read it too.
#[must_use]
pub fn percent(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\"b\\c\n&d=e{to} {id}%20é\u{1}\u{2028}</";

    fn values(text: &str) -> Values<'_> {
        Values { to: "+41791234567", text, id: "n-1", from: "Oak Practice" }
    }

    #[test]
    fn a_value_stays_within_its_place_of_a_form() {
        let template = Template::new("key=k&to={to}&text={text}&from={from}&ref={id}");
        let filled = template.filled(&values(HOSTILE), Escape::Percent);
        assert_eq!(
            filled,
            "key=k&to=%2B41791234567&text=a%22b%5Cc%0A%26d%3De%7Bto%7D%20%7Bid%7D%2520%C3%A9%01\
             %E2%80%A8%3C%2F&from=Oak%20Practice&ref=n-1"
        );
    }

    #[test]
    fn a_value_stays_within_its_place_of_a_json_text() {
        let template = Template::new(r#"{"to":["{to}"],"body":"{text}","meta":{"id":"{id}"}}"#);
        let filled = template.filled(&values(HOSTILE), Escape::Json);
        let read: serde_json::Value = serde_json::from_str(&filled).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "to": ["+41791234567"], "body": HOSTILE, "meta": { "id": "n-1" },
            })
        );
    }

    #[test]
    fn places_are_found_and_other_braces_are_left() {
        let template = Template::new("{{to}}{text}{TO}{unknown}{");
        assert!(template.has(Place::To) && template.has(Place::Text));
        assert!(!template.has(Place::Id) && !template.has(Place::From));
        let filled = template.filled(&values("{to}"), Escape::Json);
        assert_eq!(filled, "{+41791234567}{to}{TO}{unknown}{");
        let fixed: Vec<&str> = template.fixed().collect();
        assert_eq!(fixed, ["{", "}", "{TO}{unknown}{"]);
    }
}
