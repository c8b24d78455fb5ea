//! The way out at once: see `exit.rs`.

use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::components::icon::{Icon, Shape};
use crate::exit;
use crate::hooks::store::use_dispatch;
use crate::text::use_text;

/// Where it stands.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its look.
    pub classes: &'static str,
    /// Its `data-testid`.
    pub name: &'static str,
    /// Whether its word is shown, or only read out.
    #[prop_or_default]
    pub worded: bool,
}

/// The button. It asks nothing: whoever presses it has no time.
#[component]
pub fn QuickExit(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let onclick = Callback::from(move |_: MouseEvent| exit::leave(&dispatch));
    let (around, word) = if props.worded {
        ("section-hook", "section-word")
    } else {
        ("exit-hook", "visually-hidden")
    };
    html! {
        <button type="button" class={props.classes} data-testid={props.name} {onclick}
            title={text.say("quick-exit-help")}>
            <span class={around}>
                <Icon shape={Shape::Leave} />
                <span class={word}>{text.say("quick-exit")}</span>
            </span>
        </button>
    }
}
