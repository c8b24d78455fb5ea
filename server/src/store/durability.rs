//! Makes sled's flush reach the disk.
//!
//! On Linux sled 0.34.7 ends a flush with `sync_file_range`, which neither waits for the disk's
//! own cache nor covers the file's size: a power cut then loses acknowledged writes. This binary
//! defines `sync_file_range` itself, as `fdatasync`, which does both (file size included, as it is
//! needed to read the data back). The linker prefers this definition over the C library's; that it
//! really did is checked at start by [`self_test`], and without it nothing is served.

use std::io;
use std::path::Path;

use super::engine::{Engine, EngineError};

/// Why nothing may be served.
#[derive(Debug, thiserror::Error)]
pub enum DurabilityError {
    /// The hook is not part of this binary.
    #[error(
        "a test write did not pass through this program's own sync, so acknowledged messages could \
         be lost in a power cut; this binary was linked in a way that must not be used"
    )]
    NotHooked,
    /// The test write failed.
    #[error("the store's test write failed: {0}")]
    Engine(#[from] EngineError),
}

/// Writes to the engine and makes sure that the write was synced to the disk.
///
/// # Errors
/// When it was not, or could not be written: do not serve.
pub fn self_test(engine: &Engine) -> Result<(), DurabilityError> {
    let Engine::Sled(engine) = engine else { return Ok(()) };
    let before = syncs();
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let value = time.map_or(0, |time| time.as_nanos()).to_be_bytes();
    engine.write_probe(&value)?;
    if cfg!(target_os = "linux") && syncs() == before {
        return Err(DurabilityError::NotHooked);
    }
    Ok(())
}

#[cfg(target_os = "linux")]
mod hook {
    use std::os::fd::RawFd;
    use std::sync::atomic::{AtomicU64, Ordering};

    static SYNCS: AtomicU64 = AtomicU64::new(0);

    pub(super) fn syncs() -> u64 {
        SYNCS.load(Ordering::SeqCst)
    }

    /// Stands in for the C library's function of this name; see the module's head.
    #[allow(unsafe_code, reason = "replaces a C function that only sled calls, with its contract")]
    #[unsafe(no_mangle)]
    pub extern "C" fn sync_file_range(
        file: RawFd,
        offset: libc::off64_t,
        length: libc::off64_t,
        flags: libc::c_uint,
    ) -> libc::c_int {
        SYNCS.fetch_add(1, Ordering::SeqCst);
        if unmended() {
            // SAFETY: passes its own arguments on to the system call of this name.
            let outcome =
                unsafe { libc::syscall(libc::SYS_sync_file_range, file, offset, length, flags) };
            return if outcome < 0 { -1 } else { 0 };
        }
        loop {
            // SAFETY: takes a number; a wrong one is answered with an error, which sled handles.
            let outcome = unsafe { libc::fdatasync(file) };
            // An interrupted sync may be asked for again; sled would take it for a broken disk.
            if outcome == 0
                || std::io::Error::last_os_error().kind() != std::io::ErrorKind::Interrupted
            {
                return outcome;
            }
        }
    }

    /// Whether a test asked for sled as it is without the mend.
    #[cfg(feature = "fault-points")]
    fn unmended() -> bool {
        use std::sync::OnceLock;
        static UNMENDED: OnceLock<bool> = OnceLock::new();
        *UNMENDED.get_or_init(|| std::env::var("QUIETROOM_FAULT_NO_SYNC").is_ok_and(|v| v == "1"))
    }

    #[cfg(not(feature = "fault-points"))]
    const fn unmended() -> bool {
        false
    }
}

/// How often sled synced through this program's own function, since the process began.
#[must_use]
pub fn syncs() -> u64 {
    #[cfg(target_os = "linux")]
    return hook::syncs();
    #[cfg(not(target_os = "linux"))]
    0
}

/// Bytes an unprivileged process may still write on the disk that holds `path`.
///
/// # Errors
/// When the system does not say.
#[cfg(unix)]
pub fn free_space(path: &Path) -> io::Result<u64> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes())?;
    let mut found = std::mem::MaybeUninit::<libc::statvfs>::zeroed();
    #[allow(unsafe_code, reason = "the standard library has no statvfs")]
    // SAFETY: `path` ends in a zero byte and outlives the call; `found` is large enough, and a
    // statvfs of zeroes is a valid one.
    let (outcome, found) =
        unsafe { (libc::statvfs(path.as_ptr(), found.as_mut_ptr()), found.assume_init()) };
    if outcome != 0 {
        return Err(io::Error::last_os_error());
    }
    #[allow(clippy::useless_conversion, reason = "narrower on other systems")]
    Ok(u64::from(found.f_bavail).saturating_mul(u64::from(found.f_frsize)))
}
