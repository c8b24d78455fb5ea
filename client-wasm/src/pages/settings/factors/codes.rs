//! Recovery codes, shown once.

use web_sys::HtmlTextAreaElement;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::browser;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The codes.
    pub codes: Vec<String>,
    /// The person has them somewhere safe.
    pub on_kept: Callback<()>,
}

/// The codes.
#[component]
pub fn Codes(props: &Props) -> Html {
    let text = use_text();
    let area = use_node_ref();
    let copied = use_state(|| false);
    use_effect_with((), |()| browser::focus("#codes-title"));
    let copy = {
        let (area, copied) = (area.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                copied.set(browser::copy(&area));
            }
        })
    };
    let print = Callback::from(|_: MouseEvent| browser::print());
    let kept = props.on_kept.reform(|_: MouseEvent| ());
    let main = |main: bool| if main { "button button-primary" } else { "button" };
    html! {
        <div class="recovery" data-testid="recovery-codes">
            <h3 id="codes-title" tabindex="-1">{text.say("recovery-title")}</h3>
            <p>{text.say("recovery-lead")}</p>
            <textarea ref={area} class="recovery-codes" readonly=true
                rows={props.codes.len().to_string()} data-testid="recovery-text"
                aria-labelledby="codes-title" value={props.codes.join("\n")} />
            <div class="group-actions">
                // They are never shown again: keeping them comes before going on.
                <button type="button" class={main(!*copied)} data-testid="recovery-copy"
                    onclick={copy} aria-live="polite">
                    {text.say(if *copied { "recovery-copied" } else { "recovery-copy" })}
                </button>
                <button type="button" class="button" data-testid="recovery-print"
                    onclick={print}>{text.say("recovery-print")}</button>
                <button type="button" class={main(*copied)} data-testid="recovery-kept"
                    onclick={kept}>{text.say("recovery-kept")}</button>
            </div>
        </div>
    }
}
