//! What the tests and the benchmark of Quietroom stand on: the real server as a process
//! ([`support::TestServer`]), a person's device on a real socket ([`support::TestClient`]) and a
//! real browser ([`support::Browser`]). Nothing here is a mock.

pub mod support;
