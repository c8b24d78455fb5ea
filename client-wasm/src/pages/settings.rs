//! One's own settings.

use shared_proto::people::PersonCard;
use yew::{Html, Properties, component, html};

use crate::components::sheet::Sheet;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
}

/// The page.
#[component]
pub fn Settings(_props: &Props) -> Html {
    let text = use_text();
    html! { <Sheet name="settings-page" title={text.say("section-settings")} /> }
}
