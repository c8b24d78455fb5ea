//! The browser client: built by trunk into `dist`, compressed, and left alone while nothing it is
//! made of has changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Outcome, Step, say, target};
use crate::tools::Tools;
use crate::{split, styles};

/// Everything the client is made of.
const INPUTS: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "assets",
    "client-wasm",
    "shared-proto/Cargo.toml",
    "shared-proto/src",
    "xtask/src/compress.mjs",
    "xtask/src/split.rs",
    "xtask/src/styles.rs",
];

/// The client is there, for the server to take in.
pub struct Client {
    /// `QUIETROOM_BUILD`: names the client by what it is made of. Server and client are built with
    /// the same one, so that a tab with an older client notices; a change of the server alone
    /// keeps it, so that nobody is asked to reload for nothing.
    pub build: String,
}

/// Builds the client unless `dist` holds it already.
pub fn build(tools: &Tools) -> Outcome<Client> {
    let build = build_name()?;
    let versions = tools.for_client()?;
    let done = target().join("client-build");
    let stamp = format!("{build}\n{versions}\n");
    let page = Path::new("dist/index.html");
    if page.is_file() && fs::read_to_string(&done).is_ok_and(|was| was == stamp) {
        return Ok(Client { build });
    }
    say("Building the browser client");
    // A build that stops half-way must not be taken for this one.
    let _ = fs::remove_file(&done);
    let path = tools.path();
    let path = std::iter::once(split::stand_in()?).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).map_err(|error| format!("PATH: {error}"))?;
    Step::new("trunk")
        .args(["build", "--release", "--offline"])
        .env("PATH", path)
        .env("QUIETROOM_BUILD", &build)
        // Trunk takes only `true` or `false` in it, against its usual meaning.
        .without_env("NO_COLOR")
        .run()?;
    if !page.is_file() {
        return Err("trunk built no dist/index.html: see Trunk.toml.".to_owned());
    }
    split::add_parts(Path::new("dist"))?;
    styles::merge(Path::new("dist"))?;
    Step::new("node")
        .args(["--input-type=module", "--eval", include_str!("compress.mjs"), "dist"])
        .env("PATH", tools.path())
        .output()
        .ok_or("The files in dist could not be compressed: Node 18 or later is needed.")?;
    fs::write(&done, stamp).map_err(|error| format!("{}: {error}", done.display()))?;
    Ok(Client { build })
}

fn build_name() -> Outcome<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        collect(Path::new(input), &mut files)?;
    }
    files.sort();
    let mut hash = Fnv::default();
    for file in files {
        let content = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        hash.add(file.to_string_lossy().as_bytes());
        hash.add(&content);
    }
    Ok(format!("{}-{:016x}", env!("CARGO_PKG_VERSION"), hash.value()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    if !path.is_dir() {
        if path.is_file() {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    let failed = |error| format!("{}: {error}", path.display());
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits: the same everywhere and for good, which the standard library's hash does not
/// promise.
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// With these bytes after those before.
    pub fn add(&mut self, bytes: &[u8]) {
        let length = bytes.len() as u64;
        for byte in length.to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The hash.
    pub const fn value(&self) -> u64 {
        self.0
    }
}
