//! Beginnings of files, as programs write them, made here so that each says what matters in it.

use super::FileKind;

/// A file in a ZIP, kept as it is.
pub fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let name_size = u16::try_from(name.len()).unwrap().to_le_bytes();
    let head = b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0\x12\x34\x56\x78";
    [&head[..], &size, &size, &name_size, &[0, 0], name.as_bytes(), content].concat()
}

/// A ZIP of files with these names.
pub fn zip(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| zipped(name, b"<?xml?>")).collect()
}

/// OpenDocument of this media type.
pub fn open_document(media_type: &str) -> Vec<u8> {
    [zipped("mimetype", media_type.as_bytes()), zip(&["content.xml", "META-INF/manifest.xml"])]
        .concat()
}

/// A compound file whose directory begins after `before` bytes and lists these streams.
pub fn compound(before: usize, streams: &[&str]) -> Vec<u8> {
    let mut file = vec![0; before];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    for (name, kind) in [("Root Entry", 5)].into_iter().chain(streams.iter().map(|name| (*name, 2)))
    {
        let mut entry = [0; 128];
        for (place, unit) in entry.chunks_mut(2).zip(name.encode_utf16()) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(2 * (name.len() + 1)).unwrap();
        entry[66] = kind;
        file.extend_from_slice(&entry);
    }
    file
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &sides[..], b"\x08\x02\0\0\0"].concat()
}

/// With a small picture of the camera's inside its first segment.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let small = b"Exif\0\0\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x10\x03";
    let length = u16::try_from(small.len() + 2).unwrap().to_be_bytes();
    let frame = [height.to_be_bytes(), width.to_be_bytes()].concat();
    [b"\xff\xd8\xff\xe1", &length[..], small, b"\xff\xff\xc2\0\x11\x08", &frame, b"\x03"].concat()
}

pub fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a", &width.to_le_bytes()[..], &height.to_le_bytes(), b"\xf7\0\0"].concat()
}

pub fn webp(chunk: &[u8]) -> Vec<u8> {
    [b"RIFF\x40\0\0\0WEBP", chunk].concat()
}

pub fn branded(brands: &[&[u8; 4]]) -> Vec<u8> {
    let size = u32::try_from(12 + 4 * brands.len()).unwrap().to_be_bytes();
    let rest: Vec<u8> = brands[1..].iter().flat_map(|brand| brand.iter().copied()).collect();
    [&size[..], b"ftyp", brands[0], b"\0\0\x02\0", &rest, b"\0\0\0\x08moov"].concat()
}

/// The beginning of an ordinary file of every kind.
pub fn ordinary(kind: FileKind) -> Vec<u8> {
    match kind {
        FileKind::Pdf => b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n".to_vec(),
        FileKind::Png => png(3, 2),
        FileKind::Jpeg => jpeg(3, 2),
        FileKind::Gif => gif(3, 2),
        FileKind::Webp => webp(b"VP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x01\0\0"),
        FileKind::Heic => branded(&[b"mif1", b"mif1", b"heic"]),
        FileKind::Tiff => b"II\x2a\0\x08\0\0\0".to_vec(),
        FileKind::Text => "Grüße\r\n\u{feff}to all\t.\u{c}".as_bytes().to_vec(),
        FileKind::Csv => b"name;stra\xdfe\r\n\"a\";b\r\n".to_vec(),
        FileKind::Rtf => br"{\rtf1\ansi".to_vec(),
        FileKind::Doc => compound(512, &["1Table", "WordDocument"]),
        FileKind::Xls => compound(512, &["Workbook"]),
        FileKind::Ppt => compound(512, &["Current User", "PowerPoint Document"]),
        FileKind::Docx => zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]),
        FileKind::Xlsx => zip(&["docProps/app.xml", "docProps/core.xml", "xl/theme/theme1.xml"]),
        FileKind::Pptx => zip(&["[Content_Types].xml", "_rels/.rels", "ppt/presentation.xml"]),
        FileKind::Odt | FileKind::Ods | FileKind::Odp => open_document(kind.media_type()),
        FileKind::Mp3 => b"ID3\x03\0\0\0\0\x21\x76TIT2".to_vec(),
        FileKind::M4a => branded(&[b"M4A ", b"mp42", b"isom"]),
        FileKind::Wav => b"RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0".to_vec(),
        FileKind::Mp4 => branded(&[b"isom", b"iso2", b"avc1"]),
        FileKind::Mov => branded(&[b"qt  ", b"qt  "]),
        FileKind::Webm => b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87".to_vec(),
    }
}
