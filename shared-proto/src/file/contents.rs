//! Whether a file is what its name says, by what is in it (OWASP ASVS 5.0, 5.2.2). It is looked at a
//! chunk after the other as it comes, so that neither the server nor the browser ever holds it
//! whole.
//!
//! Formats are known by how they begin at their very first byte, also where readers are more
//! lenient (a PDF may stand behind a kilobyte of anything): what is two things at once begins as
//! the other.

use super::image::pixels;
use super::{FileKind, Pixels, container, differs};
use crate::refusal::Refusal;

/// Judges one file.
#[derive(Clone, Debug)]
pub struct Judge {
    kind: FileKind,
    next: u32,
    pixels: Option<Pixels>,
    /// Whether it is one of Microsoft's compound files.
    is_compound: bool,
    /// A compound file whose directory has not come yet.
    is_waiting: bool,
}

/// What is known of a file whose contents are what its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How large the picture is, where it is one and says so.
    pub pixels: Option<Pixels>,
}

impl Judge {
    /// For a file whose name says that it is of this kind.
    #[must_use]
    pub const fn new(kind: FileKind) -> Self {
        Self { kind, next: 0, pixels: None, is_compound: false, is_waiting: false }
    }

    /// Looks at the next chunk, of [`crate::limits::FILE_CHUNK_BYTES`] but for the last.
    ///
    /// # Errors
    /// `Differs`: it is something else. Nothing of it is to be kept.
    pub fn take(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        let is_first = self.next == 0;
        self.next = self.next.saturating_add(1);
        if is_first {
            if !begins(self.kind, chunk) {
                return Err(differs());
            }
            self.pixels = pixels(self.kind, chunk);
            self.is_compound = container::is_compound(chunk);
            self.is_waiting = self.is_compound;
        }
        if self.is_compound && container::lists_macros(chunk) {
            return Err(differs());
        }
        if self.is_waiting {
            self.is_waiting = !container::lists_document(self.kind, chunk);
        }
        if matches!(self.kind, FileKind::Text | FileKind::Csv) && !is_text(chunk) {
            return Err(differs());
        }
        Ok(())
    }

    /// What is known once the last chunk was looked at.
    ///
    /// # Errors
    /// `Differs`: what makes it a document of its kind never came.
    pub fn finish(self) -> Result<Seen, Refusal> {
        if self.next == 0 || self.is_waiting {
            return Err(differs());
        }
        Ok(Seen { pixels: self.pixels })
    }
}

fn begins(kind: FileKind, start: &[u8]) -> bool {
    match kind {
        FileKind::Pdf => is_pdf(start),
        FileKind::Png => {
            start.starts_with(b"\x89PNG\r\n\x1a\n") && start.get(12..16) == Some(b"IHDR")
        }
        FileKind::Jpeg => start.starts_with(&[0xff, 0xd8, 0xff]),
        FileKind::Gif => start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a"),
        FileKind::Webp => is_riff(start, b"WEBP"),
        FileKind::Wav => is_riff(start, b"WAVE"),
        FileKind::Tiff => start.starts_with(b"II\x2a\0") || start.starts_with(b"MM\0\x2a"),
        FileKind::Heic => has_brand(start, HEIC),
        FileKind::Mp4 | FileKind::M4a => has_brand(start, MP4),
        FileKind::Mov => has_brand(start, &[b"qt  "]) || is_old_quicktime(start),
        FileKind::Webm => is_webm(start),
        FileKind::Mp3 => is_mp3(start),
        FileKind::Rtf => is_rtf(start),
        // Written in letters too, but not to be read as they are. Every chunk of a text is looked
        // at besides.
        FileKind::Text | FileKind::Csv => !is_pdf(start) && !is_rtf(start),
        FileKind::Doc | FileKind::Xls | FileKind::Ppt => container::is_compound(start),
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => {
            container::is_document(kind, start) || container::is_compound(start)
        }
        FileKind::Odt | FileKind::Ods | FileKind::Odp => container::is_document(kind, start),
    }
}

/// `%PDF-1.7`.
fn is_pdf(start: &[u8]) -> bool {
    let version = start.strip_prefix(b"%PDF-").and_then(|rest| rest.first_chunk());
    version.is_some_and(|[major, dot, minor]| {
        matches!(major, b'1' | b'2') && *dot == b'.' && minor.is_ascii_digit()
    })
}

fn is_rtf(start: &[u8]) -> bool {
    start.starts_with(br"{\rtf")
}

fn is_riff(start: &[u8], form: &[u8; 4]) -> bool {
    start.starts_with(b"RIFF") && start.get(8..12) == Some(form)
}

type Brands<'a> = &'a [&'a [u8; 4]];

const HEIC: Brands<'_> =
    &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"];
const MP4: Brands<'_> = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41",
    b"mp42", b"mp71", b"avc1", b"M4A ", b"M4B ", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash",
    b"mmp4", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"f4v ", b"XAVC",
];

/// Whether a file is of one of these brands, by its first box (ISO/IEC 14496-12, 4.3): the one it
/// is foremost, or one it is compatible with.
fn has_brand(start: &[u8], brands: Brands<'_>) -> bool {
    const MOST: usize = 1_024;
    let size = start.first_chunk().map(|size| u32::from_be_bytes(*size));
    let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    if start.get(4..8) != Some(b"ftyp") || !(16..=MOST).contains(&size) {
        return false;
    }
    let Some((four, _)) = start.get(8..size).map(<[u8]>::as_chunks::<4>) else { return false };
    // Between the first and the others stands a version.
    let named = four.first().into_iter().chain(four.iter().skip(2));
    named.into_iter().any(|brand| brands.contains(&brand))
}

/// Before there were brands, a film began with one of its own boxes, whose size stands before it.
fn is_old_quicktime(start: &[u8]) -> bool {
    let kinds: [&[u8]; 4] = [b"moov", b"mdat", b"wide", b"pnot"];
    start.first().is_some_and(|size| *size <= 1)
        && start.get(4..8).is_some_and(|kind| kinds.contains(&kind))
}

/// Matroska (RFC 8794, RFC 9559) that says it is WebM in its first element.
fn is_webm(start: &[u8]) -> bool {
    const NAMED: &[u8] = b"\x42\x82\x84webm";
    let head = start.strip_prefix(&[0x1a, 0x45, 0xdf, 0xa3]);
    head.is_some_and(|head| {
        head[..head.len().min(64)].windows(NAMED.len()).any(|window| window == NAMED)
    })
}

/// A tag before it, or a frame of layer III with a bitrate and a sampling rate that exist.
fn is_mp3(start: &[u8]) -> bool {
    if let Some([version, _, _, size @ ..]) =
        start.strip_prefix(b"ID3").and_then(<[u8]>::first_chunk::<7>)
    {
        return (2..=4).contains(version) && size.iter().all(|seven| *seven < 0x80);
    }
    let Some([sync, layer, rates]) = start.first_chunk() else { return false };
    let versions = (layer >> 3) & 3;
    *sync == 0xff
        && layer & 0xe0 == 0xe0
        && versions != 1
        && (layer >> 1) & 3 == 1
        && !matches!(rates >> 4, 0 | 15)
        && (rates >> 2) & 3 != 3
}

/// UTF-8 or one of the Latin encodings: in none of them stands a control character but those that
/// end lines, columns and pages. Text in UTF-16 has zeroes in it, as programs have.
fn is_text(chunk: &[u8]) -> bool {
    chunk.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x20..=0x7e | 0x80..))
}
