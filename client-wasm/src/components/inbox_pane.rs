//! The inbox: every conversation, last activity first.

use std::collections::HashMap;
use std::rc::Rc;

use shared_proto::id::ConversationId;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, Event, Html, KeyboardEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_node_ref, use_state,
};
use yew_router::prelude::Link;

use crate::components::account_menu::AccountMenu;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_lists::{Lists, Shown, use_list};
use crate::components::inbox_row::InboxRow;
use crate::components::later::later;
use crate::components::refused::Refused;
use crate::dates::{now, use_dates};
use crate::hooks::search::use_search_keys;
use crate::hooks::store::use_dispatch;
use crate::pages::search;
use crate::parts::Page;
use crate::route::Route;
use crate::shared::Shared;
use crate::state::{Action, Attachment, Conversation, Inbox, OutboxItem, Shelf, Unsent};
use crate::text::use_text;

/// A list with so many rows fills a screen.
const ENOUGH: usize = 20;
/// So close to the end of the list, in pixels, the next page is asked for.
const NEAR_END: i32 = 600;

/// The inbox.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// Whether they may begin a conversation.
    pub may_start: Result<(), Refusal>,
    /// The practice's name.
    pub practice: String,
    /// How much of it is here.
    pub inbox: Inbox,
    /// How much of what is only read any more.
    pub archive: Inbox,
    /// The server's time.
    pub now: Millis,
    /// Its order.
    pub order: Shared<Vec<ConversationId>>,
    /// Its conversations.
    pub conversations: HashMap<ConversationId, Shared<Conversation>>,
    /// Messages on their way.
    pub outbox: Shared<Vec<OutboxItem>>,
    /// Files on their way.
    pub attachments: Shared<Vec<Attachment>>,
    /// A conversation that is gone while something written for it is not sent.
    pub stranded: Option<ConversationId>,
    /// What stands in the composers.
    pub drafts: HashMap<ConversationId, Rc<str>>,
    /// The one on screen.
    pub open: Option<ConversationId>,
    /// Whether signing out would lose something.
    pub unsent: bool,
}

