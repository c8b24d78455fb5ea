//! One entry that was found.

use shared_proto::id::{EntryId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::search::Hit;
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html};
use yew_router::Routable;

use crate::components::avatar::Avatar;
use crate::dates::use_dates;
use crate::hooks::store::use_dispatch;
use crate::route::Route;
use crate::state::Action;
use crate::text::use_text;

/// What was found.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The entry.
    pub hit: Hit,
    /// Who searches.
    pub me: PersonId,
    /// Whom its conversation is called by.
    pub others: Vec<PersonCard>,
    /// Whose it is.
    pub author: Option<PersonCard>,
    /// Whether it was opened last.
    pub opened: bool,
    /// Called when it is opened.
    pub on_open: Callback<EntryId>,
}

/// The row.
#[component]
pub fn HitRow(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let hit = &props.hit;
    let names: Vec<&str> = props.others.iter().map(|other| other.name.as_str()).collect();
    let title =
        if names.is_empty() { text.say("conversation-yourself") } else { text.list(&names) };
    let author = if hit.author == props.me {
        Some(text.say("message-you"))
    } else {
        props.author.as_ref().map(|author| author.name.clone())
    };
    let (conversation, entry) = (hit.conversation, hit.entry);
    let onclick = {
        let on_open = props.on_open.clone();
        Callback::from(move |event: MouseEvent| {
            // With a modifier the browser opens a tab or window by itself.
            if !(event.meta_key() || event.ctrl_key() || event.shift_key()) {
                event.prevent_default();
                on_open.emit(entry);
                dispatch.send(Action::Aim(conversation, entry));
            }
        })
    };
    let route = Route::Conversation { id: conversation };
    html! {
        <a class={classes!("row", "hit", props.opened.then_some("row-open"))} href={route.to_path()}
            {onclick} data-testid="search-hit" data-entry={entry.to_string()}
            data-conversation={conversation.to_string()}
            aria-current={props.opened.then_some("true")}>
            <Avatar people={props.others.clone()} />
            <span class="row-main">
                <span class="row-line">
                    <span class="row-name" dir="auto">{title}</span>
                    <time class="row-time" datetime={dates.machine(hit.at)}
                        title={dates.full(hit.at)}>{dates.row(hit.at, &text)}</time>
                </span>
                <span class="hit-words" dir="auto">
                    if let Some(author) = author {
                        <span class="hit-author">
                            {text.say_with("search-author", &[("name", author.into())])}
                        </span>
                        {" "}
                    }
                    { for hit.snippet.iter().map(|piece| if piece.found {
                        html! { <mark>{&piece.text}</mark> }
                    } else {
                        html! { {&piece.text} }
                    }) }
                </span>
            </span>
        </a>
    }
}
