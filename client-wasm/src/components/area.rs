//! A labelled text of several lines.

use shared_proto::refusal::Refusal;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, Properties, TargetCast, component, html};

use crate::text::use_text;

/// A text.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its name: id, form name and `data-testid`.
    pub name: &'static str,
    /// What it is for.
    pub label: String,
    /// More about it.
    pub help: String,
    /// What stands in it.
    pub value: String,
    /// Called with what is typed.
    pub on_input: Callback<String>,
    /// Why it was refused.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
}

/// The text.
#[component]
pub fn Area(props: &Props) -> Html {
    let text = use_text();
    let name = props.name;
    let oninput = props
        .on_input
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    let help = format!("{name}-help");
    let described = match props.refusal {
        Some(_) => format!("{name}-refusal {help}"),
        None => help.clone(),
    };
    html! {
        <div class="field">
            <label for={name}>{&props.label}</label>
            <textarea id={name} {name} data-testid={name} rows="3" dir="auto"
                value={props.value.clone()} {oninput} aria-describedby={described}
                aria-invalid={props.refusal.is_some().then_some("true")} />
            if let Some(refusal) = props.refusal {
                <p class="field-refusal" id={format!("{name}-refusal")} data-testid="refusal"
                    data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
            }
            <p class="field-help" id={help}>{&props.help}</p>
        </div>
    }
}
