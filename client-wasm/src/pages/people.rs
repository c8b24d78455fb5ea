//! People of the practice.

use shared_proto::people::PersonCard;
use yew::{Html, Properties, component, html};

use crate::components::sheet::Sheet;
use crate::route::Route;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// Which page.
    pub route: Route,
}

/// The section.
#[component]
pub fn People(_props: &Props) -> Html {
    let text = use_text();
    html! { <Sheet name="people" title={text.say("section-people")} /> }
}
