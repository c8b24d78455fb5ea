//! Files on their way into a conversation: above its composer, with how far they are, to be called
//! off and tried again.

use shared_proto::id::{ClientMessageId, ConversationId};
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::shared::Shared;
use crate::state::attaching::{Failed, Step};
use crate::state::{Action, Attaching, Attachment};
use crate::text::{Text, use_text};

/// Into which conversation.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: ConversationId,
    /// Files on their way, into every conversation.
    pub attachments: Shared<Vec<Attachment>>,
    /// Whether the socket is live.
    pub live: bool,
}

/// The list.
#[component]
pub fn Attachments(props: &Props) -> Html {
    let here = props.attachments.iter().filter(|item| item.conversation == props.conversation);
    html! {
        <ul class="pending-list" data-testid="attachments">
            { for here.map(|item| html! {
                <Row key={item.id.to_string()} item={item.clone()} live={props.live} />
            }) }
        </ul>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    item: Attachment,
    live: bool,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let item = &props.item;
    let name = item.name.as_ref();
    let named = |id: &str| text.say_with(id, &[("name", name.into())]);
    let act = |act: fn(ClientMessageId) -> Attaching| {
        let (dispatch, id) = (dispatch.clone(), item.id);
        Callback::from(move |_: MouseEvent| {
            dispatch.send(Action::Attaching(act(id)));
            browser::focus("[data-testid=composer]");
        })
    };
    let failed = match item.step {
        Step::Failed(failed) => Some(failed),
        _ => None,
    };
    let rule = failed.map(|failed| match failed {
        Failed::Refused(refusal) => refusal.rule(),
        Failed::Unreadable => "unreadable",
    });
    let (cancel, cancel_name) = if failed.is_some() {
        ("attachment-dismiss", "attachment-dismiss-name")
    } else {
        ("attachment-cancel", "attachment-cancel-name")
    };
    html! {
        <li class="pending-row" data-testid="attachment" data-rule={rule}
            data-step={step_name(item.step)} data-percent={item.percent().to_string()}>
            <Icon shape={if failed.is_some() { Shape::Alert } else { Shape::Attach }} />
            <div class="pending-words">
                <p class="pending-text" data-testid="attachment-name" dir="auto">{name}</p>
                if failed.is_none() {
                    <progress class="attachment-bar" data-testid="attachment-bar" max="100"
                        value={item.percent().to_string()} aria-label={named("attachment-progress")} />
                }
                <p class="pending-when">{status(item, props.live, &text)}</p>
            </div>
            if item.may_retry() {
                <button type="button" class="button button-small" data-testid="attachment-retry"
                    aria-label={named("attachment-retry-name")}
                    onclick={act(Attaching::Retry)}>{text.say("refused-retry")}</button>
            }
            if item.may_cancel() {
                <button type="button" class="button button-small" data-testid="attachment-cancel"
                    aria-label={named(cancel_name)}
                    onclick={act(Attaching::Cancel)}>{text.say(cancel)}</button>
            }
        </li>
    }
}

fn status(item: &Attachment, live: bool, text: &Text) -> String {
    let percent = || text.say_with("attachment-percent", &[("percent", item.percent().into())]);
    match (item.step, item.delayed) {
        (Step::Failed(Failed::Refused(refusal)), _) => text.refusal(&refusal),
        (Step::Failed(Failed::Unreadable), _) => text.say("attachment-unreadable"),
        (_, Some(refusal)) => text.say_with("delayed", &[("why", text.refusal(&refusal).into())]),
        (Step::Waiting, None) if !live || item.may_retry() => {
            text.say_with("attachment-stopped", &[("percent", item.percent().into())])
        }
        (Step::Waiting, None) => text.say("attachment-waiting"),
        (Step::Asked | Step::Sending(_), None) => percent(),
        (Step::Whole | Step::Sharing | Step::Stored(_), None) => text.say("attachment-whole"),
    }
}

const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Waiting => "waiting",
        Step::Asked => "asked",
        Step::Sending(_) => "sending",
        Step::Whole => "whole",
        Step::Sharing => "sharing",
        Step::Stored(_) => "stored",
        Step::Failed(_) => "failed",
    }
}
