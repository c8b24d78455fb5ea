//! A form as whoever fills it in will see it. Nothing is kept and nothing is sent.

use std::rc::Rc;

use shared_proto::form::Form;
use shared_proto::form::answers::Answers;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_reducer,
    use_state,
};

use super::filling::{FIRST_WRONG, Filling};
use super::full::Full;
use super::pad::{Does, Pad};
use crate::browser;
use crate::text::use_text;

/// A form.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// As it stands.
    pub form: Form,
    /// Called when it is closed.
    pub on_close: Callback<()>,
}

/// The form, in a dialog.
#[component]
pub fn Preview(props: &Props) -> Html {
    let text = use_text();
    let pad = {
        let form = Rc::new(props.form.clone().for_filling());
        use_reducer(move || Pad::of(form, Answers::default()))
    };
    let tries = use_state(|| 0u32);
    use_effect_with(*tries, |tries| {
        if *tries > 0 {
            browser::focus_in_view(FIRST_WRONG);
        }
    });
    let does = {
        let pad = pad.dispatcher();
        Callback::from(move |does| pad.dispatch(does))
    };
    let check = {
        let (pad, tries) = (pad.dispatcher(), tries.clone());
        Callback::from(move |_: MouseEvent| {
            pad.dispatch(Does::Try);
            tries.set(*tries + 1);
        })
    };
    let fine = pad.tried && pad.wrong().is_empty();
    let foot = html! {
        <>
            <p class="paper-state" role="status" data-testid="preview-state">
                {text.say(if fine { "preview-fine" } else { "preview-note" })}
            </p>
            <button type="button" class="button" data-testid="preview-check" onclick={check}>
                {text.say("preview-check")}
            </button>
        </>
    };
    let title = props.form.title.trim();
    let title = if title.is_empty() { text.say("preview-title") } else { title.to_owned() };
    html! {
        <Full {title} name="preview" on_close={props.on_close.clone()} {foot}>
            <Filling pad={(*pad).clone()} {does} />
        </Full>
    }
}
