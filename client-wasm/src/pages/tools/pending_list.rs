//! What of one's own waits to be sent at a time, or was refused when it was due: above the
//! composer, to be called back.

use shared_proto::conversation::command::Command;
use shared_proto::wire::Pending;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::dates::use_dates;
use crate::hooks::store::use_dispatch;
use crate::shared::Shared;
use crate::state::{Action, Conversation};
use crate::text::use_text;

/// Of which conversation.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: Shared<Conversation>,
}

/// The list; nothing when nothing waits.
#[component]
pub fn PendingList(props: &Props) -> Html {
    let shown = props.conversation.pending.iter().filter(|pending| {
        matches!(pending.command, Command::Send { .. }) || pending.refused.is_some()
    });
    let rows: Vec<Html> = shown
        .map(|pending| {
            let key = pending.id.to_string();
            html! { <Row {key} id={props.conversation.id} pending={pending.clone()} /> }
        })
        .collect();
    if rows.is_empty() {
        return Html::default();
    }
    html! { <ul class="pending-list" data-testid="pending">{rows}</ul> }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    id: shared_proto::id::ConversationId,
    pending: Pending,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let (id, which) = (props.id, props.pending.id);
    let back = |keep: bool| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.send(Action::CallBack(id, which, keep));
            browser::focus("[data-testid=composer]");
        })
    };
    let words = match &props.pending.command {
        Command::Send { text, .. } => Some(text.clone()),
        _ => None,
    };
    let when = match (props.pending.refused, &words) {
        (Some(refusal), Some(_)) => {
            text.say_with("pending-refused", &[("why", text.refusal(&refusal).into())])
        }
        (Some(refusal), None) => {
            text.say_with("pending-undone", &[("why", text.refusal(&refusal).into())])
        }
        (None, _) => {
            let due = dates.moment(props.pending.due);
            text.say_with("pending-due", &[("when", due.into())])
        }
    };
    html! {
        <li class="pending-row" data-testid="pending-row"
            data-rule={props.pending.refused.map(|refusal| refusal.rule())}>
            <Icon shape={if props.pending.refused.is_some() { Shape::Alert } else { Shape::Clock }} />
            <div class="pending-words">
                <p class="pending-when">{when}</p>
                if let Some(words) = &words {
                    <p class="pending-text" dir="auto">{words}</p>
                }
            </div>
            <div class="pending-buttons">
                if words.is_some() {
                    <button type="button" class="button button-small" data-testid="pending-edit"
                        onclick={back(true)}>{text.say("pending-edit")}</button>
                }
                <button type="button" class="button button-small" data-testid="pending-discard"
                    onclick={back(false)}>{text.say("pending-discard")}</button>
            </div>
        </li>
    }
}
