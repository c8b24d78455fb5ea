//! What a file is served with. A file is somebody else's: it is handed out as something to save, or
//! shown where it can do nothing, under a type that was proven by what is in it (OWASP ASVS 5.0,
//! 3.2.1, 3.2.2, 5.4.2). `router::security_headers` must not write over what stands here.

use std::fmt::Write as _;
use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use shared_proto::file::FileKind;
use shared_proto::id::FileId;

/// Nothing in it runs, loads or sends anything, and it belongs to no site (W3C CSP 3, 6.3.2). Chrome
/// shows a PDF under it.
const POLICY: &str = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The file a request is answered with.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    /// Its id, for resuming a download: its contents never change.
    pub id: FileId,
    /// What it is called, as `shared_proto::file::named` made it.
    pub name: &'a str,
    /// What it was proven to be.
    pub kind: FileKind,
    /// Its size in bytes.
    pub bytes: u64,
}

/// How it is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// To be saved, whatever it is.
    Attachment,
    /// To be shown: only what [`FileKind::preview`] says may be.
    Preview,
}

/// What of it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// A part.
    Part(Range<u64>),
    /// A part that is not there.
    Beyond,
}

impl Served<'_> {
    /// What a request with these headers asks for (RFC 9110, 14.2): one range of bytes, of the file
    /// as it is. Of several ranges, or of what is not understood, the whole.
    #[must_use]
    pub fn asked(&self, request: &HeaderMap) -> Asked {
        let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        // The contents never change; a date or another tag is of something else.
        let same = text(header::IF_RANGE).is_none_or(|tag| tag == self.tag());
        let range = text(header::RANGE).filter(|_| same);
        let Some(range) = range.and_then(|range| range.strip_prefix("bytes=")) else {
            return Asked::Whole;
        };
        let Some((first, last)) = range.split_once('-') else { return Asked::Whole };
        let number = |text: &str| {
            // A sign is not a digit, though `parse` takes one.
            text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok())?
        };
        let part = match (first, last) {
            ("", last) => number(last).map(|last| (self.bytes.saturating_sub(last), self.bytes)),
            (first, "") => number(first).map(|first| (first, self.bytes)),
            (first, last) => match (number(first), number(last)) {
                (Some(first), Some(last)) if first <= last => {
                    Some((first, last.saturating_add(1).min(self.bytes)))
                }
                _ => None,
            },
        };
        match part {
            None => Asked::Whole,
            Some((first, end)) if first < end => Asked::Part(first..end),
            Some(_) => Asked::Beyond,
        }
    }

    /// Status and headers of the answer.
    #[must_use]
    pub fn answer(&self, how: As, asked: &Asked) -> (StatusCode, HeaderMap) {
        let mut headers = HeaderMap::new();
        let mut put = |name, value: &str| {
            let value = HeaderValue::from_str(value).expect("only what is printable in ASCII");
            headers.insert(name, value);
        };
        put(header::CONTENT_SECURITY_POLICY, POLICY);
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::CACHE_CONTROL, "no-store");
        put(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        put(header::ACCEPT_RANGES, "bytes");
        let (status, length) = match asked {
            Asked::Whole => (StatusCode::OK, self.bytes),
            Asked::Part(Range { start, end }) => {
                let last = end.saturating_sub(1);
                put(header::CONTENT_RANGE, &format!("bytes {start}-{last}/{}", self.bytes));
                (StatusCode::PARTIAL_CONTENT, end - start)
            }
            Asked::Beyond => {
                put(header::CONTENT_RANGE, &format!("bytes */{}", self.bytes));
                (StatusCode::RANGE_NOT_SATISFIABLE, 0)
            }
        };
        put(header::CONTENT_LENGTH, &length.to_string());
        if *asked != Asked::Beyond {
            put(header::CONTENT_TYPE, self.kind.media_type());
            put(header::CONTENT_DISPOSITION, &disposition(how, self.name));
            put(header::ETAG, &self.tag());
        }
        (status, headers)
    }

    fn tag(&self) -> String {
        format!("\"{}\"", self.id)
    }
}

