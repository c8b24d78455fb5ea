//! The few things asked of the browser itself.

use std::cell::{Cell, RefCell};

use gloo::events::EventListener;
use shared_proto::id::ClientMessageId;
use wasm_bindgen::JsCast;
use web_sys::{
    DataTransfer, Document, File, FileList, HtmlDocument, HtmlElement, HtmlTextAreaElement, Window,
};
use yew::{Callback, KeyboardEvent};

thread_local! {
    /// Whether the person has already said that the page may go.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
    /// Who is asked when the browser goes back.
    static BACK: RefCell<Option<Callback<()>>> = const { RefCell::new(None) };
}

/// The window.
#[must_use]
pub fn window() -> Window {
    web_sys::window().expect("the client runs in a window")
}

/// The document.
#[must_use]
pub fn document() -> Document {
    window().document().expect("a window holds a document")
}

/// Whether the key belongs to an input method. Safari ends the composition before it tells of the
/// Enter that confirmed it, and marks that Enter only by its code (UI Events, 7.3.1).
#[must_use]
pub fn composes(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// A fresh random id.
#[must_use]
pub fn random_id() -> ClientMessageId {
    let mut random = [0; 16];
    let crypto = window().crypto().expect("every browser that runs wasm has crypto");
    crypto.get_random_values_with_u8_array(&mut random).expect("16 bytes are under its limit");
    ClientMessageId::from_random(random)
}

/// Whether the page is visible and has the focus.
#[must_use]
pub fn is_attentive() -> bool {
    let document = document();
    let visible = document.visibility_state() == web_sys::VisibilityState::Visible;
    visible && document.has_focus().unwrap_or(true)
}

/// Whether a media query holds now.
#[must_use]
pub fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Whether only one pane fits.
#[must_use]
pub fn is_narrow() -> bool {
    !matches("(min-width: 900px)")
}

/// Whether the person points with a finger, so that focusing a text field raises a keyboard.
#[must_use]
pub fn is_touch() -> bool {
    matches("(pointer: coarse)")
}

/// The languages the person reads, most wanted first.
#[must_use]
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Focuses the first element that matches, without scrolling to it.
pub fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus_with_options(&options);
    }
}

/// Presses the first element that matches.
pub fn click(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// Scrolls to one element and focuses another, which is in it.
pub fn go_to(place: &str, focused: &str) {
    if let Some(element) = document().query_selector(place).ok().flatten() {
        element.scroll_into_view();
    }
    focus(focused);
}

/// Focuses the first element that matches, and brings it into view.
pub fn focus_in_view(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// The files of a list.
#[must_use]
pub fn files(list: Option<FileList>) -> Vec<File> {
    let all = list.map(|list| (0..list.length()).filter_map(move |index| list.get(index)));
    all.into_iter().flatten().collect()
}

/// Whether what is dragged or pasted is of this kind: a media type, or `Files`.
#[must_use]
pub fn carries(data: Option<&DataTransfer>, kind: &str) -> bool {
    data.is_some_and(|data| data.types().includes(&kind.into(), 0))
}

/// Opens the browser's question about printing.
pub fn print() {
    // A browser without a printer says so itself.
    let _ = window().print();
}

/// Loads the page anew, without asking: the person has answered already.
pub fn reload() {
    LEAVING.set(true);
    // A page that cannot reload stays as it is.
    let _ = window().location().reload();
}

/// Takes everything off the page at once, its title too, and lets go of what is shown.
pub fn blank() {
    LEAVING.set(true);
    let document = document();
    document.set_title("");
    if let Some(body) = document.body() {
        body.set_text_content(None);
    }
}

/// Goes to another site in the place of this page: the way back does not lead here.
pub fn leave_for(address: &str) {
    LEAVING.set(true);
    // Where it cannot be loaded the browser says so on a page of its own.
    let _ = window().location().replace(address);
}

/// Listens to the browser's way back, before the router does: of a window's own listeners the first
/// is the first to hear.
pub fn watch_back() {
    let listener = EventListener::new(&window(), "popstate", |event| {
        let held = BACK.with_borrow(Clone::clone);
        if let Some(held) = held {
            event.stop_immediate_propagation();
            held.emit(());
        }
    });
    listener.forget();
}

/// Has `asked` called when the browser has gone back, and nobody else; nobody in particular with
/// `None`.
pub fn hold_back(asked: Option<Callback<()>>) {
    BACK.set(asked);
}

/// Whether [`reload`] or [`leave_for`] is under way.
#[must_use]
pub fn is_leaving() -> bool {
    LEAVING.get()
}

/// Copies what stands in a field, and leaves it selected. The old way: it needs no permission and
/// works where the page is not served over TLS. Returns whether it was copied.
#[must_use]
pub fn copy(area: &HtmlTextAreaElement) -> bool {
    area.select();
    let document = document().dyn_into::<HtmlDocument>();
    document.is_ok_and(|document| document.exec_command("copy").unwrap_or(false))
}

/// Takes the fragment out of the address bar and the history: it held a secret.
#[must_use]
pub fn take_fragment() -> String {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&path));
    }
    fragment.trim_start_matches('#').to_owned()
}

/// A length as CSS takes it, to the hundredth of a pixel. Whole numbers only are put into words: the
/// code for others is 4 KB of what everybody loads.
pub fn pixels(length: f64) -> String {
    let hundredths = (length * 100.0).round() as i64;
    let (sign, hundredths) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}px", hundredths / 100, hundredths % 100)
}

/// Sets a CSS property by CSSOM, which a strict policy allows where a style attribute is not.
pub fn set_style(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}
