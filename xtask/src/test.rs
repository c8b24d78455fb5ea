//! `cargo xtask test`: everything that has to pass. The counts of the test runner come last.

use crate::shell::{Outcome, Step, say, target};
use crate::tools::{Tools, debian, python};
use crate::{check, nothing_more, split_at_dashes};

/// Checks, then builds the server with its fault points, then runs the tests of every package in
/// one go.
pub fn test(arguments: &[String]) -> Outcome {
    let (own, flags) = split_at_dashes(arguments);
    let long = own.iter().any(|argument| argument == "--long");
    let unknown: Vec<_> = own.iter().filter(|argument| *argument != "--long").cloned().collect();
    nothing_more(&unknown)?;

    // First, so that a machine that lacks something says so at once and not after the build.
    let tools = Tools::open()?;
    debian::browser(&tools)?;
    debian::prometheus(&tools)?;
    let axe = tools.axe()?;
    let observatory = tools.observatory()?;
    let fhir = tools.fhir()?;
    let http_ece = tools.http_ece()?;
    let aiosmtpd = python::aiosmtpd(&tools)?;
    let weed = python::weed(&tools)?;
    let client = check::with_tools(&tools)?;

    let cargo = |verb: &[&str]| {
        let step = Step::cargo()
            .args(verb)
            // The same packages and features each time: other ones would be another build.
            .args(["--package", "shared-proto", "--package", "quietroom"])
            .args(["--package", "client-wasm", "--package", "quietroom-tests"])
            .args(["--package", "xtask"])
            .args(["--features", "quietroom/fault-points"])
            .env("PATH", tools.path())
            .env("QUIETROOM_BUILD", &client.build)
            .env("QUIETROOM_BIN", target().join("debug/quietroom"))
            .env("QUIETROOM_AXE", &axe)
            .env("QUIETROOM_AIOSMTPD", &aiosmtpd)
            .env("QUIETROOM_WEED", &weed)
            .env("QUIETROOM_OBSERVATORY", &observatory)
            .env("QUIETROOM_FHIR", &fhir)
            .env("QUIETROOM_HTTP_ECE", &http_ece);
        if long { step.env("QUIETROOM_LONG", "1") } else { step }
    };
    say("Building the server and the tests");
    cargo(&["build", "--bins", "--tests"]).run()?;

    say("Tests");
    let advice = "Screenshots of the browser tests are in target/screenshots.";
    if Step::cargo().args(["nextest", "--version"]).output().is_some() {
        let profile = if long { "long" } else { "default" };
        cargo(&["nextest", "run", "--no-fail-fast", "--profile", profile])
            .args(flags)
            .advice(advice)
            .run()
    } else {
        cargo(&["test", "--no-fail-fast", "--bins", "--lib", "--tests"])
            .args(["--", "--test-threads", "2"])
            .args(flags)
            .advice(advice)
            .run()
    }
}
