//! What components share in behaviour.

pub mod asking;
pub mod desk;
pub mod driver;
pub mod drop;
pub mod exit;
pub mod kept;
pub mod leaving;
pub mod link;
pub mod modal;
pub mod page;
pub mod search;
pub mod store;
