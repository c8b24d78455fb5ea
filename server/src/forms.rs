//! Forms on the server. What a form is, and all rules for it, is in `shared_proto::form`; what
//! becomes of those given in a conversation, in its room (`room/forms.rs`).

pub mod build;
pub mod library;
pub mod live;
