//! The practice's settings, and its audit log; owners only.

pub mod audit;
mod divisions;
mod group;
mod hours;

use std::rc::Rc;

use shared_proto::office::{Ask, Changed, Told};
use shared_proto::practice::Practice as Known;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, Reducible, component, html, use_effect_with,
    use_reducer, use_state,
};
use yew_router::prelude::Link;

use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::hooks::desk::{Desk, use_changes, use_desk};
use crate::pages::not_found::NotFound;
use crate::route::Route;
use crate::settings_form::{ANNOUNCEMENT, Edited, Form, LIMITS, PLACE, POLICIES, Part};
use crate::text::use_text;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which page.
    pub route: Route,
}

/// What the page holds once the practice is known.
#[derive(Clone, PartialEq)]
pub(super) struct Page {
    known: Known,
    edited: Edited,
}

/// What happens to it.
pub(super) enum Does {
    /// The practice as the server has it.
    Follow(Box<Known>),
    /// What was sent of these parts is saved.
    Keep(&'static [Part], Box<(Form, Known)>),
    /// Typed or chosen.
    Set(Part, String),
    /// The newer value instead.
    Take(Part),
}

#[derive(Clone, Default, PartialEq)]
struct Held(Option<Page>);

impl Reducible for Held {
    type Action = Does;

    fn reduce(self: Rc<Self>, does: Does) -> Rc<Self> {
        let mut held = (*self).clone();
        match (&mut held.0, does) {
            (None, Does::Follow(known)) => {
                let edited = Edited::new(&known.settings);
                held.0 = Some(Page { known: *known, edited });
            }
            // An answer may come after the news of a later change.
            (Some(page), Does::Follow(known)) if known.revision >= page.known.revision => {
                page.edited.follow(&known.settings);
                page.known = *known;
            }
            (Some(page), Does::Keep(parts, saved)) => {
                let (sent, known) = *saved;
                page.edited.keep(parts, &sent, &known.settings);
                if known.revision >= page.known.revision {
                    page.known = known;
                } else {
                    page.edited.follow(&page.known.settings);
                }
            }
            (Some(page), Does::Set(part, value)) => page.edited.typed.set(part, value),
            (Some(page), Does::Take(part)) => page.edited.take_newer(part),
            _ => {}
        }
        Rc::new(held)
    }
}

/// Asks for the practice, or changes it.
pub(super) async fn ask(desk: &Desk, ask: Ask) -> Result<Known, Refusal> {
    match desk.ask(ask).await? {
        Reply::Office(Told::Practice(known)) => Ok(*known),
        _ => Err(Refusal::NotFound),
    }
}

/// The section.
#[component]
pub fn Practice(props: &Props) -> Html {
    match props.route {
        Route::Practice => html! { <Settings /> },
        Route::Audit => html! { <audit::Audit /> },
        _ => html! { <NotFound /> },
    }
}

#[component]
fn Settings() -> Html {
    let text = use_text();
    let desk = use_desk();
    let held = use_reducer(Held::default);
    let refused = use_state(|| None::<Refusal>);
    let does = {
        let held = held.dispatcher();
        Callback::from(move |does: Does| held.dispatch(does))
    };
    let load = {
        let (desk, does, refused) = (desk, does.clone(), refused.clone());
        Callback::from(move |()| {
            refused.set(None);
            let (desk, does, refused) = (desk.clone(), does.clone(), refused.clone());
            spawn_local(async move {
                match ask(&desk, Ask::Practice).await {
                    Ok(known) => does.emit(Does::Follow(Box::new(known))),
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    {
        let does = does.clone();
        use_changes((), move |changed| {
            if let Changed::Practice(known) = changed {
                does.emit(Does::Follow(known));
            }
        });
    }
    let again = load.reform(|_: MouseEvent| ());
    let audit = html! {
        <>
        <Link<Route> to={Route::Forms} classes="button button-small">
            <span data-testid="forms-link">{text.say("practice-forms")}</span>
        </Link<Route>>
        <Link<Route> to={Route::Audit} classes="button button-small">
            <span data-testid="audit-link">{text.say("practice-audit")}</span>
        </Link<Route>>
        </>
    };
    let group = |parts: &'static [Part], name: &'static str, page: &Page| {
        html! {
            <group::Group {parts} {name} page={page.clone()} does={does.clone()} />
        }
    };
    html! {
        <Sheet name="practice-page" title={text.say("section-practice")} actions={audit}>
            if let Some(refusal) = *refused {
                <Refused {refusal} {again} />
            } else if let Some(page) = &held.0 {
                <p class="card-lead">{text.say("practice-lead")}</p>
                { group(PLACE, "practice-place", page) }
                <divisions::Group page={page.clone()} does={does.clone()} />
                { group(POLICIES, "practice-policies", page) }
                <hours::CommonHoursGroup />
                { group(ANNOUNCEMENT, "practice-announcement", page) }
                { group(LIMITS, "practice-limits", page) }
            } else {
                <p role="status">{text.say("practice-loading")}</p>
            }
        </Sheet>
    }
}
