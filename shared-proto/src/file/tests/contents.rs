//! What is in files, against what they are called.

use proptest::prelude::*;

use super::samples::*;
use super::*;

/// What becomes of a file of one chunk.
fn judged(kind: FileKind, file: &[u8]) -> Result<Seen, Refusal> {
    let mut judge = Judge::new(kind);
    judge.take(file)?;
    judge.finish()
}

#[track_caller]
fn differs(kind: FileKind, file: &[u8]) {
    let refused = Err(Refusal::invalid(Field::File, Rule::Differs));
    assert_eq!(
        judged(kind, file),
        refused,
        "{:?}",
        String::from_utf8_lossy(&file[..file.len().min(40)])
    );
}

#[test]
fn every_kind_is_known_by_an_ordinary_file_of_it() {
    for kind in FileKind::ALL {
        let seen = judged(kind, &ordinary(kind));
        assert!(seen.is_ok(), "{kind:?}: {seen:?}");
    }
}

#[test]
fn a_file_of_one_kind_under_the_name_of_another_is_refused() {
    use FileKind::{Csv, M4a, Mp4, Text};
    for truth in FileKind::ALL {
        for said in FileKind::ALL {
            let alike = said == truth
                || [truth, said].iter().all(|kind| matches!(kind, Mp4 | M4a))
                || [truth, said].iter().all(|kind| matches!(kind, Text | Csv));
            assert_eq!(judged(said, &ordinary(truth)).is_ok(), alike, "{truth:?} as {said:?}");
        }
    }
}

#[test]
fn programs_pages_and_archives_are_no_file_that_is_taken() {
    let program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0";
    let elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0";
    let installer = compound(512, &["\u{4840}\u{3f7f}", "SummaryInformation"]);
    let archive = zip(&["setup.exe", "readme.txt"]);
    let jar = zip(&["META-INF/MANIFEST.MF", "word/Main.class"]);
    let page = b"<!doctype html><script>alert(1)</script>";
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for hostile in [&program[..], elf, &installer, &archive, &jar] {
        for kind in FileKind::ALL {
            differs(kind, hostile);
        }
    }
    for hostile in [&page[..], drawing, b"#!/bin/sh\nrm -rf /\n"] {
        for kind in FileKind::ALL {
            if !matches!(kind, FileKind::Text | FileKind::Csv) {
                differs(kind, hostile);
            }
        }
    }
}

