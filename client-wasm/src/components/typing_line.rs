//! Who is typing. Its room is always there, so that nothing moves when somebody begins.

use yew::{Html, Properties, component, html};

use crate::shared::Shared;
use crate::state::Conversation;
use crate::text::use_text;

/// Where.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The conversation.
    pub conversation: Shared<Conversation>,
}

/// The line.
#[component]
pub fn TypingLine(props: &Props) -> Html {
    let text = use_text();
    let conversation = &*props.conversation;
    let names: Vec<&str> = conversation
        .typing
        .iter()
        .filter_map(|(person, _)| conversation.person(*person))
        .map(|person| person.name.as_str())
        .collect();
    let words = match names.as_slice() {
        [] => None,
        [name] => Some(text.say_with("typing-one", &[("name", (*name).into())])),
        [name, other] => {
            let names = [("name", (*name).into()), ("other", (*other).into())];
            Some(text.say_with("typing-two", &names))
        }
        _ => Some(text.say("typing-many")),
    };
    html! {
        <div class="typing-line">
            if let Some(words) = words {
                <p class="typing" data-testid="typing">
                    <span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
                    <span>{words}</span>
                </p>
            }
        </div>
    }
}
