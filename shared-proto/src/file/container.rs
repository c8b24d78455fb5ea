//! What a container says it holds: ZIP, for office documents since 2007, and Microsoft's compound
//! files, for those before. Names are read and nothing is unpacked, so nothing can unfold in memory.

use super::FileKind;

/// What begins a file in a ZIP (APPNOTE 6.3.10, 4.3.7).
const LOCAL: &[u8] = b"PK\x03\x04";
/// Bytes of a file's head before its name.
const LOCAL_BYTES: usize = 30;

/// Whether the first chunk of a ZIP is one of this kind of document.
pub(super) fn is_document(kind: FileKind, start: &[u8]) -> bool {
    let folder: &[u8] = match kind {
        FileKind::Docx => b"word/",
        FileKind::Xlsx => b"xl/",
        FileKind::Pptx => b"ppt/",
        _ => return is_open_document(kind, start),
    };
    if !start.starts_with(LOCAL) {
        return false;
    }
    let mut found = false;
    for name in names(start) {
        if is_foreign(name) {
            return false;
        }
        found |= name.get(..folder.len()).is_some_and(|start| start.eq_ignore_ascii_case(folder));
    }
    found
}

/// The first file says what it is, neither compressed nor anywhere else (OpenDocument 1.3, part 2,
/// 3.3).
fn is_open_document(kind: FileKind, start: &[u8]) -> bool {
    const NAME: &[u8] = b"mimetype";
    let kept = start.get(8..10) == Some(&[0, 0]);
    let content = || {
        let sizes = [start.get(18..22)?, start.get(22..26)?];
        let [packed, whole] = sizes.map(|size| size.try_into().map(u32::from_le_bytes).ok());
        let extra = u16::from_le_bytes(start.get(28..30)?.try_into().ok()?);
        let from = LOCAL_BYTES + NAME.len() + usize::from(extra);
        let bytes = usize::try_from(packed?).ok()?;
        (packed == whole).then(|| start.get(from..from.checked_add(bytes)?))?
    };
    start.starts_with(LOCAL)
        && kept
        && names(start).next() == Some(NAME)
        && content() == Some(kind.media_type().as_bytes())
}

/// The names of the files that begin in these bytes.
fn names(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut place = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(place..)?;
            let next = rest.windows(LOCAL.len()).position(|window| window == LOCAL)?;
            let head = &rest[next..];
            place += next + LOCAL.len();
            let length = head.get(26..28).map(|length| u16::from_le_bytes([length[0], length[1]]));
            let Some(length) = length.map(usize::from) else { continue };
            if let Some(name) = head.get(LOCAL_BYTES..LOCAL_BYTES + length) {
                return Some(name);
            }
        }
    })
}

/// What an office document without macros does not hold, and a program, or one with macros, does.
fn is_foreign(name: &[u8]) -> bool {
    let is = |other: &[u8]| name.eq_ignore_ascii_case(other);
    let ends = |end: &[u8]| {
        name.len().checked_sub(end.len()).is_some_and(|at| name[at..].eq_ignore_ascii_case(end))
    };
    is(b"META-INF/MANIFEST.MF")
        || is(b"AndroidManifest.xml")
        || ends(b".dex")
        || ends(b".class")
        || ends(b"vbaProject.bin")
}

/// Whether a file begins as a compound file ([MS-CFB] 2.2).
pub(super) fn is_compound(start: &[u8]) -> bool {
    start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Whether this chunk of a compound file lists a stream that only this kind of document has. Its
/// directory lies anywhere, but in pieces of 128 bytes that begin at multiples of that (2.6.1), so
/// that no chunk cuts one. An installer of Windows, which is a compound file too, has none of them.
pub(super) fn lists_document(kind: FileKind, chunk: &[u8]) -> bool {
    let streams: &[&str] = match kind {
        FileKind::Doc => &["WordDocument"],
        FileKind::Xls => &["Workbook", "Book"],
        FileKind::Ppt => &["PowerPoint Document"],
        // One that asks for a password lies in a compound file ([MS-OFFCRYPTO] 2.3.4.4).
        FileKind::Docx | FileKind::Xlsx | FileKind::Pptx => &["EncryptedPackage"],
        _ => return false,
    };
    let (entries, _) = chunk.as_chunks::<128>();
    entries.iter().any(|entry| streams.iter().any(|stream| is_stream(entry, stream)))
}

/// Whether this chunk of a compound file lists the stream that every project of macros has ([MS-OVBA]
/// 2.2.1), in a text or a table. Slides keep theirs packed within a stream, where nothing here looks.
pub(super) fn lists_macros(chunk: &[u8]) -> bool {
    let (entries, _) = chunk.as_chunks::<128>();
    entries.iter().any(|entry| is_stream(entry, "_VBA_PROJECT"))
}

/// Whether an entry of a directory is a stream of this name.
fn is_stream(entry: &[u8; 128], name: &str) -> bool {
    const STREAM: u8 = 2;
    let length = u16::from_le_bytes([entry[64], entry[65]]);
    let (units, _) = entry.as_chunks::<2>();
    let ended = name.encode_utf16().chain([0]);
    entry[66] == STREAM
        && usize::from(length) == 2 * (name.len() + 1)
        && ended.zip(units).all(|(wanted, unit)| wanted.to_le_bytes() == *unit)
}
