//! Asks before a page is left with something on it that is not saved: by a link of ours, by the
//! browser's way back, or by closing the window.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};
use yew::{Callback, UseStateSetter, hook, use_effect_with, use_state};
use yew_router::Routable;
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::hooks::driver::use_unsent_warning;
use crate::route::Route;

/// Where somebody wants to go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    /// Where a link leads.
    Page(Route),
    /// Where they came from.
    Back,
}

/// The question.
#[derive(Clone, PartialEq)]
pub struct Leaving {
    /// Whether it is asked now.
    pub asks: bool,
    /// Answers it.
    pub on_answer: Callback<bool>,
}

/// Asks while `unsaved` holds.
#[hook]
pub fn use_leaving(unsaved: bool) -> Leaving {
    let asks = use_state(|| None::<To>);
    let navigator = use_navigator();
    use_unsent_warning(unsaved);
    {
        let asks = asks.setter();
        use_effect_with(unsaved, move |unsaved| {
            let listener = unsaved.then(|| {
                browser::hold_back(Some(back(asks.clone())));
                links(asks)
            });
            move || {
                browser::hold_back(None);
                drop(listener);
            }
        });
    }
    let on_answer = {
        let asks = asks.clone();
        Callback::from(move |yes: bool| {
            let to = *asks;
            asks.set(None);
            match (to.filter(|_| yes), &navigator) {
                (Some(To::Page(route)), Some(navigator)) => navigator.push(&route),
                (Some(To::Back), _) => {
                    browser::hold_back(None);
                    if let Ok(history) = browser::window().history() {
                        // A browser without a way back stays where it is.
                        let _ = history.back();
                    }
                }
                _ => {}
            }
        })
    };
    Leaving { asks: asks.is_some(), on_answer }
}

/// On its way down to the link, which then hears nothing of it.
fn links(asks: UseStateSetter<Option<To>>) -> EventListener {
    let options =
        EventListenerOptions { phase: gloo::events::EventListenerPhase::Capture, passive: false };
    EventListener::new_with_options(&browser::window(), "click", options, move |event| {
        if let Some(route) = followed(event) {
            event.prevent_default();
            event.stop_propagation();
            asks.set(Some(To::Page(route)));
        }
    })
}

/// The page a press on a link leads to, when it is another of ours, in this window.
fn followed(event: &Event) -> Option<Route> {
    let mouse: &MouseEvent = event.dyn_ref()?;
    let elsewhere = mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let location = browser::window().location();
    let ours = location.origin().is_ok_and(|origin| origin == link.origin());
    let same = location.pathname().is_ok_and(|path| path == link.pathname());
    if elsewhere || !ours || same || !link.target().is_empty() {
        return None;
    }
    Route::recognize(&link.pathname())
}

/// The browser has gone back by then: the page is put there again, and it is asked.
fn back(asks: UseStateSetter<Option<To>>) -> Callback<()> {
    let here = browser::window().location().pathname().unwrap_or_default();
    Callback::from(move |()| {
        if let Ok(history) = browser::window().history() {
            // An address of this very page is never refused.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
        }
        asks.set(Some(To::Back));
    })
}
