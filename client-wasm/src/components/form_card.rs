//! A form in the list of a conversation: what is to be filled in, or was.

use shared_proto::conversation::event::Event;
use shared_proto::id::EntryId;
use yew::{Callback, Html, MouseEvent, html};

use crate::components::icon::{Icon, Shape};
use crate::pages::tools::Tool;
use crate::text::Text;

/// A form as the list has it.
pub struct FormCard<'a> {
    /// The entry.
    pub entry: EntryId,
    /// That it was assigned, or submitted.
    pub event: &'a Event,
    /// Whether the reader did that.
    pub own: bool,
    /// The same in words.
    pub words: String,
    /// Whether it is submitted by now.
    pub submitted: bool,
    /// Whether the conversation is over.
    pub ended: bool,
}

/// The card; `on_tool` opens a tool. No component: everybody loads it.
pub fn form_card(card: FormCard<'_>, on_tool: &Callback<Tool>, text: &Text) -> Html {
    let FormCard { entry, event, own, words, submitted, ended } = card;
    let (assigned, is_hand_over) = match event {
        Event::Submitted(body) => (body.assigned, true),
        _ => (entry, false),
    };
    let open = !submitted && !ended;
    let state = match (is_hand_over, submitted, own) {
        (true, ..) => None,
        (_, true, _) => Some("form-submitted"),
        (_, _, true) => Some("form-waiting"),
        _ if ended => Some("form-not-submitted"),
        _ => Some("form-open"),
    };
    // The host has nothing to read before it is submitted.
    let word = match (open, own && !submitted) {
        (_, true) => None,
        (true, _) => Some("form-fill"),
        _ => Some("form-read"),
    };
    let onclick = on_tool.reform(move |_: MouseEvent| Tool::Form(assigned));
    html! {
        <div class="form-card" data-testid="form-card" data-entry={entry.to_string()}
            data-submitted={submitted.to_string()}>
            <Icon shape={if submitted { Shape::Tick } else { Shape::Compose }} />
            <div class="form-card-words">
                <p>{words}</p>
                if let Some(state) = state {
                    <p class="form-card-state">{text.say(state)}</p>
                }
            </div>
            if let Some(word) = word {
                <button type="button" data-testid="form-card-open" {onclick} aria-haspopup="dialog"
                    class={if open { "button button-small button-primary" }
                        else { "button button-small" }}>{text.say(word)}</button>
            }
        </div>
    }
}
