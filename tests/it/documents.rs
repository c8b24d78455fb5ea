//! What the documents say of the tests is so: every test they name is there, every item of the
//! OWASP ASVS has its row, and so has every specification of 45 CFR 164.312.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Id and level of every item of levels 1 and 2 of the OWASP ASVS 5.0.0, a line each.
const ITEMS: &str = include_str!("documents/asvs-5.0.0.txt");
/// The specifications of 45 CFR 164.312.
const SPECIFICATIONS: [&str; 12] = [
    "(a)(1)",
    "(a)(2)(i)",
    "(a)(2)(ii)",
    "(a)(2)(iii)",
    "(a)(2)(iv)",
    "(b)",
    "(c)(1)",
    "(c)(2)",
    "(d)",
    "(e)(1)",
    "(e)(2)(i)",
    "(e)(2)(ii)",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every document: its path and its text.
fn documents() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for folder in ["", "docs/"] {
        for item in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = item.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                paths.push(format!("{folder}{name}"));
            }
        }
    }
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// What stands between backticks; blocks of code among it, which look like nothing else here.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A test, as documents name it: the path of its file, and its own name.
fn reference(quoted: &str) -> Option<(String, &str)> {
    let (path, name) = quoted.split_once(".rs::")?;
    let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || "_-/".contains(c));
    (is_path && is_name(name)).then(|| (format!("{path}.rs"), name))
}

/// Whether a source holds the test; what is no test is only taken of xtask, whose checks are
/// functions.
fn holds(path: &str, source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declared = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("async ").unwrap_or(line);
        let rest = line.strip_prefix("fn ").and_then(|line| line.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with('('))
    };
    let is_test = |at: usize| {
        let above = lines[..at].iter().rev();
        let mut above = above.take_while(|line| line.starts_with('#') || line.starts_with("//"));
        above.any(|line| line.ends_with("test]") || line.contains("test("))
    };
    let mut found = lines.iter().enumerate().filter(|(_, line)| declared(line));
    found.any(|(at, _)| path.starts_with("xtask/") || is_test(at))
}

/// Why a test that is named is not there.
fn missing(path: &str, name: &str) -> Option<String> {
    match std::fs::read_to_string(root().join(path)) {
        Ok(source) if holds(path, &source, name) => None,
        Ok(_) => Some(format!("there is no test {name} in {path}")),
        Err(_) => Some(format!("there is no file {path}, for {name}")),
    }
}

/// The rows of all tables of a text, as their cells.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    lines.map(|line| line.split(" | ").map(str::trim).collect())
}

/// What links to a heading say of it.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let line = line.trim_start_matches('#').trim().to_lowercase();
            let kept = line.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Whether a part of a cell shows anything, gives a reason, or says that nothing does.
fn shows(part: &str, lints: &str, anchors: &BTreeSet<String>) -> bool {
    let reason = |start: &str| part.strip_prefix(start).is_some_and(|why| why.trim().len() > 9);
    let within = |start: &str, end: &str| part.strip_prefix(start)?.strip_suffix(end);
    if let Some(quoted) = within("`", "`") {
        return reference(quoted).is_some();
    }
    if let Some(lint) = within("lint `", "`") {
        return lints.contains(&format!("\n{lint} = \"deny\"\n"));
    }
    if let Some(link) = within("written down: [", ")") {
        let anchor = link.split_once("](security-rules.md#").map(|(_, anchor)| anchor);
        return anchor.is_some_and(|anchor| anchors.contains(anchor));
    }
    ["does not apply: ", "by construction: ", "missing: "].into_iter().any(reason)
}

#[test]
fn every_test_a_document_names_is_there() {
    let mut named = BTreeSet::new();
    let mut wrong = Vec::new();
    for (document, text) in documents() {
        for quoted in quoted(&text) {
            match reference(quoted) {
                Some((path, name)) => {
                    named.insert((path, name.to_owned()));
                }
                None if document.starts_with("docs/security") && quoted.contains("::") => {
                    wrong.push(format!("{document}: `{quoted}` names no file"));
                }
                None => {}
            }
        }
    }
    assert!(named.len() > 150, "the tests the documents name are not found: {}", named.len());
    wrong.extend(named.iter().filter_map(|(path, name)| missing(path, name)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_function_that_is_no_test_is_not_taken_for_one() {
    let source =
        "#[tokio::test]\n#[ignore]\nasync fn one() {}\nfn two() {}\n#[test]\nfn three() {}";
    let held = |name| holds("tests/it/x.rs", source, name);
    assert!(held("one") && held("three") && !held("two") && !held("thre") && !held("four"));
    assert!(holds("xtask/src/x.rs", source, "two"));
}

#[test]
fn every_item_of_the_asvs_is_in_the_table_once_with_a_test_or_a_reason() {
    let items = ITEMS.lines().map(|line| line.split_once(' ').unwrap());
    let mut items: BTreeMap<&str, &str> = items.collect();
    assert_eq!(items.len(), 253, "70 of level 1 and 183 of level 2");
    let (table, lints) = (read("docs/security-asvs.md"), read("Cargo.toml"));
    let anchors = anchors(&read("docs/security-rules.md"));
    let mut wrong = Vec::new();
    for cells in rows(&table) {
        let [id, level, what, shown] = cells[..] else {
            wrong.push(format!("not four cells: {cells:?}"));
            continue;
        };
        if !id.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        match items.remove(id) {
            Some(known) if known == level => {}
            Some(known) => wrong.push(format!("{id} is of level {known} and not {level}")),
            None => wrong.push(format!("{id} is no item, or is there twice")),
        }
        if what.is_empty() {
            wrong.push(format!("{id} does not say what it is about"));
        }
        for part in shown.split("<br>").filter(|part| !shows(part, &lints, &anchors)) {
            wrong.push(format!("{id} shows nothing and gives no reason: {part:?}"));
        }
    }
    wrong.extend(items.keys().map(|id| format!("{id} is not in the table")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_specification_of_164_312_is_in_the_table_once_with_a_test() {
    let document = read("docs/security.md");
    let found: Vec<Vec<&str>> = rows(&document).filter(|cells| cells[0].starts_with('(')).collect();
    let ids: Vec<&str> = found.iter().map(|cells| cells[0]).collect();
    assert_eq!(ids, SPECIFICATIONS);
    for cells in found {
        let tests = quoted(cells.last().unwrap()).filter_map(reference).count();
        assert!(cells.len() == 4 && tests > 0, "{cells:?}");
    }
}
