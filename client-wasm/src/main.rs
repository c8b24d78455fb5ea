//! The Quietroom browser client.
//!
//! `state.rs` is what it knows and how that changes: pure, tested natively. `hooks/driver.rs`
//! carries out what the state asks for. `components/` and `pages/` only draw and dispatch.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod app;
pub mod backoff;
pub mod browser;
pub mod components;
pub mod connection;
pub mod dates;
pub mod exit;
pub mod few;
pub mod heartbeat;
pub mod hooks;
pub mod hours_form;
pub mod http;
pub mod links;
pub mod note;
pub mod pages;
pub mod parts;
pub mod passkey;
pub mod places;
pub mod protocol;
pub mod push;
pub mod route;
pub mod settings_form;
pub mod shared;
pub mod sizes;
pub mod sound;
pub mod state;
pub mod styles;
pub mod text;
pub mod thread;
pub mod uploads;
pub mod window;
pub mod words;

fn main() {
    browser::watch_back();
    let root = browser::document().get_element_by_id("app");
    let root = root.expect("index.html holds the element the app is drawn into");
    yew::Renderer::<app::App>::with_root(root).render();
}
