//! Escape, three times, leaves; and a window learns that another one of this browser was left.

use std::cell::RefCell;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, StorageEvent};
use yew::{hook, use_effect_with};

use crate::browser;
use crate::exit::{self, MARK, Presses};
use crate::hooks::store::Dispatch;
use crate::state::Action;

/// Listens while `on`: somebody is signed in.
#[hook]
pub fn use_quick_exit(on: bool, dispatch: &Dispatch) {
    let dispatch = dispatch.clone();
    use_effect_with(on, move |on| {
        let listeners = on.then(|| [escape(dispatch.clone()), elsewhere(dispatch)]);
        move || drop(listeners)
    });
}

/// On its way down to whatever has the focus, which may keep a key to itself; it is only counted
/// here and means there what it always does.
fn escape(dispatch: Dispatch) -> EventListener {
    let presses = RefCell::new(Presses::default());
    let options = EventListenerOptions::run_in_capture_phase();
    EventListener::new_with_options(&browser::window(), "keydown", options, move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        // Held down is pressed once; an input method's Escape is its own.
        if event.repeat() || browser::composes(event) {
            return;
        }
        let pressed = presses.borrow_mut().press(event.key() == "Escape", event.time_stamp());
        if pressed {
            exit::leave(&dispatch);
        }
    })
}

/// The session ended in another window, whether or not the server could be told.
fn elsewhere(dispatch: Dispatch) -> EventListener {
    EventListener::new(&browser::window(), "storage", move |event| {
        let event: &StorageEvent = event.unchecked_ref();
        if event.key().as_deref() == Some(MARK) && event.new_value().is_some() {
            dispatch.send(Action::SignedOut);
        }
    })
}
