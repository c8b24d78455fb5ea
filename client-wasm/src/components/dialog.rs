//! A native modal dialog: it keeps the focus, closes on Escape and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::{
    Callback, Children, Event, Html, KeyboardEvent, MouseEvent, Properties, component, html,
    use_effect_with, use_node_ref,
};

use crate::components::icon::{Icon, Shape};
use crate::text::use_text;

/// A dialog.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its title.
    pub title: String,
    /// Its `data-testid`.
    pub name: &'static str,
    /// Called when it is closed, however.
    pub on_close: Callback<()>,
    /// What it holds.
    pub children: Children,
}

/// The dialog, open from the beginning.
#[component]
pub fn Dialog(props: &Props) -> Html {
    let text = use_text();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let dialog = dialog.get().and_then(|node| node.dyn_into::<HtmlDialogElement>().ok());
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
    }
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    let on_closed = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            // Of this dialog, and not of a choice within it.
            event.stop_propagation();
            on_close.emit(());
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
        }
    });
    let id = format!("{}-title", props.name);
    html! {
        <dialog class="confirm tool" ref={dialog} data-testid={props.name}
            aria-labelledby={id.clone()} onclose={on_closed} {onkeydown}>
            <header class="tool-header">
                <h2 {id}>{&props.title}</h2>
                <button type="button" class="icon-button" data-testid="tool-close"
                    aria-label={text.say("close")} onclick={close}>
                    <Icon shape={Shape::Close} />
                </button>
            </header>
            <div class="tool-body">{ for props.children.iter() }</div>
        </dialog>
    }
}
