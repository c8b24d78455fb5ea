//! What was written for a conversation that is no longer there: it can be copied, then discarded.

use std::rc::Rc;

use shared_proto::id::ConversationId;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_node_ref, use_state};

use crate::browser;
use crate::hooks::store::use_dispatch;
use crate::state::{self, Action};
use crate::text::use_text;

/// What was left.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Where it was to go.
    pub conversation: ConversationId,
    /// In the order in which it was written.
    pub left: Vec<state::LeftBehind>,
}

/// The texts, if any.
#[component]
pub fn LeftBehind(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    if props.left.is_empty() {
        return Html::default();
    }
    let discard = |message| {
        let (dispatch, conversation) = (dispatch.clone(), props.conversation);
        Callback::from(move |()| {
            dispatch.send(match message {
                Some(message) => Action::Discard(message),
                None => Action::Draft(conversation, String::new()),
            });
            browser::focus("[data-testid=not-found] h1");
        })
    };
    html! {
        <section class="left-behind" data-testid="left-behind" aria-labelledby="left-title">
            <h2 id="left-title">{text.say("left-title")}</h2>
            <p>{text.say("left-help")}</p>
            <ul>
                { for props.left.iter().map(|left| html! {
                    <li key={left.message.map_or_else(String::new, |id| id.to_string())}>
                        <Left words={left.text.clone()} discard={discard(left.message)} />
                    </li>
                }) }
            </ul>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct LeftProps {
    words: Rc<str>,
    discard: Callback<()>,
}

#[component]
fn Left(props: &LeftProps) -> Html {
    let text = use_text();
    let copied = use_state(|| false);
    let area = use_node_ref();
    let copy = {
        let (area, copied) = (area.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                copied.set(browser::copy(&area));
            }
        })
    };
    let discard = props.discard.reform(|_: MouseEvent| ());
    html! {
        <>
            <textarea ref={area} readonly=true rows="3" dir="auto" data-testid="left-text"
                aria-label={text.say("left-text")} value={props.words.to_string()} />
            <div class="trouble-buttons">
                <button type="button" class="button button-small" data-testid="left-discard"
                    onclick={discard}>{text.say("refused-discard")}</button>
                <button type="button" class="button button-small" data-testid="left-copy"
                    onclick={copy} aria-live="polite">
                    {if *copied { text.say("left-copied") } else { text.say("left-copy") }}
                </button>
            </div>
        </>
    }
}
