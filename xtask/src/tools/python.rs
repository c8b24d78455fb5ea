//! What comes from Python's package index: aiosmtpd, the mail relay of the tests.

use std::fs;
use std::path::PathBuf;

use super::Tools;
use super::debian::is_root;
use crate::shell::{Outcome, Step, say};

/// With what it needs: the same each time.
const PACKAGES: [&str; 3] = ["aiosmtpd==1.4.6", "atpublic==5.1", "attrs==25.3.0"];
const PIP: &str = "apt-get update && apt-get install -y --no-install-recommends python3-pip";

/// The folder aiosmtpd is in. Installed once; nothing is fetched when it is there.
pub fn aiosmtpd(tools: &Tools) -> Outcome<PathBuf> {
    let folder = tools.folder().join("python");
    let done = folder.join(".quietroom-packages");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    pip(tools)?;
    say("Installing aiosmtpd from PyPI (once)");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    Step::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .arg("--target")
        .arg(&folder)
        .args(PACKAGES)
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .advice("It needs PyPI. Run the command again when the network is there.")
        .run()?;
    fs::write(&done, wanted).map_err(failed)?;
    Ok(folder)
}

/// Python with pip; installed by apt as root where it is missing.
fn pip(tools: &Tools) -> Outcome {
    let has_pip = || Step::new("python3").args(["-m", "pip", "--version"]).output().is_some();
    if tools.has("python3") && has_pip() {
        return Ok(());
    }
    if !tools.has("apt-get") || !is_root() {
        return Err(format!(
            "The tests of mail need Python with pip. On Debian this command installs them:\n  \
             sudo sh -c '{PIP}'"
        ));
    }
    say("Installing pip (once)");
    Step::new("sh")
        .args(["-c", PIP])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .advice("It needs Debian's package archive.")
        .run()
}
