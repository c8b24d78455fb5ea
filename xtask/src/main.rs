//! The commands of this repository: `cargo xtask run`, `test`, `check`, `bench`, `bill` and
//! `advisories`.
//!
//! Each installs what it lacks, once, says what it does, and when something fails says which
//! command it was and what helps. Standard library only, so that a fresh clone gets here within
//! seconds.

use std::process::ExitCode;

mod bench;
mod bill;
mod check;
mod client;
mod run;
mod server;
mod shell;
mod split;
mod styles;
mod test;
mod tools;

use shell::Outcome;

const HELP: &str = "\
Usage: cargo xtask <command>

  run [--demo] [-- server flags]   build everything and start it on http://localhost:8080;
                                   --demo starts a practice with people to sign in as
  test [--long] [-- runner flags]  everything that has to pass, browser tests included;
                                   --long adds what takes too long for every day
  check                            formatting, lints, licences and the browser build
  bench [bench flags]              load and latency, against the release server
  bill                             what the product is made of, as target/quietroom.cdx.json
  advisories                       whether anything it is made of has a known flaw; asks the network
  help                             this

What is missing is installed once, into $QUIETROOM_TOOLS or ~/.cache/quietroom/tools.";

fn main() -> ExitCode {
    match enter_workspace().and_then(|()| dispatch(std::env::args().skip(1).collect())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut arguments: Vec<String>) -> Outcome {
    if arguments.is_empty() {
        println!("{HELP}");
        return Ok(());
    }
    let command = arguments.remove(0);
    match command.as_str() {
        "run" => run::run(&arguments),
        "test" => test::test(&arguments),
        "check" => nothing_more(&arguments).and_then(|()| check::check()),
        "bench" => bench::bench(&arguments),
        // For trunk, see `split`.
        "bind" => split::bind(&arguments),
        "bill" => nothing_more(&arguments).and_then(|()| {
            let file = bill::write()?;
            shell::say(&format!("What the product is made of is in {}", file.display()));
            Ok(())
        }),
        "advisories" => nothing_more(&arguments).and_then(|()| check::advisories()),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("There is no command `{other}`.\n\n{HELP}")),
    }
}

/// The arguments before `--` and those after it, which belong to the program that is started.
fn split_at_dashes(arguments: &[String]) -> (&[String], &[String]) {
    match arguments.iter().position(|argument| argument == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[]),
    }
}

fn nothing_more(arguments: &[String]) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(unknown) => Err(format!("`{unknown}` is not understood here.\n\n{HELP}")),
    }
}

/// Takes the workspace's folder as the current one, so that every path below is relative to it
/// wherever the command was given.
fn enter_workspace() -> Outcome {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let workspace = std::path::Path::new(&manifest).join("..");
    let workspace = workspace.canonicalize().unwrap_or(workspace);
    std::env::set_current_dir(&workspace)
        .map_err(|error| format!("{} cannot be entered: {error}", workspace.display()))
}
