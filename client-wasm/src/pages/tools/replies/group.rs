//! Saved replies in one's settings: all of them, to be written, changed and taken away.

use shared_proto::desk::Told;
use shared_proto::people::Role;
use shared_proto::replies::Reply;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_mut_ref,
    use_state,
};

use super::editor::{Editing, Editor};
use super::kept::Kept;
use crate::browser;
use crate::components::refused::Refused;
use crate::hooks::kept::use_kept;
use crate::text::{Text, use_text};

/// Whose.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What they are in the practice: its replies are its owners' to change.
    pub role: Role,
}

/// The group.
#[component]
pub fn RepliesGroup(props: &Props) -> Html {
    let text = use_text();
    let known = use_kept::<Kept>();
    let editing = use_state(|| None::<Editing>);
    let is_owner = props.role == Role::Owner;
    let edited = use_mut_ref(|| false);
    use_effect_with(editing.is_some(), move |edits| {
        if *edits != edited.replace(*edits) {
            browser::focus(if *edits { "#reply-title" } else { "#saved-replies-title" });
        }
    });
    let edit = {
        let editing = editing.setter();
        Callback::from(move |one: Option<Editing>| editing.set(one))
    };
    let head = |title: String| {
        html! { <h2 id="saved-replies-title" tabindex="-1">{title}</h2> }
    };
    if let Some(one) = &*editing {
        let done = {
            let on_told = known.on_told.clone();
            edit.reform(move |told: Option<Told>| {
                if let Some(told) = told {
                    on_told.emit(told);
                }
                None
            })
        };
        let title = if one.reply.revision == 0 { "replies-new" } else { "replies-edit" };
        return html! {
            <section class="group" data-testid="settings-replies"
                aria-labelledby="saved-replies-title">
                {head(text.say(title))}
                <Editor editing={one.clone()} {is_owner} {done} />
            </section>
        };
    }
    html! {
        <section class="group" data-testid="settings-replies" aria-labelledby="saved-replies-title">
            {head(text.say("replies-title"))}
            <p class="group-lead">{text.say("replies-lead")}</p>
            if let Some(kept) = &known.kept {
                {part(false, &kept.own, true, &edit, &text)}
                {part(true, &kept.shared, is_owner, &edit, &text)}
            } else if let Some(refusal) = known.refused {
                <Refused {refusal} again={known.load.reform(|_: MouseEvent| ())} />
            } else {
                <p role="status">{text.say("replies-loading")}</p>
            }
        </section>
    }
}

/// One's own, or the practice's.
fn part(
    shared: bool,
    replies: &[Reply],
    may_change: bool,
    edit: &Callback<Option<Editing>>,
    text: &Text,
) -> Html {
    let (name, title, empty) = if shared {
        ("replies-of-practice", "replies-practice", "replies-practice-empty")
    } else {
        ("replies-own", "replies-own", "replies-own-empty")
    };
    let add = edit.reform(move |_: MouseEvent| Some(Editing::new(shared)));
    html! {
        <div class="replies-part" data-testid={name}>
            <h3>{text.say(title)}</h3>
            if replies.is_empty() {
                <p class="field-help">{text.say(empty)}</p>
            } else {
                <ul class="replies">
                    { for replies.iter().map(|reply| row(shared, reply, may_change, edit, text)) }
                </ul>
            }
            if may_change {
                <div class="group-actions">
                    <button type="button" class="button" data-testid={format!("{name}-add")}
                        onclick={add}>
                        {text.say(if shared { "replies-add-shared" } else { "replies-add" })}
                    </button>
                </div>
            } else {
                <p class="field-help">{text.say("replies-practice-owners")}</p>
            }
        </div>
    }
}

fn row(
    shared: bool,
    reply: &Reply,
    may_change: bool,
    edit: &Callback<Option<Editing>>,
    text: &Text,
) -> Html {
    let one = Editing::of(shared, reply);
    let onclick = edit.reform(move |_: MouseEvent| Some(one.clone()));
    let label = text.say_with("replies-edit-one", &[("title", reply.title.as_str().into())]);
    html! {
        <li key={reply.id.to_string()} class="reply" data-testid="saved-reply">
            <div class="reply-kept">
                <span class="reply-title" dir="auto" data-testid="saved-reply-title">
                    {&reply.title}
                </span>
                <span class="reply-words" dir="auto">{&reply.text}</span>
            </div>
            if may_change {
                <button type="button" class="button button-small" data-testid="saved-reply-edit"
                    aria-label={label} {onclick}>{text.say("replies-change")}</button>
            }
        </li>
    }
}
