//! Figures from many measurements.

use std::time::Duration;

/// Times measured, in no order.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    microseconds: Vec<u32>,
}

impl Samples {
    /// Takes one in.
    pub fn add(&mut self, time: Duration) {
        self.microseconds.push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    /// Takes all of `other` in.
    pub fn join(&mut self, other: Self) {
        self.microseconds.extend(other.microseconds);
    }

    /// The time that `share` (0 to 1) of them do not exceed, in milliseconds; 0 without any.
    pub fn percentile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.microseconds.clone();
        sorted.sort_unstable();
        let at = (share * sorted.len() as f64).ceil() as usize;
        let at = at.clamp(1, sorted.len().max(1)) - 1;
        sorted.get(at).map_or(0.0, |time| f64::from(*time) / 1_000.0)
    }
}

/// The middle one; the upper of the two in the middle of an even number. NaN of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
