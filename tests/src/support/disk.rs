//! A disk that can lose power: ext4 on a loop device, shut down by an ioctl without flushing its
//! journal, so that what was not synced is gone. Needs root and loop devices on Linux.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// `_IOR('X', 125, __u32)` of linux/ext4.h.
#[cfg(target_os = "linux")]
const EXT4_IOC_SHUTDOWN: libc::c_ulong = 0x8004_587d;
/// Without flushing the journal: what a power cut does.
const NO_LOG_FLUSH: u32 = 2;
/// Size of the disk, sparse: above the free space the server keeps in reserve.
const DISK_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// A mounted disk. Unmounted and removed when dropped.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    mounted: bool,
}

impl Disk {
    /// Makes and mounts one.
    ///
    /// # Errors
    /// With the reason why this machine cannot.
    pub fn new() -> Result<Self, String> {
        if !cfg!(target_os = "linux") {
            return Err("power cuts are simulated with ext4 of Linux".to_owned());
        }
        // SAFETY: takes nothing and cannot fail.
        #[expect(unsafe_code, reason = "std does not tell who runs the process")]
        let user = unsafe { libc::geteuid() };
        if user != 0 {
            return Err("mounting a disk needs root".to_owned());
        }
        let folder = tempfile::Builder::new().prefix("quietroom-disk-").tempdir();
        let folder = folder.map_err(|error| error.to_string())?;
        let image = folder.path().join("disk.img");
        File::create(&image)
            .and_then(|file| file.set_len(DISK_BYTES))
            .map_err(|error| error.to_string())?;
        let image = image.to_str().ok_or("temporary paths are text")?;
        run("mkfs.ext4", &["-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", image])?;
        std::fs::create_dir(folder.path().join("mounted")).map_err(|error| error.to_string())?;
        let mut disk = Self { folder, mounted: false };
        disk.mount()?;
        Ok(disk)
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    fn mount(&mut self) -> Result<(), String> {
        let image = self.folder.path().join("disk.img");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        run("mount", &["-o", "loop", &text(&image), &text(&self.path())])?;
        self.mounted = true;
        Ok(())
    }

    /// Cuts the power: from now on nothing reaches the disk, and what did not yet is lost.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn cut_power(&self) -> io::Result<()> {
        use std::os::fd::AsRawFd;
        let root = File::open(self.path())?;
        let how = NO_LOG_FLUSH;
        // SAFETY: the descriptor is open for the call and the ioctl reads one u32 from `how`.
        #[cfg(target_os = "linux")]
        #[expect(unsafe_code, reason = "std has no ioctl")]
        let done = unsafe { libc::ioctl(root.as_raw_fd(), EXT4_IOC_SHUTDOWN, &raw const how) };
        #[cfg(not(target_os = "linux"))]
        let done = -1;
        if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Turns the power on again: mounts what the disk holds. Nothing may have a file open on it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn power_on(&mut self) -> Result<(), String> {
        self.unmount()?;
        self.mount()
    }

    fn unmount(&mut self) -> Result<(), String> {
        let path = CString::new(self.path().to_string_lossy().as_bytes());
        let path = path.map_err(|error| error.to_string())?;
        // SAFETY: the path is a C string that lives through the call.
        #[cfg(target_os = "linux")]
        #[expect(unsafe_code, reason = "std cannot unmount")]
        let done = unsafe { libc::umount2(path.as_ptr(), 0) };
        #[cfg(not(target_os = "linux"))]
        let done = {
            drop(path);
            -1
        };
        if done == 0 {
            self.mounted = false;
            Ok(())
        } else {
            Err(format!("unmounting: {}", io::Error::last_os_error()))
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted && self.unmount().is_err() {
            let _ = run("umount", &["-l", &self.path().to_string_lossy()]);
        }
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
