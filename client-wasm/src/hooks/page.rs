//! The page around the app: its title and icon, its language, the room a phone's keyboard leaves.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, VisualViewport};
use yew::{hook, use_effect_with};

use crate::browser;

/// The product's name, as the browser shows it.
const NAME: &str = "Quietroom";

/// Shows `unread` in title and icon. Never a name or a word of a conversation: titles are kept in
/// the browser's history.
#[hook]
pub fn use_unread_in_title(unread: u32) {
    use_effect_with(unread, |unread| {
        let title = if *unread > 0 { format!("({unread}) {NAME}") } else { NAME.to_owned() };
        browser::document().set_title(&title);
        let link = browser::document().query_selector("link[rel~=icon]").ok().flatten();
        if let Some(link) = link {
            let encoded: String = js_sys::encode_uri_component(&icon(*unread)).into();
            // A link without an address shows no icon, which is all that can go wrong.
            let _ = link.set_attribute("href", &format!("data:image/svg+xml,{encoded}"));
        }
    });
}

/// The icon, with a count on it while something is unread.
#[must_use]
pub fn icon(unread: u32) -> String {
    let plain = include_str!("../../../assets/icons/favicon.svg");
    if unread == 0 {
        return plain.to_owned();
    }
    let count = if unread > 9 { "9+".to_owned() } else { unread.to_string() };
    let badge = format!(
        "<circle cx=\"22\" cy=\"10\" r=\"10\" fill=\"#b3261e\"/>\
         <text x=\"22\" y=\"14.5\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"13\" \
         font-weight=\"700\" text-anchor=\"middle\">{count}</text></svg>"
    );
    plain.trim_end().replace("</svg>", &badge)
}

/// Keeps `--app-height` and `--app-top` at the room that a phone's keyboard leaves, where the
/// browser does not shrink the page itself but shows a lower part of it.
#[hook]
pub fn use_keyboard_room() {
    use_effect_with((), |()| {
        let viewport = browser::window().visual_viewport();
        let listeners = viewport.map(|viewport| {
            ["resize", "scroll"].map(|event| {
                let watched = viewport.clone();
                EventListener::new(&viewport, event, move |_| make_room(&watched))
            })
        });
        move || drop(listeners)
    });
}

fn make_room(viewport: &VisualViewport) {
    let root = browser::document().document_element();
    let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) else { return };
    // Zoomed in by pinching is not a keyboard.
    let zoomed = (viewport.scale() - 1.0).abs() >= 0.01;
    let room = [("--app-height", viewport.height()), ("--app-top", viewport.page_top())];
    for (property, pixels) in room {
        let value = if zoomed { String::new() } else { browser::pixels(pixels) };
        browser::set_style(&root, property, &value);
    }
}

#[cfg(test)]
mod tests {
    use super::icon;

    #[test]
    fn the_icon_counts_up_to_nine() {
        assert!(!icon(0).contains("<text"));
        assert!(icon(3).contains(">3</text></svg>"));
        assert!(icon(10).contains(">9+</text></svg>"));
    }
}
