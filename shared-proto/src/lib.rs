//! What the Quietroom server and its browser client agree on: typed ids, frames, limits,
//! refusals, and the rules of a conversation.
//!
//! Nothing here reads a clock, a random source, a socket or a store (invariant 9 of
//! `docs/ARCHITECTURE.md`; `clippy.toml` beside this crate enforces it). Everything compiles for
//! wasm32 and natively without features.

pub mod account;
pub mod audit;
mod bounded;
pub mod chart;
pub mod codec;
pub mod conversation;
pub mod date;
pub mod desk;
pub mod entry;
pub mod factors;
pub mod file;
pub mod form;
pub mod hours;
pub mod http;
pub mod id;
pub mod limits;
pub mod notice;
pub mod office;
pub mod people;
pub mod practice;
pub mod refusal;
pub mod replies;
pub mod search;
pub mod strength;
pub mod time;
pub mod wire;

/// The build both sides carry. The server sends its own in [`wire::Hello`]; a client whose build
/// differs is an outdated tab: it keeps its drafts, drains its outbox and offers to reload.
/// `QUIETROOM_BUILD` is set by `cargo xtask`; without it the crate version is used.
pub const BUILD: &str = match option_env!("QUIETROOM_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};
