//! The list of a conversation. Only the rows near the viewport are in the page; `window.rs`
//! decides which, and where the list has to be scrolled to so that nothing jumps; `reader.rs`
//! measures and scrolls.

mod reader;

use shared_proto::id::PersonId;
use yew::{
    Callback, Event, Html, MouseEvent, Properties, classes, component, html, use_effect,
    use_effect_with, use_force_update, use_memo, use_mut_ref, use_node_ref,
};

use crate::browser;
use crate::components::form_card::{FormCard, form_card};
use crate::components::icon::{Icon, Shape};
use crate::components::message_row::MessageRow;
use crate::dates::use_dates;
use crate::hooks::store::use_dispatch;
use crate::note::words;
use crate::pages::tools::Tool;
use crate::shared::Shared;
use crate::state::{Action, Conversation, Older, OutboxItem, Thread};
use crate::text::use_text;
use crate::thread::{Item, Message, items};
use reader::{Parts, Reader, Scroller, observe};

/// A conversation's list.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The conversation; its thread is here.
    pub conversation: Shared<Conversation>,
    /// Messages on their way, of every conversation.
    pub outbox: Shared<Vec<OutboxItem>>,
    /// Who reads.
    pub me: PersonId,
    /// Whether somebody looks.
    pub attentive: bool,
    /// Whether messages can be answered.
    pub may_reply: bool,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
}

/// The list.
#[component]
pub fn ThreadView(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let update = use_force_update();
    let scroller = use_mut_ref(Scroller::default);
    let parts = Parts {
        list: use_node_ref(),
        above: use_node_ref(),
        rows: use_node_ref(),
        below: use_node_ref(),
    };
    let conversation = &*props.conversation;
    let me = props.me;
    // Scrolling draws again and again: the rows are made only when what they show has changed.
    let rows = {
        let dates = dates.clone();
        use_memo(
            (props.conversation.clone(), props.outbox.clone(), me),
            move |(conversation, outbox, me)| {
                items(conversation, outbox, *me, &|at| dates.day_number(at))
            },
        )
    };
    let thread = conversation.thread.as_ref();
    let drawn = scroller.borrow_mut().take(&rows, thread);
    let aimed = thread.and_then(|thread| thread.aimed);
    // A screen reader goes on from there.
    use_effect_with(aimed, |aimed| {
        if aimed.is_some() {
            browser::focus(".thread-row-aimed");
        }
    });

    let reader = Reader {
        scroller: scroller.clone(),
        parts: parts.clone(),
        update: update.clone(),
        dispatch: dispatch.clone(),
        conversation: props.conversation.clone(),
        attentive: props.attentive,
        entries: rows[drawn.clone()].iter().map(Item::entry).collect(),
    };
    {
        let reader = reader.clone();
        use_effect(move || reader.settle());
    }
    {
        let latest = use_mut_ref(|| None::<Reader>);
        *latest.borrow_mut() = Some(reader.clone());
        let parts = parts.clone();
        use_effect_with((), move |()| {
            let observed = observe(&parts, move || {
                let reader = latest.borrow().clone();
                if let Some(reader) = reader {
                    reader.settle();
                }
            });
            move || drop(observed)
        });
    }
    let onscroll = {
        let reader = reader.clone();
        Callback::from(move |_: Event| reader.scrolled())
    };
    let jump = {
        let (reader, dispatch) = (reader.clone(), dispatch.clone());
        let (cut, id) = (thread.is_some_and(Thread::is_cut), conversation.id);
        Callback::from(move |_: MouseEvent| {
            if cut {
                dispatch.send(Action::Latest(id));
            } else {
                reader.to_the_end();
            }
            browser::focus("[data-testid=composer]");
        })
    };
    let group = conversation.others(me).nth(1).is_some();
    let away = scroller.borrow().away;
    let unread = conversation.unread;
    html! {
        <div class="thread-frame">
            <div class="thread" ref={parts.list} role="log" aria-live="off" tabindex="0"
                aria-label={text.say("conversation-log")} data-testid="thread" data-state="ready"
                data-conversation={conversation.id.to_string()} {onscroll}>
                <div class="thread-space" ref={parts.above}></div>
                <div class="thread-rows" ref={parts.rows}>
                    { for rows[drawn].iter().map(|item| {
                        let aimed = aimed.is_some_and(|(entry, _)| item.entry() == Some(entry));
                        html! {
                            <div key={format!("{:?}", item.key())} tabindex={aimed.then_some("-1")}
                                class={classes!("thread-row", aimed.then_some("thread-row-aimed"))}>
                                {draw(item, props, group, &text, &dates)}
                            </div>
                        }
                    }) }
                </div>
                <div class="thread-space" ref={parts.below}></div>
            </div>
            if away {
                <button type="button" class={classes!("jump", (unread > 0).then_some("jump-news"))}
                    data-testid="jump-latest" data-count={unread.to_string()} onclick={jump}>
                    <Icon shape={Shape::Down} />
                    if unread > 0 {
                        <span>{text.say_with("jump-latest-count", &[("count", unread.into())])}</span>
                    } else {
                        <span>{text.say("jump-latest")}</span>
                    }
                </button>
            }
        </div>
    }
}

