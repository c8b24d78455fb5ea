//! The style sheet of what parts of the client draw, fetched with the first of them. The page names
//! it; `xtask/src/styles.rs` makes it.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo::events::EventListener;
use web_sys::Element;

use crate::browser;

thread_local! {
    static LOADED: Cell<bool> = const { Cell::new(false) };
}

/// It cannot be fetched: no network, or a server that is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing;

/// Fetches it, unless it is there: from now on, not only when it is waited for.
///
/// # Errors
/// [`Missing`]; the next call tries again.
pub fn load() -> impl Future<Output = Result<(), Missing>> {
    let fetched = if LOADED.get() { None } else { Some(fetch()) };
    async move {
        let Some(fetched) = fetched else { return Ok(()) };
        let Fetching { link, outcome, _listeners } = fetched.ok_or(Missing)?;
        if outcome.await == Ok(true) {
            LOADED.set(true);
            return Ok(());
        }
        link.remove();
        Err(Missing)
    }
}

struct Fetching {
    link: Element,
    outcome: oneshot::Receiver<bool>,
    _listeners: [EventListener; 2],
}

/// Puts the link into the page.
fn fetch() -> Option<Fetching> {
    let document = browser::document();
    let named = document.query_selector("meta[name=part-styles]").ok()??;
    let link = document.create_element("link").ok()?;
    link.set_attribute("rel", "stylesheet").ok()?;
    link.set_attribute("href", &format!("/{}", named.get_attribute("content")?)).ok()?;
    let (told, outcome) = oneshot::channel();
    let told = Rc::new(Cell::new(Some(told)));
    let on = |event: &'static str, is: bool| {
        let told = told.clone();
        EventListener::once(&link, event, move |_| {
            if let Some(told) = told.take() {
                // Whoever waited may have gone.
                let _ = told.send(is);
            }
        })
    };
    let _listeners = [on("load", true), on("error", false)];
    document.head()?.append_child(&link).ok()?;
    Some(Fetching { link, outcome, _listeners })
}
