//! Who is it: passwords, second factors, sessions, and the bound on guessing.

pub mod activity;
pub mod known;
pub mod leaked;
pub mod passkey;
pub mod password;
pub mod pending;
pub mod recovery;
pub mod second;
pub mod sessions;
pub mod strength;
pub mod throttle;
pub mod totp;
