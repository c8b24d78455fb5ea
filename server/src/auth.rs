//! Who is it: passwords, sessions, and the bound on guessing.

pub mod password;
pub mod sessions;
pub mod throttle;
