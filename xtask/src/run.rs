//! `cargo xtask run`: builds everything and becomes the server.

use crate::shell::{Outcome, Step, target};
use crate::tools::Tools;
use crate::{client, nothing_more, server, split_at_dashes};

/// Builds what has changed and starts the release server, on a demo practice or on the data in
/// `quietroom-data`.
pub fn run(arguments: &[String]) -> Outcome {
    let (own, flags) = split_at_dashes(arguments);
    let demo = own.iter().any(|argument| argument == "--demo");
    let unknown: Vec<_> = own.iter().filter(|argument| *argument != "--demo").cloned().collect();
    nothing_more(&unknown)?;

    let tools = Tools::open()?;
    let client = client::build(&tools)?;
    let binary = server::release(&client)?;

    let mut start = Step::new(&binary).arg("serve");
    if demo {
        start = start.arg("--demo");
    }
    if !flags.iter().any(|flag| flag == "--data" || flag.starts_with("--data=")) {
        let data = if demo { target().join("demo-data") } else { "quietroom-data".into() };
        start = start.arg("--data").arg(data);
    }
    start.args(flags).become_it()
}
