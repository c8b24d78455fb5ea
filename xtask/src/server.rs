//! The server, with the client inside.

use std::fs;
use std::path::{Path, PathBuf};

use crate::client::Client;
use crate::shell::{Outcome, Step, say, target};

/// Builds the release binary and answers with where it is.
pub fn release(client: &Client) -> Outcome<PathBuf> {
    say("Building the server");
    Step::cargo()
        .args(["build", "--release", "--package", "quietroom"])
        .env("QUIETROOM_BUILD", &client.build)
        .run()?;
    let binary = target().join("release/quietroom");
    without_fault_points(&binary)?;
    Ok(binary)
}

/// What the name of every fault point begins with (`server/src/faults.rs`).
const FAULT: &[u8] = b"QUIETROOM_FAULT";

/// No release can be broken on purpose, as the tests do (ASVS 13.4.2, 15.2.3).
fn without_fault_points(binary: &Path) -> Outcome {
    let content = fs::read(binary).map_err(|error| format!("{}: {error}", binary.display()))?;
    if content.windows(FAULT.len()).any(|bytes| bytes == FAULT) {
        return Err(format!(
            "{} has fault points, which are for tests: it is not a release.",
            binary.display()
        ));
    }
    Ok(())
}
