//! The `quietroom` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    quietroom::cli::run()
}
