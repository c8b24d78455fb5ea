//! What is decoded up to its bound and no further: an item takes thirty times the memory of the
//! fewest bytes it can be written in, so that a frame of nothing but empty ones would take
//! megabytes.

use serde::Deserializer;

use super::{Band, Choice, Item, Score};
use crate::bounded::at_most;
use crate::limits;

pub fn items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item>, D::Error> {
    at_most(deserializer, limits::FORM_ITEMS)
}

pub fn scores<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Score>, D::Error> {
    at_most(deserializer, limits::FORM_SCORES)
}

pub fn choices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Choice>, D::Error> {
    at_most(deserializer, limits::FORM_CHOICES)
}

pub fn bands<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Band>, D::Error> {
    at_most(deserializer, limits::FORM_BANDS)
}
