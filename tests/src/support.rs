//! The server, the clients and the browsers of a test.
//!
//! A helper that meets something a test did not ask for panics with what it saw: a test that fails
//! says why in its first line.

pub mod authenticator;
pub mod browser;
pub mod client;
pub mod disk;
pub mod emulated;
pub mod http;
pub mod letter;
pub mod links;
pub mod outbox;
pub mod page;
pub mod people;
pub mod push_service;
pub mod server;
pub mod sms_gateway;
pub mod smtp;
pub mod totp;
pub mod wait;
pub mod weed;

pub use browser::{Browser, Theme, Window};
pub use client::{Connection, TestClient};
pub use people::{Person, Session};
pub use server::{Address, ServerOptions, TestServer};
pub use wait::{PATIENCE, eventually};

use shared_proto::id::ClientMessageId;

/// A fresh id for a message or a new conversation, as a browser makes one.
#[must_use]
pub fn fresh_id() -> ClientMessageId {
    ClientMessageId::from_random(fastrand::u128(..).to_be_bytes())
}

/// Raises the number of files this process and the servers it starts may hold to what the system
/// allows, and returns it.
#[must_use]
pub fn raise_open_files() -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls only read or write the struct on this stack frame.
    #[expect(unsafe_code, reason = "std has no call for resource limits")]
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
    limit.rlim_cur
}
