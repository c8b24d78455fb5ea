//! A conversation: header, list, who types, composer.

use std::rc::Rc;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::refusal::Refusal;
use yew::{Html, Properties, component, html};

use crate::components::composer::Composer;
use crate::components::conversation_header::ConversationHeader;
use crate::components::inbox_row::title;
use crate::components::thread_view::ThreadView;
use crate::components::typing_line::TypingLine;
use crate::shared::Shared;
use crate::state::{Conversation, OutboxItem};
use crate::text::use_text;

/// Which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub id: ConversationId,
    /// What is known of it.
    pub conversation: Option<Shared<Conversation>>,
    /// Messages on their way, of every conversation.
    pub outbox: Shared<Vec<OutboxItem>>,
    /// What stands in its composer.
    pub draft: Option<Rc<str>>,
    /// Who reads.
    pub me: PersonId,
    /// Whether somebody looks.
    pub attentive: bool,
    /// Whether the state shows it already: the divider stands where it belongs only then.
    pub shown: bool,
    /// Whether the socket is live.
    pub live: bool,
    /// Whether anything may be written here, by the rule.
    pub may_write: Result<(), Refusal>,
}

/// The conversation.
#[component]
pub fn ConversationPane(props: &Props) -> Html {
    let text = use_text();
    let is_ready = |held: &&Shared<Conversation>| {
        props.shown && held.thread.as_ref().is_some_and(|thread| thread.seeking.is_none())
    };
    let held = props.conversation.as_ref().filter(is_ready);
    let name = props.conversation.as_ref().map(|known| title(known, props.me, &text));
    // Emergency access is for reading.
    let is_guest = props.conversation.as_ref().is_some_and(|known| !known.has_member(props.me));
    html! {
        <section class="conversation" id="conversation" data-testid="conversation"
            data-conversation={props.id.to_string()} aria-label={name.clone()}>
            <ConversationHeader key={props.id.to_string()} id={props.id} me={props.me}
                conversation={props.conversation.clone()} live={props.live} />
            if let Some(conversation) = held {
                <ThreadView key={props.id.to_string()} conversation={conversation.clone()}
                    outbox={props.outbox.clone()} me={props.me} attentive={props.attentive} />
                <TypingLine conversation={conversation.clone()} />
            } else {
                <div class="thread-frame">
                    <div class="thread thread-loading" data-testid="thread" data-state="loading"
                        role="status">
                        if props.live {
                            <span class="visually-hidden">{text.say("conversation-loading")}</span>
                            { for ["other", "other", "own", "other", "own"].iter().map(|side| html! {
                                <span class={format!("bone bone-bubble bone-{side}")}></span>
                            }) }
                        } else {
                            <p class="thread-note">{text.say("conversation-waiting")}</p>
                        }
                    </div>
                </div>
                <div class="typing-line"></div>
            }
            if is_guest {
                <p class="read-only" data-testid="read-only" data-rule={Refusal::ReadOnly.rule()}>
                    {text.refusal(&Refusal::ReadOnly)}
                </p>
            } else {
                <Composer conversation={props.id} title={name.unwrap_or_default()}
                    draft={props.draft.clone()} may_write={props.may_write} />
            }
        </section>
    }
}
