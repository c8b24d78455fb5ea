//! A record as a table (RFC 4180), in UTF-8 with its mark, so that spreadsheets read it as such. A
//! formula somebody wrote stays what it is: text (OWASP, CSV injection; ASVS 1.2.10).

use super::row::Row;
use super::zone::Zone;

/// What stands before the rows.
#[must_use]
pub fn head() -> Vec<u8> {
    let columns = [
        "number",
        "time",
        "time zone",
        "author",
        "role",
        "kind",
        "text",
        "withdrawn at",
        "details",
        "entry",
    ];
    let mut out = "\u{feff}".as_bytes().to_vec();
    line(&mut out, columns.map(str::to_owned));
    out
}

/// Adds a row.
pub fn row(out: &mut Vec<u8>, row: &Row<'_>, zone: &Zone) {
    let withdrawn = match row.withdrawn {
        None => String::new(),
        Some(_) => row.withdrawn_at().map_or_else(|| "yes".to_owned(), |at| zone.exact(at)),
    };
    let cells = [
        row.number.to_string(),
        zone.exact(row.entry.at),
        zone.name().to_owned(),
        row.author.clone(),
        row.role().to_owned(),
        row.kind.clone(),
        row.text.clone(),
        withdrawn,
        row.details.clone(),
        row.entry.id.to_string(),
    ];
    line(out, cells);
}

fn line<const N: usize>(out: &mut Vec<u8>, cells: [String; N]) {
    let cells = cells.map(|text| cell(&text));
    out.extend_from_slice(cells.join(",").as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// A cell: quoted where it must be, and never a formula to whoever opens it.
#[must_use]
pub fn cell(text: &str) -> String {
    let text = harmless(text);
    if text.contains(['"', ',', ';', '\t', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// What a spreadsheet takes for the beginning of a formula, also in the full width of East Asian
/// keyboards.
const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// With an apostrophe before whatever begins a formula: at the start of a cell, and where a program
/// set to semicolons or tabs, which then sees no quotes, takes another cell or line to begin.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut begins = true;
    for c in text.chars() {
        match c {
            ';' | '\t' | '\r' | '\n' => {
                // A tab or a return is by itself what a cell may not begin with.
                if out.is_empty() && matches!(c, '\t' | '\r') {
                    out.push('\'');
                }
                out.push(c);
                begins = true;
            }
            c if BEGINNINGS.contains(&c) => {
                if begins {
                    out.push('\'');
                }
                out.push(c);
                begins = false;
            }
            // They stand before a beginning without hiding it.
            '"' | '\'' => out.push(c),
            c if c.is_whitespace() => out.push(c),
            // No text: RFC 4180 has no place for it.
            c if c.is_control() => out.push('\u{fffd}'),
            c => {
                out.push(c);
                begins = false;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expect: &str) {
        assert_eq!(cell(given), expect);
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        check("name", "name");
        check("", "");
        check("a, \"b\"", "\"a, \"\"b\"\"\"");
        check("a\r\nb\nc", "\"a\r\nb\nc\"");
        check("a;b", "\"a;b\"");
        check(" a ", "\" a \"");
        check("grüezi 👋", "grüezi 👋");
        check("a\0b\u{1b}", "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn no_cell_begins_a_formula_wherever_a_program_takes_it_to_begin() {
        check("=1+1", "'=1+1");
        check("+41 44 000 00 00", "'+41 44 000 00 00");
        check("-", "'-");
        check("@a,b", "\"'@a,b\"");
        check("＝1", "'＝1");
        check("\t=1", "\"'\t'=1\"");
        check("\r=1", "\"'\r'=1\"");
        check("  =1", "\"  '=1\"");
        check("\"=1", "\"\"\"'=1\"");
        check("'=1", "''=1");
        check("a;=1", "\"a;'=1\"");
        check("a\n- b\n- c", "\"a\n'- b\n'- c\"");
        // Within a cell they are what they are.
        check("1 - 1 = 0", "1 - 1 = 0");
        check("me@example.org", "me@example.org");
        check("a, -b", "\"a, -b\"");
    }
}
