//! Switches the tests need to stop the server at a point of their choosing. Each is an environment
//! variable with the path of a file: while the file exists, the point holds. Never in a release.

/// Whether the file named by the environment variable `name` exists now.
#[cfg(feature = "fault-points")]
#[must_use]
pub fn is_on(name: &str) -> bool {
    path(name).is_some_and(|path| path.exists())
}

/// Panics when the file named by the environment variable `name` exists, and removes it.
#[cfg(feature = "fault-points")]
pub fn panic_once(name: &str) {
    if let Some(path) = path(name)
        && std::fs::remove_file(path).is_ok()
    {
        panic!("{name}");
    }
}

/// Never panics.
#[cfg(not(feature = "fault-points"))]
pub fn panic_once(_name: &str) {}

/// Waits while the file named by the environment variable `name` exists.
#[cfg(feature = "fault-points")]
pub async fn hold(name: &str) {
    while is_on(name) {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

/// Never holds.
#[cfg(not(feature = "fault-points"))]
pub async fn hold(_name: &str) {}

/// The number in the file named by the environment variable `name`; zero without one.
#[cfg(feature = "fault-points")]
#[must_use]
pub fn number(name: &str) -> i64 {
    let text = path(name).and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// Always zero.
#[cfg(not(feature = "fault-points"))]
#[must_use]
pub const fn number(_name: &str) -> i64 {
    0
}

#[cfg(feature = "fault-points")]
fn path(name: &str) -> Option<std::path::PathBuf> {
    std::env::var_os(name).map(std::path::PathBuf::from)
}
