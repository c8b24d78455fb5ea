//! What is decoded up to its bound and no further, where an element takes much more memory than the
//! fewest bytes it can be written in.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A sequence of at most `limit` elements.
pub fn at_most<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    limit: usize,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(AtMost { limit, of: PhantomData })
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
