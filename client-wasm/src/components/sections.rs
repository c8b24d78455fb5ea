//! Where one can go: a rail beside the page, or a bar under it on a narrow screen.

use shared_proto::people::Role;
use yew::{Html, Properties, component, html};
use yew_router::prelude::Link;

use crate::components::icon::{Icon, Shape};
use crate::components::quick_exit::QuickExit;
use crate::route::{Route, Section};
use crate::text::use_text;

/// For whom, and where they are.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What they are.
    pub role: Role,
    /// Where they are.
    pub route: Route,
}

/// The rail.
#[component]
pub fn Sections(props: &Props) -> Html {
    let text = use_text();
    let here = props.route.section();
    html! {
        <nav class="sections" aria-label={text.say("sections")} data-testid="sections">
            { for Section::of(props.role).iter().map(|section| {
                let (shape, word) = match section {
                    Section::Messages => (Shape::Bubbles, "section-messages"),
                    Section::People => (Shape::People, "section-people"),
                    Section::Practice => (Shape::Practice, "section-practice"),
                    Section::Settings => (Shape::Settings, "section-settings"),
                };
                let current = (here == Some(*section)).then_some("true");
                html! {
                    <Link<Route> key={word} to={section.first()}
                        classes={if current.is_some() { "section section-here" } else { "section" }}>
                        <span class="section-hook" data-testid={word} data-here={current}>
                            <Icon {shape} />
                            <span class="section-word">{text.say(word)}</span>
                        </span>
                    </Link<Route>>
                }
            }) }
            <QuickExit classes="section section-exit" name="quick-exit" worded=true />
        </nav>
    }
}
