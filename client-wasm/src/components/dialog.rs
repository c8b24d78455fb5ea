//! A native modal dialog: it keeps the focus, closes on Escape and gives the focus back.

use yew::{Callback, Children, Event, Html, MouseEvent, Properties, component, html};

use crate::components::icon::{Icon, Shape};
use crate::hooks::modal::{self, use_modal};
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
    let dialog = use_modal();
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            modal::close(&dialog);
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
    let id = format!("{}-title", props.name);
    html! {
        <dialog class="confirm tool" ref={dialog} data-testid={props.name}
            aria-labelledby={id.clone()} onclose={on_closed} onkeydown={modal::keeps_escape()}>
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
