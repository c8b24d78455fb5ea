//! A labelled input of the builder, of one line or of several.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::{AttrValue, Callback, Html, InputEvent, Properties, TargetCast, component, html};

/// An input.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its id: one on the page.
    pub id: AttrValue,
    /// Its `data-testid`.
    pub name: &'static str,
    /// What it is for.
    pub label: String,
    /// More about it.
    #[prop_or_default]
    pub help: Option<String>,
    /// Whether it has several lines.
    #[prop_or_default]
    pub lines: bool,
    /// `text` or `date`.
    #[prop_or("text")]
    pub kind: &'static str,
    /// The keyboard a phone shows.
    #[prop_or_default]
    pub inputmode: Option<&'static str>,
    /// What stands in it.
    pub value: String,
    /// Called with what is typed.
    pub on_input: Callback<String>,
    /// What is wrong with it, in words.
    #[prop_or_default]
    pub wrong: Vec<String>,
}

/// The input.
#[component]
pub fn Input(props: &Props) -> Html {
    let id = props.id.clone();
    let (help_id, wrong_id) = (format!("{id}-help"), format!("{id}-wrong"));
    let is_wrong = !props.wrong.is_empty();
    let described = [is_wrong.then_some(&wrong_id), props.help.as_ref().map(|_| &help_id)];
    let described: Vec<&str> = described.into_iter().flatten().map(String::as_str).collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = is_wrong.then_some("true");
    let (value, on_input) = (props.value.clone(), props.on_input.clone());
    let input = if props.lines {
        let oninput = Callback::from(move |event: InputEvent| {
            on_input.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        });
        html! {
            <textarea id={id.clone()} data-testid={props.name} rows="3" dir="auto" {value} {oninput}
                aria-invalid={invalid} aria-describedby={described} />
        }
    } else {
        let oninput = Callback::from(move |event: InputEvent| {
            on_input.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        });
        html! {
            <input id={id.clone()} type={props.kind} data-testid={props.name} autocomplete="off"
                dir={(props.kind == "text").then_some("auto")} inputmode={props.inputmode}
                max={(props.kind == "date").then_some("9999-12-31")} {value} {oninput}
                aria-invalid={invalid} aria-describedby={described} />
        }
    };
    html! {
        <div class="field">
            <label for={id}>{&props.label}</label>
            {input}
            if is_wrong {
                <p class="field-refusal" id={wrong_id} data-testid="form-wrong">
                    {props.wrong.join(" ")}
                </p>
            }
            if let Some(help) = &props.help {
                <p class="field-help" id={help_id}>{help}</p>
            }
        </div>
    }
}
