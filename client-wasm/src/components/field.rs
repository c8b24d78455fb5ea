//! A labelled input with its help and what is wrong with it.

use shared_proto::refusal::Refusal;
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html, use_state,
};

use crate::text::use_text;

/// An input.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its name: id, form name and `data-testid`.
    pub name: &'static str,
    /// What it is for.
    pub label: String,
    /// More about it.
    #[prop_or_default]
    pub help: Option<String>,
    /// `text`, `email` or `password`.
    #[prop_or("text")]
    pub kind: &'static str,
    /// What a password manager fills in.
    pub autocomplete: &'static str,
    /// What stands in it.
    pub value: String,
    /// Called with what is typed.
    pub on_input: Callback<String>,
    /// Why it was refused.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
    /// The keyboard a phone shows.
    #[prop_or_default]
    pub inputmode: Option<&'static str>,
    /// Whether it takes the focus when it appears.
    #[prop_or_default]
    pub autofocus: bool,
}

/// The input.
#[component]
pub fn Field(props: &Props) -> Html {
    let text = use_text();
    let shown = use_state(|| false);
    let name = props.name;
    let oninput = {
        let on_input = props.on_input.clone();
        Callback::from(move |event: InputEvent| {
            on_input.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let is_password = props.kind == "password";
    let kind = if is_password && *shown { "text" } else { props.kind };
    let reveal = if *shown { text.say("password-hide") } else { text.say("password-show") };
    let help = props.help.as_ref().map(|_| format!("{name}-help"));
    let wrong = props.refusal.map(|_| format!("{name}-refusal"));
    let described: Vec<String> = wrong.into_iter().chain(help).collect();
    html! {
        <div class="field">
            <label for={name}>{&props.label}</label>
            <div class="field-input">
                <input id={name} {name} type={kind} data-testid={name} value={props.value.clone()}
                    {oninput} autocomplete={props.autocomplete} spellcheck="false"
                    autocapitalize={if props.kind == "text" { "words" } else { "none" }}
                    autofocus={props.autofocus} inputmode={props.inputmode}
                    aria-invalid={props.refusal.is_some().then_some("true")}
                    aria-describedby={(!described.is_empty()).then(|| described.join(" "))} />
                if is_password {
                    <button type="button" class="field-reveal" onclick={toggle}
                        aria-pressed={shown.to_string()}>{reveal}</button>
                }
            </div>
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
