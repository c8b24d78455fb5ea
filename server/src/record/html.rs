//! A record as a page to read and to print: by itself, without a script, and with every text as
//! text.

use super::Head;
use super::people::{self, People};
use super::row::Row;
use super::zone::Zone;

/// How it looks, on screen and on paper.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2429;--quiet:#5a656d;--line:#d5dbe0;--paper:#fff}\
@media(prefers-color-scheme:dark){:root{--ink:#e6eaed;--quiet:#9aa6ae;--line:#3a444b;--paper:#161b1f}}\
*{box-sizing:border-box}\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:48rem;\
margin:0 auto;padding:24px 16px}\
h1{font-size:1.5rem;line-height:1.25;margin:0 0 16px}\
h2{font-size:1.125rem;margin:32px 0 8px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}\
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}\
ol{list-style:none;margin:0;padding:0}\
ol>li{border-top:1px solid var(--line);padding:12px 0;break-inside:avoid}\
p{margin:4px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}\
.of{color:var(--quiet);font-size:.875rem;overflow-wrap:anywhere}\
.of b{color:var(--ink);font-size:1rem}\
.note{color:var(--quiet)}\
@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}\
@media print{:root{color-scheme:light;--ink:#000;--quiet:#444;--line:#bbb;--paper:#fff}\
body{max-width:none;padding:0;font-size:11pt}}";

/// Nothing in the page runs, loads or sends anything; the style is the one above, by its hash.
#[must_use]
pub fn policy() -> String {
    use base64ct::{Base64, Encoding};
    use sha2::{Digest, Sha256};
    let style = Base64::encode_string(&Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}

/// The end of the page.
pub const END: &str = "</ol>\n</main>\n</body>\n</html>\n";

/// The page up to the entries.
#[must_use]
pub fn head(head: &Head, people: &People) -> Vec<u8> {
    let practice = escaped(&head.practice);
    let zone = &head.zone;
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Record of a conversation</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Record of a conversation</h1>\n<dl>\n",
        policy = policy(),
    );
    let exporter = &head.exporter;
    let by = format!("<bdi>{}</bdi> ({})", escaped(&exporter.name), people::role(exporter.role));
    let taken = format!("{} ({})", zone.words(head.at), escaped(zone.name()));
    for (what, is) in [
        ("Practice", format!("<bdi>{practice}</bdi>")),
        ("Conversation", head.conversation.to_string()),
        ("Taken by", by),
        ("Taken on", taken),
        ("Times", format!("All times are those of {}.", escaped(zone.name()))),
    ] {
        out += &format!("<dt>{what}</dt><dd>{is}</dd>\n");
    }
    out += "</dl>\n<h2>People</h2>\n<ul>\n";
    for card in people.cards() {
        let role = people::role(card.role);
        out += &format!("<li><bdi>{}</bdi> ({role})</li>\n", escaped(&card.name));
    }
    out += "</ul>\n<h2>Entries</h2>\n<ol>\n";
    out.into_bytes()
}

/// Adds an entry.
pub fn row(out: &mut Vec<u8>, row: &Row<'_>, zone: &Zone) {
    let role = row.role();
    let role = if role.is_empty() { String::new() } else { format!(" ({role})") };
    let mut line = format!(
        "<li><div class=\"of\">{} · <b><bdi>{}</bdi></b>{role} · <time datetime=\"{}\">{}</time>\
         </div>\n",
        row.number,
        escaped(&row.author),
        zone.exact(row.entry.at),
        zone.words(row.entry.at),
    );
    if row.withdrawn.is_some() {
        let when = row.withdrawn_at().map(|at| format!(" on {}", zone.words(at)));
        let kept = if row.text.is_empty() { "" } else { ", and kept in this record" };
        line += &format!("<p class=\"note\">Withdrawn{}{kept}.</p>\n", when.unwrap_or_default());
    }
    if !row.details.is_empty() {
        line += &format!("<p class=\"note\" dir=\"auto\">{}</p>\n", escaped(&row.details));
    }
    if !row.text.is_empty() {
        line += &format!("<p dir=\"auto\">{}</p>\n", escaped(&row.text));
    }
    line += "</li>\n";
    out.extend_from_slice(line.as_bytes());
}

/// A text as text, in an element and in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A page has no place for what is no character of a text.
            c if c.is_control() && !matches!(c, '\n' | '\r' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_markup() {
        assert_eq!(
            escaped("<script>alert(\"1\") & 'x'</script>\u{0}\n"),
            "&lt;script&gt;alert(&quot;1&quot;) &amp; &#39;x&#39;&lt;/script&gt;\u{fffd}\n"
        );
    }
}
