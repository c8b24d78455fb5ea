//! Forms on the server. What a form is, and all rules for it, is in `shared_proto::form`.

pub mod library;
