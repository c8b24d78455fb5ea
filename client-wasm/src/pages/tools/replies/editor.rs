//! One saved reply, new or changed.

use shared_proto::desk::{Ask, Told};
use shared_proto::id::ReplyId;
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::replies::{Reply, places, unknown};
use shared_proto::wire::{Reply as Answer, Request};
use yew::{Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_state};

use crate::browser;
use crate::components::area::Area;
use crate::components::check::Check;
use crate::components::field::Field;
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// What is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Editing {
    /// Whether it is the practice's.
    pub shared: bool,
    /// As it is kept, or empty.
    pub reply: Reply,
}

impl Editing {
    /// A new one: the practice's, or one's own.
    pub fn new(shared: bool) -> Self {
        let id = ReplyId::from_bytes(*browser::random_id().as_bytes());
        let reply = Reply { id, revision: 0, title: String::new(), text: String::new() };
        Self { shared, reply }
    }

    /// One that is kept.
    pub fn of(shared: bool, reply: &Reply) -> Self {
        Self { shared, reply: reply.clone() }
    }
}

/// Which.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is edited.
    pub editing: Editing,
    /// Whether the person may change the practice's.
    pub is_owner: bool,
    /// Called with the replies as they are then, or with nothing when nothing was changed.
    pub done: Callback<Option<Told>>,
}

/// The form.
#[component]
pub fn Editor(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let typed = use_state(|| props.editing.clone());
    let sure = use_state(|| false);
    let is_new = props.editing.reply.revision == 0;
    let change = |with: fn(&mut Editing, String)| {
        let (typed, asking) = (typed.clone(), asking.clone());
        Callback::from(move |words: String| {
            asking.forget();
            let mut next = (*typed).clone();
            with(&mut next, words);
            typed.set(next);
        })
    };
    let on_title = change(|editing, words| editing.reply.title = words);
    let on_text = change(|editing, words| editing.reply.text = words);
    let on_shared = change(|editing, on| editing.shared = on == "true");
    let rule = typed.reply.clone().checked().err();
    let refusal = asking.refused();
    let of = |wanted: Input| {
        refusal
            .filter(|refusal| matches!(refusal, Refusal::Invalid { field, .. } if *field == wanted))
    };
    let (of_title, of_text) = (of(Input::ReplyTitle), of(Input::ReplyText));
    let general = refusal.filter(|_| of_title.or(of_text).is_none());
    let too_long = rule
        .filter(|_| !typed.reply.title.trim().is_empty() && !typed.reply.text.trim().is_empty());
    let answered = {
        let done = props.done.clone();
        move |answer: Answer| {
            if let Answer::Desk(told) = answer {
                done.emit(Some(told));
            }
        }
    };
    let onsubmit = {
        let (typed, asking, answered) = (typed.clone(), asking.clone(), answered.clone());
        let fine = rule.is_none();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if fine {
                let (shared, reply) = (typed.shared, Box::new(typed.reply.clone()));
                asking.ask(Request::Desk(Ask::SaveReply { shared, reply }), answered.clone());
            }
        })
    };
    let delete = {
        let (asking, sure) = (asking.clone(), sure.clone());
        let (shared, id) = (props.editing.shared, props.editing.reply.id);
        Callback::from(move |_: MouseEvent| {
            if *sure {
                let request = Request::Desk(Ask::DeleteReply { shared, id });
                asking.ask(request, answered.clone());
            } else {
                sure.set(true);
            }
        })
    };
    let back = props.done.reform(|_: MouseEvent| None);
    let strange: Vec<String> =
        unknown(&typed.reply.text).into_iter().map(|name| format!("{{{name}}}")).collect();
    html! {
        <form class="tool-form" novalidate=true {onsubmit}>
            <Field name="reply-title" label={text.say("replies-name")} autocomplete="off"
                value={typed.reply.title.clone()} on_input={on_title} refusal={of_title} />
            <Area name="reply-text" label={text.say("replies-words")}
                help={text.say_with("replies-places", &[("places", places().into())])}
                value={typed.reply.text.clone()} on_input={on_text} refusal={of_text.or(too_long)} />
            <p class="field-help" role="status" data-testid="reply-unknown">
                if !strange.is_empty() {
                    {text.say_with("replies-unknown", &[("names", strange.join(", ").into())])}
                }
            </p>
            if is_new && props.is_owner {
                <Check name="reply-shared" label={text.say("replies-for-all")}
                    help={text.say("replies-for-all-help")} on={typed.shared}
                    on_switch={on_shared.reform(|on: bool| on.to_string())} />
            }
            if let Some(refusal) = general {
                <p class="field-refusal" role="alert" data-testid="refusal"
                    data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
            }
            <div class="confirm-buttons">
                if !is_new {
                    <button type="button" class="button button-danger" data-testid="reply-delete"
                        onclick={delete}>
                        {text.say(if *sure { "replies-delete-sure" } else { "replies-delete" })}
                    </button>
                }
                <button type="button" class="button" data-testid="reply-back" onclick={back}>
                    {text.say("replies-back")}
                </button>
                <button type="submit" class="button button-primary" data-testid="reply-save"
                    aria-disabled={(rule.is_some() || asking.is_busy()).to_string()}>
                    {text.say("replies-save")}
                </button>
            </div>
        </form>
    }
}
