//! New messages for a screen reader: a polite live region that holds the newest one.

use shared_proto::id::ConversationId;
use yew::{Html, Properties, component, html};

use crate::shared::Shared;
use crate::state::Arrival;
use crate::text::use_text;

/// What has just arrived.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The newest message.
    pub arrival: Option<Shared<Arrival>>,
    /// The conversation on screen.
    pub open: Option<ConversationId>,
}

/// The region. Always there: a region that appears together with its words is not read.
#[component]
pub fn Announcer(props: &Props) -> Html {
    let text = use_text();
    let words = props.arrival.as_ref().map(|arrival| {
        let name = arrival.name.as_str();
        if props.open == Some(arrival.conversation) {
            let words: &str = &arrival.text;
            text.say_with("announce", &[("name", name.into()), ("text", words.into())])
        } else {
            text.say_with("announce-elsewhere", &[("name", name.into())])
        }
    });
    html! {
        <div class="visually-hidden" aria-live="polite" data-testid="announcer">
            {words.unwrap_or_default()}
        </div>
    }
}
