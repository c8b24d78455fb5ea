//! Which parts of a text are links. Only http, https and mail addresses are ever made clickable:
//! everything else stays text.

use linkify::{LinkFinder, LinkKind};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Drawn as it is.
    Text(&'a str),
    /// Drawn as a link.
    Link {
        /// What the person sees.
        text: &'a str,
        /// Where it goes: begins with `http://`, `https://` or `mailto:`.
        href: String,
    },
}

/// `text` in parts; together they are exactly `text`.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    finder.url_must_have_scheme(true);
    finder
        .spans(text)
        .map(|span| match span.kind().and_then(|kind| href(kind, span.as_str())) {
            Some(href) => Piece::Link { text: span.as_str(), href },
            None => Piece::Text(span.as_str()),
        })
        .collect()
}

fn href(kind: &LinkKind, text: &str) -> Option<String> {
    let has_scheme = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    match kind {
        LinkKind::Url if has_scheme("https://") || has_scheme("http://") => Some(text.to_owned()),
        LinkKind::Email => Some(format!("mailto:{text}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let joined: String = pieces(text)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => *text,
            })
            .collect();
        assert_eq!(joined, text, "nothing is lost or changed");
        pieces(text)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Link { href, .. } => Some(href),
                Piece::Text(_) => None,
            })
            .collect()
    }

    #[test]
    fn web_and_mail_addresses_become_links() {
        assert_eq!(links("See https://example.org/a?b=c."), ["https://example.org/a?b=c"]);
        assert_eq!(links("(HTTP://EXAMPLE.ORG)"), ["HTTP://EXAMPLE.ORG"]);
        assert_eq!(links("write to ana@example.org, please"), ["mailto:ana@example.org"]);
    }

    #[test]
    fn other_schemes_stay_text() {
        for text in [
            "javascript://example.org/%0aalert(1)",
            "javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "ftp://example.org",
            "<img src=x onerror=alert(1)>",
            "",
        ] {
            assert_eq!(links(text), Vec::<String>::new(), "{text}");
        }
    }
}
