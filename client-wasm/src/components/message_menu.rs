//! What can be done with a message: answer it, and withdraw one's own.

use shared_proto::id::{ConversationId, EntryId};
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, Properties, component, html, use_node_ref, use_state,
};

use crate::browser;
use crate::components::confirm::Confirm;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;

/// Of which message.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Where.
    pub conversation: ConversationId,
    /// Which.
    pub entry: EntryId,
    /// Whether it can be withdrawn: it is one's own.
    pub own: bool,
    /// Whether it can be answered.
    pub may_reply: bool,
}

/// The button, its menu, and the question before.
#[component]
pub fn MessageMenu(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let open = use_state(|| false);
    let asking = use_state(|| false);
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    let ask = {
        let (open, asking) = (open.clone(), asking.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            asking.set(true);
        })
    };
    let reply = {
        let (open, dispatch) = (open.clone(), dispatch.clone());
        let (conversation, entry) = (props.conversation, props.entry);
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            dispatch.send(Action::Reply(conversation, Some(entry)));
            browser::focus("[data-testid=composer]");
        })
    };
    let focus_button = {
        let button = button.clone();
        move || {
            if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                // A button in the document takes the focus.
                let _ = button.focus();
            }
        }
    };
    let onkeydown = {
        let (open, focus_button) = (open.clone(), focus_button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                focus_button();
            }
        })
    };
    let on_answer = {
        let asking = asking.clone();
        let (conversation, entry) = (props.conversation, props.entry);
        Callback::from(move |yes: bool| {
            asking.set(false);
            if yes {
                // The button goes with the message.
                browser::focus("[data-testid=composer]");
                dispatch.send(Action::Withdraw(conversation, entry));
            } else {
                focus_button();
            }
        })
    };
    html! {
        <div class="message-menu" {onkeydown}>
            <button type="button" class="icon-button message-more" ref={button}
                data-testid="message-menu" aria-label={text.say("message-menu")}
                aria-expanded={open.to_string()} onclick={toggle}>
                <Icon shape={Shape::More} />
            </button>
            if *open {
                <div class="shade" onclick={close}></div>
                <div class="panel message-panel">
                    if props.may_reply {
                        <button type="button" class="panel-item" data-testid="reply"
                            onclick={reply}>{text.say("message-reply")}</button>
                    }
                    if props.own {
                        <button type="button" class="panel-item" data-testid="withdraw"
                            onclick={ask}>{text.say("message-withdraw")}</button>
                    }
                </div>
            }
            if *asking {
                <Confirm title={text.say("withdraw-title")} help={text.say("withdraw-help")}
                    yes={text.say("withdraw-confirm")} name="withdraw" {on_answer} />
            }
        </div>
    }
}
