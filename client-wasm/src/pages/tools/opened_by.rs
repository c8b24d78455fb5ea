//! Who opened a conversation, for everyone in it.

use std::collections::HashMap;

use shared_proto::audit::{Access, AccessPage, Action};
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};

use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::dates::{Dates, use_dates};
use crate::hooks::desk::use_desk;
use crate::text::{Text, use_text};

/// Which conversation.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: ConversationId,
    /// Called when it is closed.
    pub on_close: Callback<()>,
}

#[derive(Clone, Default, PartialEq)]
struct Shown {
    accesses: Vec<Access>,
    people: HashMap<PersonId, PersonCard>,
    next: Option<u64>,
    loading: bool,
    refused: Option<Refusal>,
}

impl Shown {
    fn answered(mut self, answer: Result<Reply, Refusal>) -> Self {
        self.loading = false;
        self.refused = None;
        match answer {
            Ok(Reply::Accesses(AccessPage { accesses, next, people })) => {
                self.accesses.extend(accesses);
                self.people.extend(people.into_iter().map(|card| (card.id, card)));
                self.next = next;
            }
            Ok(_) => self.refused = Some(Refusal::Unavailable),
            Err(refusal) => self.refused = Some(refusal),
        }
        self
    }
}

/// The list.
#[component]
pub fn OpenedBy(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let shown = use_state(|| Shown { loading: true, ..Shown::default() });
    let load = {
        let (shown, conversation) = (shown.clone(), props.conversation);
        move |before: Shown| {
            shown.set(Shown { loading: true, refused: None, ..before.clone() });
            let answer = desk.request(Request::Accesses { conversation, before: before.next });
            let shown = shown.clone();
            spawn_local(async move { shown.set(before.answered(answer.await)) });
        }
    };
    {
        let load = load.clone();
        use_effect_with(props.conversation, move |_| load(Shown::default()));
    }
    let older = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| {
            if !shown.loading {
                load((*shown).clone());
            }
        })
    };
    let nothing = shown.accesses.is_empty() && shown.refused.is_none();
    html! {
        <Dialog title={text.say("opened-title")} name="opened-by" on_close={props.on_close.clone()}>
            <p>{text.say("opened-lead")}</p>
            // A keyboard scrolls it.
            <div class="opened-list" tabindex="0" role="group"
                aria-labelledby="opened-by-title" data-testid="opened-list">
                if nothing {
                    <p role="status">{if shown.loading {
                        text.say("opened-loading")
                    } else {
                        text.say("opened-empty")
                    }}</p>
                }
                <ul>
                    { for shown.accesses.iter().map(|access| row(access, &shown, &dates, &text)) }
                </ul>
                if let Some(refusal) = shown.refused {
                    <Refused {refusal} again={older.clone()} />
                } else if shown.next.is_some() {
                    <button type="button" class="button button-small" data-testid="opened-older"
                        aria-disabled={shown.loading.then_some("true")}
                        onclick={older.clone()}>{text.say("opened-older")}</button>
                }
            </div>
        </Dialog>
    }
}

fn row(access: &Access, shown: &Shown, dates: &Dates, text: &Text) -> Html {
    let emergency = access.action == Action::EmergencyOpened;
    let how = match access.action {
        Action::ConversationExported => text.say("opened-exported"),
        Action::EmergencyOpened => text.say("opened-emergency"),
        _ => text.say("opened-opened"),
    };
    let who = match access.person {
        None => text.say("audit-by-operator"),
        Some(person) => match shown.people.get(&person) {
            Some(card) => card.name.clone(),
            None => text.say("audit-by-nobody"),
        },
    };
    html! {
        <li class={if emergency { "opened-row opened-row-emergency" } else { "opened-row" }}
            data-testid="opened-row" data-action={access.action.name()}
            data-person={access.person.map(|person| person.to_string())}>
            <span class="opened-who" dir="auto">{who}</span>
            <span class="opened-how">
                if emergency {
                    <Icon shape={Shape::Alert} />
                }
                {how}
            </span>
            <time class="opened-when" datetime={dates.machine(access.at)}
                title={dates.to_the_second(access.at)}>{dates.moment(access.at)}</time>
        </li>
    }
}
