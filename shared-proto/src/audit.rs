//! The audit log as it is read: who did what, when, to whom and from where (164.312(b); ASVS
//! 16.2, 16.3). It names people and conversations by id only, and never holds what was written.

mod action;
mod detail;
mod group;
mod pages;
mod record;

pub use action::Action;
pub use detail::{WORDS, detail, words};
pub use group::Group;
pub use pages::{Access, AccessPage, AuditPage};
pub use record::{AuditEntry, AuditFilter, Subject};
