//! How the words of a Fluent file lie in the client: what its parser made of it, without what only
//! a parser needs. `build/words.rs` writes it, `said.rs` reads it. Marks are control characters,
//! which no words hold:
//!
//! ```text
//! file     = message*                      by their ids, so that one is found by halving
//! message  = id ID_ENDS pattern MESSAGE_ENDS
//! pattern  = (text | argument | choice)*
//! argument = ARGUMENT name ARGUMENT
//! choice   = CHOICE name (KEY key KEY pattern)* KEY KEY pattern CHOICE_ENDS      the default last
//! ```

/// Between the id of a message and its pattern.
pub const ID_ENDS: char = '\u{1}';
/// After a message.
pub const MESSAGE_ENDS: char = '\u{2}';
/// Before and after the name of an argument that stands there.
pub const ARGUMENT: char = '\u{3}';
/// Before the name of an argument that decides what stands there.
pub const CHOICE: char = '\u{4}';
/// Before and after what the argument has to be.
pub const KEY: char = '\u{5}';
/// After the last pattern of a choice.
pub const CHOICE_ENDS: char = '\u{6}';
