//! The style sheets in two: a dozen files are easier to find one's way in, few are fetched and
//! compressed better. What everybody sees is the first, and the page names it; what only parts of
//! the client draw is the second, whose name stands in `<meta name="part-styles">` for
//! `client-wasm/src/styles.rs` to fetch with the first part. Which sheet goes into which is said by
//! `client-wasm/index.html`: those after that tag go into the second.

use std::fs;
use std::path::Path;

use crate::client::Fnv;
use crate::shell::Outcome;

/// Names the tag between the two.
const BETWEEN: &str = "part-styles";

/// Puts two sheets in place of those that the page in `dist` names, in their order.
pub fn merge(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let failed = |error| format!("{}: {error}", page.display());
    let html = fs::read_to_string(&page).map_err(failed)?;
    let found = sheets(&html).ok_or("trunk names style sheets in another way.")?;
    let first = one(dist, "styles", &found.first)?;
    let second = one(dist, BETWEEN, &found.second)?;
    // Without the slash it is no file that the page loads.
    let links =
        format!("<link href=/{first} rel=stylesheet><meta name={BETWEEN} content={second}>",);
    fs::write(&page, format!("{}{links}{}", found.before, found.after)).map_err(failed)
}

/// One sheet in place of `names`; its own name.
fn one(dist: &Path, kind: &str, names: &[String]) -> Outcome<String> {
    let mut all = String::new();
    for name in names {
        let file = dist.join(name);
        let failed = |error| format!("{}: {error}", file.display());
        all.push_str(&fs::read_to_string(&file).map_err(failed)?);
        fs::remove_file(&file).map_err(failed)?;
    }
    let mut hash = Fnv::default();
    hash.add(all.as_bytes());
    let name = format!("{kind}-{:016x}.css", hash.value());
    fs::write(dist.join(&name), all).map_err(|error| format!("{name}: {error}"))?;
    Ok(name)
}

/// A page taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sheets {
    /// What is before the first sheet.
    before: String,
    /// What everybody loads.
    first: Vec<String>,
    /// What comes with parts.
    second: Vec<String>,
    /// What is after the first sheet, but sheets.
    after: String,
}

/// The sheets of a page, unless it is not as trunk makes it of `client-wasm/index.html`.
fn sheets(html: &str) -> Option<Sheets> {
    let mut found = Sheets::default();
    let (mut rest, mut parted) = (html, false);
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>')? + 1;
        let (kept, tag) = (&rest[..start], &rest[start..end]);
        let between = tag.starts_with("<meta ") && tag.contains(BETWEEN);
        let sheet = (tag.starts_with("<link ") && tag.contains("rel=stylesheet")).then(|| {
            let name = tag.split_once("href=/")?.1;
            name.split([' ', '>']).next().map(str::to_owned)
        });
        let side = if found.first.is_empty() { &mut found.before } else { &mut found.after };
        side.push_str(kept);
        match sheet {
            Some(name) if parted => found.second.push(name?),
            Some(name) => found.first.push(name?),
            None if between => parted = true,
            None => side.push_str(tag),
        }
        rest = &rest[end..];
    }
    found.after.push_str(rest);
    (!found.first.is_empty() && !found.second.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_taken_in_their_order_and_everything_else_stays() {
        let html = "<title>Q</title><link href=/i.svg rel=icon><link href=/a-1.css integrity=x \
                    rel=stylesheet><link href=/b-2.css rel=stylesheet><meta name=part-styles \
                    content=part-styles><link href=/c-3.css rel=stylesheet><script src=/c.js>\
                    </script><link rel=modulepreload href=/d.js></head>";
        let found = sheets(html).expect("there are some");
        assert_eq!(found.before, "<title>Q</title><link href=/i.svg rel=icon>");
        assert_eq!(found.first, ["a-1.css", "b-2.css"]);
        assert_eq!(found.second, ["c-3.css"]);
        assert_eq!(
            found.after,
            "<script src=/c.js></script><link rel=modulepreload href=/d.js></head>"
        );
        assert!(sheets("<link href=/i.svg rel=icon>").is_none());
        assert!(sheets("<link href=/a-1.css rel=stylesheet>").is_none(), "nothing of parts");
    }
}
