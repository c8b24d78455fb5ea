//! Who is in the conversation, and who is here.

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::people::PersonCard;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_row::title;
use crate::components::later::later;
use crate::components::quick_exit::QuickExit;
use crate::pages::tools::{Tool, opened_by};
use crate::parts::Page;
use crate::route::Route;
use crate::shared::Shared;
use crate::state::Conversation;
use crate::text::use_text;

/// Which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub id: ConversationId,
    /// The conversation; `None` while nothing is known of it.
    pub conversation: Option<Shared<Conversation>>,
    /// Who reads.
    pub me: PersonId,
    /// Whether who is here is known: the socket is live.
    pub live: bool,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
}

/// The header. The way back and the heading are there before the conversation is: a slow line is
/// no dead end, and the focus has somewhere to go.
#[component]
pub fn ConversationHeader(props: &Props) -> Html {
    let text = use_text();
    let asks = use_state(|| false);
    let ask = {
        let asks = asks.clone();
        Callback::from(move |_: MouseEvent| asks.set(true))
    };
    let on_close = {
        let asks = asks.clone();
        Callback::from(move |()| {
            asks.set(false);
            browser::focus("[data-testid=who-opened]");
        })
    };
    let details = {
        let on_tool = props.on_tool.clone();
        Callback::from(move |_: MouseEvent| on_tool.emit(Tool::Details))
    };
    let known = props.conversation.as_deref();
    let others = known.map(|known| known.others(props.me).cloned().collect::<Vec<PersonCard>>());
    let others = others.unwrap_or_default();
    let total = others.len();
    let here = known.map_or(0, |known| known.here.len());
    let presence = match (here, total) {
        (0, _) => None,
        (_, 1) => Some(text.say("presence-here")),
        _ => {
            Some(text.say_with("presence-some", &[("count", here.into()), ("total", total.into())]))
        }
    };
    let quiet = if total > 1 {
        text.say_with("people-count", &[("count", total.into())])
    } else if props.live && known.is_some_and(|known| known.thread.is_some()) {
        text.say("presence-away")
    } else {
        String::new()
    };
    html! {
        <header class="pane-header">
            <Link<Route> to={Route::Home} classes="icon-button back">
                <span data-testid="back">
                    <Icon shape={Shape::Back} />
                    <span class="visually-hidden">{text.say("conversation-back")}</span>
                </span>
            </Link<Route>>
            if known.is_some() {
                <Avatar people={others} />
            } else {
                <span class="avatar skeleton" aria-hidden="true"></span>
            }
            <div class="conversation-names">
                <h1 class="conversation-title" tabindex="-1" dir="auto"
                    data-testid="conversation-title">
                    if let Some(known) = known {
                        {title(known, props.me, &text)}
                    } else {
                        <span class="visually-hidden">{text.say("conversation-unknown")}</span>
                        <span class="bone bone-short" aria-hidden="true"></span>
                    }
                </h1>
                <p class="conversation-presence">
                    if let Some(presence) = presence {
                        <span class="presence" data-testid="presence" data-here={here.to_string()}>
                            <span class="presence-dot"></span>{presence}
                        </span>
                    } else {
                        {quiet}
                    }
                </p>
            </div>
            if known.is_some() {
                <button type="button" class="icon-button" data-testid="details" onclick={details}
                    aria-haspopup="dialog" title={text.say("details-button")}>
                    <span>
                        <Icon shape={Shape::People} />
                        <span class="visually-hidden">{text.say("details-button")}</span>
                    </span>
                </button>
                <button type="button" class="icon-button" data-testid="who-opened" onclick={ask}
                    aria-haspopup="dialog" title={text.say("opened-button")}>
                    <span>
                        <Icon shape={Shape::Seen} />
                        <span class="visually-hidden">{text.say("opened-button")}</span>
                    </span>
                </button>
            }
            <QuickExit classes="icon-button exit-here" name="quick-exit-here" />
            <div class="slot">
                if *asks {
                    {later(Page::OpenedBy(opened_by::Props { conversation: props.id, on_close }))}
                }
            </div>
        </header>
    }
}
