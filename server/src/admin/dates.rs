//! Times as the operator reads and writes them: UTC (RFC 3339).

use shared_proto::time::Millis;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// For example `2026-03-01T09:30:00.125Z`.
#[must_use]
pub fn show(at: Millis) -> String {
    let (year, month, day) = civil(at.0 / DAY_MS);
    let ms = at.0 % DAY_MS;
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    let fraction = ms % 1_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
}

/// A day, meaning its first moment, or a time to the minute, second or fraction, with or without
/// its `Z`. `None` for anything else.
#[must_use]
pub fn parse(text: &str) -> Option<Millis> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let mut parts = date.splitn(3, '-');
    let mut date = |digits| number(parts.next()?, digits);
    let (year, month, day) = (date(4)?, date(2)?, date(2)?);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.splitn(3, ':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    if fraction.is_empty() || fraction.len() > 3 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let ms = number(&format!("{fraction:0<3}"), 3)?;
    let days = days(year, month, day)?;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
    Some(Millis(days * DAY_MS + of_day))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// The day of a date, counted from 1970-01-01; `None` when there is no such date from then on.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    // Years that begin with March, so that the leap day is the last (Howard Hinnant,
    // "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    let year_of_march = if month <= 2 { year - 1 } else { year };
    let month_of_march = (month + 9) % 12;
    let day_of_year = (153 * month_of_march + 2) / 5 + day - 1;
    let days = year_of_march * 365 + year_of_march / 4 - year_of_march / 100
        + year_of_march / 400
        + day_of_year;
    let days = days.checked_sub(719_468)?;
    (civil(days) == (year, month, day)).then_some(days)
}

/// The date of a day counted from 1970-01-01 (as above, civil_from_days).
const fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_of_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_of_march + 2) / 5 + 1;
    let month = if month_of_march < 10 { month_of_march + 3 } else { month_of_march - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_and_read_back() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(show(Millis(ms)), text);
            assert_eq!(parse(text), Some(Millis(ms)));
        }
    }

    #[test]
    fn less_than_all_of_a_time_is_enough_and_nonsense_is_not() {
        assert_eq!(parse("2000-02-29"), Some(Millis(951_782_400_000)));
        assert_eq!(parse("2000-02-29T01:00"), Some(Millis(951_786_000_000)));
        assert_eq!(parse("2000-02-29T01:00:00.5Z"), Some(Millis(951_786_000_500)));
        for nonsense in
            ["", "2001-02-29", "2000-13-01", "2000-1-1", "1969-12-31", "2000-02-29T24:00", "today"]
        {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
