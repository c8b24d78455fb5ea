//! A conversation in the inbox.

use std::rc::Rc;

use shared_proto::conversation::event::Event;
use shared_proto::id::PersonId;
use shared_proto::people::PersonCard;
use shared_proto::wire::PreviewContent;
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html};
use yew_router::Routable;
use yew_router::prelude::use_navigator;

use crate::components::avatar::Avatar;
use crate::dates::{Dates, use_dates};
use crate::note::words;
use crate::route::Route;
use crate::shared::Shared;
use crate::state::{Conversation, Unsent};
use crate::text::{Text, use_text};

/// A row.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The conversation.
    pub conversation: Shared<Conversation>,
    /// Who reads it.
    pub me: PersonId,
    /// Whether it is on screen.
    pub open: bool,
    /// Whether Tab stops here: the arrow keys go on from there.
    pub tab_stop: bool,
    /// What stands in its composer.
    pub draft: Option<Rc<str>>,
    /// What was written for it and is not sent.
    pub unsent: Option<Unsent>,
    /// The local day: tomorrow the row's time reads otherwise.
    pub today: i64,
}

/// The row.
#[component]
pub fn InboxRow(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let navigator = use_navigator();
    let conversation = &*props.conversation;
    let others: Vec<PersonCard> = conversation.others(props.me).cloned().collect();
    let unread = conversation.unread;
    let here = others.len() == 1 && !conversation.here.is_empty();
    let at = conversation.last_at(props.me);
    let route = Route::Conversation { id: conversation.id };
    let onclick = Callback::from(move |event: MouseEvent| {
        // With a modifier the browser opens a tab or window by itself.
        let plain = !(event.meta_key() || event.ctrl_key() || event.shift_key());
        if let (true, Some(navigator)) = (plain, &navigator) {
            event.prevent_default();
            navigator.push(&route);
        }
    });
    let classes =
        classes!("row", props.open.then_some("row-open"), (unread > 0).then_some("row-unread"));
    let shown = if unread > 99 { text.say("unread-over-99") } else { unread.to_string() };
    html! {
        <a class={classes} href={route.to_path()} {onclick}
            tabindex={if props.tab_stop { "0" } else { "-1" }}
            aria-current={props.open.then_some("page")} data-testid="inbox-row"
            data-conversation={conversation.id.to_string()} data-unread={unread.to_string()}>
            <Avatar people={others} {here} />
            <span class="row-main">
                <span class="row-line">
                    <span class="row-name" data-testid="row-name" dir="auto">
                        {title(conversation, props.me, &text)}
                    </span>
                    <time class="row-time" data-testid="row-time"
                        datetime={dates.machine(at)}>{dates.row(at, &text)}</time>
                </span>
                <span class="row-line">
                    <span class="row-preview" data-testid="row-preview" dir="auto">
                        {preview(props, &text, &dates)}
                    </span>
                    if unread > 0 {
                        <span class="badge" data-testid="unread" aria-hidden="true">{shown}</span>
                        <span class="visually-hidden">
                            {text.say_with("unread-count", &[("count", unread.into())])}
                        </span>
                    }
                </span>
            </span>
        </a>
    }
}

/// What a conversation is called by `me`: the others in it.
#[must_use]
pub fn title(conversation: &Conversation, me: PersonId, text: &Text) -> String {
    let names: Vec<&str> = conversation.others(me).map(|person| person.name.as_str()).collect();
    if names.is_empty() { text.say("conversation-yourself") } else { text.list(&names) }
}

fn preview(props: &Props, text: &Text, dates: &Dates) -> Html {
    let conversation = &*props.conversation;
    if let Some(Unsent::Refused(words)) = &props.unsent {
        let words = text.say_with("preview-refused", &[("text", one_line(words).into())]);
        return html! { <em>{words}</em> };
    }
    if !conversation.typing.is_empty() {
        return html! { <span class="row-typing">{text.say("preview-typing")}</span> };
    }
    if let Some(Unsent::Sending(words)) = &props.unsent {
        let words = text.say_with("preview-sending", &[("text", one_line(words).into())]);
        return html! { {words} };
    }
    let draft = props.draft.as_deref().filter(|draft| !props.open && !draft.trim().is_empty());
    if let Some(draft) = draft {
        let draft = one_line(draft);
        let words = text.say_with("preview-draft", &[("text", draft.into())]);
        return html! { <em>{words}</em> };
    }
    if draft.is_none() && conversation.draft && !props.open {
        return html! { <em>{text.say("preview-draft-elsewhere")}</em> };
    }
    let Some(preview) = &conversation.preview else { return Html::default() };
    let words = match &preview.content {
        PreviewContent::Entry { kind, body } => match Event::of(*kind, body) {
            Ok(event) => words(&event, preview.author, conversation, props.me, text, dates),
            Err(_) => text.say("preview-unsupported"),
        },
        PreviewContent::Created => text.say("preview-created"),
        PreviewContent::Withdrawn => text.say("preview-withdrawn"),
        PreviewContent::Emergency => text.say("preview-emergency"),
        PreviewContent::Unsupported => text.say("preview-unsupported"),
        PreviewContent::Message(words) => {
            let words = one_line(words);
            let is_group = conversation.others(props.me).nth(1).is_some();
            let author = conversation.person(preview.author);
            if preview.author == props.me {
                text.say_with("preview-own", &[("text", words.into())])
            } else if let (true, Some(author)) = (is_group, author) {
                let mut names = author.name.split_whitespace();
                let name = names.find(|name| !name.ends_with('.')).unwrap_or(&author.name);
                text.say_with("preview-named", &[("name", name.into()), ("text", words.into())])
            } else {
                words
            }
        }
    };
    html! { {words} }
}

/// The beginning of a text, on one line.
fn one_line(words: &str) -> String {
    words.chars().take(160).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
