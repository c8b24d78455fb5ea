//! A question before something that cannot be undone. A native modal dialog: it keeps the focus,
//! closes on Escape and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::{
    Callback, Event, Html, KeyboardEvent, MouseEvent, Properties, component, html, use_effect_with,
    use_mut_ref, use_node_ref,
};

use crate::text::use_text;

/// What is asked.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The question.
    pub title: String,
    /// What follows from a yes.
    pub help: String,
    /// The yes.
    pub yes: String,
    /// Whether nothing is lost by a yes.
    #[prop_or_default]
    pub harmless: bool,
    /// Prefix of the buttons' `data-testid`.
    pub name: &'static str,
    /// Called with the answer.
    pub on_answer: Callback<bool>,
}

/// The question.
#[component]
pub fn Confirm(props: &Props) -> Html {
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
    let answered = use_mut_ref(|| false);
    let give = {
        let (dialog, on_answer) = (dialog.clone(), props.on_answer.clone());
        move |yes: bool| {
            if !answered.replace(true) {
                // First: while it is open nothing behind it can take the focus.
                if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                    dialog.close();
                }
                on_answer.emit(yes);
            }
        }
    };
    let answer = |yes: bool| {
        let give = give.clone();
        Callback::from(move |_: MouseEvent| give(yes))
    };
    let on_cancel = {
        let give = give.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            give(false);
        })
    };
    // A browser may close it without asking first.
    let on_close = {
        let give = give.clone();
        Callback::from(move |_: Event| give(false))
    };
    // What it means here is said by now; around the dialog it would mean another thing.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
        }
    });
    let yes = if props.harmless { "button button-primary" } else { "button button-danger" };
    html! {
        <dialog class="confirm" ref={dialog} aria-labelledby="confirm-title"
            aria-describedby="confirm-help" oncancel={on_cancel}
            onclose={on_close} {onkeydown}>
            <h2 id="confirm-title">{&props.title}</h2>
            <p id="confirm-help">{&props.help}</p>
            <div class="confirm-buttons">
                <button type="button" class="button" data-testid={format!("{}-cancel", props.name)}
                    onclick={answer(false)}>{text.say("cancel")}</button>
                <button type="button" class={yes}
                    data-testid={format!("{}-confirm", props.name)}
                    onclick={answer(true)}>{&props.yes}</button>
            </div>
        </dialog>
    }
}
