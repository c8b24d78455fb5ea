//! The conversations with a client: their own inbox (N3).

use std::collections::HashSet;

use shared_proto::id::ConversationId;
use shared_proto::office::Ask;
use shared_proto::people::{PersonCard, PersonRow, Standing};
use shared_proto::refusal::Refusal;
use shared_proto::wire::{InboxMark, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerHandle, component, html, use_effect_with,
    use_state,
};

use super::messenger::{Messenger, To};
use super::use_back;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_row::InboxRow;
use crate::components::refused::Refused;
use crate::dates::{now, use_dates};
use crate::hooks::desk::use_desk;
use crate::hooks::store::Store;
use crate::shared::Shared;
use crate::state::{Conversation, Unsent};
use crate::text::{Text, use_text};

/// With whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// The client.
    pub row: PersonRow,
    /// Begins conversations.
    pub messenger: Messenger,
    /// The state: conversations known of are shown as they are now.
    pub store: UseReducerHandle<Store>,
    /// Whether the line is up.
    pub live: bool,
}

/// The pages that are here.
#[derive(Clone, Default, PartialEq)]
struct Pages {
    rows: Vec<Shared<Conversation>>,
    next: Option<InboxMark>,
    loaded: bool,
    refused: Option<Refusal>,
}

/// The tab.
#[component]
pub fn Messaging(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let pages = use_state(Pages::default);
    let client = props.row.card.id;
    let load = {
        let (pages, desk) = (pages.clone(), desk.clone());
        Callback::from(move |first: bool| {
            let before = if first { Pages::default() } else { (*pages).clone() };
            let answer = desk.ask(Ask::ClientInbox { client, after: before.next });
            let pages = pages.clone();
            spawn_local(async move {
                pages.set(match answer.await {
                    Ok(Reply::Inbox(page)) => {
                        let new = page.rows.into_iter().map(Conversation::new).map(Shared::new);
                        let rows = before.rows.into_iter().chain(new).collect();
                        Pages { rows, next: page.next, loaded: true, refused: None }
                    }
                    Ok(_) => before,
                    Err(refusal) => Pages { refused: Some(refusal), ..before },
                });
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(true));
    }
    {
        let load = load.clone();
        use_back(props.live, move || load.emit(true));
    }
    let press = |first| {
        let load = load.clone();
        Callback::from(move |_: MouseEvent| load.emit(first))
    };
    let rows = merged(&pages.rows, props);
    let today = dates.day_number(now());
    let state = &props.store.state;
    html! {
        <section class="group messaging" aria-labelledby="messaging-title" data-testid="messaging">
            <div class="group-head">
                <h2 id="messaging-title">{text.say("chart-messaging")}</h2>
                {begin(props, &text)}
            </div>
            {why_not(props, &text)}
            if let (Some(refusal), false) = (pages.refused, pages.loaded) {
                <Refused {refusal} again={press(true)} />
            } else if !pages.loaded {
                <div role="status">
                    <span class="visually-hidden">{text.say("inbox-loading")}</span>
                    <span class="bone bone-short"></span><span class="bone"></span>
                </div>
            } else if rows.is_empty() {
                <div class="empty" data-testid="messaging-empty">
                    <Icon shape={Shape::Bubbles} />
                    <p>{text.say_with("messaging-empty",
                        &[("name", props.row.card.name.as_str().into())])}</p>
                </div>
            } else {
                <ul class="messaging-rows">
                    { for rows.into_iter().map(|conversation| {
                        let id = conversation.id;
                        html! {
                            <li key={id.to_string()}>
                                <InboxRow {conversation} me={props.me.id} open=false tab_stop=true
                                    {today} unsent={Unsent::of(&state.outbox, &state.attachments, id)}
                                    draft={state.drafts.get(&id).cloned()} />
                            </li>
                        }
                    }) }
                </ul>
                if let Some(refusal) = pages.refused {
                    <Refused {refusal} again={press(false)} />
                } else if pages.next.is_some() {
                    <div class="group-actions">
                        <button type="button" class="button button-small" onclick={press(false)}
                            data-testid="messaging-more">{text.say("messaging-more")}</button>
                    </div>
                }
            }
        </section>
    }
}

/// What came in pages, each as it is now, and what began since; last activity first.
fn merged(pages: &[Shared<Conversation>], props: &Props) -> Vec<Shared<Conversation>> {
    let (state, client) = (&props.store.state, props.row.card.id);
    let mut seen = HashSet::<ConversationId>::new();
    // What is only read in an emergency is nobody's inbox.
    let with_them = state.conversations.values().filter(|known| {
        known.has_member(props.me.id) && known.others(props.me.id).any(|other| other.id == client)
    });
    let mut rows: Vec<Shared<Conversation>> = with_them.chain(pages).cloned().collect();
    rows.retain(|row| seen.insert(row.id));
    rows.sort_by_key(|row| (std::cmp::Reverse(row.last_at(props.me.id).0), row.id));
    rows
}

/// The button, when a message reaches them.
fn begin(props: &Props, text: &Text) -> Html {
    if Standing::of(&props.row) != Standing::Active {
        return Html::default();
    }
    let write = {
        let (write, person) = (props.messenger.write.clone(), props.row.card.clone());
        Callback::from(move |_: MouseEvent| write.emit(To { person: person.clone(), anew: true }))
    };
    html! {
        <button type="button" class="button button-primary" data-testid="new-message"
            onclick={write} aria-disabled={props.messenger.busy.is_some().to_string()}>
            {text.say("messaging-new")}
        </button>
    }
}

/// Why no message reaches them.
fn why_not(props: &Props, text: &Text) -> Html {
    let name = [("name", props.row.card.name.as_str().into())];
    let (rule, words) = match Standing::of(&props.row) {
        Standing::Active => return Html::default(),
        Standing::PortalOff => {
            (Refusal::PortalOff.rule(), text.say_with("messaging-portal-off", &name))
        }
        Standing::Suspended => {
            (Refusal::Suspended.rule(), text.say_with("messaging-suspended", &name))
        }
        Standing::Invited | Standing::NoAccount => {
            (Refusal::NoAccount.rule(), text.say_with("messaging-no-account", &name))
        }
    };
    html! {
        <p class="notice" data-testid="messaging-unavailable" data-rule={rule}>{words}</p>
    }
}
