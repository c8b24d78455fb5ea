//! The announcement, edited by the host in place.

use shared_proto::conversation::command::Command;
use shared_proto::limits::ANNOUNCEMENT_GRAPHEMES;
use shared_proto::practice::{announcement, graphemes};
use shared_proto::wire::Request;
use web_sys::HtmlTextAreaElement;
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, SubmitEvent, TargetCast, component, html, use_state,
};

use super::Props;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::presets::Presets;
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// The dialog.
#[component]
pub fn Announcement(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let fold = &props.conversation.fold;
    let words = use_state(|| fold.announcement.clone());
    let write = {
        let (words, asking) = (words.clone(), asking.clone());
        Callback::from(move |typed: String| {
            asking.forget();
            words.set(typed);
        })
    };
    let oninput = {
        let write = write.clone();
        Callback::from(move |event: InputEvent| {
            // It is one line: what is pasted keeps its words.
            let typed = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            write.emit(typed.replace('\n', " "));
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter" && !browser::composes(&event) {
            event.prevent_default();
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            if let Some(form) = area.form() {
                // The form is there, and checks nothing itself.
                let _ = form.request_submit();
            }
        }
    });
    let rule = announcement(&words).err().or(asking.refused());
    let left = ANNOUNCEMENT_GRAPHEMES as i64 - graphemes(words.trim()) as i64;
    let onsubmit = {
        let (words, asking, close) = (words.clone(), asking.clone(), props.close());
        let conversation = props.conversation.id;
        let fine = announcement(&words).is_ok();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if fine {
                let close = close.clone();
                let command = Command::Announce { text: (*words).clone() };
                let request = Request::Do { conversation, held: None, command };
                asking.ask(request, move |_| close.emit(()));
            }
        })
    };
    html! {
        <Dialog title={text.say("announcement-title")} name="announcement-dialog"
            on_close={props.close()}>
            <form class="tool-form" {onsubmit}>
                <p class="field-help">{text.say("announcement-lead")}</p>
                <Presets on_choose={write} />
                <div class="field">
                    <label for="announcement-text">{text.say("announcement-words")}</label>
                    <textarea id="announcement-text" rows="3" autocomplete="off" dir="auto"
                        data-testid="announcement-text" value={(*words).clone()} {oninput} {onkeydown}
                        aria-invalid={rule.is_some().then_some("true")}
                        aria-describedby="announcement-left" />
                    <p id="announcement-left" class="field-help" data-testid="announcement-left"
                        data-left={left.to_string()}>
                        if let Some(refusal) = rule {
                            <span class="field-refusal" data-testid="refusal"
                                data-rule={refusal.rule()}>{text.refusal(&refusal)}</span>
                        } else {
                            {text.say_with("presets-left", &[("left", left.max(0).cast_unsigned().into())])}
                        }
                    </p>
                </div>
                <div class="confirm-buttons">
                    <button type="submit" class="button button-primary"
                        data-testid="announcement-save"
                        aria-disabled={(rule.is_some() || asking.is_busy()).to_string()}>
                        {text.say("announcement-save")}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
