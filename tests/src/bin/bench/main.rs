//! The load generator of `cargo xtask bench`: the release server on sled with durability on, and
//! in the same run a bare broadcast server as the yardstick, both driven by the same code over
//! real sockets. Prints a table and writes `target/bench.json`.

mod disk;
mod frames;
mod http;
mod load;
mod plan;
mod process;
mod report;
mod rows;
mod samples;
mod seed;
mod sockets;
mod wire;
mod yardstick;

use std::process::ExitCode;

use plan::{Plan, Row};
use report::Report;
use rows::Bench;

const USAGE: &str = "\
Usage: bench [--quick] [--only a,b,c,d,e,f,g,h,i,j,k,n,r] [--keep-data]
  --quick      a smoke run of about a minute and a half; its figures are rough
  --only ROWS  only these rows
  --keep-data  leave target/bench-data behind
QUIETROOM_BIN names the server; by default target/release/quietroom is measured.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // One thread a core for either server, and as many for the load.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be started");
    let outcome = match arguments.first().map(String::as_str) {
        Some("yardstick") => runtime.block_on(yardstick::serve()).map_err(|e| e.to_string()),
        Some("--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Plan::from_arguments(&arguments).and_then(|plan| runtime.block_on(bench(plan))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn bench(plan: Plan) -> Result<(), String> {
    process::raise_open_files()?;
    let (mut report, mut failures) = (Report::default(), Vec::new());
    let interrupted = tokio::signal::ctrl_c();
    tokio::select! {
        () = measure(&plan, &mut report, &mut failures) => {}
        _ = interrupted => failures.push("interrupted".to_owned()),
    }
    if !plan.keep_data {
        // What is left of it is only in the way.
        let _ = std::fs::remove_dir_all(plan.data());
    }
    print!("{}", report.table());
    let path = plan.target.join("bench.json");
    std::fs::write(&path, report.json(&plan))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    println!("\nWritten to {}", path.display());
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Measures row after row: one that fails is reported, and the next goes on.
async fn measure(plan: &Plan, report: &mut Report, failures: &mut Vec<String>) {
    let mut bench = match Bench::start(plan).await {
        Ok(bench) => bench,
        Err(why) => return failures.push(why),
    };
    // Idle sockets first: memory that a busier row freed would hide what they take.
    const ORDER: [Row; 13] = [
        Row::C,
        Row::A,
        Row::B,
        Row::D,
        Row::E,
        Row::F,
        Row::G,
        Row::H,
        Row::I,
        Row::J,
        Row::K,
        Row::N,
        Row::R,
    ];
    for row in ORDER {
        if !plan.only.contains(&row) {
            continue;
        }
        eprintln!("{}", row.title());
        if let Err(why) = bench.measure(row, report).await {
            eprintln!("  failed: {why}");
            failures.push(format!("{row:?}: {why}"));
        }
    }
}
