//! What is around every page of somebody who is signed in.

use shared_proto::people::{PersonCard, Role};
use yew::{Html, Properties, UseReducerHandle, component, html};

use crate::components::sections::Sections;
use crate::hooks::store::Store;
use crate::pages::home::Home;
use crate::pages::not_found::NotFound;
use crate::pages::{people, practice, settings};
use crate::route::{Route, Section};

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The state.
    pub store: UseReducerHandle<Store>,
    /// Who is signed in.
    pub me: PersonCard,
    /// Which page.
    pub route: Route,
}

/// The page with its sections. A section of another role answers as an absent address.
#[component]
pub fn Frame(props: &Props) -> Html {
    let (me, route) = (&props.me, props.route);
    let section = route.section().filter(|section| Section::of(me.role).contains(section));
    let page = match section {
        None => html! { <NotFound /> },
        Some(Section::Messages) => html! {
            <Home store={props.store.clone()} me={me.clone()} {route} />
        },
        Some(Section::People) => html! {
            <people::People store={props.store.clone()} me={me.clone()} {route} />
        },
        Some(Section::Practice) => html! { <practice::Practice {route} /> },
        Some(Section::Settings) => html! { <settings::Settings me={me.clone()} /> },
    };
    html! {
        <div class="frame" data-bar={route.has_bar().to_string()}
            data-owner={(me.role == Role::Owner).to_string()}>
            <Sections role={me.role} {route} />
            {page}
        </div>
    }
}
