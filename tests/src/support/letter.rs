//! A letter as whoever gets it sees it.

use std::io::Write;
use std::process::{Command, Stdio};

/// One letter, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Each header, name in lower case and value, in order.
    pub headers: Vec<(String, String)>,
    /// The text.
    pub body: String,
    /// The same as HTML, where it has both.
    pub html: Option<String>,
}

impl Letter {
    /// The first value of a header; the name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The link in it: the line that is one.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn link(&self) -> &str {
        let is_link = |line: &&str| line.starts_with("https://") || line.starts_with("http://");
        self.body.lines().find(is_link).unwrap_or_else(|| panic!("no link in {:?}", self.body))
    }
}

/// Prints the headers, an empty line and the text; and behind a zero, the HTML. Python's own parser, so that ours is not
/// checked against itself.
const DECODE: &str = r#"
import sys, email, email.policy
letter = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
out = ["%s: %s" % (name.lower(), " ".join(str(value).split())) for name, value in letter.items()]
plain = letter.get_body(("plain",))
html = letter.get_body(("html",))
text = plain.get_content() + ("\0" + html.get_content() if html else "")
sys.stdout.buffer.write(("\n".join(out) + "\n\n" + text).encode())
"#;

/// Takes a letter as it travelled apart.
///
/// # Panics
/// When Python cannot be run, or it is no letter.
#[must_use]
pub fn decode(raw: &[u8]) -> Letter {
    let mut python = Command::new("python3")
        .args(["-c", DECODE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 can be run");
    let mut stdin = python.stdin.take().expect("its input is piped");
    stdin.write_all(raw).expect("python3 reads");
    drop(stdin);
    let output = python.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "not a letter: {}", String::from_utf8_lossy(raw));
    let text = String::from_utf8(output.stdout).expect("it was written as UTF-8");
    let (head, body) = text.split_once("\n\n").expect("an empty line ends the headers");
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.into(), value.into()));
    let (body, html) = match body.split_once('\0') {
        Some((body, html)) => (body, Some(html.to_owned())),
        None => (body, None),
    };
    Letter { headers: head.lines().filter_map(pair).collect(), body: body.to_owned(), html }
}
