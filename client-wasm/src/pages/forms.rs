//! Forms: those of the practice, one that is built, and in a conversation one that is assigned,
//! filled in and read. A part of the client of its own.

use yew::{Html, Properties, component, html};

use super::tools::{self, Tool};
use crate::pages::not_found::NotFound;
use crate::route::Route;

mod answered;
mod assign;
mod build;
mod draft;
mod fill;
mod filling;
mod full;
mod input;
mod list;
mod listings;
mod pad;
mod paper;
mod preview;
mod question;
mod words;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which page.
    pub route: Route,
    /// Whether the line is up.
    pub live: bool,
}

/// The pages.
#[component]
pub fn Forms(props: &Props) -> Html {
    match props.route {
        Route::Forms => html! { <list::List live={props.live} /> },
        Route::NewForm => html! { <build::Build id={None} /> },
        Route::Form { id } => html! { <build::Build id={Some(id)} /> },
        _ => html! { <NotFound /> },
    }
}

/// What one opens inside a conversation.
#[component]
pub fn Inside(props: &tools::Props) -> Html {
    let props = props.clone();
    match props.tool {
        Tool::Assign => html! { <assign::Assign ..props /> },
        Tool::Form(entry) => html! { <paper::Paper key={entry.to_string()} of={props} {entry} /> },
        _ => Html::default(),
    }
}
