//! The record of a conversation, for whoever may see it and as they see it: a table, a page to
//! print, FHIR R4, or all of it in a bundle that can be checked without this server.
//!
//! A room says how far a record goes (`room::Snapshot`); `pages` reads up to there, a stretch at a
//! time, and `people` and `row` say what each entry is to a reader. What turns rows into a form is
//! pure: `csv`, `html`, `lines`, `fhir::communication`, `bundle` over `zip`. `export` sends it, no
//! faster than it is taken, so that memory stays flat however long a conversation is.

pub mod bundle;
pub mod check;
pub mod csv;
pub mod export;
pub mod form;
mod html;
mod lines;
mod manifest;
mod pages;
pub mod people;
pub mod row;
mod zip;
pub mod zone;

#[cfg(test)]
mod tests;

use shared_proto::id::ConversationId;
use shared_proto::people::PersonCard;
use shared_proto::time::Millis;

use zone::Zone;

/// What a record is served under: nothing in it runs, loads or sends anything, whatever form it
/// has, and it belongs to no site (W3C CSP 3, 6.3.2).
#[must_use]
pub fn page_policy() -> String {
    format!("sandbox; {}; frame-ancestors 'none'", html::policy())
}

/// What is said of a record besides what is in it.
#[derive(Clone, Debug)]
pub struct Head {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The name of the practice.
    pub practice: String,
    /// Who takes it.
    pub exporter: PersonCard,
    /// When.
    pub at: Millis,
    /// Whose times it shows.
    pub zone: Zone,
}
