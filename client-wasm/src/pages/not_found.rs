//! An address that shows nothing.

use yew::{Html, component, html, use_effect_with};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::route::Route;
use crate::text::use_text;

/// What to say, wherever it stands.
#[component]
pub fn NothingHere() -> Html {
    let text = use_text();
    use_effect_with((), |()| browser::focus("[data-testid=not-found] h1"));
    html! {
        <div class="empty" data-testid="not-found">
            <Icon shape={Shape::Search} />
            <h1 tabindex="-1">{text.say("not-found-title")}</h1>
            <p>{text.say("not-found-help")}</p>
            <Link<Route> to={Route::Home} classes="button button-primary">
                {text.say("not-found-home")}
            </Link<Route>>
        </div>
    }
}

/// The page.
#[component]
pub fn NotFound() -> Html {
    html! { <main class="gate" id="main"><NothingHere /></main> }
}
