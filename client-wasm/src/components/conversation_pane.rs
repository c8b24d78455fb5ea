//! A conversation: header, list, who types, composer.

use std::rc::Rc;

use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::refusal::Refusal;
use yew::{Callback, Html, Properties, component, html, use_callback, use_state};

use crate::components::composer::Composer;
use crate::components::conversation_header::ConversationHeader;
use crate::components::inbox_row::title;
use crate::components::later::later;
use crate::components::pending_list::PendingList;
use crate::components::status_strip::StatusStrip;
use crate::components::thread_view::ThreadView;
use crate::components::typing_line::TypingLine;
use crate::pages::tools::{self, Tool};
use crate::parts::Page;
use crate::shared::Shared;
use crate::state::{Conversation, OutboxItem};
use crate::text::use_text;
use crate::thread::Quoted;

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
    /// The message its composer answers.
    pub replying: Option<EntryId>,
    /// What the server's clock is ahead of this device's, in milliseconds.
    pub skew_ms: i64,
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
    let tool = use_state(|| None::<Tool>);
    let on_tool = {
        let tool = tool.setter();
        // The same for good: the list is drawn anew only when something in it has changed.
        use_callback((), move |asked: Tool, ()| tool.set(Some(asked)))
    };
    let shown_tool = match (*tool, &props.conversation) {
        (Some(shown), Some(conversation)) => {
            let on_tool = Callback::from(move |asked: Option<Tool>| tool.set(asked));
            let props = tools::Props {
                tool: shown,
                conversation: conversation.clone(),
                draft: props.draft.clone(),
                me: props.me,
                skew_ms: props.skew_ms,
                live: props.live,
                on_tool,
            };
            later(match shown {
                Tool::Assign | Tool::Form(_) => Page::Inside(props),
                _ => Page::Tool(props),
            })
        }
        _ => Html::default(),
    };
    // What is over for good is read only; what was written for it and not sent stays to be copied.
    let unsent = props.draft.as_deref().is_some_and(|draft| !draft.trim().is_empty());
    let for_good = props.may_write.err().filter(|refusal| match refusal {
        Refusal::ReadOnly => true,
        Refusal::Ended | Refusal::NoMember => !unsent,
        _ => false,
    });
    let replying = props.replying.and_then(|entry| {
        let conversation = props.conversation.as_deref()?;
        let quoted = Quoted::of(conversation, entry);
        let author = conversation.person(quoted.author?)?.name.clone();
        Some((author, quoted.text.unwrap_or_default()))
    });
    html! {
        <section class="conversation" id="conversation" data-testid="conversation"
            data-conversation={props.id.to_string()} aria-label={name.clone()}>
            <ConversationHeader key={props.id.to_string()} id={props.id} me={props.me}
                conversation={props.conversation.clone()} live={props.live}
                on_tool={on_tool.clone()} />
            // Each in an element of its own that is always there: Yew finds its place beside what has
            // a key by its neighbours.
            <div class="strips">
                if let Some(conversation) = &props.conversation {
                    <StatusStrip conversation={conversation.clone()} me={props.me}
                        skew_ms={props.skew_ms} on_tool={on_tool.clone()} />
                }
            </div>
            if let Some(conversation) = held {
                <ThreadView key={props.id.to_string()} conversation={conversation.clone()}
                    outbox={props.outbox.clone()} me={props.me} attentive={props.attentive}
                    may_reply={props.may_write.is_ok()} on_tool={on_tool.clone()} />
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
            <div class="pending-slot">
                if let Some(conversation) = &props.conversation {
                    <PendingList conversation={conversation.clone()} />
                }
            </div>
            if let Some(refusal) = for_good {
                <p class="read-only" data-testid="read-only" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            } else {
                <Composer conversation={props.id} title={name.unwrap_or_default()}
                    draft={props.draft.clone()} may_write={props.may_write} {on_tool}
                    replying={replying} />
            }
            <div class="tool-slot">{shown_tool}</div>
        </section>
    }
}
