//! A dialog as high as the window: a form to fill in or to read. It asks before it closes.

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
    /// Whether it is no higher than what it holds.
    #[prop_or_default]
    pub small: bool,
    /// Whether what scrolls is only read: a keyboard scrolls it then.
    #[prop_or_default]
    pub reads: bool,
    /// Somebody wants it closed.
    pub on_close: Callback<()>,
    /// Beside the title.
    #[prop_or_default]
    pub beside: Html,
    /// Below what scrolls.
    #[prop_or_default]
    pub foot: Option<Html>,
    /// What it holds.
    pub children: Children,
}

/// The dialog, open from the beginning and until it is gone.
#[component]
pub fn Full(props: &Props) -> Html {
    let text = use_text();
    let dialog = use_modal();
    let onclick = props.on_close.reform(|_: MouseEvent| ());
    let oncancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            // Of this dialog, and not of a question within it.
            event.stop_propagation();
            event.prevent_default();
            on_close.emit(());
        })
    };
    // A browser may close it without asking first.
    let onclose = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            event.stop_propagation();
            on_close.emit(());
        })
    };
    let id = format!("{}-title", props.name);
    let class = if props.small { "confirm tool" } else { "confirm tool paper" };
    html! {
        <dialog {class} ref={dialog} data-testid={props.name} aria-labelledby={id.clone()}
            {oncancel} {onclose} onkeydown={modal::keeps_escape()}>
            <header class="tool-header">
                <h2 {id} class="paper-title" data-testid="paper-title" tabindex="-1"
                    autofocus=true dir="auto">
                    {&props.title}
                </h2>
                {props.beside.clone()}
                <button type="button" class="icon-button" data-testid="tool-close"
                    aria-label={text.say("forms-close")} {onclick}>
                    <Icon shape={Shape::Close} />
                </button>
            </header>
            <div class="tool-body" tabindex={props.reads.then_some("0")}>{ for props.children.iter() }</div>
            if let Some(foot) = &props.foot {
                <footer class="paper-foot">{foot.clone()}</footer>
            }
        </dialog>
    }
}
