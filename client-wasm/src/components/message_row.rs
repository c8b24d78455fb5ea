//! A message.

use std::rc::Rc;

use shared_proto::id::{ClientMessageId, ConversationId};
use shared_proto::people::PersonCard;
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html};

use crate::browser;
use crate::components::avatar::{Avatar, tint};
use crate::components::icon::{Icon, Shape};
use crate::components::message_menu::MessageMenu;
use crate::components::message_text::MessageText;
use crate::components::shared_file::shared_file;
use crate::dates::use_dates;
use crate::hooks::store::use_dispatch;
use crate::pages::tools::Tool;
use crate::state::{Action, Content};
use crate::text::{Text, use_text};
use crate::thread::{Mark, Message};

/// A message.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What it is.
    pub message: Rc<Message>,
    /// Where.
    pub conversation: ConversationId,
    /// Whose, when known.
    pub author: Option<PersonCard>,
    /// Whether there are more than two in the conversation: then names are shown.
    pub group: bool,
    /// Whose message it answers, when it is here.
    pub quoted: Option<String>,
    /// Whether it can be answered.
    pub may_reply: bool,
    /// Whether one of one's own can be withdrawn.
    pub may_withdraw: bool,
    /// Names of those a file of one's own is hidden from.
    pub hidden_from: Option<String>,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
}

/// The message.
#[component]
pub fn MessageRow(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let message = &*props.message;
    let name = props.author.as_ref().map(|author| author.name.clone()).unwrap_or_default();
    let speaker = if message.own { text.say("message-you") } else { name.clone() };
    let tinted = props.author.as_ref().map(|author| format!("name-{}", tint(author.id)));
    let withdrawn = message.content == Content::Withdrawn;
    let classes = classes!(
        "message",
        if message.own { "message-own" } else { "message-other" },
        message.first.then_some("message-first"),
        message.last.then_some("message-last"),
        props.group.then_some("message-in-group"),
        (!matches!(message.content, Content::Text(_) | Content::File(_)))
            .then_some("message-quiet"),
        (message.mark == Some(Mark::Refused)).then_some("message-refused"),
    );
    let words = match (&message.content, message.entry) {
        (Content::File(file), Some(entry)) => {
            let hidden_from = props.hidden_from.as_deref();
            shared_file((props.conversation, entry), file, hidden_from, &props.on_tool, &text)
        }
        (Content::Text(words), _) => html! { <MessageText words={words.clone()} /> },
        (Content::Withdrawn, _) if message.own => {
            html! { <p>{text.say("message-withdrawn-own")}</p> }
        }
        (Content::Withdrawn, _) => {
            let words = text.say_with("message-withdrawn", &[("name", name.as_str().into())]);
            html! { <p>{words}</p> }
        }
        _ => html! { <p>{text.say("message-unsupported")}</p> },
    };
    let entry = message.entry.filter(|_| {
        (message.own && props.may_withdraw || props.may_reply)
            && matches!(message.content, Content::Text(_))
    });
    html! {
        <article class={classes} data-testid="message"
            data-entry={message.entry.map(|entry| entry.to_string())}
            data-client-id={message.client.map(|client| client.to_string())}
            data-author={message.author.to_string()} data-own={message.own.to_string()}
            data-mark={message.mark.map(Mark::name)}
            data-withdrawn={withdrawn.then_some("true")}>
            if props.group && !message.own {
                <span class="message-face">
                    if message.last {
                        <Avatar people={props.author.clone().into_iter().collect::<Vec<_>>()} small=true />
                    }
                </span>
            }
            <div class="message-side">
                <div class="bubble">
                    if props.group && !message.own && message.first {
                        <p class={classes!("message-name", tinted)} dir="auto">{&name}</p>
                    } else {
                        <span class="visually-hidden">
                            {text.say_with("message-speaker", &[("name", speaker.into())])}
                        </span>
                    }
                    if let Some(quoted) = &message.quoted {
                        <blockquote class="quoted" data-testid="quoted"
                            data-entry={quoted.entry.to_string()} dir="auto">
                            if let Some(name) = &props.quoted {
                                <span class="quoted-name">{name}</span>
                            }
                            <span class="quoted-words">
                                {match &quoted.text {
                                    Some(words) => words.to_string(),
                                    None => text.say("quoted-elsewhere"),
                                }}
                            </span>
                        </blockquote>
                    }
                    {words}
                    <p class="message-foot">
                        if message.withdrawing && !withdrawn {
                            <span>{text.say("message-withdrawing")}</span>
                        }
                        <time data-testid="message-time" datetime={dates.machine(message.at)}
                            title={dates.full(message.at)}>{dates.time(message.at)}</time>
                        {mark(message, &text)}
                    </p>
                </div>
                <Trouble message={props.message.clone()} conversation={props.conversation} />
            </div>
            if let Some(entry) = entry {
                <MessageMenu conversation={props.conversation} {entry} own={message.own && props.may_withdraw}
                    may_reply={props.may_reply} />
            }
        </article>
    }
}

