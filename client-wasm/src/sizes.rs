//! How large files and pictures are, in words and on the screen.

use shared_proto::file::Pixels;

use crate::text::Text;

/// The longer side of a picture in a list, in CSS pixels.
pub const PICTURE: u32 = 320;

/// A size in words, in the unit that says it in few digits.
#[must_use]
pub fn size(bytes: u64, text: &Text) -> String {
    let (id, whole, tenth) = rounded(bytes);
    text.say_with(id, &[("whole", whole.into()), ("tenth", tenth.into())])
}

/// The words for a size, and its number: whole, and tenths where they are said.
const fn rounded(bytes: u64) -> (&'static str, u64, u64) {
    const KILO: u64 = 1024;
    const MEGA: u64 = KILO * KILO;
    if bytes < KILO {
        return ("size-bytes", bytes, 0);
    }
    let kilo = (bytes + KILO / 2) / KILO;
    if kilo < KILO {
        return ("size-kilobytes", kilo, 0);
    }
    let tenths = (bytes * 10 + MEGA / 2) / MEGA;
    ("size-megabytes", tenths / 10, tenths % 10)
}

/// Width and height of a picture within a square of [`PICTURE`]; never larger than it is.
#[must_use]
pub fn fitted(pixels: Pixels) -> (u32, u32) {
    let longer = u64::from(pixels.width.max(pixels.height).max(1));
    let most = longer.min(u64::from(PICTURE));
    // At most `PICTURE`.
    let side = |side: u32| (u64::from(side) * most / longer).max(1) as u32;
    (side(pixels.width), side(pixels.height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_the_unit_with_few_digits() {
        let text = Text::in_language(&[]);
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1_023, "1023 bytes"),
            (1_024, "1 KB"),
            (1_535, "1 KB"),
            (1_536, "2 KB"),
            (1_048_063, "1023 KB"),
            (1_048_064, "1.0 MB"),
            (2_500_000, "2.4 MB"),
            (26_214_400, "25.0 MB"),
        ] {
            assert_eq!(size(bytes, &text), words, "{bytes}");
        }
    }

    #[test]
    fn a_picture_fits_and_keeps_its_shape() {
        let fitted = |width, height| fitted(Pixels { width, height });
        assert_eq!(fitted(4_000, 3_000), (320, 240));
        assert_eq!(fitted(3_000, 4_000), (240, 320));
        assert_eq!(fitted(100, 50), (100, 50));
        assert_eq!(fitted(16_384, 1), (320, 1));
        assert_eq!(fitted(0, 0), (1, 1));
    }
}
