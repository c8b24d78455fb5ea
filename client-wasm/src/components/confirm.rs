//! A question before something that cannot be undone. A native modal dialog: it keeps the focus,
//! closes on Escape and gives the focus back.

use yew::{Callback, Event, Html, MouseEvent, Properties, component, html, use_mut_ref};

use crate::hooks::modal::{self, use_modal};
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
    /// The no, where "Cancel" would say too little.
    #[prop_or_default]
    pub no: Option<String>,
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
    let dialog = use_modal();
    let answered = use_mut_ref(|| false);
    let give = {
        let (dialog, on_answer) = (dialog.clone(), props.on_answer.clone());
        move |yes: bool| {
            if !answered.replace(true) {
                // First: while it is open nothing behind it can take the focus.
                modal::close(&dialog);
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
    let yes = if props.harmless { "button button-primary" } else { "button button-danger" };
    html! {
        <dialog class="confirm" ref={dialog} aria-labelledby="confirm-title"
            aria-describedby="confirm-help" oncancel={on_cancel}
            onclose={on_close} onkeydown={modal::keeps_escape()}>
            <h2 id="confirm-title">{&props.title}</h2>
            <p id="confirm-help">{&props.help}</p>
            <div class="confirm-buttons">
                <button type="button" class="button" data-testid={format!("{}-cancel", props.name)}
                    onclick={answer(false)}>
                    {props.no.clone().unwrap_or_else(|| text.say("cancel"))}
                </button>
                <button type="button" class={yes}
                    data-testid={format!("{}-confirm", props.name)}
                    onclick={answer(true)}>{&props.yes}</button>
            </div>
        </dialog>
    }
}
