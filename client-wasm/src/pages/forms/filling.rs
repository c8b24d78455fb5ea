//! A form as it is filled in: one column, what is shown and nothing else.

use shared_proto::form::LinkId;
use shared_proto::form::fill::shown;
use yew::{Callback, Html, Properties, component, html};

use super::pad::{Does, Pad};
use super::question::Question;
use super::words::answer_wrong;
use crate::text::use_text;

/// A form, and the answers so far.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Both.
    pub pad: Pad,
    /// Called with what happens.
    pub does: Callback<Does>,
}

/// The form.
#[component]
pub fn Filling(props: &Props) -> Html {
    let text = use_text();
    let pad = &props.pad;
    let shown = shown(&pad.form, &pad.answers);
    let items = pad.form.items.iter().zip(shown).filter(|(_, shown)| *shown);
    let said = pad.said();
    let of = |link: Option<LinkId>| said.iter().find(|(item, _)| *item == link).map(|said| said.1);
    html! {
        <div class="filling" data-testid="filling">
            if !pad.form.description.is_empty() {
                <p class="paper-lead" dir="auto">{&pad.form.description}</p>
            }
            <div class="questions">
                { for items.map(|(item, _)| {
                    let wrong = of(Some(item.link));
                    let wrong = wrong.map(|wrong| answer_wrong(&text, Some(item), wrong));
                    html! {
                        <Question key={item.link.0} item={item.clone()} {wrong}
                            value={pad.answers.get(item.link).cloned()}
                            typed={pad.typed(item.link)} does={props.does.clone()} />
                    }
                }) }
            </div>
            if let Some(wrong) = of(None) {
                <p class="field-refusal" data-testid="answer-wrong" role="alert">
                    {answer_wrong(&text, None, wrong)}
                </p>
            }
        </div>
    }
}

/// Where the first thing stands that is wrong: it takes the focus.
pub const FIRST_WRONG: &str =
    "[data-testid=question][data-wrong=true] :is(input, textarea, select)";
