//! Where a word could have got to, and the forms it could have there.

use std::path::Path;

/// What every word in the table holds, so that one search finds them all.
const MARK: &[u8] = b"canary";

/// Something that must not hold a word: its name, and its bytes.
pub type Place = (String, Vec<u8>);

/// Every file under `folder`.
pub fn files(folder: &Path) -> Vec<Place> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = item.file_type().unwrap();
        // A name of a file says something too.
        found.push((format!("the name of {}", item.path().display()), name(&item)));
        if kind.is_dir() {
            found.extend(files(&item.path()));
        } else if kind.is_file() {
            let bytes = std::fs::read(item.path()).unwrap();
            found.push((item.path().display().to_string(), bytes));
        }
    }
    found
}

fn name(item: &std::fs::DirEntry) -> Vec<u8> {
    item.file_name().into_encoded_bytes()
}

/// Says where a word stands, in any of its forms; `others` are looked for besides the mark.
pub fn hits(places: &[Place], others: &[&str]) -> Vec<String> {
    let forms: Vec<(&str, Vec<u8>)> = [MARK]
        .into_iter()
        .chain(others.iter().map(|other| other.as_bytes()))
        .flat_map(forms)
        .collect();
    let mut found = Vec::new();
    for (place, bytes) in places {
        let lower = bytes.to_ascii_lowercase();
        for (form, wanted) in &forms {
            // What has no upper case of its own is looked for in any.
            let cased = matches!(*form, "base64");
            let within = if cased { bytes } else { &lower };
            if let Some(at) = position(within, wanted) {
                let around = &bytes[at.saturating_sub(40)..(at + 60).min(bytes.len())];
                let around = String::from_utf8_lossy(around);
                found.push(format!("{place} as {form}: {around:?}"));
            }
        }
    }
    found
}

/// A word as it is, as 16-bit text, backwards, as hexadecimal and as Base64.
fn forms(word: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let word = word.to_ascii_lowercase();
    let wide = |low: bool| {
        let pairs = word.iter().map(|byte| if low { [*byte, 0] } else { [0, *byte] });
        pairs.flatten().collect::<Vec<u8>>()
    };
    let mut forms = vec![
        ("text", word.clone()),
        ("UTF-16LE", wide(true)),
        ("UTF-16BE", wide(false)),
        ("text backwards", word.iter().rev().copied().collect()),
        ("hexadecimal", word.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
    ];
    forms.extend((0..3).map(|before| ("base64", base64_within(&word, before))));
    forms
}

/// The characters of Base64 that hold nothing but `word`, when so many bytes stand before it.
fn base64_within(word: &[u8], before: usize) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let first = (before * 8).div_ceil(6);
    let last = (before + word.len()) * 8 / 6;
    let bit = |place: usize| word[place / 8 - before] >> (7 - place % 8) & 1;
    let digit = |place: usize| (place * 6..place * 6 + 6).fold(0, |sum, at| sum << 1 | bit(at));
    (first..last).map(|place| DIGITS[usize::from(digit(place))]).collect()
}

/// Where `wanted` begins in `bytes`.
fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if bytes[from..].starts_with(rest) {
            return Some(from - 1);
        }
    }
    None
}

#[test]
fn the_search_finds_a_word_in_each_of_its_forms() {
    let found =
        |bytes: &[u8]| !hits(&[("here".to_owned(), bytes.to_vec())], &["+41 79"]).is_empty();
    for there in [
        &b"xx Canary-Name"[..],
        b"c\0a\0n\0a\0r\0y\0",
        b"\0C\0A\0N\0A\0R\0Y",
        b"yranac",
        b"63616e617279",
        b"63616E617279",
        // `canary` after none, one and two other bytes, as any encoder writes it.
        b"Y2FuYXJ5",
        b"IGNhbmFyeQ==",
        b"ICBjYW5hcnk=",
        b"(+41 79",
    ] {
        assert!(found(there), "{:?}", String::from_utf8_lossy(there));
    }
    assert!(!found(b"a canal, a nary, and nothing else"));
    assert!(!hits(&files(Path::new(env!("CARGO_MANIFEST_DIR"))), &[]).is_empty());
}
