//! What everyone in a conversation should see at its top: the announcement, when a session begins,
//! that it is about to end or has ended.

use gloo::timers::callback::Interval;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::{is_host, may_complete};
use shared_proto::conversation::state::Ending;
use shared_proto::id::PersonId;
use shared_proto::time::Millis;
use shared_proto::wire::Pending;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_force_update,
};

use crate::components::icon::{Icon, Shape};
use crate::dates::{now, use_dates};
use crate::hooks::store::use_dispatch;
use crate::pages::tools::Tool;
use crate::shared::Shared;
use crate::state::{Action, Conversation};
use crate::text::{Text, use_text};

/// Of which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: Shared<Conversation>,
    /// Who reads.
    pub me: PersonId,
    /// What the server's clock is ahead of this device's, in milliseconds.
    pub skew_ms: i64,
    /// Opens a tool.
    pub on_tool: Callback<Tool>,
}

/// The strip; nothing when there is nothing to say.
#[component]
pub fn StatusStrip(props: &Props) -> Html {
    let text = use_text();
    let conversation = &*props.conversation;
    let fold = &conversation.fold;
    let host = is_host(fold, props.me).is_ok() && fold.ended().is_none();
    let open = |tool: Tool| {
        let on_tool = props.on_tool.clone();
        Callback::from(move |_: MouseEvent| on_tool.emit(tool))
    };
    html! {
        <div>
            if !fold.announcement.is_empty() {
                <div class="announcement" data-testid="announcement" role="note"
                    aria-label={text.say("announcement-bar")}>
                    <p dir="auto" aria-live="polite">{&fold.announcement}</p>
                    if host {
                        <button type="button" class="button button-small"
                            data-testid="announcement-edit"
                            onclick={open(Tool::Announcement)}>{text.say("announcement-edit")}</button>
                    }
                </div>
            }
            <SessionStrip conversation={props.conversation.clone()} me={props.me}
                skew_ms={props.skew_ms} on_tool={props.on_tool.clone()} />
        </div>
    }
}

/// Where a session stands.
#[component]
fn SessionStrip(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let dispatch = use_dispatch();
    let update = use_force_update();
    let conversation = &*props.conversation;
    let fold = &conversation.fold;
    let now = Millis(now().0.saturating_add_signed(props.skew_ms));
    let start = fold.waits_for(now);
    let ending = conversation.pending.iter().find(|pending| ends(pending));
    let ticks = start.is_some() || ending.is_some();
    // The time left is counted down while somebody waits for it.
    use_effect_with(ticks, move |ticks| {
        let interval = ticks.then(|| Interval::new(1_000, move || update.force_update()));
        move || drop(interval)
    });
    if let Some(pending) = ending {
        let left = pending.due.since(now).div_ceil(1_000);
        let (id, which) = (conversation.id, pending.id);
        let undo = Callback::from(move |_: MouseEvent| {
            dispatch.send(Action::CallBack(id, which, false));
        });
        return html! {
            <div class="session-strip session-ending" data-testid="completing" role="status">
                <p>{text.say_with("session-ending", &[("left", left.into())])}</p>
                <button type="button" class="button button-small" data-testid="complete-undo"
                    onclick={undo}>{text.say("session-undo")}</button>
            </div>
        };
    }
    if let Some(ended) = fold.ended() {
        let id = match ended.how {
            Ending::Completed => "session-completed",
            Ending::Cancelled => "session-cancelled",
        };
        return html! {
            <div class="session-strip" data-testid="ended">
                <p>{text.say_with(id, &[("when", dates.moment(ended.at).into())])}</p>
            </div>
        };
    }
    if let Some(start) = start {
        return html! {
            <div class="session-strip" data-testid="countdown" data-start={start.0.to_string()}>
                <Icon shape={Shape::Clock} />
                <p>
                    {text.say_with("session-starts", &[("when", dates.moment(start).into())])}
                    {" "}
                    <strong role="timer">{left_words(start.since(now), &text)}</strong>
                </p>
            </div>
        };
    }
    if may_complete(fold, props.me, now).is_ok() {
        let on_tool = props.on_tool.clone();
        let complete = Callback::from(move |_: MouseEvent| on_tool.emit(Tool::Complete));
        return html! {
            <div class="session-strip" data-testid="running">
                <p>{text.say("session-running")}</p>
                <button type="button" class="button button-small" data-testid="complete"
                    onclick={complete}>{text.say("session-complete")}</button>
            </div>
        };
    }
    Html::default()
}

fn ends(pending: &Pending) -> bool {
    pending.command == Command::Complete && pending.refused.is_none()
}

/// How long there is left, in its two largest parts.
fn left_words(left_ms: u64, text: &Text) -> String {
    let seconds = left_ms.div_ceil(1_000);
    let (id, large, small) = match seconds {
        172_800.. => ("left-days", seconds / 86_400, 0),
        3_600.. => ("left-hours", seconds / 3_600, seconds % 3_600 / 60),
        // From afar nobody has to watch the seconds.
        600.. => ("left-minutes-whole", seconds / 60, 0),
        60.. => ("left-minutes", seconds / 60, seconds % 60),
        _ => ("left-seconds", seconds, 0),
    };
    text.say_with(id, &[("large", large.into()), ("small", small.into())])
}
