//! The list of people: found as one types, a page at a time from the server, and only the rows
//! near the viewport in the page.

use std::cell::RefCell;
use std::rc::Rc;

use shared_proto::limits;
use shared_proto::people::{PeopleFilter, PeopleShown, PersonCard, Standing};
use shared_proto::practice::Division;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{
    Callback, Event as DomEvent, Html, InputEvent, MouseEvent, Properties, TargetCast,
    UseReducerHandle, component, html,
};
use yew_router::prelude::Link;

use super::listing::{Event, Listing};
use super::messenger::Messenger;
use super::rows::Rows;
use super::standing::words;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::route::Route;
use crate::text::{Text, use_text};

/// What the page knows.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// The list.
    pub listing: UseReducerHandle<Listing>,
    /// The practice's divisions.
    pub divisions: Rc<Vec<Division>>,
    /// Opens conversations.
    pub messenger: Messenger,
    /// What stands in the search field.
    pub typed: String,
    /// How far the list is scrolled; kept while somebody looks at a chart.
    pub scrolled: Rc<RefCell<f64>>,
    /// Called with what is looked for; the search begins when typing pauses.
    pub on_type: Callback<PeopleFilter>,
    /// Called with what happens to the list.
    pub on_event: Callback<Event>,
}

/// The page.
#[component]
pub fn PeopleList(props: &Props) -> Html {
    let text = use_text();
    let listing = &*props.listing;
    let wanted = listing.wanted().clone();
    let on_input = {
        let (on_type, wanted) = (props.on_type.clone(), wanted.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            on_type.emit(PeopleFilter { text, ..wanted.clone() });
        })
    };
    let show = |shown: PeopleShown| {
        let on_event = props.on_event.clone();
        let filter = PeopleFilter { text: props.typed.clone(), shown, standing: wanted.standing };
        Callback::from(move |_: MouseEvent| on_event.emit(Event::Find(filter.clone())))
    };
    let on_choose = {
        let (on_event, typed, shown) = (props.on_event.clone(), props.typed.clone(), wanted.shown);
        Callback::from(move |event: DomEvent| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let standing = Standing::named(&chosen);
            on_event.emit(Event::Find(PeopleFilter { text: typed.clone(), shown, standing }));
        })
    };
    let segment = |shown, name: &'static str, words: String| {
        html! {
            <button type="button" class="segment" data-testid={name} onclick={show(shown)}
                aria-pressed={(wanted.shown == shown).to_string()}>{words}</button>
        }
    };
    let actions = html! {
        <>
        <Link<Route> to={Route::Forms} classes="button button-small people-add">
            <span data-testid="forms-link">{text.say("people-forms")}</span>
        </Link<Route>>
        <Link<Route> to={Route::AddPerson} classes="button button-primary button-small people-add">
            <span data-testid="add-person">{text.say("people-add")}</span>
        </Link<Route>>
        </>
    };
    let refused = props.messenger.refused.map(|(_, refusal)| refusal);
    html! {
        <Sheet name="people" title={text.say("section-people")} {actions}>
            <div class="people-page">
                <div class="people-tools">
                    <div class="people-find">
                        <Icon shape={Shape::Search} />
                        <label class="visually-hidden" for="people-find">
                            {text.say("people-find")}
                        </label>
                        <input id="people-find" type="search" data-testid="people-find"
                            autocomplete="off" spellcheck="false" value={props.typed.clone()}
                            maxlength={limits::QUERY_SCALARS.to_string()}
                            placeholder={text.say("people-find-hint")} oninput={on_input} />
                    </div>
                    <div class="segments" role="group" aria-label={text.say("people-shown")}>
                        {segment(PeopleShown::Clients, "show-clients", text.say("people-clients"))}
                        {segment(PeopleShown::Providers, "show-providers",
                            text.say("people-providers"))}
                    </div>
                    <label class="visually-hidden" for="people-standing">
                        {text.say("people-standing")}
                    </label>
                    <select id="people-standing" class="people-standing" onchange={on_choose}
                        data-testid="people-standing">
                        <option value="" selected={wanted.standing.is_none()}>
                            {text.say("people-standing-any")}
                        </option>
                        { for Standing::ALL.into_iter().map(|standing| html! {
                            <option value={standing.name()}
                                selected={wanted.standing == Some(standing)}>
                                {words(standing, &text)}
                            </option>
                        }) }
                    </select>
                </div>
                <div role="alert">
                    if let Some(refusal) = refused {
                        <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                            {text.refusal(&refusal)}
                        </p>
                    }
                </div>
                <p class="people-count" role="status" data-testid="people-count">
                    {counted(listing, &text)}
                </p>
                {body(props, &text)}
            </div>
        </Sheet>
    }
}

/// How many there are, once that is known.
fn counted(listing: &Listing, text: &Text) -> String {
    if !listing.loaded || listing.rows.is_empty() {
        return String::new();
    }
    let count = [("count", listing.total.into())];
    match listing.filter.shown {
        PeopleShown::Clients => text.say_with("people-count-clients", &count),
        PeopleShown::Providers => text.say_with("people-count-providers", &count),
    }
}

fn body(props: &Props, text: &Text) -> Html {
    let listing = &*props.listing;
    let again = {
        let on_event = props.on_event.clone();
        Callback::from(move |_: MouseEvent| on_event.emit(Event::More))
    };
    if let (Some(refusal), false) = (listing.refused, listing.loaded) {
        return html! { <Refused {refusal} {again} /> };
    }
    if !listing.loaded {
        return html! {
            <div class="people-waiting" data-testid="people-loading" role="status">
                <span class="visually-hidden">{text.say("people-loading")}</span>
                { for (0..6).map(|_| html! {
                    <div class="row skeleton" aria-hidden="true">
                        <span class="avatar"></span>
                        <span class="row-main">
                            <span class="bone bone-short"></span>
                            <span class="bone"></span>
                        </span>
                    </div>
                }) }
            </div>
        };
    }
    if listing.rows.is_empty() {
        let all = listing.filter.text.trim().is_empty() && listing.filter.standing.is_none();
        return html! {
            <div class="empty" data-testid="people-empty">
                <Icon shape={if all { Shape::People } else { Shape::Search }} />
                if all {
                    <p>{text.say("people-empty")}</p>
                    <Link<Route> to={Route::AddPerson} classes="button button-primary">
                        {text.say("people-add")}
                    </Link<Route>>
                } else if let Some(standing) = listing.filter.standing {
                    <p>{text.say_with("people-none-of",
                        &[("standing", words(standing, text).into())])}</p>
                } else {
                    <p>{text.say("people-none")}</p>
                }
            </div>
        };
    }
    html! {
        <Rows me={props.me.clone()} listing={props.listing.clone()}
            divisions={Rc::clone(&props.divisions)} messenger={props.messenger.clone()}
            scrolled={Rc::clone(&props.scrolled)} on_event={props.on_event.clone()} {again} />
    }
}
