//! How long to wait before the next try to connect.

/// The first wait, in milliseconds, before jitter.
pub const FIRST_MS: u64 = 500;
/// The longest wait, in milliseconds, before jitter.
pub const LONGEST_MS: u64 = 30_000;

/// The wait before try `attempt` (1 is the first after a loss), in milliseconds. Doubles from
/// [`FIRST_MS`] to [`LONGEST_MS`]; `random` in 0..1 spreads it over the upper half, so that
/// clients cut off together do not come back together.
#[must_use]
pub fn delay_ms(attempt: u32, random: f64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(10);
    let full = (FIRST_MS << doublings).min(LONGEST_MS);
    let half = full / 2;
    half + (half as f64 * random.clamp(0.0, 1.0)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_stay_there() {
        let waits: Vec<u64> = (1..=9).map(|attempt| delay_ms(attempt, 1.0)).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(delay_ms(u32::MAX, 1.0), LONGEST_MS);
    }

    #[test]
    fn jitter_spreads_a_wait_over_its_upper_half() {
        assert_eq!(delay_ms(3, 0.0), 1000);
        assert_eq!(delay_ms(3, 0.5), 1500);
        assert_eq!(delay_ms(3, 7.0), 2000);
    }
}
