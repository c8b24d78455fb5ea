//! A conversation: header, list, who types, composer.

use std::rc::Rc;

use shared_proto::conversation::decide::is_host;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::people::Role;
use shared_proto::refusal::Refusal;
use web_sys::File;
use yew::{Callback, Html, Properties, component, html, use_callback, use_effect_with, use_state};

use crate::components::composer::Composer;
use crate::components::conversation_header::ConversationHeader;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_row::title;
use crate::components::later::later;
use crate::components::promise_line::PromiseLine;
use crate::components::status_strip::StatusStrip;
use crate::components::thread_view::ThreadView;
use crate::components::typing_line::TypingLine;
use crate::hooks::drop::use_drop;
use crate::pages::tools::{self, Tool, attachments, greeting, pending_list};
use crate::parts::Page;
use crate::shared::Shared;
use crate::state::{Attachment, Conversation, Older, OutboxItem, Thread};
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
    /// Files on their way, into every conversation.
    pub attachments: Shared<Vec<Attachment>>,
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
    // Files that were chosen, until it is said who gets them.
    let chosen = use_state(Shared::<Vec<File>>::default);
    let on_chosen = {
        let (chosen, tool) = (chosen.clone(), tool.clone());
        Callback::from(move |files: Vec<File>| {
            let asks = !files.is_empty();
            chosen.set(Shared::new(files));
            tool.set(asks.then_some(Tool::Send));
        })
    };
    {
        // Chosen for one conversation, they go to no other.
        let (chosen, tool) = (chosen.setter(), tool.setter());
        use_effect_with(props.id, move |_| {
            move || {
                chosen.set(Shared::default());
                tool.set(None);
            }
        });
    }
    let on_files = {
        let (chosen, on_chosen) = (chosen.clone(), on_chosen.clone());
        Callback::from(move |files: Vec<File>| {
            on_chosen.emit(chosen.iter().cloned().chain(files).collect());
        })
    };
    let dragging = use_drop(props.may_write.is_ok(), &on_files);
    let waiting = props.attachments.iter().filter(|item| item.conversation == props.id).count();
    let shown_tool = match (*tool, &props.conversation) {
        (Some(shown), Some(conversation)) => {
            let on_tool = Callback::from(move |asked: Option<Tool>| tool.set(asked));
            let props = tools::Props {
                tool: shown,
                conversation: conversation.clone(),
                draft: props.draft.clone(),
                replying: props.replying,
                me: props.me,
                skew_ms: props.skew_ms,
                live: props.live,
                may_write: props.may_write.is_ok(),
                on_tool,
                files: (*chosen).clone(),
                on_files: on_chosen,
                waiting,
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
    let role = props.conversation.as_ref().and_then(|known| Some(known.person(props.me)?.role));
    let is_provider = role.is_some_and(Role::is_provider);
    let writes = props.may_write.is_ok();
    // Before anything is written, by whoever leads it.
    let fresh = held.filter(|held| {
        let nothing = |thread: &Thread| {
            thread.older == Older::None && !thread.lines.iter().any(|line| line.is_message())
        };
        is_host(&held.fold, props.me).is_ok() && held.thread.as_ref().is_some_and(nothing)
    });
    html! {
        <section class="conversation" id="conversation" data-testid="conversation"
            data-conversation={props.id.to_string()} aria-label={name.clone()}
            ondragenter={dragging.on_over.clone()} ondragover={dragging.on_over.clone()}
            ondrop={dragging.on_drop.clone()}>
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
                if let Some(conversation) = held.filter(|held| !held.pending.is_empty()) {
                    {later(Page::Pending(pending_list::Props { conversation: conversation.clone() }))}
                }
            </div>
            <div class="pending-slot">
                if waiting > 0 {
                    {later(Page::Attachments(attachments::Props {
                        conversation: props.id,
                        attachments: props.attachments.clone(),
                        live: props.live,
                    }))}
                }
            </div>
            <div class="promise-slot">
                if let Some(conversation) = held.filter(|_| role == Some(Role::Client) && writes) {
                    <PromiseLine key={props.id.to_string()} conversation={conversation.clone()}
                        skew_ms={props.skew_ms} />
                }
                if fresh.is_some() && is_provider && writes && !unsent {
                    {later(Page::Greeting(greeting::Props { id: props.id }))}
                }
            </div>
            if let Some(refusal) = for_good {
                <p class="read-only" data-testid="read-only" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            } else {
                <Composer conversation={props.id} title={name.clone().unwrap_or_default()}
                    draft={props.draft.clone()} may_write={props.may_write} {on_tool}
                    {on_files} {replying} replies={is_provider} />
            }
            <div class="tool-slot">{shown_tool}</div>
            <div class="drop-slot">
                if dragging.over {
                    <div class="drop-area" data-testid="drop-area" ondragleave={dragging.on_leave}>
                        <p>
                            <Icon shape={Shape::Attach} />
                            {match props.may_write {
                                Ok(()) => {
                                    let name = name.unwrap_or_default();
                                    text.say_with("drop-here", &[("name", name.into())])
                                }
                                Err(refusal) => text.refusal(&refusal),
                            }}
                            if props.may_write.is_ok() {
                                <span class="drop-next">{text.say("drop-next")}</span>
                            }
                        </p>
                    </div>
                }
            </div>
        </section>
    }
}
