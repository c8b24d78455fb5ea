//! A labelled yes or no.

use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

/// A yes or no.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its name: id, form name and `data-testid`.
    pub name: &'static str,
    /// What is switched.
    pub label: String,
    /// More about it.
    #[prop_or_default]
    pub help: Option<String>,
    /// Whether it is on.
    pub on: bool,
    /// Called with what it is to be.
    pub on_switch: Callback<bool>,
}

/// The switch.
#[component]
pub fn Check(props: &Props) -> Html {
    let name = props.name;
    let onchange = {
        let on_switch = props.on_switch.clone();
        Callback::from(move |event: Event| {
            on_switch.emit(event.target_unchecked_into::<HtmlInputElement>().checked());
        })
    };
    html! {
        <div class="check">
            <input type="checkbox" id={name} {name} data-testid={name} checked={props.on} {onchange}
                aria-describedby={props.help.as_ref().map(|_| format!("{name}-help"))} />
            <label for={name}>{&props.label}</label>
            if let Some(help) = &props.help {
                <p class="field-help" id={format!("{name}-help")}>{help}</p>
            }
        </div>
    }
}
