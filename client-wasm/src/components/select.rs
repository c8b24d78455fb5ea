//! A labelled choice of one.

use shared_proto::refusal::Refusal;
use web_sys::HtmlSelectElement;
use yew::{
    Callback, Event, Html, Properties, TargetCast, component, html, use_effect_with, use_node_ref,
};

use crate::text::use_text;

/// A choice.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its name: id, form name and `data-testid`.
    pub name: &'static str,
    /// What it is for.
    pub label: String,
    /// More about it.
    #[prop_or_default]
    pub help: Option<String>,
    /// Value and words of each option, in their order.
    pub options: Vec<(String, String)>,
    /// The value chosen.
    pub value: String,
    /// Called with the value that is chosen.
    pub on_choose: Callback<String>,
    /// Why it was refused.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
}

/// The choice.
#[component]
pub fn Select(props: &Props) -> Html {
    let text = use_text();
    let name = props.name;
    let onchange = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |event: Event| {
            on_choose.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
        })
    };
    // A value that came from elsewhere: the attribute says nothing once somebody has chosen.
    let select = use_node_ref();
    {
        let select = select.clone();
        use_effect_with(props.value.clone(), move |value| {
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    let help = props.help.as_ref().map(|_| format!("{name}-help"));
    let wrong = props.refusal.map(|_| format!("{name}-refusal"));
    let described: Vec<String> = wrong.into_iter().chain(help).collect();
    html! {
        <div class="field">
            <label for={name}>{&props.label}</label>
            <select ref={select} id={name} {name} data-testid={name} {onchange}
                aria-invalid={props.refusal.is_some().then_some("true")}
                aria-describedby={(!described.is_empty()).then(|| described.join(" "))}>
                { for props.options.iter().map(|(value, words)| html! {
                    <option key={value.clone()} value={value.clone()}
                        selected={*value == props.value}>{words}</option>
                }) }
            </select>
            if let Some(refusal) = props.refusal {
                <p class="field-refusal" id={format!("{name}-refusal")} data-testid="refusal"
                    data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
            }
            if let Some(help) = &props.help {
                <p class="field-help" id={format!("{name}-help")}>{help}</p>
            }
        </div>
    }
}
