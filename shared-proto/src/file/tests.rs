//! Hostile and ordinary files (TRUST U).

mod contents;
mod names;
mod samples;

use super::*;

#[test]
fn nothing_that_runs_or_hides_is_taken() {
    for refused in [
        "exe", "com", "scr", "bat", "cmd", "msi", "dll", "js", "mjs", "vbs", "ps1", "sh", "jar",
        "apk", "html", "htm", "xhtml", "svg", "xml", "mht", "docm", "xlsm", "pptm", "dotm", "zip",
        "rar", "7z", "iso", "lnk", "url", "hta", "swf", "wasm", "", "p df",
    ] {
        assert_eq!(FileKind::of_extension(refused), None, "{refused}");
    }
}

#[test]
fn every_extension_stands_for_one_kind_and_every_kind_has_its_media_type() {
    let mut extensions = std::collections::BTreeSet::new();
    let mut types = std::collections::BTreeSet::new();
    for kind in FileKind::ALL {
        for extension in kind.extensions() {
            assert!(extensions.insert(*extension), "{extension}");
            assert!(extension.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
            assert_eq!(FileKind::of_extension(extension), Some(kind));
            assert_eq!(FileKind::of_extension(&extension.to_ascii_uppercase()), Some(kind));
        }
        assert!(types.insert(kind.media_type()), "{kind:?}");
        assert!(!kind.media_type().contains("html") && !kind.media_type().contains("xml;"));
    }
    assert!(accept().starts_with(".pdf,.png,.jpg,.jpeg,"), "{}", accept());
}

#[test]
fn a_file_of_nothing_and_one_of_more_than_25_mb_are_refused() {
    let most = 25 * 1024 * 1024;
    assert_eq!(check_size(0), Err(Refusal::invalid(Field::File, Rule::Empty)));
    assert_eq!((check_size(1), check_size(most)), (Ok(()), Ok(())));
    let too_large = Err(Refusal::invalid(Field::File, Rule::TooLarge { limit: 25 }));
    assert_eq!((check_size(most + 1), check_size(u64::MAX)), (too_large, too_large));
}

#[test]
fn a_quota_is_used_to_its_last_byte_and_not_beyond() {
    let quota = 3 * 1024 * 1024;
    assert_eq!(check_quota(quota - 5, 5, quota), Ok(()));
    let used = Err(Refusal::invalid(Field::File, Rule::QuotaUsed { limit: 3 }));
    assert_eq!(check_quota(quota - 5, 6, quota), used);
    assert_eq!(check_quota(u64::MAX, 1, quota), used);
    assert_eq!(check_quota(1, u64::MAX, quota), used);
    let least = limits::FILE_COUNTED_BYTES;
    assert_eq!([1, least - 1, least, least + 1].map(counted), [least, least, least, least + 1]);
}

#[test]
fn a_file_is_all_of_its_chunks() {
    let whole = limits::FILE_CHUNK_BYTES as u64;
    for bytes in [1, 2, whole - 1, whole, whole + 1, 3 * whole, *limits::FILE_BYTES.end()] {
        let count = chunks(bytes);
        let all = (0..count).map(|index| chunk_bytes(bytes, index).unwrap() as u64);
        assert_eq!(all.clone().sum::<u64>(), bytes);
        assert!(all.rev().skip(1).all(|chunk| chunk == whole));
        assert_eq!(chunk_bytes(bytes, count), None);
    }
    assert_eq!((chunks(0), chunk_bytes(0, 0)), (0, None));
    assert_eq!(chunks(*limits::FILE_BYTES.end()), limits::FILE_CHUNKS);
    assert_eq!((chunks(u64::MAX), chunk_bytes(5, u32::MAX)), (u32::MAX, None));
}

#[test]
fn a_picture_is_shown_unless_it_would_fill_the_memory() {
    let size = |width, height| Some(Pixels { width, height });
    for kind in [FileKind::Png, FileKind::Jpeg, FileKind::Gif, FileKind::Webp] {
        assert_eq!(kind.preview(size(8_000, 8_000)), Preview::Image);
        assert_eq!(kind.preview(size(16_384, 1)), Preview::Image);
        for large in [size(16_385, 1), size(8_001, 8_000), size(65_535, 65_535)] {
            assert_eq!(kind.preview(large), Preview::None, "{large:?}");
        }
        assert_eq!(kind.preview(size(u32::MAX, u32::MAX)), Preview::None);
        assert_eq!(kind.preview(size(0, 5)), Preview::None);
        assert_eq!(kind.preview(None), Preview::None, "its size is not known");
    }
    assert_eq!(FileKind::Pdf.preview(None), Preview::Document);
    for kind in [FileKind::Heic, FileKind::Tiff, FileKind::Text, FileKind::Docx, FileKind::Mp4] {
        assert_eq!(kind.preview(size(5, 5)), Preview::None, "{kind:?}");
    }
}
