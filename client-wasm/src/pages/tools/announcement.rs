//! The announcement, edited by the host in place.

use shared_proto::conversation::command::Command;
use shared_proto::limits::ANNOUNCEMENT_GRAPHEMES;
use shared_proto::practice::{announcement, graphemes};
use shared_proto::wire::Request;
use yew::{Callback, Html, SubmitEvent, component, html, use_state};

use super::Props;
use crate::components::area::Area;
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
    let rule = announcement(&words).err().or(asking.refused());
    let left = ANNOUNCEMENT_GRAPHEMES.saturating_sub(graphemes(words.trim()));
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
                <Presets on_choose={write.clone()} />
                <Area name="announcement-text" label={text.say("announcement-words")} one_line=true
                    help={text.say_with("presets-left", &[("left", left.into())])}
                    value={(*words).clone()} on_input={write} refusal={rule} />
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
