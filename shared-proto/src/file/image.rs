//! How large a picture says it is, from its first bytes. Nothing is decoded.

use serde::{Deserialize, Serialize};

use super::FileKind;

/// The size of a picture, in pixels, before a browser turns it as its camera was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// What the first chunk of a picture says; `None` where it does not, or is no picture.
pub(super) fn pixels(kind: FileKind, start: &[u8]) -> Option<Pixels> {
    match kind {
        FileKind::Png => png(start),
        FileKind::Jpeg => jpeg(start),
        FileKind::Gif => gif(start),
        FileKind::Webp => webp(start),
        _ => None,
    }
}

/// The bytes of a number at a place.
fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..place.checked_add(N)?)?.try_into().ok()
}

/// Its first chunk is `IHDR` (PNG, 11.2.1).
fn png(start: &[u8]) -> Option<Pixels> {
    (at(start, 12)? == *b"IHDR").then_some(())?;
    let side = |place| at(start, place).map(u32::from_be_bytes);
    Some(Pixels { width: side(16)?, height: side(20)? })
}

fn gif(start: &[u8]) -> Option<Pixels> {
    let side = |place| at(start, place).map(u16::from_le_bytes).map(u32::from);
    Some(Pixels { width: side(6)?, height: side(8)? })
}

/// A segment after the other until a frame header (ITU-T T.81, B.2.2); pictures within, such as the
/// small one of a camera, lie inside segments and are stepped over.
fn jpeg(start: &[u8]) -> Option<Pixels> {
    let mut place = 2;
    loop {
        let [mark, code] = at(start, place)?;
        if mark != 0xff {
            return None;
        }
        match code {
            // Fills up.
            0xff => place += 1,
            // Without a length.
            0x01 | 0xd0..=0xd8 => place += 2,
            // The picture itself begins, or ends.
            0xd9 | 0xda => return None,
            0xc0..=0xcf if !matches!(code, 0xc4 | 0xc8 | 0xcc) => {
                let side = |place| at(start, place).map(u16::from_be_bytes).map(u32::from);
                return Some(Pixels { height: side(place + 5)?, width: side(place + 7)? });
            }
            _ => place += 2 + usize::from(at(start, place + 2).map(u16::from_be_bytes)?),
        }
    }
}

/// Lossy, lossless or extended (RFC 9649, 2.5 to 2.7).
fn webp(start: &[u8]) -> Option<Pixels> {
    match &at::<4>(start, 12)? {
        b"VP8X" => {
            let side = |place| {
                let [a, b, c] = at(start, place)?;
                Some(u32::from_le_bytes([a, b, c, 0]) + 1)
            };
            Some(Pixels { width: side(24)?, height: side(27)? })
        }
        b"VP8 " => {
            (at(start, 23)? == [0x9d, 0x01, 0x2a]).then_some(())?;
            let side = |place| {
                let scaled = at(start, place).map(u16::from_le_bytes)?;
                Some(u32::from(scaled & 0x3fff))
            };
            Some(Pixels { width: side(26)?, height: side(28)? })
        }
        b"VP8L" => {
            (at(start, 20)? == [0x2f]).then_some(())?;
            let both = at(start, 21).map(u32::from_le_bytes)?;
            Some(Pixels { width: (both & 0x3fff) + 1, height: ((both >> 14) & 0x3fff) + 1 })
        }
        _ => None,
    }
}