fn mark(message: &Message, text: &Text) -> Html {
    let Some(mark) = message.mark else { return Html::default() };
    let (shape, words) = match mark {
        Mark::Sending => (Shape::Clock, text.say("mark-sending")),
        Mark::Sent => (Shape::Tick, text.say("mark-sent")),
        Mark::Delivered => (Shape::Ticks, text.say("mark-delivered")),
        Mark::Read => (Shape::Ticks, text.say("mark-read")),
        Mark::Refused => (Shape::Alert, text.say("mark-refused")),
    };
    let read_by = message.read_by.map(|(count, total)| {
        text.say_with("mark-read-by", &[("count", count.into()), ("total", total.into())])
    });
    // One tick or two, and their colour, tell apart what words tell everybody.
    let spelled = message.newest || mark == Mark::Refused || (read_by.is_some() && message.last);
    let words = read_by.unwrap_or(words);
    let seen = if spelled { "mark-words" } else { "visually-hidden" };
    html! {
        <span class={classes!("mark", format!("mark-{}", mark.name()))} data-testid="mark"
            title={words.clone()}>
            <Icon {shape} />
            <span class={seen}>{words}</span>
        </span>
    }
}

/// A message that was refused or is delayed.
#[derive(PartialEq, Properties)]
struct TroubleProps {
    message: Rc<Message>,
    conversation: ConversationId,
}

#[component]
fn Trouble(props: &TroubleProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let Some(refusal) = props.message.refusal else { return Html::default() };
    let why = text.refusal(&refusal);
    let refused = props.message.mark == Some(Mark::Refused);
    let delayed = props.message.mark == Some(Mark::Sending);
    let words = if delayed { text.say_with("delayed", &[("why", why.into())]) } else { why };
    let client = props.message.client.filter(|_| refused);
    let act = |action: fn(ClientMessageId) -> Action, back: bool| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(client) = client {
                dispatch.send(action(client));
                if back {
                    browser::focus("[data-testid=composer]");
                }
            }
        })
    };
    let stored = props.message.entry.filter(|_| !refused && !delayed);
    let withdraw = stored.map(|entry| {
        let (dispatch, conversation) = (dispatch.clone(), props.conversation);
        Callback::from(move |_: MouseEvent| dispatch.send(Action::Withdraw(conversation, entry)))
    });
    html! {
        <div class="trouble">
            <p data-testid="refusal" data-rule={refusal.rule()}>{words}</p>
            if refused {
                <div class="trouble-buttons">
                    <button type="button" class="button button-small" data-testid="refused-edit"
                        onclick={act(Action::Edit, true)}>{text.say("refused-edit")}</button>
                    <button type="button" class="button button-small" data-testid="refused-retry"
                        onclick={act(Action::Retry, false)}>{text.say("refused-retry")}</button>
                    <button type="button" class="button button-small" data-testid="refused-discard"
                        onclick={act(Action::Discard, true)}>{text.say("refused-discard")}</button>
                </div>
            } else if let Some(withdraw) = withdraw {
                <button type="button" class="button button-small" data-testid="withdraw-again"
                    onclick={withdraw}>{text.say("refused-retry")}</button>
            }
        </div>
    }
}
