//! Has the linker keep its relocations in the client: `wasm-split` takes the parts in `src/parts.rs`
//! out by them (see `xtask/src/split.rs`).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
