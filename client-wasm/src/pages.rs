//! One page a file.

pub mod confirm_email;
pub mod enrol;
pub mod forgotten;
pub mod forms;
pub mod frame;
pub mod home;
pub mod invited;
pub mod link;
pub mod locked;
pub mod new_conversation;
pub mod new_password;
pub mod not_found;
pub mod offline;
pub mod people;
pub mod practice;
pub mod search;
pub mod second_step;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod tools;
