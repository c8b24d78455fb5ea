//! What a host may begin a new conversation with (O6): offered, and never sent by itself.

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

/// The offer; nothing for who has set no greeting.
#[component]
pub fn Greeting(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let dispatch = use_dispatch();
    let words = use_state(String::new);
    {
        let words = words.clone();
        use_effect_with(props.id, move |_| {
            let answer = desk.request(Request::Desk(Ask::Hours));
            spawn_local(async move {
                if let Ok(Reply::Desk(Told::Hours(kept))) = answer.await {
                    words.set(kept.own.greeting);
                }
            });
        });
    }
    if words.is_empty() {
        return Html::default();
    }
    let fill = {
        let (id, words) = (props.id, (*words).clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.send(Action::Draft(id, words.clone()));
            browser::focus("[data-testid=composer]");
        })
    };
    html! {
        <div class="greeting" data-testid="greeting">
            <p dir="auto">{&*words}</p>
            <button type="button" class="button button-small" data-testid="greeting-use"
                onclick={fill}>{text.say("greeting-use")}</button>
        </div>
    }
}
