//! The keys that begin a search, and where the focus goes when it is over.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::{UseStateHandle, hook, use_effect_with, use_mut_ref};

use crate::browser;

/// Where something is typed.
const TYPED_INTO: &str = "input, textarea, select, [contenteditable]";

/// Begins a search by Ctrl+K, or by `/` where nothing is typed.
#[hook]
pub fn use_search_keys(searching: &UseStateHandle<bool>) {
    let begin = searching.setter();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let document = browser::document();
        let listener =
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let pressed: &KeyboardEvent = event.unchecked_ref();
                if begins(pressed) {
                    event.prevent_default();
                    begin.set(true);
                    browser::focus("#search-words");
                }
            });
        move || drop(listener)
    });
    let was = use_mut_ref(|| false);
    use_effect_with(**searching, move |now| {
        if std::mem::replace(&mut *was.borrow_mut(), *now) && !now {
            browser::focus("[data-testid=search-open]");
        }
    });
}

fn begins(event: &KeyboardEvent) -> bool {
    if event.is_composing() || event.alt_key() || event.shift_key() && event.key() != "/" {
        return false;
    }
    // What is asked for in a dialog is answered first.
    if browser::document().query_selector("dialog[open]").ok().flatten().is_some() {
        return false;
    }
    match event.key().as_str() {
        "k" | "K" => event.ctrl_key() || event.meta_key(),
        "/" => {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let typed = target.is_some_and(|target| target.matches(TYPED_INTO).unwrap_or(false));
            !typed && !event.ctrl_key() && !event.meta_key()
        }
        _ => false,
    }
}