/// RFC 6266: the name in ASCII for programs that know no more, then as it is (RFC 8187).
fn disposition(how: As, name: &str) -> String {
    let how = match how {
        As::Attachment => "attachment",
        As::Preview => "inline",
    };
    let plain = |c: char| match c {
        // Some programs decode what follows a percent sign.
        '"' | '\\' | '%' => '_',
        ' '..='~' => c,
        _ => '_',
    };
    let plain: String = name.chars().map(plain).collect();
    let mut encoded = String::with_capacity(3 * name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a text takes what is written to it");
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: FileId = FileId::from_bytes([7; 16]);

    fn served(name: &str, kind: FileKind) -> Served<'_> {
        Served { id: ID, name, kind, bytes: 1_000 }
    }

    fn said(how: As, name: &str, kind: FileKind) -> impl Fn(&str) -> String {
        let (status, headers) = served(name, kind).answer(how, &Asked::Whole);
        assert_eq!(status, StatusCode::OK);
        move |name| headers[name].to_str().unwrap().to_owned()
    }

    fn asked(lines: &[(&'static str, &str)]) -> Asked {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        served("a.pdf", FileKind::Pdf).asked(&headers)
    }

    #[test]
    fn every_file_is_handed_out_where_it_can_do_nothing() {
        for kind in FileKind::ALL {
            for (how, word) in [(As::Attachment, "attachment; "), (As::Preview, "inline; ")] {
                let said = said(how, "a.x", kind);
                assert_eq!(said("content-type"), kind.media_type());
                assert!(said("content-disposition").starts_with(word));
                let policy = said("content-security-policy");
                assert!(policy.starts_with("sandbox; default-src 'none'"), "{policy}");
                assert!(!policy.contains("allow-") && !policy.contains("unsafe"), "{policy}");
                assert_eq!(said("x-content-type-options"), "nosniff");
                assert_eq!(said("cache-control"), "no-store");
                assert_eq!(said("cross-origin-resource-policy"), "same-origin");
                assert_eq!(said("content-length"), "1000");
            }
        }
    }

    #[test]
    fn a_name_is_saved_as_it_is_and_never_leaves_its_header() {
        let line = |name| said(As::Attachment, name, FileKind::Pdf)("content-disposition");
        assert_eq!(
            line("Bericht Müller.pdf"),
            "attachment; filename=\"Bericht M_ller.pdf\"; \
             filename*=UTF-8''Bericht%20M%C3%BCller.pdf"
        );
        // None of these is what `named` makes; they would be harmless all the same.
        for name in
            ["a\r\nSet-Cookie: x=1.pdf", "a\"; filename=\"b.exe", "a%22.pdf", "\\\".pdf", "ü\0"]
        {
            let line = line(name);
            assert_eq!(line.matches('"').count(), 2, "{line}");
            assert!(!line.contains(['\\', '\r', '\n', '\0']), "{line}");
            let (plain, encoded) = line.split_once("; filename*=UTF-8''").unwrap();
            assert!(!plain.contains('%'), "{line}");
            assert!(!encoded.contains([' ', ';', '\'', '"', '*', '(', ',']), "{line}");
        }
    }

    #[test]
    fn a_part_is_answered_as_asked_for() {
        let part = |range| asked(&[("range", range)]);
        assert_eq!(asked(&[]), Asked::Whole);
        assert_eq!(part("bytes=0-0"), Asked::Part(0..1));
        assert_eq!(part("bytes=10-"), Asked::Part(10..1_000));
        assert_eq!(part("bytes=990-5000"), Asked::Part(990..1_000));
        assert_eq!(part("bytes=-5"), Asked::Part(995..1_000));
        assert_eq!(part("bytes=-5000"), Asked::Part(0..1_000));
        for whole in [
            "bytes=5-4",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1-2,4-5",
            "bytes=-",
            "bytes=",
            "lines=1-2",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(part(whole), Asked::Whole, "{whole}");
        }
        for beyond in ["bytes=1000-", "bytes=1000-1001", "bytes=-0"] {
            assert_eq!(part(beyond), Asked::Beyond, "{beyond}");
        }
        let tag = format!("\"{ID}\"");
        let again = |tag| asked(&[("range", "bytes=5-"), ("if-range", tag)]);
        assert_eq!(again(&tag), Asked::Part(5..1_000));
        assert_eq!(again("\"another\""), Asked::Whole);
        assert_eq!(again("Tue, 15 Nov 1994 12:45:26 GMT"), Asked::Whole);
    }

    #[test]
    fn a_part_says_which_it_is_and_one_that_is_not_there_says_nothing_of_the_file() {
        let file = served("a.pdf", FileKind::Pdf);
        let (status, headers) = file.answer(As::Attachment, &Asked::Part(10..20));
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(headers["content-range"], "bytes 10-19/1000");
        assert_eq!(headers["content-length"], "10");
        let (status, headers) = file.answer(As::Attachment, &Asked::Beyond);
        assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(headers["content-range"], "bytes */1000");
        assert!(!headers.contains_key("content-disposition"));
    }
}
