//! Switches the tests need to stop the server at a point of their choosing. Each is an environment
//! variable with the path of a file: while the file exists, the point holds. Never in a release:
//! none can be built with them, nor is one taken for it that holds the name of such a variable
//! (`xtask/src/server.rs`).

#[cfg(all(feature = "fault-points", not(debug_assertions)))]
compile_error!("fault points are for tests: a release is built without the feature fault-points");

/// A switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Milliseconds the clock is off by.
    Clock,
    /// Tries there are besides before guessing is stopped.
    Tries,
    /// Holds a socket before it joins the others.
    HoldJoin,
    /// Panics in a room, once.
    PanicRoom,
    /// The disk is full but for the last bytes of the reserve.
    Full,
    /// Those are gone too.
    QuiteFull,
    /// Holds a notice before it is handed over.
    HoldNotice,
    /// Holds one after it was, before that is written.
    HoldSettle,
}

#[cfg(feature = "fault-points")]
impl Point {
    const fn variable(self) -> &'static str {
        match self {
            Self::Clock => "QUIETROOM_FAULT_CLOCK",
            Self::Tries => "QUIETROOM_FAULT_TRIES",
            Self::HoldJoin => "QUIETROOM_FAULT_HOLD_JOIN",
            Self::PanicRoom => "QUIETROOM_FAULT_PANIC_ROOM",
            Self::Full => "QUIETROOM_FAULT_FULL",
            Self::QuiteFull => "QUIETROOM_FAULT_QUITE_FULL",
            Self::HoldNotice => "QUIETROOM_FAULT_HOLD_NOTICE",
            Self::HoldSettle => "QUIETROOM_FAULT_HOLD_SETTLE",
        }
    }

    fn path(self) -> Option<std::path::PathBuf> {
        std::env::var_os(self.variable()).map(std::path::PathBuf::from)
    }
}

/// Whether the file of `point` exists now.
#[cfg(feature = "fault-points")]
#[must_use]
pub fn is_on(point: Point) -> bool {
    point.path().is_some_and(|path| path.exists())
}

/// Never.
#[cfg(not(feature = "fault-points"))]
#[must_use]
pub const fn is_on(_point: Point) -> bool {
    false
}

/// Panics when the file of `point` exists, and removes it.
#[cfg(feature = "fault-points")]
pub fn panic_once(point: Point) {
    if let Some(path) = point.path()
        && std::fs::remove_file(path).is_ok()
    {
        panic!("{}", point.variable());
    }
}

/// Never panics.
#[cfg(not(feature = "fault-points"))]
pub const fn panic_once(_point: Point) {}

/// Waits while the file of `point` exists.
#[cfg(feature = "fault-points")]
pub async fn hold(point: Point) {
    while is_on(point) {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

/// Never holds.
#[cfg(not(feature = "fault-points"))]
pub async fn hold(_point: Point) {}

/// The number in the file of `point`; zero without one.
#[cfg(feature = "fault-points")]
#[must_use]
pub fn number(point: Point) -> i64 {
    let text = point.path().and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| text.trim().parse().ok()).unwrap_or_default()
}

/// Always zero.
#[cfg(not(feature = "fault-points"))]
#[must_use]
pub const fn number(_point: Point) -> i64 {
    0
}
