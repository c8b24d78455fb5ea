//! Another start for a session that has not begun.

use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::starts_at;
use shared_proto::wire::Request;
use yew::{Callback, Html, SubmitEvent, component, html, use_state};

use super::Props;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::dates::{local_time, local_value};
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// The dialog.
#[component]
pub fn Reschedule(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let start = props.conversation.fold.session.and_then(|session| session.starts_at);
    let typed = use_state(|| start.map(local_value).unwrap_or_default());
    let on_input = {
        let (typed, asking) = (typed.clone(), asking.clone());
        Callback::from(move |value: String| {
            asking.forget();
            typed.set(value);
        })
    };
    let at = local_time(&typed);
    let refusal = starts_at(at, props.now()).err().or(asking.refused());
    let onsubmit = {
        let (asking, close, conversation) = (asking.clone(), props.close(), props.conversation.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if refusal.is_none() {
                let close = close.clone();
                let command = Command::Reschedule { starts_at: at };
                let request = Request::Do { conversation, held: None, command };
                asking.ask(request, move |_| close.emit(()));
            }
        })
    };
    html! {
        <Dialog title={text.say("reschedule-title")} name="reschedule-dialog"
            on_close={props.close()}>
            <form class="tool-form" {onsubmit}>
                <p class="field-help">{text.say("reschedule-help")}</p>
                <Field name="starts-at" kind="datetime-local" label={text.say("starts-at")}
                    help={text.say("starts-at-help")} autocomplete="off"
                    value={(*typed).clone()} {on_input} {refusal} />
                <div class="confirm-buttons">
                    <button type="submit" class="button button-primary" data-testid="reschedule-save"
                        aria-disabled={(refusal.is_some() || asking.is_busy()).to_string()}>
                        {text.say("reschedule-save")}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
