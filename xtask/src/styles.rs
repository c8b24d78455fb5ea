//! The style sheets in one: a dozen files are easier to find one's way in, one is fetched and
//! compressed better.

use std::fs;
use std::path::Path;

use crate::client::Fnv;
use crate::shell::Outcome;

/// Puts one sheet in place of those that the page in `dist` names, in their order.
pub fn merge(dist: &Path) -> Outcome {
    let page = dist.join("index.html");
    let failed = |error| format!("{}: {error}", page.display());
    let html = fs::read_to_string(&page).map_err(failed)?;
    let (before, names, after) = sheets(&html).ok_or("trunk names style sheets in another way.")?;
    let mut all = String::new();
    for name in &names {
        let file = dist.join(name);
        let failed = |error| format!("{}: {error}", file.display());
        all.push_str(&fs::read_to_string(&file).map_err(failed)?);
        fs::remove_file(&file).map_err(failed)?;
    }
    let mut hash = Fnv::default();
    hash.add(all.as_bytes());
    let name = format!("styles-{:016x}.css", hash.value());
    fs::write(dist.join(&name), all).map_err(|error| format!("{name}: {error}"))?;
    fs::write(&page, format!("{before}<link href=/{name} rel=stylesheet>{after}")).map_err(failed)
}

/// What is before the first sheet, the names of all, and what is after them and between.
fn sheets(html: &str) -> Option<(String, Vec<String>, String)> {
    let (mut before, mut names, mut after) = (String::new(), Vec::new(), String::new());
    let mut rest = html;
    while let Some(start) = rest.find("<link ") {
        let end = start + rest[start..].find('>')? + 1;
        let (kept, link) = (&rest[..start], &rest[start..end]);
        let sheet = link.contains("rel=stylesheet").then(|| {
            let name = link.split_once("href=/")?.1;
            name.split([' ', '>']).next().map(str::to_owned)
        });
        let side = if names.is_empty() { &mut before } else { &mut after };
        side.push_str(kept);
        match sheet {
            Some(name) => names.push(name?),
            None => side.push_str(link),
        }
        rest = &rest[end..];
    }
    after.push_str(rest);
    (!names.is_empty()).then_some((before, names, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_taken_in_their_order_and_everything_else_stays() {
        let html = "<title>Q</title><link href=/i.svg rel=icon><link href=/a-1.css integrity=x \
                    rel=stylesheet><link href=/b-2.css rel=stylesheet><script src=/c.js></script>\
                    <link rel=modulepreload href=/d.js></head>";
        let (before, names, after) = sheets(html).expect("there are some");
        assert_eq!(before, "<title>Q</title><link href=/i.svg rel=icon>");
        assert_eq!(names, ["a-1.css", "b-2.css"]);
        assert_eq!(after, "<script src=/c.js></script><link rel=modulepreload href=/d.js></head>");
        assert!(sheets("<link href=/i.svg rel=icon>").is_none());
    }
}
