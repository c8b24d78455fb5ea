//! Has the linker keep its relocations in the client: `wasm-split` takes the parts in `src/parts.rs`
//! out by them (see `xtask/src/split.rs`). And takes the Fluent files apart: `src/words.rs` says
//! which come with which part.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/words/form.rs"]
mod form;
#[path = "build/words.rs"]
mod words;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/words/form.rs");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    let locales = Path::new("../assets/locales");
    println!("cargo::rerun-if-changed={}", locales.display());
    let into = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder")).join("words");
    for language in list(locales) {
        let into = into.join(language.file_name().expect("an entry of a folder has a name"));
        made(&into, fs::create_dir_all(&into));
        for file in list(&language) {
            let source = made(&file, fs::read_to_string(&file));
            let words = words::compile(&source);
            let words = words.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let to = into.join(file.file_stem().expect("an entry of a folder has a name"));
            made(&to, fs::write(&to, words));
        }
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = made(folder, fs::read_dir(folder));
    entries.map(|entry| made(folder, entry).path()).collect()
}

fn made<T>(file: &Path, result: std::io::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
