//! `cargo xtask bill`: what the server and the client in it are made of, as a CycloneDX list (ASVS
//! 15.1.2). The same sources make the same list, byte for byte: it holds no time and no number of
//! its own.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::shell::{Outcome, Step, target};

/// A package, and how to find what is in it: where it is built for, as it is released.
const PARTS: [(&str, &[&str]); 2] = [
    ("quietroom", &["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]),
    ("client-wasm", &["wasm32-unknown-unknown"]),
];

/// Name and version.
type Package = (String, String);

/// What the list says of a package.
#[derive(Default)]
struct Entry {
    licence: String,
    source: String,
    parts: Vec<&'static str>,
}

/// Writes the list into the target folder and answers with where it is.
pub fn write() -> Outcome<PathBuf> {
    let mut packages = BTreeMap::<Package, Entry>::new();
    for (part, targets) in PARTS {
        for line in tree(part, targets)?.lines() {
            if let Some((package, licence, source)) = parsed(line) {
                let entry = packages.entry(package).or_default();
                let licence = licence.replace('/', " OR ");
                entry.licence = licence.split_whitespace().collect::<Vec<_>>().join(" ");
                source.clone_into(&mut entry.source);
                if !entry.parts.contains(&part) {
                    entry.parts.push(part);
                }
            }
        }
    }
    let lock = fs::read_to_string("Cargo.lock").map_err(|error| format!("Cargo.lock: {error}"))?;
    let list = list(&packages, &checksums(&lock))?;
    let file = target().join("quietroom.cdx.json");
    fs::write(&file, list).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(file)
}

/// What `part` is made of and built with, but not what its tests need.
fn tree(part: &str, targets: &[&str]) -> Outcome<String> {
    let targets = targets.iter().flat_map(|target| ["--target", *target]);
    Step::cargo()
        .args(["tree", "--locked", "--package", part, "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}|{l}|{r}"])
        .args(targets)
        .output()
        .ok_or_else(|| format!("cargo tree does not say what {part} is made of."))
}

/// A line of the tree, unless it is a package of this repository.
fn parsed(line: &str) -> Option<(Package, &str, &str)> {
    let line = line.trim_end_matches(" (*)");
    let mut fields = line.split('|');
    let (package, licence, source) = (fields.next()?, fields.next()?, fields.next()?);
    let mut words = package.split(' ');
    let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
    // Behind the version stands the folder of a package that is not from a registry.
    let own = words.any(|word| word.starts_with("(/"));
    (!own).then(|| ((name.to_owned(), version.to_owned()), licence, source))
}

/// The SHA-256 of each package, from `Cargo.lock`.
fn checksums(lock: &str) -> BTreeMap<Package, String> {
    let field = |block: &str, name: &str| {
        let start = format!("{name} = \"");
        let line = block.lines().find_map(|line| line.strip_prefix(&start))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let blocks = lock.split("[[package]]").skip(1);
    let of = |block| {
        Some(((field(block, "name")?, field(block, "version")?), field(block, "checksum")?))
    };
    blocks.filter_map(of).collect()
}

fn list(packages: &BTreeMap<Package, Entry>, sums: &BTreeMap<Package, String>) -> Outcome<String> {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "{{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n  \
         \"metadata\": {{\"component\": {{\"type\": \"application\", \"bom-ref\": \"quietroom\", \
         \"name\": \"quietroom\", \"version\": \"{version}\"}}}},\n  \"components\": ["
    );
    for (number, (package, entry)) in packages.iter().enumerate() {
        let (name, version) = package;
        let sum = sums
            .get(package)
            .ok_or_else(|| format!("Cargo.lock has no checksum of {name} {version}."))?;
        let link = format!("pkg:cargo/{name}@{version}");
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}\n    {{\"type\": \"library\", \"bom-ref\": {link}, \"name\": {name}, \
             \"version\": {version}, \"purl\": {link}, \"hashes\": [{{\"alg\": \"SHA-256\", \
             \"content\": {sum}}}]",
            link = quoted(&link),
            name = quoted(name),
            version = quoted(version),
            sum = quoted(sum),
        );
        if !entry.licence.is_empty() {
            let licence = quoted(&entry.licence);
            let _ = write!(text, ", \"licenses\": [{{\"expression\": {licence}}}]");
        }
        if !entry.source.is_empty() {
            let source = quoted(&entry.source);
            let reference = format!("{{\"type\": \"vcs\", \"url\": {source}}}");
            let _ = write!(text, ", \"externalReferences\": [{reference}]");
        }
        let part =
            |part: &&str| format!("{{\"name\": \"quietroom:part\", \"value\": {}}}", quoted(part));
        let parts = entry.parts.iter().map(part).collect::<Vec<_>>().join(", ");
        let _ = write!(text, ", \"properties\": [{parts}]}}");
    }
    text.push_str("\n  ]\n}\n");
    Ok(text)
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}