#[test]
fn what_is_two_things_at_once_is_refused() {
    let behind = [b"\xff\xfe<html>", &ordinary(FileKind::Pdf)[..]].concat();
    for file in [&behind[..], b"\n%PDF-1.7", b" %PDF-1.7", b"\xef\xbb\xbf%PDF-1.7", b"%PDF-9.9"] {
        differs(FileKind::Pdf, file);
    }
    differs(FileKind::Pdf, b"MZ%PDF-1.7");
    differs(FileKind::Jpeg, b"<script>\xff\xd8\xff\xe0");
    differs(FileKind::Png, b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>");
    differs(FileKind::Gif, b"GIF88a");
    differs(FileKind::Webp, b"RIFF=1;/*WAVE*/");
    differs(FileKind::Mp4, b"\0\0\0\x20ftypheic\0\0\0\0mif1heic");
    differs(FileKind::Mp4, b"\xff\xff\xff\xffftypisom\0\0\0\0isom");
    differs(FileKind::Mp3, b"\xff\xfet\0e\0x\0t\0");
    differs(FileKind::Mp3, b"ID3, name, and more");
    differs(FileKind::Mov, b"The wide river");
}

#[test]
fn an_office_document_is_one_of_its_kind_and_holds_no_macros() {
    differs(FileKind::Docx, &zip(&["[Content_Types].xml", "xl/workbook.xml"]));
    differs(FileKind::Docx, &zip(&["[Content_Types].xml"]));
    let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    differs(FileKind::Docx, &macros);
    let shifted = [b"MZ", &ordinary(FileKind::Docx)[..]].concat();
    differs(FileKind::Docx, &shifted);
    assert!(judged(FileKind::Docx, &compound(1_024, &["EncryptedPackage"])).is_ok());
    differs(FileKind::Docx, &compound(1_024, &["WordDocument"]));

    let text = FileKind::Odt.media_type();
    let late = [zip(&["content.xml"]), zipped("mimetype", text.as_bytes())].concat();
    differs(FileKind::Odt, &late);
    differs(FileKind::Odt, &open_document(FileKind::Ods.media_type()));
    differs(FileKind::Odt, &open_document(&format!("{text}-template")));
    differs(FileKind::Odt, &open_document(&text[..text.len() - 1]));
    let mut lying = open_document(text);
    lying[18..26].fill(0xff);
    differs(FileKind::Odt, &lying);
}

#[test]
fn a_zip_that_would_unfold_is_never_unfolded() {
    // 4 GiB each, by what their heads say; what lies in them is not looked at.
    let mut bomb = zip(&["[Content_Types].xml", "word/document.xml"]);
    bomb[18..26].fill(0xff);
    assert!(judged(FileKind::Docx, &bomb).is_ok());
    let nested: Vec<u8> = (0..2_000).flat_map(|_| zipped("word/a.zip", b"PK\x03\x04")).collect();
    assert!(judged(FileKind::Docx, &nested).is_ok());
}

#[test]
fn the_directory_of_an_old_document_may_lie_in_any_of_its_chunks() {
    let chunk = limits::FILE_CHUNK_BYTES;
    for before in [512, chunk - 128, chunk, 2 * chunk + 512] {
        let file = compound(before, &["1Table", "WordDocument"]);
        let mut judge = Judge::new(FileKind::Doc);
        for part in file.chunks(chunk) {
            judge.take(part).unwrap();
        }
        assert!(judge.finish().is_ok(), "{before}");
    }
    differs(FileKind::Xls, &compound(512, &["WordDocument"]));
    differs(FileKind::Doc, &compound(512, &["WordDocuments"]));
    differs(FileKind::Doc, &compound(512 + 64, &["WordDocument"]));
}

#[test]
fn an_old_document_with_macros_is_not_taken_wherever_they_are_listed() {
    for streams in [["WordDocument", "_VBA_PROJECT"], ["_VBA_PROJECT", "WordDocument"]] {
        differs(FileKind::Doc, &compound(512, &streams));
    }
    differs(FileKind::Xls, &compound(512, &["Workbook", "dir", "_VBA_PROJECT"]));
    let chunk = limits::FILE_CHUNK_BYTES;
    let mut late = compound(512, &["WordDocument"]);
    late.resize(chunk, 0);
    late.extend_from_slice(&compound(128, &["_VBA_PROJECT"])[128..]);
    let mut judge = Judge::new(FileKind::Doc);
    let taken: Result<Vec<()>, _> = late.chunks(chunk).map(|part| judge.take(part)).collect();
    assert!(taken.is_err(), "what was waited for has come long before");
}

#[test]
fn a_text_is_text_to_its_end() {
    let mut judge = Judge::new(FileKind::Text);
    judge.take(&[b'a'; limits::FILE_CHUNK_BYTES]).unwrap();
    assert!(judge.clone().take(b"\0").is_err());
    assert!(judge.clone().take(b"\x1b[31m").is_err());
    assert!(judge.take("é\u{85}".as_bytes()).is_ok());
}

#[test]
fn the_size_of_a_picture_is_read_and_not_that_of_a_smaller_one_within() {
    let size = |kind, file: &[u8]| {
        judged(kind, file).unwrap().pixels.map(|pixels| (pixels.width, pixels.height))
    };
    assert_eq!(size(FileKind::Png, &png(100_000, 7)), Some((100_000, 7)));
    assert_eq!(size(FileKind::Jpeg, &jpeg(4_000, 3_000)), Some((4_000, 3_000)));
    assert_eq!(size(FileKind::Gif, &gif(5, 6)), Some((5, 6)));
    let extended = webp(b"VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\x01\0\0");
    assert_eq!(size(FileKind::Webp, &extended), Some((1 << 24, 2)));
    let lossy = webp(b"VP8 \x0a\0\0\0\x30\x01\0\x9d\x01\x2a\x90\x41\x2c\x01");
    assert_eq!(size(FileKind::Webp, &lossy), Some((400, 300)));
    let lossless = webp(b"VP8L\x0a\0\0\0\x2f\x8f\xc1\x4a\0");
    assert_eq!(size(FileKind::Webp, &lossless), Some((400, 300)));
    assert_eq!(size(FileKind::Webp, &webp(b"VP8 ")), None);
    assert_eq!(size(FileKind::Jpeg, b"\xff\xd8\xff\xda\0\x02\xff\xc0\0\x11\x08\0\x01\0\x01"), None);
    assert_eq!(size(FileKind::Pdf, &ordinary(FileKind::Pdf)), None);
}

proptest! {
    #[test]
    fn whatever_comes_nothing_panics(
        kind in proptest::sample::select(FileKind::ALL.to_vec()),
        whole in any::<bool>(),
        changes in proptest::collection::vec((any::<u16>(), any::<u8>()), 0..8),
        noise in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut file = if whole { ordinary(kind) } else { noise };
        for (place, byte) in changes {
            let length = file.len().max(1);
            if let Some(changed) = file.get_mut(usize::from(place) % length) {
                *changed = byte;
            }
        }
        for kind in FileKind::ALL {
            let _ = judged(kind, &file);
            for end in 0..file.len().min(64) {
                let _ = judged(kind, &file[..end]);
            }
        }
    }
}
