//! What comes from Debian's archive: a browser with its driver, and Prometheus' own checker.

use std::fs;

use super::Tools;
use crate::shell::{Outcome, Step, say};

const BROWSER: &str =
    "apt-get update && apt-get install -y --no-install-recommends chromium chromium-driver";

/// Chromium and its driver, installed by apt as root. Without root, says the command that helps.
pub fn browser(tools: &Tools) -> Outcome {
    if tools.has("chromium") && tools.has("chromedriver") {
        return Ok(());
    }
    if !tools.has("apt-get") {
        return Err("The browser tests need `chromium` and `chromedriver` on the PATH.".to_owned());
    }
    if !is_root() {
        return Err(format!(
            "The browser tests need Chromium and its driver. This command installs them:\n  \
             sudo sh -c '{BROWSER}'"
        ));
    }
    say("Installing Chromium and its driver (once)");
    Step::new("sh")
        .args(["-c", BROWSER])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .advice("It needs Debian's package archive.")
        .run()
}

/// `prometheus` and `promtool`, unpacked into our own folder: installed as a package Prometheus
/// would start and take the port of the server's own metrics.
pub fn prometheus(tools: &Tools) -> Outcome {
    if tools.has("promtool") && tools.has("prometheus") {
        return Ok(());
    }
    if !tools.has("apt-get") || !tools.has("dpkg-deb") {
        return Err("The tests need `promtool` and `prometheus` on the PATH.".to_owned());
    }
    say("Fetching Prometheus (once)");
    let folder = tools.folder().join("build/prometheus");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let download = || {
        Step::new("apt-get")
            .args(["download", "prometheus"])
            .within(&folder)
            .advice("The list of packages may be empty or old. This helps:\n  sudo apt-get update")
            .run()
    };
    if let Err(problem) = download() {
        if !is_root() {
            return Err(problem);
        }
        Step::new("apt-get").arg("update").run()?;
        download()?;
    }
    for entry in fs::read_dir(&folder).map_err(failed)?.filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|extension| extension == "deb") {
            Step::new("dpkg-deb").arg("--extract").args([&entry.path(), &folder]).run()?;
        }
    }
    for program in ["promtool", "prometheus"] {
        fs::rename(folder.join("usr/bin").join(program), tools.folder().join("bin").join(program))
            .map_err(failed)?;
    }
    fs::remove_dir_all(&folder).map_err(failed)
}

/// Whether packages can be installed.
pub fn is_root() -> bool {
    Step::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0")
}
