//! What somebody answered. What the answers may be is said by the form ([`super::fill`]).

use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::text::is_blank;
use super::{ChoiceId, LinkId};
use crate::date::Date;

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// To a text or a long text.
    Text(String),
    /// To a number or a scale.
    Number(Decimal),
    /// To a date.
    Date(Date),
    /// To yes or no.
    YesNo(bool),
    /// To one of several choices.
    One(ChoiceId),
    /// To any of several choices.
    Several(Vec<ChoiceId>),
    /// The typed name of whoever signs.
    Signature(String),
}

impl Value {
    /// Whether it says nothing, or nothing that anybody sees, which counts as no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Signature(text) => is_blank(text),
            Self::Several(choices) => choices.is_empty(),
            Self::Number(_) | Self::Date(_) | Self::YesNo(_) | Self::One(_) => false,
        }
    }
}

/// An answer and the item it is to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// To which item.
    pub link: LinkId,
    /// What it says.
    pub value: Value,
}

/// More than one answer to an item, or answers that do not stand in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disordered;

impl std::fmt::Display for Disordered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("answers stand in the order of their items' ids, one for each item")
    }
}

impl std::error::Error for Disordered {}

/// Answers to a form, at most one for each item: those given so far, or those submitted. They stand
/// in the order of their ids; others are refused while they are decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Answer>")]
pub struct Answers(Vec<Answer>);

impl TryFrom<Vec<Answer>> for Answers {
    type Error = Disordered;
    fn try_from(answers: Vec<Answer>) -> Result<Self, Disordered> {
        let ordered = answers.is_sorted_by(|earlier, later| earlier.link < later.link);
        if ordered { Ok(Self(answers)) } else { Err(Disordered) }
    }
}

impl Answers {
    /// The answer to an item; an empty one is none.
    #[must_use]
    pub fn get(&self, link: LinkId) -> Option<&Value> {
        let place = self.place(link).ok()?;
        Some(&self.0[place].value).filter(|value| !value.is_empty())
    }

    /// Answers an item, in place of what was answered before. An empty answer takes it back.
    pub fn set(&mut self, link: LinkId, value: Value) {
        match self.place(link) {
            Ok(place) if value.is_empty() => drop(self.0.remove(place)),
            Ok(place) => self.0[place].value = value,
            Err(_) if value.is_empty() => {}
            Err(place) => self.0.insert(place, Answer { link, value }),
        }
    }

    /// Takes the answer to an item back.
    pub fn clear(&mut self, link: LinkId) {
        if let Ok(place) = self.place(link) {
            self.0.remove(place);
        }
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, link: LinkId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&link, |answer| answer.link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    fn answer(link: u16) -> Answer {
        Answer { link: LinkId(link), value: Value::YesNo(true) }
    }

    #[test]
    fn an_item_has_one_answer_and_an_empty_one_takes_it_back() {
        let mut answers = Answers::default();
        for link in [3, 1, 2] {
            answers.set(LinkId(link), Value::Text(link.to_string()));
        }
        answers.set(LinkId(2), Value::Text("again".into()));
        let links: Vec<u16> = answers.iter().map(|answer| answer.link.0).collect();
        assert_eq!(links, [1, 2, 3]);
        assert_eq!(answers.get(LinkId(2)), Some(&Value::Text("again".into())));
        answers.set(LinkId(2), Value::Text("  ".into()));
        answers.set(LinkId(9), Value::Several(vec![]));
        answers.clear(LinkId(1));
        assert_eq!((answers.len(), answers.get(LinkId(2))), (1, None));
    }

    #[test]
    fn answers_out_of_order_or_given_twice_are_not_decoded() {
        let read = |links: &[u16]| {
            let answers: Vec<Answer> = links.iter().map(|link| answer(*link)).collect();
            codec::decode::<Answers>(&codec::encode(&answers)).map(|answers| answers.len())
        };
        assert_eq!(read(&[]), Ok(0));
        assert_eq!(read(&[1, 2, 9]), Ok(3));
        assert_eq!(read(&[2, 1]), Err(codec::Malformed));
        assert_eq!(read(&[1, 1]), Err(codec::Malformed));
    }
}
