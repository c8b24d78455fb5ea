//! People of the practice: the list, somebody new, and charts.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use shared_proto::id::DivisionId;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{PeopleFilter, PersonCard};
use shared_proto::practice::Division;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, Properties, UseReducerHandle, component, hook, html, use_effect_with,
    use_mut_ref, use_reducer, use_state,
};

use crate::hooks::desk::{use_changes, use_desk};
use crate::hooks::store::Store;
use crate::route::Route;

pub mod access;
pub mod add;
mod agreed;
pub mod care;
pub mod chart;
pub mod contact;
pub mod details;
pub mod edits;
pub mod emergency;
pub mod invite;
pub mod list;
pub mod listing;
pub mod messaging;
pub mod messenger;
pub mod picker;
pub mod row;
pub mod rows;
pub mod saving;
pub mod standing;
pub mod window;

use chart::Tab;
use listing::{Event, Listing};
use messenger::use_messenger;

/// The search begins when typing pauses this long, in milliseconds.
const PAUSE_MS: u32 = 150;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The state.
    pub store: UseReducerHandle<Store>,
    /// Who is signed in.
    pub me: PersonCard,
    /// Which page.
    pub route: Route,
}

/// The section. The list stays while somebody looks at a chart, and goes on where it was.
#[component]
pub fn People(props: &Props) -> Html {
    let me = &props.me;
    let live = props.store.state.link.is_live();
    let divisions = use_divisions(live);
    let messenger = use_messenger(&props.store, me.id);
    let (listing, pause) = use_listing(me, live);
    let typed = use_state(String::new);
    let scrolled = use_mut_ref(|| 0.0);
    let on_event = {
        let (dispatcher, pause) = (listing.dispatcher(), Rc::clone(&pause));
        Callback::from(move |event| {
            // What was typed before is looked for by it, too.
            if matches!(event, Event::Find(_)) {
                pause.replace(None);
            }
            dispatcher.dispatch(event);
        })
    };
    let on_type = {
        let (dispatcher, typed) = (listing.dispatcher(), typed.setter());
        Callback::from(move |filter: PeopleFilter| {
            typed.set(filter.text.clone());
            let dispatcher = dispatcher.clone();
            pause.replace(Some(Timeout::new(PAUSE_MS, move || {
                dispatcher.dispatch(Event::Find(filter));
            })));
        })
    };
    let chart = |id, tab| {
        html! {
            <chart::ChartPage me={me.clone()} {id} {tab} {live} divisions={divisions.clone()}
                messenger={messenger.clone()} store={props.store.clone()} />
        }
    };
    match props.route {
        Route::AddPerson => html! {
            <add::AddPerson me={me.clone()} divisions={divisions.clone()} />
        },
        Route::Chart { id } => chart(id, Tab::Details),
        Route::ChartCommunications { id } | Route::ChartMessaging { id } => {
            chart(id, Tab::Messaging)
        }
        Route::Emergency { id } => chart(id, Tab::Emergency),
        _ => html! {
            <list::PeopleList me={me.clone()} {listing} {divisions} {messenger}
                typed={(*typed).clone()} {scrolled} {on_event} {on_type} />
        },
    }
}

/// A search that begins when typing pauses.
type Pause = Rc<RefCell<Option<Timeout>>>;

/// The list, and a search that is about to begin.
#[hook]
fn use_listing(me: &PersonCard, live: bool) -> (UseReducerHandle<Listing>, Pause) {
    let desk = use_desk();
    let id = me.id;
    let listing = use_reducer(move || Listing::of(id));
    {
        let dispatcher = listing.dispatcher();
        use_effect_with(listing.question.clone(), move |question| {
            let Some(question) = question.clone() else { return };
            let answer = desk.ask(Ask::People { filter: question.filter, after: question.after });
            spawn_local(async move {
                let page = match answer.await {
                    Ok(Reply::Office(Told::People(page))) => Ok(page),
                    Ok(_) => return,
                    Err(refusal) => Err(refusal),
                };
                dispatcher.dispatch(Event::Answered(question.number, page));
            });
        });
    }
    {
        let dispatcher = listing.dispatcher();
        use_changes((), move |changed| match changed {
            Changed::Person(row) => dispatcher.dispatch(Event::Changed(row)),
            Changed::PersonGone(person) => dispatcher.dispatch(Event::Gone(person)),
            _ => {}
        });
    }
    {
        let dispatcher = listing.dispatcher();
        use_back(live, move || dispatcher.dispatch(Event::Refresh));
    }
    (listing, use_mut_ref(|| None))
}

/// Calls `back` when the line is there again after it was not: changes were missed.
#[hook]
pub fn use_back(live: bool, back: impl Fn() + 'static) {
    let was_down = use_mut_ref(|| false);
    use_effect_with(live, move |live| {
        let was_down = was_down.replace(!live);
        if *live && was_down {
            back();
        }
    });
}

/// The divisions of the practice, as they are now.
#[hook]
fn use_divisions(live: bool) -> Rc<Vec<Division>> {
    let desk = use_desk();
    let divisions = use_state(Rc::<Vec<Division>>::default);
    {
        let divisions = divisions.setter();
        use_effect_with(live, move |live| {
            if !live {
                return;
            }
            let answer = desk.ask(Ask::Practice);
            spawn_local(async move {
                if let Ok(Reply::Office(Told::Practice(practice))) = answer.await {
                    divisions.set(Rc::new(practice.divisions));
                }
            });
        });
    }
    {
        let divisions = divisions.setter();
        use_changes((), move |changed| {
            if let Changed::Practice(practice) = changed {
                divisions.set(Rc::new(practice.divisions));
            }
        });
    }
    Rc::clone(&divisions)
}

/// What a division is called; empty for none.
fn division_name(divisions: &[Division], id: Option<DivisionId>) -> String {
    let found = divisions.iter().find(|division| Some(division.id) == id);
    found.map(|division| division.name.clone()).unwrap_or_default()
}
