//! What holds for everything that comes in or goes out over a line for as long as that takes: files
//! either way, and records. There are so many places for it, and nobody keeps one without getting on.

pub mod pace;
pub mod places;
