//! The server, with the client inside.

use std::path::PathBuf;

use crate::client::Client;
use crate::shell::{Outcome, Step, say, target};

/// Builds the release binary and answers with where it is.
pub fn release(client: &Client) -> Outcome<PathBuf> {
    say("Building the server");
    Step::cargo()
        .args(["build", "--release", "--package", "quietroom"])
        .env("QUIETROOM_BUILD", &client.build)
        .run()?;
    Ok(target().join("release/quietroom"))
}
