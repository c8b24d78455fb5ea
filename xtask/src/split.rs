//! The client in parts. Trunk knows nothing of them: it compiles the client, has `wasm-bindgen` make
//! a module of it, and names what comes out by its content. So a program of that name stands before
//! the real one on trunk's `PATH`, which is this command: `cargo xtask bind`. It takes the parts
//! named in `client-wasm/src/parts.rs` out of what was compiled, binds what is left, puts what loads
//! the parts into the script, and leaves the parts in `target` for [`add_parts`].

use std::fs;
use std::path::{Path, PathBuf};

use crate::client::Fnv;
use crate::shell::{Outcome, Step, find, target};
use crate::tools::Tools;

/// What the splitter calls the script that loads the parts, in the module that imports it.
const LOADERS: &str = "./__wasm_split.js";

/// Puts a `wasm-bindgen` into `target` that is [`bind`]; the folder it is in.
pub fn stand_in() -> Outcome<PathBuf> {
    let folder = target().join("client-tools");
    let file = folder.join("wasm-bindgen");
    let own = std::env::current_exe().map_err(|error| format!("xtask is nowhere: {error}"))?;
    let script = format!("#!/bin/sh\nexec '{}' bind \"$@\"\n", own.display());
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&file, script))
        .and_then(|()| executable(&file))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(folder)
}

#[cfg(unix)]
fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What `wasm-bindgen` does, to the client without its parts.
pub fn bind(arguments: &[String]) -> Outcome {
    let tools = Tools::open()?;
    let real = find("wasm-bindgen", &tools.path()).ok_or("There is no wasm-bindgen.")?;
    let compiled = arguments.iter().position(|argument| argument.ends_with(".wasm"));
    let Some(compiled) = compiled else {
        return Step::new(real).args(arguments).become_it();
    };
    let value = |name: &str| {
        let mut values = arguments.iter().enumerate().filter_map(|(at, argument)| {
            match argument.strip_prefix(name)?.strip_prefix('=') {
                Some(value) => Some(value.to_owned()),
                None => arguments.get(at + 1).cloned(),
            }
        });
        values.next().ok_or_else(|| format!("trunk gave wasm-bindgen no {name}."))
    };
    let (folder, name) = (PathBuf::from(value("--out-dir")?), value("--out-name")?);
    let parts = parts_folder();
    // Of the build before.
    let _ = fs::remove_dir_all(&parts);
    Step::new("wasm-split-cli")
        .env("PATH", tools.path())
        .args([&arguments[compiled], &parts.to_string_lossy().into_owned()])
        .args(["--out-name", &name])
        .run()?;
    let mut changed = arguments.to_vec();
    changed[compiled] = parts.join(format!("{name}.wasm")).to_string_lossy().into_owned();
    // The parts share the table of functions, which it would take out as nobody's.
    Step::new(real).arg("--keep-lld-exports").args(changed).run()?;
    let script = folder.join(format!("{name}.js"));
    let loaders = named_parts(&tools, &parts, &name)?;
    write(&script, &with_loaders(&read(&script)?, &loaders)?)
}

/// Puts the parts of the last build beside what trunk made of it.
pub fn add_parts(dist: &Path) -> Outcome {
    for file in list(&parts_folder())? {
        let name = file.file_name().unwrap_or_default();
        if name.to_string_lossy().starts_with("part-") {
            let failed = |error| format!("{}: {error}", file.display());
            fs::copy(&file, dist.join(name)).map_err(failed)?;
        }
    }
    Ok(())
}

fn parts_folder() -> PathBuf {
    target().join("client-parts")
}

/// Makes every part smaller and names it by its content; the script that loads them, with those
/// names.
fn named_parts(tools: &Tools, folder: &Path, main: &str) -> Outcome<String> {
    let mut loaders = read(&folder.join(LOADERS))?;
    for file in list(folder)? {
        let was = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = was.strip_suffix(".wasm").filter(|stem| *stem != main) else { continue };
        let small = folder.join("small");
        Step::new("wasm-opt")
            .env("PATH", tools.path())
            .args(["-Oz", "--output"])
            .args([&small, &file])
            .run()?;
        let content = fs::read(&small).map_err(|error| format!("{}: {error}", small.display()))?;
        let mut hash = Fnv::default();
        hash.add(&content);
        let stem = stem.trim_start_matches("split_").replace('_', "-");
        let is = format!("part-{stem}-{:016x}.wasm", hash.value());
        loaders = loaders.replace(&format!("\"./{was}\""), &format!("\"./{is}\""));
        fs::rename(&small, folder.join(is)).map_err(|error| format!("{was}: {error}"))?;
    }
    Ok(loaders)
}

/// The script of the client with that of its parts in it: one file to fetch, and one whose name
/// changes with theirs.
fn with_loaders(script: &str, loaders: &str) -> Outcome<String> {
    let (mut imported, mut all) = (Vec::new(), String::new());
    for line in script.lines() {
        let name = line.strip_prefix("import * as ").and_then(|rest| rest.split_once(" from "));
        match name.filter(|(_, from)| from.contains(LOADERS)) {
            Some((name, _)) => imported.push(name),
            None => all.extend([line, "\n"]),
        }
    }
    if imported.is_empty() || all.contains(&format!("from \"{LOADERS}\"")) {
        return Err("wasm-bindgen imports the parts in another way than it did.".to_owned());
    }
    let mut names = Vec::new();
    all.push_str("const partLoaders = (() => {\n");
    for line in loaders.lines().filter(|line| !line.starts_with("import ")) {
        let exported = line.strip_prefix("export const ");
        names.extend(exported.and_then(|line| line.split_whitespace().next()));
        all.extend([line.strip_prefix("export ").unwrap_or(line), "\n"]);
    }
    all.push_str(&format!("return {{ {} }};\n}})();\n", names.join(", ")));
    for name in imported {
        all.push_str(&format!("const {name} = partLoaders;\n"));
    }
    Ok(all)
}

fn list(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(file: &Path, content: &str) -> Outcome {
    fs::write(file, content).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_the_parts_goes_into_the_one_that_imports_it() {
        let script = "import * as import1 from \"./__wasm_split.js\"\n\
                      import * as import2 from \"./__wasm_split.js\"\nlet wasm;\n";
        let loaders = "import { initSync } from \"./client.js\";\nlet shared;\n\
                       export const __wasm_split_load_a = wrap(() => fetch(\"./part-a.wasm\"));\n";
        let all = with_loaders(script, loaders).expect("they fit");
        assert_eq!(
            all,
            "let wasm;\nconst partLoaders = (() => {\nlet shared;\n\
             const __wasm_split_load_a = wrap(() => fetch(\"./part-a.wasm\"));\n\
             return { __wasm_split_load_a };\n})();\n\
             const import1 = partLoaders;\nconst import2 = partLoaders;\n"
        );
        assert!(with_loaders("let wasm;\n", loaders).is_err());
    }
}
