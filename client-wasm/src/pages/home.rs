//! Inbox and conversation: two panes side by side, or one at a time on a narrow screen.

use shared_proto::people::PersonCard;
use yew::{
    Callback, Html, KeyboardEvent, Properties, UseReducerHandle, component, html, use_effect_with,
};
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::components::conversation_pane::ConversationPane;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_pane::InboxPane;
use crate::components::later::later;
use crate::components::left_behind::LeftBehind;
use crate::hooks::store::{Store, use_dispatch};
use crate::pages::new_conversation;
use crate::pages::not_found::NothingHere;
use crate::parts::Page;
use crate::route::Route;
use crate::state::Action;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The state.
    pub store: UseReducerHandle<Store>,
    /// Who is signed in.
    pub me: PersonCard,
    /// Which pane is in front.
    pub route: Route,
}

/// The page.
#[component]
pub fn Home(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let navigator = use_navigator();
    let state = &props.store.state;
    let open = match props.route {
        Route::Conversation { id } => Some(id),
        _ => None,
    };
    {
        let me = props.me.id;
        use_effect_with((open, me), {
            let dispatch = dispatch.clone();
            move |(open, _)| dispatch.send(Action::Show(*open))
        });
        // Another section shows no conversation.
        use_effect_with((), move |()| move || dispatch.send(Action::Show(None)));
    }
    use_focus(props.route);
    let onkeydown = {
        let route = props.route;
        Callback::from(move |event: KeyboardEvent| {
            let leaves = event.key() == "Escape" && !event.is_composing() && route != Route::Home;
            if leaves
                && browser::is_narrow()
                && let Some(navigator) = &navigator
            {
                navigator.push(&Route::Home);
            }
        })
    };
    let in_front = if props.route == Route::Home { "inbox" } else { "conversation" };
    let pane = match props.route {
        Route::Conversation { id } if state.missing == Some(id) => html! {
            <section class="conversation nothing" id="conversation">
                <NothingHere />
                <LeftBehind conversation={id} left={state.left_behind(id)} />
            </section>
        },
        Route::Conversation { id } => html! {
            <ConversationPane {id} conversation={state.conversations.get(&id).cloned()}
                outbox={state.outbox.clone()} attachments={state.attachments.clone()} draft={state.drafts.get(&id).cloned()}
                me={props.me.id} shown={state.open == Some(id)} attentive={state.attentive} live={state.link.is_live()}
                may_write={state.may_write(id)} skew_ms={state.skew_ms()}
                replying={state.replying.get(&id).copied()} />
        },
        Route::New => later(Page::New(new_conversation::Props {
            me: props.me.clone(),
            may_start: state.may_start(),
            search: state.search.clone(),
            creating: state.creating.clone(),
            live: state.link.is_live(),
            now: state.now(),
        })),
        _ => html! {
            <section class="conversation conversation-none" id="conversation">
                <div class="empty">
                    <Icon shape={Shape::Bubbles} />
                    <p>{text.say("inbox-pick")}</p>
                </div>
            </section>
        },
    };
    html! {
        <main class="home" id="main" data-front={in_front} {onkeydown}>
            <InboxPane me={props.me.clone()} may_start={state.may_start()}
                practice={state.practice.clone()}
                inbox={state.inbox.clone()} archive={state.archive.clone()} now={state.now()} order={state.order.clone()}
                conversations={state.conversations.clone()} drafts={state.drafts.clone()} {open}
                outbox={state.outbox.clone()} attachments={state.attachments.clone()} stranded={state.stranded().filter(|id| open != Some(*id))}
                unsent={state.has_unsent()} />
            {pane}
        </main>
    }
}

/// Moves the focus with the page, so that a keyboard or screen reader goes on where the eye does.
#[yew::hook]
fn use_focus(route: Route) {
    use_effect_with(route, |route| match route {
        Route::Home if browser::is_narrow() => browser::focus(".inbox-title"),
        Route::Conversation { .. } if browser::is_touch() => {
            browser::focus(".conversation-title");
        }
        _ => {}
    });
}
