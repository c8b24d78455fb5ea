//! The bill of materials is of what the product is made of (ASVS 15.1.2). `cargo xtask check` writes
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// Name, version and checksum of every package of the bill, and which part it is in.
fn bill() -> BTreeMap<(String, String, String), BTreeSet<String>> {
    let file = target().join("quietroom.cdx.json");
    let read = std::fs::read_to_string(&file).expect("cargo xtask bill writes it");
    let bill: Value = serde_json::from_str(&read).unwrap();
    assert_eq!((text(&bill, "bomFormat"), text(&bill, "specVersion")), ("CycloneDX", "1.6"));
    let components = bill["components"].as_array().unwrap();
    let of = |component: &Value| {
        let (name, version) = (text(component, "name"), text(component, "version"));
        assert_eq!(text(component, "purl"), format!("pkg:cargo/{name}@{version}"));
        assert!(!text(&component["licenses"][0], "expression").is_empty(), "{name}");
        let sum = text(&component["hashes"][0], "content");
        let parts = component["properties"].as_array().unwrap().iter();
        let parts = parts.map(|part| text(part, "value").to_owned()).collect();
        ((name.to_owned(), version.to_owned(), sum.to_owned()), parts)
    };
    let all: BTreeMap<_, _> = components.iter().map(of).collect();
    assert_eq!(all.len(), components.len(), "each stands there once");
    all
}

/// The same of every package of `Cargo.lock` that comes from a registry.
fn locked() -> BTreeSet<(String, String, String)> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")))?;
        Some(line.trim_matches('"').to_owned())
    };
    let blocks = lock.split("[[package]]").skip(1);
    let of =
        |block| Some((field(block, "name")?, field(block, "version")?, field(block, "checksum")?));
    blocks.filter_map(of).collect()
}

/// Name and version of everything `part` is always made of and built with, by what cargo says:
/// through each dependency that no feature and no platform has a say in.
fn needed(part: &str, platform: &str) -> BTreeSet<(String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let by_id = |list: &'static str, of: &Value| -> BTreeMap<String, Value> {
        let all = of[list].as_array().unwrap().iter();
        all.map(|one| (text(one, "id").to_owned(), one.clone())).collect()
    };
    let packages = by_id("packages", &metadata);
    let nodes = by_id("nodes", &metadata["resolve"]);
    let always = |id: &str, name: &str| {
        packages[id]["dependencies"].as_array().unwrap().iter().any(|dependency| {
            dependency["name"] == name
                && dependency["optional"] == false
                && dependency["target"].is_null()
                && (dependency["kind"].is_null() || dependency["kind"] == "build")
        })
    };
    let begin = packages.iter().find(|(_, package)| package["name"] == part).unwrap().0;
    let mut waiting = vec![begin.clone()];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if seen.insert(id.clone()) {
            let next = nodes[&id]["deps"].as_array().unwrap().iter().map(|one| text(one, "pkg"));
            let next = next.filter(|other| always(&id, text(&packages[*other], "name")));
            waiting.extend(next.map(str::to_owned));
        }
    }
    let foreign = seen.iter().map(|id| &packages[id]).filter(|one| !one["source"].is_null());
    let named = |one: &Value| (text(one, "name").to_owned(), text(one, "version").to_owned());
    foreign.map(named).collect()
}

#[test]
fn every_package_that_is_in_the_product_stands_in_its_bill_of_materials() {
    let (bill, locked) = (bill(), locked());
    for package in bill.keys() {
        assert!(locked.contains(package), "{package:?} is not what Cargo.lock says");
    }
    let parts =
        [("quietroom", "x86_64-unknown-linux-gnu"), ("client-wasm", "wasm32-unknown-unknown")];
    for (part, platform) in parts {
        let needed = needed(part, platform);
        assert!(needed.len() > 50, "{part}: {needed:?}");
        for (name, version) in needed {
            let stands = bill.iter().any(|((other, at, _), parts)| {
                *other == name && *at == version && parts.contains(part)
            });
            assert!(stands, "{part} is made of {name} {version} too");
        }
    }
}
