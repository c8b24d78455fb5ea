//! A native modal dialog, open from the beginning: it keeps the focus, closes on Escape and gives
//! the focus back.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::{Callback, KeyboardEvent, NodeRef, hook, use_effect_with, use_node_ref};

/// For the `ref` of the `<dialog>` that is to be shown; it closes with its component.
#[hook]
pub fn use_modal() -> NodeRef {
    let dialog = use_node_ref();
    let shown = dialog.clone();
    use_effect_with((), move |()| {
        let dialog = shown.get().and_then(|node| node.dyn_into::<HtmlDialogElement>().ok());
        if let Some(dialog) = &dialog {
            // It is in the document and not open yet: this cannot fail.
            let _ = dialog.show_modal();
        }
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
    dialog
}

/// Closes it, if it is there.
pub fn close(dialog: &NodeRef) {
    if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// For its `onkeydown`: Escape is answered here; around the dialog it would mean another thing.
#[must_use]
pub fn keeps_escape() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
        }
    })
}
