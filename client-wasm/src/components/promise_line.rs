//! What the host of a conversation promises a client: by when they answer, and that they are away.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use shared_proto::hours::Promise;
use shared_proto::time::Millis;
use wasm_bindgen_futures::spawn_local;
use yew::{Html, Properties, component, html, use_effect_with, use_state};

use crate::dates::{now, use_dates};
use crate::hooks::desk::use_desk;
use crate::protocol;
use crate::shared::Shared;
use crate::state::Conversation;
use crate::text::use_text;

/// Longest timer, in milliseconds: browsers take larger ones for none.
const LONGEST_MS: u64 = 60 * 60 * 1_000;

/// Of which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: Shared<Conversation>,
    /// What the server's clock is ahead of this device's, in milliseconds.
    pub skew_ms: i64,
}

/// The line; nothing when nothing is promised. Asked for when the conversation opens, after each
/// entry, and when a time it names has come.
#[component]
pub fn PromiseLine(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let known = use_state(|| None::<Rc<Promise>>);
    let passed = use_state(|| 0u32);
    let conversation = &*props.conversation;
    let newest = conversation.thread.as_ref().and_then(|thread| thread.held);
    {
        let known = known.clone();
        let asked = (conversation.id, newest.map(|(_, last)| last), *passed);
        use_effect_with(asked, move |(conversation, newest, _)| {
            if newest.is_none() {
                return;
            }
            let answer = desk.put(protocol::promise(*conversation));
            spawn_local(async move {
                if let Ok(promise) = protocol::promised(&answer.await) {
                    known.set(promise.map(|promise| Rc::new(*promise)));
                }
            });
        });
    }
    let now = Millis(now().0.saturating_add_signed(props.skew_ms));
    let times = known.iter().flat_map(|promise| [promise.by, promise.back]).flatten();
    let next = times.filter(|at| *at > now).min();
    use_effect_with(next, move |next| {
        let wait = next.map(|next| next.since(now).clamp(1_000, LONGEST_MS) as u32);
        let again = move || passed.set(passed.wrapping_add(1));
        let timer = wait.map(|wait| Timeout::new(wait, again));
        move || drop(timer)
    });
    let host = conversation.fold.host().and_then(|host| conversation.person(host));
    let (Some(promise), Some(host)) = (known.as_deref(), host) else { return Html::default() };
    let say = |id: &str, at: Millis| {
        let when = dates.soon(at);
        text.say_with(id, &[("name", host.name.as_str().into()), ("when", when.into())])
    };
    let by = promise.by.map(|by| match (by < now, promise.waits) {
        (true, true) => say("promise-late", by),
        _ => say("promise-by", by),
    });
    html! {
        <div class="promise" data-testid="promise" role="note" aria-label={text.say("promise-bar")}>
            if let Some(back) = promise.back {
                <p data-testid="promise-back">{say("promise-back", back)}</p>
            }
            if !promise.away.is_empty() {
                <p class="promise-away" data-testid="promise-away" dir="auto">{&promise.away}</p>
            }
            if let Some(by) = by {
                <p data-testid="promise-by" data-waits={promise.waits.to_string()}>{by}</p>
            }
        </div>
    }
}
