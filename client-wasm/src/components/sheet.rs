//! A page of a section: its title, and below it what scrolls.

use yew::{Children, Html, Properties, component, html, use_effect_with};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::route::Route;
use crate::text::use_text;

/// A page.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its title.
    pub title: String,
    /// Its `data-testid`.
    pub name: &'static str,
    /// Where it came from, for a page below another.
    #[prop_or_default]
    pub back: Option<Route>,
    /// Buttons beside the title.
    #[prop_or_default]
    pub actions: Html,
    /// The page.
    #[prop_or_default]
    pub children: Children,
}

/// The page.
#[component]
pub fn Sheet(props: &Props) -> Html {
    let text = use_text();
    // A keyboard or a screen reader goes on where the eye does.
    use_effect_with(props.name, |_| browser::focus(".sheet-title"));
    html! {
        <main class="sheet" id="main" data-testid={props.name}>
            <header class="pane-header sheet-header">
                if let Some(back) = props.back {
                    <Link<Route> to={back} classes="icon-button sheet-back">
                        <span data-testid="back">
                            <Icon shape={Shape::Back} />
                            <span class="visually-hidden">{text.say("back")}</span>
                        </span>
                    </Link<Route>>
                }
                <h1 class="sheet-title" tabindex="-1" dir="auto">{&props.title}</h1>
                {props.actions.clone()}
            </header>
            <div class="sheet-body">
                <div class="sheet-column">{ for props.children.iter() }</div>
            </div>
        </main>
    }
}
