//! A conversation's details: who is in it, and what can be done with it.

use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::{
    is_host, is_member, is_open, may_assign, may_cancel, may_complete, may_leave, may_reschedule,
};
use shared_proto::wire::Request;
use yew::{Callback, Html, MouseEvent, component, html, use_state};

use super::forms::FormsGiven;
use super::members::Members;
use super::{Props, Tool};
use crate::components::confirm::Confirm;
use crate::components::dialog::Dialog;
use crate::dates::use_dates;
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Cancel,
    Leave,
}

/// The dialog.
#[component]
pub fn Details(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let asking = use_asking();
    let question = use_state(|| None::<Question>);
    let (fold, me, now) = (&props.conversation.fold, props.me, props.now());
    let host = is_host(fold, me).is_ok();
    let takes_part = is_member(fold, me, now).is_ok();
    let open = is_open(fold).is_ok();
    let to = |tool: Tool| {
        let on_tool = props.on_tool.clone();
        Callback::from(move |_: MouseEvent| on_tool.emit(Some(tool)))
    };
    let ask = |asked: Question| {
        let question = question.clone();
        Callback::from(move |_: MouseEvent| question.set(Some(asked)))
    };
    let on_answer = {
        let (question, asking, close) = (question.clone(), asking.clone(), props.close());
        let conversation = props.conversation.id;
        Callback::from(move |yes: bool| {
            let asked = *question;
            question.set(None);
            let command = match asked.filter(|_| yes) {
                Some(Question::Cancel) => Command::Cancel,
                Some(Question::Leave) => Command::Leave,
                None => return,
            };
            let close = close.clone();
            let request = Request::Do { conversation, held: None, command };
            asking.ask(request, move |_| close.emit(()));
        })
    };
    let kind = match fold.session {
        None => text.say("details-ongoing"),
        Some(session) => match session.starts_at {
            Some(at) => text.say_with("details-session-at", &[("when", dates.full(at).into())]),
            None => text.say("details-session"),
        },
    };
    let group = fold.current().count() > 2;
    html! {
        <Dialog title={text.say("details-title")} name="details-dialog" on_close={props.close()}>
            <p class="details-kind" data-testid="details-kind">{kind}</p>
            <Members conversation={props.conversation.clone()} {me} {host}
                may_change={host && open && takes_part} />
            <FormsGiven ..props.clone() />
            if let Some(refusal) = asking.refused() {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
            <div class="details-buttons">
                <button type="button" class="button" data-testid="details-files"
                    onclick={to(Tool::Files)}>{text.say("details-files")}</button>
                if host && open {
                    <button type="button" class="button" data-testid="details-announcement"
                        onclick={to(Tool::Announcement)}>{text.say("details-announcement")}</button>
                }
                if may_assign(fold, me, now).is_ok() {
                    <button type="button" class="button" data-testid="details-assign"
                        onclick={to(Tool::Assign)}>{text.say("details-assign")}</button>
                }
                if may_reschedule(fold, me, now).is_ok() {
                    <button type="button" class="button" data-testid="details-reschedule"
                        onclick={to(Tool::Reschedule)}>{text.say("details-reschedule")}</button>
                }
                if may_cancel(fold, me, now).is_ok() {
                    <button type="button" class="button" data-testid="details-cancel"
                        onclick={ask(Question::Cancel)}>{text.say("details-cancel")}</button>
                }
                if may_complete(fold, me, now).is_ok() {
                    <button type="button" class="button" data-testid="details-complete"
                        onclick={to(Tool::Complete)}>{text.say("session-complete")}</button>
                }
                if fold.member(me).is_some() {
                    <button type="button" class="button" data-testid="details-record"
                        onclick={to(Tool::Record)}>{text.say("details-record")}</button>
                }
                if group && takes_part && open && may_leave(fold, me).is_ok() {
                    <button type="button" class="button" data-testid="details-leave"
                        onclick={ask(Question::Leave)}>{text.say("details-leave")}</button>
                }
            </div>
            if *question == Some(Question::Cancel) {
                <Confirm title={text.say("cancel-title")} help={text.say("cancel-help")}
                    yes={text.say("cancel-confirm")} no={text.say("cancel-keep")} name="cancel" on_answer={on_answer.clone()} />
            }
            if *question == Some(Question::Leave) {
                <Confirm title={text.say("leave-title")} help={text.say("leave-help")}
                    yes={text.say("leave-confirm")} name="leave" {on_answer} />
            }
        </Dialog>
    }
}
