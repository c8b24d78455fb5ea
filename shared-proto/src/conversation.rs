//! A conversation is a log; its state is the fold of its entries.
//!
//! [`decide::decide`] holds every rule, [`apply::apply`] is the only fold, [`visible`] is the only
//! answer to who sees what. The server enforces with them, the browser explains with them.

pub mod apply;
pub mod command;
pub mod decide;
pub mod event;
pub mod state;
pub mod visible;