fn draw(
    item: &Item,
    props: &Props,
    group: bool,
    text: &crate::text::Text,
    dates: &crate::dates::Dates,
) -> Html {
    let (conversation, me) = (&*props.conversation, props.me);
    match item {
        Item::Start(Older::None) => html! {
            <p class="thread-note thread-start" data-testid="thread-start">
                <span class="visually-hidden">{text.say("thread-start")}</span>
            </p>
        },
        Item::Start(_) => html! {
            <p class="thread-note" data-testid="older-loading">{text.say("thread-older")}</p>
        },
        Item::Day(_, at) => html! {
            <h2 class="day" data-testid="day">
                <time datetime={dates.machine(*at)}>{dates.day(*at, text)}</time>
            </h2>
        },
        Item::Divider => html! {
            <p class="new-divider" data-testid="new-divider"><span>{text.say("new-messages")}</span></p>
        },
        Item::Note(entry, author, event) => html! {
            <p class="thread-note" data-testid="note" data-entry={entry.to_string()}>
                {words(event, *author, conversation, me, text, dates)}
            </p>
        },
        Item::Form(entry, author, event, submitted) => {
            let card = FormCard {
                entry: *entry,
                event,
                own: *author == me,
                words: words(event, *author, conversation, me, text, dates),
                submitted: *submitted,
                ended: conversation.fold.ended().is_some(),
            };
            form_card(card, &props.on_tool, text)
        }
        Item::Message(message) => html! {
            <MessageRow message={message.clone()} conversation={conversation.id} {group}
                author={conversation.person(message.author).cloned()}
                quoted={quoted_name(message, conversation, me, text)} may_reply={props.may_reply}
                may_withdraw={conversation.fold.ended().is_none() && conversation.has_member(me)}
                hidden_from={hidden_names(message, conversation, text)}
                on_tool={props.on_tool.clone()} />
        },
    }
}

/// Who sees nothing of a file of one's own.
fn hidden_names(
    message: &Message,
    conversation: &Conversation,
    text: &crate::text::Text,
) -> Option<String> {
    let people = message.hidden_from.iter().filter_map(|person| conversation.person(*person));
    let names: Vec<&str> = people.map(|person| person.name.as_str()).collect();
    (!names.is_empty()).then(|| text.list(&names))
}

/// Whose message another one answers.
fn quoted_name(
    message: &Message,
    conversation: &Conversation,
    me: PersonId,
    text: &crate::text::Text,
) -> Option<String> {
    let author = message.quoted.as_ref()?.author?;
    let card = conversation.person(author).map(|person| person.name.clone());
    Some(if author == me { text.say("message-you") } else { card.unwrap_or_default() })
}
