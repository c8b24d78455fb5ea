//! The `quietroom` binary.

use std::process::ExitCode;

/// Frames and entries are many small pieces that one thread makes and another lets go, beside the
/// store's buffers of 8 MiB. Measured against mimalloc and the C library: docs/performance.md.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    quietroom::cli::run()
}
