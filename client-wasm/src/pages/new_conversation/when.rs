//! What kind of conversation begins, when, and what stands across its top.

use shared_proto::limits::ANNOUNCEMENT_GRAPHEMES;
use shared_proto::practice::{announcement, graphemes};
use shared_proto::refusal::Refusal;
use yew::{Callback, Event, Html, Properties, component, html, use_state};

use crate::components::area::Area;
use crate::components::field::Field;
use crate::components::presets::Presets;
use crate::text::use_text;

/// What begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A lasting thread.
    Ongoing,
    /// A session.
    Session,
}

/// What is chosen.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The kind.
    pub kind: Kind,
    /// The start, as its field holds it.
    pub starts: String,
    /// Called with another kind.
    pub on_kind: Callback<Kind>,
    /// Called with another start.
    pub on_starts: Callback<String>,
    /// Why it is not possible.
    pub refusal: Option<Refusal>,
}

/// The choice, and the start of a session.
#[component]
pub fn When(props: &Props) -> Html {
    let text = use_text();
    let radio = |kind: Kind, name: &'static str, label: &str, help: &str| {
        let on_kind = props.on_kind.clone();
        let onchange = Callback::from(move |_: Event| on_kind.emit(kind));
        html! {
            <label class="kind">
                <input type="radio" name="kind" data-testid={name}
                    checked={props.kind == kind} {onchange} />
                <span class="kind-words">
                    <span class="kind-name">{text.say(label)}</span>
                    <span class="field-help">{text.say(help)}</span>
                </span>
            </label>
        }
    };
    html! {
        <fieldset class="kinds">
            <legend>{text.say("new-kind")}</legend>
            {radio(Kind::Ongoing, "kind-ongoing", "new-ongoing", "new-ongoing-help")}
            {radio(Kind::Session, "kind-session", "new-session", "new-session-help")}
            if props.kind == Kind::Session {
                <Field name="starts-at" kind="datetime-local" label={text.say("new-starts-at")}
                    help={text.say("new-starts-at-help")} autocomplete="off"
                    value={props.starts.clone()} on_input={props.on_starts.clone()}
                    refusal={props.refusal} />
            }
        </fieldset>
    }
}

/// What stands across the top.
#[derive(PartialEq, Properties)]
pub struct WordsProps {
    /// `None` while it is what the practice announces.
    pub value: Option<String>,
    /// Called with other words, or with none for what the practice announces.
    pub on_input: Callback<Option<String>>,
}

/// Words of one's own, or those of the practice.
#[component]
pub fn Words(props: &WordsProps) -> Html {
    let text = use_text();
    let words = props.value.clone().unwrap_or_default();
    // Open stays open while it is typed in.
    let shown = use_state(|| false);
    let on_write = props.on_input.reform(|typed: String| (!typed.is_empty()).then_some(typed));
    let on_choose = {
        let on_input = props.on_input.clone();
        Callback::from(move |words: String| on_input.emit(Some(words)))
    };
    let ontoggle = {
        let shown = shown.clone();
        Callback::from(move |_: Event| shown.set(true))
    };
    let refusal = announcement(&words).err();
    let left = ANNOUNCEMENT_GRAPHEMES.saturating_sub(graphemes(words.trim()));
    // Its words come with the part that has the presets.
    let help = if *shown {
        text.say_with("presets-left", &[("left", left.into())])
    } else {
        String::new()
    };
    html! {
        <details class="new-more" {ontoggle}>
            <summary data-testid="new-announcement-open">{text.say("new-announcement")}</summary>
            <div class="new-more-body">
                <p class="field-help">{text.say("new-announcement-help")}</p>
                <Presets {on_choose} />
                <Area name="new-announcement" label={text.say("new-announcement-words")} one_line=true
                    {help} value={words} on_input={on_write} {refusal} />
            </div>
        </details>
    }
}
