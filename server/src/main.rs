//! The `quietroom` binary.

use std::process::ExitCode;

/// Frames and entries are many small pieces that one thread makes and another lets go.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    quietroom::cli::run()
}
