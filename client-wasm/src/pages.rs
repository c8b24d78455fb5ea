//! One page a file.

pub mod home;
pub mod locked;
pub mod new_conversation;
pub mod not_found;
pub mod offline;
pub mod set_up;
pub mod sign_in;
