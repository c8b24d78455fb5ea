//! `cargo xtask check`: what can be said about the source without running it.

use crate::bill;
use crate::client::{self, Client};
use crate::shell::{Outcome, Step, say};
use crate::tools::Tools;

/// Formatting, the browser build, lints on both sides, licences, bans and sources.
pub fn check() -> Outcome {
    with_tools(&Tools::open()?).map(|_| say("Everything checked."))
}

/// The same, for `test`, which goes on with the client.
pub fn with_tools(tools: &Tools) -> Outcome<Client> {
    say("Formatting");
    Step::cargo()
        .args(["fmt", "--all", "--", "--check"])
        .advice("This puts it right:\n  cargo fmt --all")
        .run()?;

    // Before the lints: the server takes in what this leaves in `dist`.
    let client = client::build(tools)?;

    say("Lints");
    let native = ["shared-proto", "quietroom", "client-wasm", "quietroom-tests", "xtask"];
    let clippy = || Step::cargo().arg("clippy").env("QUIETROOM_BUILD", &client.build);
    clippy()
        .args(native.iter().flat_map(|package| ["--package", *package]))
        .args(["--all-targets", "--features", "quietroom/fault-points", "--", "-D", "warnings"])
        .run()?;
    clippy()
        .args(["--package", "client-wasm", "--target", "wasm32-unknown-unknown"])
        .args(["--", "-D", "warnings"])
        .run()?;

    say("Licences, bans and sources");
    tools.cargo_deny()?;
    Step::new("cargo-deny")
        .args(["--log-level", "error", "check", "--hide-inclusion-graph"])
        .args(["licenses", "bans", "sources"])
        .env("PATH", tools.path())
        .advice("What is allowed, and why, stands in deny.toml.")
        .run()?;
    bill::write()?;
    Ok(client)
}

/// Whether a known flaw, or nobody's care, is on record for anything in Cargo.lock. Apart from
/// `check`, since the answer changes while the source does not.
pub fn advisories() -> Outcome {
    let tools = Tools::open()?;
    tools.cargo_deny()?;
    say("Advisories");
    Step::new("cargo-deny")
        .args(["--log-level", "error", "check", "--hide-inclusion-graph", "advisories"])
        .env("PATH", tools.path())
        .advice("It fetches the RustSec database from github.com. A flaw it names is to be fixed.")
        .run()
}
