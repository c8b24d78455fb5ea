//! When what stands in the composer is to be sent.

use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::{message_text, send_at};
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use shared_proto::wire::{Due, Request};
use yew::{Callback, Html, SubmitEvent, component, html, use_state};

use super::Props;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::dates::local_time;
use crate::hooks::asking::use_asking;
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;

/// The dialog.
#[component]
pub fn Later(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let dispatch = use_dispatch();
    let typed = use_state(String::new);
    // One id for all tries: the message is sent once.
    let id = use_state(browser::random_id);
    let on_input = {
        let (typed, asking) = (typed.clone(), asking.clone());
        Callback::from(move |value: String| {
            asking.forget();
            typed.set(value);
        })
    };
    let words = props.draft.as_deref().unwrap_or_default();
    let at = local_time(&typed);
    let empty = Refusal::invalid(Input::SendAt, Rule::Empty);
    let rule = match at {
        Some(at) => send_at(at, props.now()).map(drop),
        None => Err(empty),
    };
    let rule = rule.and_then(|()| message_text(words).map(drop)).err();
    let refusal = rule.filter(|rule| *rule != empty).or(asking.refused());
    let onsubmit = {
        let (asking, close, conversation) = (asking.clone(), props.close(), props.conversation.id);
        let (words, id, quoted) = (words.to_owned(), *id, props.replying);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(at) = at.filter(|_| rule.is_none()) else { return };
            let (close, dispatch) = (close.clone(), dispatch.clone());
            let command = Command::Send { client_message_id: id, text: words.clone(), quoted };
            let request = Request::Later { conversation, id, due: Due::At(at), command };
            asking.ask(request, move |_| {
                dispatch.send(Action::Draft(conversation, String::new()));
                dispatch.send(Action::Reply(conversation, None));
                close.emit(());
            });
        })
    };
    html! {
        <Dialog title={text.say("later-title")} name="later-dialog" on_close={props.close()}>
            <form class="tool-form" {onsubmit}>
                <p class="field-help">{text.say("later-help")}</p>
                <p class="later-words" dir="auto">{words}</p>
                <Field name="send-at" kind="datetime-local" label={text.say("send-at")}
                    autocomplete="off" value={(*typed).clone()} {on_input} {refusal} />
                <div class="confirm-buttons">
                    <button type="submit" class="button button-primary" data-testid="later-save"
                        aria-disabled={(rule.is_some() || asking.is_busy()).to_string()}>
                        {text.say("later-save")}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
