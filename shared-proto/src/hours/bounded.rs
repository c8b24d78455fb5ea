//! Lists of days and hours, decoded up to their bounds and no further.

use serde::Deserializer;

use super::{Leave, Span};
use crate::bounded::at_most;
use crate::date::Date;
use crate::limits;

pub fn spans<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Span>, D::Error> {
    at_most(deserializer, limits::HOURS_SPANS)
}

pub fn leave<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Leave>, D::Error> {
    at_most(deserializer, limits::LEAVES)
}

pub fn holidays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Date>, D::Error> {
    at_most(deserializer, limits::HOLIDAYS)
}
