//! The practice's settings, and its audit log; owners only.

use yew::{Html, Properties, component, html};

use crate::components::sheet::Sheet;
use crate::route::Route;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which page.
    pub route: Route,
}

/// The section.
#[component]
pub fn Practice(_props: &Props) -> Html {
    let text = use_text();
    html! { <Sheet name="practice-page" title={text.say("section-practice")} /> }
}
