//! What is around every page of somebody who is signed in.

use shared_proto::people::PersonCard;
use yew::{Callback, Html, MouseEvent, Properties, UseReducerHandle, component, html};

use crate::browser;
use crate::components::later::later;
use crate::components::sections::Sections;
use crate::hooks::store::Store;
use crate::pages::home::Home;
use crate::pages::not_found::NotFound;
use crate::pages::{forms, people, practice, settings};
use crate::parts::Page;
use crate::route::{Route, Section};
use crate::text::use_text;

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
    let text = use_text();
    let (me, route) = (&props.me, props.route);
    let section = route.section().filter(|section| Section::of(me.role).contains(section));
    let page = match section {
        None => html! { <NotFound /> },
        Some(Section::Messages) => html! {
            <Home store={props.store.clone()} me={me.clone()} {route} />
        },
        Some(_) if matches!(route, Route::Forms | Route::NewForm | Route::Form { .. }) => {
            later(Page::Forms(forms::Props { route, live: props.store.state.link.is_live() }))
        }
        Some(Section::People) => {
            let (store, me) = (props.store.clone(), me.clone());
            later(Page::People(people::Props { store, me, route }))
        }
        Some(Section::Practice) => later(Page::Practice(practice::Props { route })),
        Some(Section::Settings) => later(Page::Settings(settings::Props { me: me.clone() })),
    };
    let skip_words = match section {
        Some(Section::Messages) => text.say("skip-to-conversation"),
        _ => text.say("skip-to-page"),
    };
    html! {
        <div class="frame" data-bar={route.has_bar().to_string()}>
            <a class="skip" href="#main" onclick={skip()}>{skip_words}</a>
            <Sections role={me.role} {route} />
            {page}
        </div>
    }
}

/// A fragment would end up in the address; the focus is all that has to move.
fn skip() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        event.prevent_default();
        browser::focus(
            "#conversation textarea, #conversation h1, #conversation input, .sheet-title",
        );
    })
}
