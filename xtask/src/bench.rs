//! `cargo xtask bench`: the load generator of `tests/src/bin/bench.rs` against the release server.

use crate::shell::{Outcome, Step};
use crate::tools::{Tools, debian};
use crate::{client, server};

/// Builds the release server and measures it. `arguments` go to the load generator.
pub fn bench(arguments: &[String]) -> Outcome {
    let tools = Tools::open()?;
    debian::browser(&tools)?;
    let client = client::build(&tools)?;
    let binary = server::release(&client)?;
    Step::cargo()
        .args(["run", "--release", "--package", "quietroom-tests", "--bin", "bench", "--"])
        .args(arguments.iter().filter(|argument| *argument != "--"))
        .env("PATH", tools.path())
        .env("QUIETROOM_BUILD", &client.build)
        .env("QUIETROOM_BIN", binary)
        .run()
}