/// The inbox.
#[component]
pub fn InboxPane(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let list = use_node_ref();
    let today = dates.day_number(now());
    let (shown, choose) = use_list(props);
    let lists = Lists::of(props);
    let shelf = shown.shelf();
    let inbox = if shelf == Shelf::Live { &props.inbox } else { &props.archive };
    let order = lists.of_list(shown);
    {
        let dispatch = dispatch.clone();
        // A short list is filled up: what lies in other lists of the same shelf comes with it.
        let wants = !inbox.asked
            && inbox.refused.is_none()
            && (!inbox.loaded || inbox.next.is_some() && order.len() < ENOUGH);
        use_effect_with((shelf, wants), move |(shelf, wants)| {
            if *wants {
                dispatch.send(Action::WantRows(*shelf));
            }
        });
    }
    let onscroll = {
        let more = inbox.next.is_some() && !inbox.asked && inbox.refused.is_none();
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let list = event.target_unchecked_into::<Element>();
            let left = list.scroll_height() - list.scroll_top() - list.client_height();
            if more && left < NEAR_END {
                dispatch.send(Action::WantRows(shelf));
            }
        })
    };
    let again = Callback::from(move |_: MouseEvent| dispatch.send(Action::WantRows(shelf)));
    let searching = use_state(|| false);
    use_search_keys(&searching);
    let (begin, close) = (searching.setter(), searching.setter());
    let begin = Callback::from(move |_: MouseEvent| begin.set(true));
    let may_start = props.may_start.is_ok();
    let stop = props.open.filter(|open| props.conversations.contains_key(open));
    let stop = stop.filter(|open| order.contains(open)).or_else(|| order.first().copied());
    html! {
        <div class="inbox-pane">
            <header class="pane-header">
                <h1 class="inbox-title" tabindex="-1">{text.say("inbox-title")}</h1>
                if may_start {
                    <Link<Route> to={Route::New} classes="icon-button new-conversation">
                        <span class="new-conversation-hook" data-testid="new-conversation">
                            <Icon shape={Shape::Compose} />
                            <span class="visually-hidden">{text.say("new-conversation")}</span>
                        </span>
                    </Link<Route>>
                }
                <AccountMenu me={props.me.clone()} practice={props.practice.clone()}
                    unsent={props.unsent} />
            </header>
            if let Some(id) = props.stranded {
                <Link<Route> to={Route::Conversation { id }} classes="notice stranded">
                    <span data-testid="stranded">{text.say("stranded")}</span>
                </Link<Route>>
            }
            <div class="slot">
                if *searching {
                    {later(Page::Search(search::Props {
                        me: props.me.clone(),
                        people: people(props),
                        on_close: Callback::from(move |()| close.set(false)),
                    }))}
                } else {
                    <button type="button" class="search-open" data-testid="search-open"
                        aria-keyshortcuts="Control+K /" onclick={begin}>
                        <Icon shape={Shape::Search} />
                        {text.say("search-open")}
                        <kbd aria-hidden="true">{"Ctrl K"}</kbd>
                    </button>
                    {lists.tabs(shown, &choose, &text)}
                }
            </div>
            if *searching {
                // In the place of the list.
            } else if let (Some(refusal), false) = (inbox.refused, inbox.loaded) {
                <Refused {refusal} again={again.clone()} />
            } else if !inbox.loaded && order.is_empty() {
                <div class="rows" data-testid="inbox" data-state="loading" role="status">
                    <span class="visually-hidden">{text.say("inbox-loading")}</span>
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
            } else if order.is_empty() {
                <div class="empty" data-testid="inbox-empty">
                    <Icon shape={Shape::Bubbles} />
                    if shown != Shown::Active {
                        <p>{text.say(shown.empty())}</p>
                    } else if may_start {
                        <p>{text.say("inbox-empty-provider")}</p>
                        <Link<Route> to={Route::New} classes="button button-primary">
                            {text.say("new-conversation")}
                        </Link<Route>>
                    } else {
                        <p>{text.say("inbox-empty-client")}</p>
                    }
                </div>
            } else {
                <nav class="rows" ref={list} data-testid="inbox" data-state="ready"
                    aria-label={text.say("inbox-title")} {onscroll} onkeydown={arrows()}>
                    <ul>
                        { for order.iter().filter_map(|id| {
                            let conversation = props.conversations.get(id)?.clone();
                            Some(html! {
                                <li key={id.to_string()}>
                                    <InboxRow {conversation} me={props.me.id} {today}
                                        open={props.open == Some(*id)}
                                        tab_stop={stop == Some(*id)}
                                        unsent={Unsent::of(&props.outbox, &props.attachments, *id)}
                                        draft={props.drafts.get(id).cloned()} />
                                </li>
                            })
                        }) }
                    </ul>
                    if let Some(refusal) = inbox.refused {
                        <Refused {refusal} again={again.clone()} />
                    }
                </nav>
            }
        </div>
    }
}

/// Everyone else in the conversations that are here, by name.
fn people(props: &Props) -> Vec<PersonCard> {
    let known = props.conversations.values().flat_map(|conversation| &conversation.people);
    let mut people: Vec<PersonCard> = Vec::new();
    for card in known.filter(|card| card.id != props.me.id) {
        let order = |other: &PersonCard| (&*other.name, other.id).cmp(&(&*card.name, card.id));
        if let Err(at) = people.binary_search_by(order) {
            people.insert(at, card.clone());
        }
    }
    people
}

/// Arrow keys, Home and End go through the rows.
#[must_use]
pub fn arrows() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        let Some(row) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let Some(item) = row.closest("li").ok().flatten() else { return };
        let parent = item.parent_element();
        let next = match event.key().as_str() {
            "ArrowDown" => item.next_element_sibling(),
            "ArrowUp" => item.previous_element_sibling(),
            "Home" => parent.and_then(|list| list.first_element_child()),
            "End" => parent.and_then(|list| list.last_element_child()),
            _ => return,
        };
        event.prevent_default();
        let row = next.and_then(|item| item.first_element_child());
        if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
            // A link in the document takes the focus.
            let _ = row.focus();
        }
    })
}
