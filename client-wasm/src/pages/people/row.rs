//! Somebody in the list.

use std::rc::Rc;

use shared_proto::people::{PersonRow, Role, Standing};
use yew::{Callback, Html, MouseEvent, Properties, component, html};
use yew_router::Routable;
use yew_router::prelude::use_navigator;

use crate::components::avatar::Avatar;
use crate::components::icon::{Icon, Shape};
use crate::pages::people::invite::Invite;
use crate::pages::people::messenger::To;
use crate::pages::people::standing::StandingMark;
use crate::route::Route;
use crate::text::use_text;

/// A row.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who.
    pub row: Rc<PersonRow>,
    /// What their division is called; empty for none.
    pub division: String,
    /// Whether it is the reader's own: nobody writes to themselves.
    pub own: bool,
    /// Whether they are assigned to the reader.
    pub assigned: bool,
    /// Whether Tab stops here: the arrow keys go on from there.
    pub tab_stop: bool,
    /// Whether the conversation with them is being opened.
    pub busy: bool,
    /// Opens the conversation with them.
    pub on_write: Callback<To>,
}

/// The row.
#[component]
pub fn PeopleRow(props: &Props) -> Html {
    let text = use_text();
    let navigator = use_navigator();
    let row = &props.row;
    let route = Route::Chart { id: row.card.id };
    let onclick = Callback::from(move |event: MouseEvent| {
        // With a modifier the browser opens a tab or window by itself.
        let plain = !(event.meta_key() || event.ctrl_key() || event.shift_key());
        if let (true, Some(navigator)) = (plain, &navigator) {
            event.prevent_default();
            navigator.push(&route);
        }
    });
    let write = {
        let (on_write, person) = (props.on_write.clone(), row.card.clone());
        Callback::from(move |_: MouseEvent| {
            on_write.emit(To { person: person.clone(), anew: false });
        })
    };
    let standing = Standing::of(row);
    let tabindex = if props.tab_stop { "0" } else { "-1" };
    let mut beside = vec![];
    if row.card.role == Role::Owner {
        beside.push(text.say("account-role-owner"));
    }
    if !row.chart_number.is_empty() {
        let number = [("number", row.chart_number.as_str().into())];
        beside.push(text.say_with("people-chart-number", &number));
    }
    let contact: Vec<&str> = [&row.email, &row.phone]
        .into_iter()
        .map(String::as_str)
        .filter(|c| !c.is_empty())
        .collect();
    html! {
        <>
            <a class="people-link" href={route.to_path()} {onclick} {tabindex}
                data-testid="people-row" data-person={row.card.id.to_string()}
                data-assigned={props.assigned.to_string()}>
                <Avatar people={vec![row.card.clone()]} />
                <span class="people-who">
                    <span class="people-name" data-testid="people-name" dir="auto">
                        {&row.card.name}
                    </span>
                    <span class="people-note">
                        <StandingMark {standing} />
                        { for beside.into_iter().map(|words| html! {
                            <span class="people-beside">{words}</span>
                        }) }
                    </span>
                </span>
                <span class="people-division" dir="auto">{&props.division}</span>
                <span class="people-contact">
                    { for contact.into_iter().map(|words| html! {
                        <span class="people-line">{words.to_owned()}</span>
                    }) }
                </span>
            </a>
            <div class="people-actions">
                if standing == Standing::Active && !props.own {
                    <button type="button" class="people-write" {tabindex} onclick={write}
                        data-testid="people-write" data-person={row.card.id.to_string()}
                        aria-disabled={props.busy.to_string()}
                        aria-label={text.say_with("people-write-to",
                            &[("name", row.card.name.as_str().into())])}>
                        <Icon shape={Shape::Bubbles} />
                        <span class="people-write-words">{text.say("people-write")}</span>
                    </button>
                } else {
                    <Invite person={(**row).clone()} />
                }
            </div>
        </>
    }
}
