//! What is decoded up to its bound and no further: an item takes thirty times the memory of the
//! fewest bytes it can be written in, so that a frame of nothing but empty ones would take
//! megabytes.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Band, Choice, Item, Score};
use crate::limits;

pub fn items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item>, D::Error> {
    deserializer.deserialize_seq(AtMost { limit: limits::FORM_ITEMS, of: PhantomData })
}

pub fn scores<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Score>, D::Error> {
    deserializer.deserialize_seq(AtMost { limit: limits::FORM_SCORES, of: PhantomData })
}

pub fn choices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Choice>, D::Error> {
    deserializer.deserialize_seq(AtMost { limit: limits::FORM_CHOICES, of: PhantomData })
}

pub fn bands<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Band>, D::Error> {
    deserializer.deserialize_seq(AtMost { limit: limits::FORM_BANDS, of: PhantomData })
}

struct AtMost<T> {
    limit: usize,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {}", self.limit)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            if values.len() == self.limit {
                return Err(A::Error::invalid_length(self.limit + 1, &self));
            }
            values.push(value);
        }
        Ok(values)
    }
}
