//! What was asked for and refused, in its place, with another try.

use shared_proto::refusal::Refusal;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::text::use_text;

/// What was refused.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Why.
    pub refusal: Refusal,
    /// Asks again.
    pub again: Callback<MouseEvent>,
}

/// The words and the button.
#[component]
pub fn Refused(props: &Props) -> Html {
    let text = use_text();
    html! {
        <div class="refused" role="status">
            <p data-testid="refusal" data-rule={props.refusal.rule()}>
                {text.refusal(&props.refusal)}
            </p>
            <button type="button" class="button button-small" data-testid="ask-again"
                onclick={props.again.clone()}>{text.say("refused-retry")}</button>
        </div>
    }
}
