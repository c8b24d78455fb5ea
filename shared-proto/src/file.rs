//! Files people send each other: which are taken, what they are called, how large they are, and
//! what may be shown of them. The server enforces it; the browser says by it what is wrong before
//! anything is sent (OWASP ASVS 5.0, 5.2 and 5.4).
//!
//! A list of what is taken, not of what is refused: what people and their providers send each
//! other, and nothing that runs. Left out on purpose: programs and scripts; HTML, SVG and XML, which
//! a browser would run; office documents with macros in them (`docm` and the like); archives, since
//! nothing here unpacks one to see what is in it.

pub mod ask;
mod container;
mod contents;
mod image;
mod name;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::refusal::{Field, Refusal, Rule};

pub use contents::{Judge, Seen};
pub use image::Pixels;
pub use name::{Named, named};

/// One megabyte as refusals count them.
const MEGABYTE: u64 = 1024 * 1024;

/// What a file is. Stored with it: new ones go at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// Portable Document Format (ISO 32000).
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// WebP.
    Webp,
    /// What telephones of Apple make pictures in (ISO/IEC 23008-12).
    Heic,
    /// Tagged Image File Format: scanners and faxes.
    Tiff,
    /// Plain text.
    Text,
    /// A table as text (RFC 4180).
    Csv,
    /// Rich Text Format.
    Rtf,
    /// Word up to 2003.
    Doc,
    /// Excel up to 2003.
    Xls,
    /// PowerPoint up to 2003.
    Ppt,
    /// Word (ECMA-376), without macros.
    Docx,
    /// Excel (ECMA-376), without macros.
    Xlsx,
    /// PowerPoint (ECMA-376), without macros.
    Pptx,
    /// Text of LibreOffice (OpenDocument).
    Odt,
    /// Table of LibreOffice.
    Ods,
    /// Slides of LibreOffice.
    Odp,
    /// Sound, MPEG-1 or 2 layer III.
    Mp3,
    /// Sound in MP4: voice memos of telephones.
    M4a,
    /// Sound, uncompressed.
    Wav,
    /// Film, MP4.
    Mp4,
    /// Film, QuickTime: telephones of Apple.
    Mov,
    /// Film, WebM.
    Webm,
}

/// What may be shown of a file where it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// Nothing: it is downloaded.
    None,
    /// The picture itself, which the page draws smaller.
    Image,
    /// The document, in a sandbox of its own.
    Document,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::Webp,
        Self::Heic,
        Self::Tiff,
        Self::Text,
        Self::Csv,
        Self::Rtf,
        Self::Doc,
        Self::Xls,
        Self::Ppt,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Mp3,
        Self::M4a,
        Self::Wav,
        Self::Mp4,
        Self::Mov,
        Self::Webm,
    ];

    /// The extensions it goes by, in lower case and without the dot; the usual one first.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jfif"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
            Self::Tiff => &["tif", "tiff"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
            Self::Rtf => &["rtf"],
            Self::Doc => &["doc"],
            Self::Xls => &["xls"],
            Self::Ppt => &["ppt"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Mp3 => &["mp3"],
            Self::M4a => &["m4a"],
            Self::Wav => &["wav"],
            Self::Mp4 => &["mp4", "m4v"],
            Self::Mov => &["mov"],
            Self::Webm => &["webm"],
        }
    }

    /// The kind that goes by this extension, in whatever case.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        let goes_by = |kind: &Self| {
            kind.extensions().iter().any(|known| known.eq_ignore_ascii_case(extension))
        };
        Self::ALL.into_iter().find(goes_by)
    }

    /// The media type it is served with (RFC 6838): always ours, never what a browser said of it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Tiff => "image/tiff",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Rtf => "application/rtf",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Wav => "audio/wav",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Webm => "video/webm",
        }
    }

    /// What may be shown of it. A picture whose size is not known, or which would take more memory
    /// than a picture should, is downloaded only.
    #[must_use]
    pub fn preview(self, pixels: Option<Pixels>) -> Preview {
        match self {
            Self::Pdf => Preview::Document,
            Self::Png | Self::Jpeg | Self::Gif | Self::Webp if pixels.is_some_and(is_sane) => {
                Preview::Image
            }
            _ => Preview::None,
        }
    }
}

fn is_sane(pixels: Pixels) -> bool {
    let Pixels { width, height } = pixels;
    width.min(height) > 0
        && width.max(height) <= limits::PREVIEW_SIDE
        && u64::from(width) * u64::from(height) <= limits::PREVIEW_PIXELS
}

/// What a browser's file picker is to offer: the attribute `accept` of its input (HTML, 4.10.5.1.17).
#[must_use]
pub fn accept() -> String {
    let all = FileKind::ALL.into_iter().flat_map(FileKind::extensions);
    all.map(|extension| format!(".{extension}")).collect::<Vec<_>>().join(",")
}

/// Whether a file of so many bytes is taken.
///
/// # Errors
/// `Empty` or `TooLarge`.
pub fn check_size(bytes: u64) -> Result<(), Refusal> {
    let most = *limits::FILE_BYTES.end();
    if bytes < *limits::FILE_BYTES.start() {
        return Err(Refusal::invalid(Field::File, Rule::Empty));
    }
    if bytes > most {
        let rule = Rule::TooLarge { limit: megabytes(most) };
        return Err(Refusal::invalid(Field::File, rule));
    }
    Ok(())
}

/// What a file of so many bytes counts of its sender's quota: a small one costs the server more than
/// its bytes.
#[must_use]
pub const fn counted(bytes: u64) -> u64 {
    if bytes < limits::FILE_COUNTED_BYTES { limits::FILE_COUNTED_BYTES } else { bytes }
}

/// Whether somebody whose files count `used` bytes may send one that counts `bytes` more, out of
/// `quota`. A withdrawn file counts on: it is kept.
///
/// # Errors
/// `QuotaUsed`.
pub fn check_quota(used: u64, bytes: u64, quota: u64) -> Result<(), Refusal> {
    if used.saturating_add(bytes) <= quota {
        return Ok(());
    }
    Err(Refusal::invalid(Field::File, Rule::QuotaUsed { limit: megabytes(quota) }))
}

fn megabytes(bytes: u64) -> u32 {
    u32::try_from(bytes / MEGABYTE).unwrap_or(u32::MAX)
}

/// How many chunks a file of so many bytes is kept in.
#[must_use]
pub const fn chunks(bytes: u64) -> u32 {
    let chunks = bytes.div_ceil(limits::FILE_CHUNK_BYTES as u64);
    if chunks > u32::MAX as u64 { u32::MAX } else { chunks as u32 }
}

/// How many bytes the chunk at `index` of a file of so many bytes has; `None` beyond its end.
#[must_use]
pub fn chunk_bytes(bytes: u64, index: u32) -> Option<usize> {
    let before = u64::from(index) * limits::FILE_CHUNK_BYTES as u64;
    let rest = bytes.checked_sub(before).filter(|rest| *rest > 0)?;
    Some(usize::try_from(rest).unwrap_or(usize::MAX).min(limits::FILE_CHUNK_BYTES))
}

/// A file that does not hold what its name says.
const fn differs() -> Refusal {
    Refusal::invalid(Field::File, Rule::Differs)
}
