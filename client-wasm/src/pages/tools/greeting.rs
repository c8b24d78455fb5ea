//! What a host may begin a new conversation with (O6): offered, and never sent by itself. The server
//! fills in its places.

use shared_proto::desk::{Ask, Told};
use shared_proto::id::ConversationId;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};

use crate::browser;
use crate::hooks::desk::use_desk;
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;

/// Of which conversation: one of the host's, in which nothing was written.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub id: ConversationId,
}

/// What the server said.
#[derive(Clone, PartialEq)]
struct Filled {
    /// For which conversation.
    id: ConversationId,
    words: String,
    /// Whether they are to go into the composer.
    enter: bool,
}

/// The offer; nothing for who has set no greeting.
#[component]
pub fn Greeting(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let dispatch = use_dispatch();
    let told = use_state(|| None::<Filled>);
    let id = props.id;
    let ask = {
        let told = told.setter();
        Callback::from(move |enter: bool| {
            let answer = desk.request(Request::Desk(Ask::Greeting { conversation: id }));
            let told = told.clone();
            spawn_local(async move {
                if let Ok(Reply::Desk(Told::Greeting(words))) = answer.await {
                    told.set(Some(Filled { id, words, enter }));
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(id, move |_| ask.emit(false));
    }
    let told = (*told).clone().filter(|told| told.id == id);
    // An effect: whoever has begun to write meanwhile is offered it no more, and keeps their words.
    use_effect_with(told.clone(), move |told| {
        if let Some(told) = told.as_ref().filter(|told| told.enter) {
            dispatch.send(Action::Draft(id, told.words.clone()));
            browser::focus("[data-testid=composer]");
        }
    });
    let Some(told) = told.filter(|told| !told.words.is_empty()) else {
        return Html::default();
    };
    // Asked anew: the day is another, or the client has another name.
    let fill = ask.reform(|_: MouseEvent| true);
    html! {
        <div class="greeting" data-testid="greeting">
            <p dir="auto">{told.words}</p>
            <button type="button" class="button button-small" data-testid="greeting-use"
                onclick={fill}>{text.say("greeting-use")}</button>
        </div>
    }
}
