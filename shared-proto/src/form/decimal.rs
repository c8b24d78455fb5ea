//! Numbers in forms: decimals with a fixed scale, so that two that read the same are the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// Ten thousandths to one: 10 to the power of [`limits::FORM_DECIMALS`].
const ONE: i64 = 10_000;

/// Not a number that a form can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDecimal;

impl fmt::Display for InvalidDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number: expected one such as 72.5, with at most four decimals")
    }
}

impl std::error::Error for InvalidDecimal {}

/// A number counted in ten thousandths, at most [`limits::FORM_NUMBER`] either way from nothing;
/// others are refused while they are decoded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(into = "i64", try_from = "i64")]
pub struct Decimal(i64);

impl Decimal {
    /// The least there is.
    pub const MIN: Self = Self(-limits::FORM_NUMBER * ONE);
    /// The greatest there is.
    pub const MAX: Self = Self(limits::FORM_NUMBER * ONE);

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i16) -> Self {
        Self(number as i64 * ONE)
    }

    /// So many ten thousandths, if that is a number a form can hold.
    #[must_use]
    pub fn ten_thousandths(count: i64) -> Option<Self> {
        let number = Self(count);
        (Self::MIN..=Self::MAX).contains(&number).then_some(number)
    }

    /// How many digits after the decimal point it needs: 0 to [`limits::FORM_DECIMALS`].
    #[must_use]
    pub fn decimals(self) -> u8 {
        let mut rest = (self.0 % ONE).unsigned_abs();
        let mut decimals = if rest == 0 { 0 } else { limits::FORM_DECIMALS };
        while rest != 0 && rest.is_multiple_of(10) {
            rest /= 10;
            decimals -= 1;
        }
        decimals
    }

    /// Its part before the decimal point.
    #[must_use]
    pub const fn truncated(self) -> i64 {
        self.0 / ONE
    }
}

impl TryFrom<i64> for Decimal {
    type Error = InvalidDecimal;
    fn try_from(count: i64) -> Result<Self, InvalidDecimal> {
        Self::ten_thousandths(count).ok_or(InvalidDecimal)
    }
}

impl From<Decimal> for i64 {
    fn from(number: Decimal) -> Self {
        number.0
    }
}

/// As people type it: digits with a point or a comma before the decimals, and a minus before it
/// all. No grouping, since `1,234` is a thousand to some and one and a bit to others.
impl FromStr for Decimal {
    type Err = InvalidDecimal;
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
        if whole.is_empty() || part.is_empty() || part.len() > usize::from(limits::FORM_DECIMALS) {
            return Err(InvalidDecimal);
        }
        let missing = usize::from(limits::FORM_DECIMALS) - part.len();
        let mut count = 0i64;
        for digit in whole.bytes().chain(part.bytes()).chain(std::iter::repeat_n(b'0', missing)) {
            if !digit.is_ascii_digit() || count > Self::MAX.0 {
                return Err(InvalidDecimal);
            }
            count = count * 10 + i64::from(digit - b'0');
        }
        Self::ten_thousandths(if negative { -count } else { count }).ok_or(InvalidDecimal)
    }
}

/// With a point, and no more decimals than it needs.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let count = self.0.unsigned_abs();
        write!(f, "{sign}{}", count / ONE.unsigned_abs())?;
        let decimals = usize::from(self.decimals());
        if decimals == 0 {
            return Ok(());
        }
        let part = format!("{:04}", count % ONE.unsigned_abs());
        write!(f, ".{}", &part[..decimals])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, shown) in [
            ("72.5", "72.5"),
            ("72,50", "72.5"),
            (" -0.0300 ", "-0.03"),
            ("\u{2212}4", "-4"),
            ("-0", "0"),
            ("007", "7"),
            ("1000000000", "1000000000"),
            ("0.0001", "0.0001"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), shown, "{text}");
        }
        for text in [
            "",
            "-",
            ".5",
            "5.",
            "1e3",
            "0.00001",
            "1.2.3",
            "1 000",
            "--1",
            "+1",
            "1000000000.1",
            "99999999999999999999999999",
            "٣",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(InvalidDecimal), "{text}");
        }
    }

    #[test]
    fn numbers_beyond_the_bounds_are_not_decoded() {
        let read = |count: i64| crate::codec::decode::<Decimal>(&crate::codec::encode(&count));
        assert_eq!(read(i64::from(Decimal::MAX)), Ok(Decimal::MAX));
        assert_eq!(read(i64::from(Decimal::MIN)), Ok(Decimal::MIN));
        for count in [i64::from(Decimal::MAX) + 1, i64::MIN, i64::MAX] {
            assert!(read(count).is_err(), "{count}");
        }
    }

    proptest! {
        #[test]
        fn a_number_survives_its_text(count in -10_000_000_000_000i64..=10_000_000_000_000) {
            let number = Decimal::ten_thousandths(count).unwrap();
            let text = number.to_string();
            prop_assert_eq!(text.parse(), Ok(number));
            let shown = text.split_once('.').map_or(0, |(_, part)| part.len());
            prop_assert_eq!(shown, usize::from(number.decimals()));
            // What a reader of JSON makes of it is the same number still.
            prop_assert_eq!(text.parse::<f64>().unwrap().to_string().parse(), Ok(number));
        }
    }
}
