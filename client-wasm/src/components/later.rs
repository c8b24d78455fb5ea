//! A page of a part of the client that is fetched when it is first shown.

use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_force_update,
    use_mut_ref, use_state,
};

use crate::backoff;
use crate::components::icon::{Icon, Shape};
use crate::parts::Page;
use crate::text::use_text;

/// A page of a part. The key keeps one part from taking the place of another.
pub fn later(page: Page) -> Html {
    let key = page.part() as usize;
    html! { <Later {key} {page} /> }
}

/// What is to be shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which page.
    pub page: Page,
}

/// The first wait of [`backoff`] before a part is asked for again: two seconds.
const FIRST_WAIT: u32 = 3;

/// The page, or why it is not there yet. A part that could not be fetched is asked for again, by
/// itself ever less often and at once when the person says so.
#[component]
pub fn Later(props: &Props) -> Html {
    let text = use_text();
    let redraw = use_force_update();
    let tries = use_state(|| 0u32);
    // Those nobody asked for.
    let again = use_state(|| 0u32);
    let waiting = use_mut_ref(|| None::<Timeout>);
    // The try that failed last.
    let failed = use_state(|| None::<u32>);
    let part = props.page.part();
    {
        let (failed, text) = (failed.setter(), text.clone());
        let (waiting, next) = (waiting.clone(), again.setter());
        use_effect_with((part, *tries, *again), move |&(part, number, again)| {
            if part.loaded().is_none() {
                spawn_local(async move {
                    match part.load().await {
                        Ok(brought) => {
                            text.learn(brought.words);
                            redraw.force_update();
                        }
                        Err(_) => {
                            failed.set(Some(number));
                            let wait =
                                backoff::delay_ms(again + FIRST_WAIT, js_sys::Math::random());
                            let asks = move || next.set(again.saturating_add(1));
                            waiting.replace(Some(Timeout::new(wait as u32, asks)));
                        }
                    }
                });
            }
        });
    }
    if let Some(brought) = part.loaded() {
        return (brought.draw)(&props.page);
    }
    if matches!(props.page, Page::Greeting(_)) {
        // Nobody waits for it.
        return Html::default();
    }
    let number = *tries;
    let onclick = Callback::from(move |_: MouseEvent| {
        waiting.take();
        tries.set(number + 1);
    });
    // One pane of two, or all there is.
    let (element, class, id) = match &props.page {
        Page::New(_) => ("section", "conversation nothing", "conversation"),
        // In the place of the inbox's list.
        Page::Search(_) => ("div", "search-loading", "search"),
        // Over the conversation.
        Page::Tool(_) | Page::Inside(_) | Page::OpenedBy(_) => ("div", "tool-loading", "tool"),
        Page::Attachments(_) => ("div", "attachments", "attachments"),
        Page::Pending(_) => ("div", "pending-list", "pending"),
        // One of several.
        Page::Replies(_) => ("div", "group", "saved-replies"),
        _ => ("main", "gate", "main"),
    };
    html! {
        <@{element} {class} {id}>
            if *failed == Some(number) {
                <div class="empty" data-testid="part-failed" role="alert">
                    <Icon shape={Shape::Offline} />
                    <h1 tabindex="-1">{text.say("part-failed-title")}</h1>
                    <p>{text.say("part-failed-help")}</p>
                    <button type="button" class="button button-primary" data-testid="try-now"
                        {onclick}>{text.say("try-now")}</button>
                </div>
            } else {
                <div class="starting" role="status" data-testid="part-loading">
                    <Icon shape={Shape::Sign} />
                    <h1 class="visually-hidden">{text.say("part-loading")}</h1>
                </div>
            }
        </@>
    }
}
