//! Who is it: passwords, sessions, and the bound on guessing.

pub mod activity;
pub mod password;
pub mod sessions;
pub mod throttle;
