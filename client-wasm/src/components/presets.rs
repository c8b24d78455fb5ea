//! Announcements that are offered.

use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

use crate::text::use_text;

/// Wording that is offered (O16).
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Called with the words chosen.
    pub on_choose: Callback<String>,
}

/// Names of the messages that hold it, each at most 120 graphemes.
pub const PRESETS: [&str; 4] =
    ["preset-emergency", "preset-watched", "preset-reply", "preset-early"];

/// The choice.
#[component]
pub fn Presets(props: &Props) -> Html {
    let text = use_text();
    let onchange = {
        let (text, on_choose) = (text.clone(), props.on_choose.clone());
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<HtmlSelectElement>();
            let chosen = select.value();
            if let Some(id) = PRESETS.into_iter().find(|id| *id == chosen) {
                on_choose.emit(text.say(id));
            }
            select.set_value("");
        })
    };
    html! {
        <div class="field">
            <label for="announcement-preset">{text.say("presets-label")}</label>
            <select id="announcement-preset" data-testid="announcement-preset" {onchange}>
                <option value="" selected=true>{text.say("presets-none")}</option>
                { for PRESETS.iter().map(|id| html! {
                    <option value={*id}>{text.say(id)}</option>
                }) }
            </select>
        </div>
    }
}
