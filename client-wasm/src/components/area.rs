//! A labelled text shown on several lines: of as many, or of one that may be long.

use shared_proto::refusal::Refusal;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, Properties, TargetCast, component, html};

use crate::browser;
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
    /// Whether it is one line: Enter sends the form, as in a field of one line, and what is pasted
    /// keeps its words.
    #[prop_or_default]
    pub one_line: bool,
}

/// The text.
#[component]
pub fn Area(props: &Props) -> Html {
    let text = use_text();
    let (name, one_line) = (props.name, props.one_line);
    let oninput = props.on_input.reform(move |event: InputEvent| {
        let typed = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        if one_line { typed.replace('\n', " ") } else { typed }
    });
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if one_line && event.key() == "Enter" && !browser::composes(&event) {
            event.prevent_default();
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            if let Some(form) = area.form() {
                // The form is there, and checks nothing itself.
                let _ = form.request_submit();
            }
        }
    });
    let help = format!("{name}-help");
    let described = match props.refusal {
        Some(_) => format!("{name}-refusal {help}"),
        None => help.clone(),
    };
    html! {
        <div class="field">
            <label for={name}>{&props.label}</label>
            <textarea id={name} {name} data-testid={name} rows="3" dir="auto" autocomplete="off"
                value={props.value.clone()} {oninput} {onkeydown} aria-describedby={described}
                aria-invalid={props.refusal.is_some().then_some("true")} />
            if let Some(refusal) = props.refusal {
                <p class="field-refusal" id={format!("{name}-refusal")} data-testid="refusal"
                    data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
            }
            <p class="field-help" id={help}>{&props.help}</p>
        </div>
    }
}
