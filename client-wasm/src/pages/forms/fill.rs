//! A form while it is filled in: kept as its person types, submitted once.

use gloo::timers::callback::Timeout;
use shared_proto::codec;
use shared_proto::form::answers::Answers;
use shared_proto::form::ask::{Ask, Told};
use shared_proto::form::fill::may_save;
use shared_proto::id::EntryId;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerHandle, component, hook, html,
    use_effect_with, use_reducer, use_state,
};

use super::filling::{FIRST_WRONG, Filling};
use super::full::Full;
use super::pad::{Does, Pad};
use super::paper::Known;
use crate::browser;
use crate::components::confirm::Confirm;
use crate::hooks::asking::use_asking;
use crate::hooks::desk::use_desk;
use crate::hooks::driver::use_unsent_warning;
use crate::pages::tools;
use crate::text::{Text, use_text};

/// Keeping begins when typing pauses this long, in milliseconds.
const PAUSE_MS: u32 = 700;

/// A form that is open to be filled in.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Where.
    pub of: tools::Props,
    /// The entry that assigned it.
    pub entry: EntryId,
    /// What it is called.
    pub title: String,
    /// As the server has it.
    pub known: Known,
    /// Called once it is submitted.
    pub on_submitted: Callback<()>,
}

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Submit,
    Close,
}

/// The form, in a dialog.
#[component]
pub fn Fill(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let desk = use_desk();
    let question = use_state(|| None::<Question>);
    // How often somebody tried: what is wrong takes the focus every time.
    let tries = use_state(|| 0u32);
    // One id for all tries: it is submitted once.
    let id = use_state(browser::random_id);
    let pad = use_pad(props);
    let does = {
        let (pad, asking) = (pad.dispatcher(), asking.clone());
        Callback::from(move |does| {
            asking.forget();
            pad.dispatch(does);
        })
    };
    let refused = use_keeping(props, &pad, asking.is_busy());
    use_unsent_warning(!pad.is_kept());
    use_effect_with(*tries, |tries| {
        if *tries > 0 {
            browser::focus_in_view(FIRST_WRONG);
        }
    });
    let submit = {
        let (pad, question, tries) = (pad.clone(), question.clone(), tries.clone());
        Callback::from(move |_: MouseEvent| {
            pad.dispatch(Does::Try);
            if pad.wrong().is_empty() {
                question.set(Some(Question::Submit));
            } else {
                tries.set(*tries + 1);
            }
        })
    };
    let hand_over = {
        let (asking, pad, entry) = (asking.clone(), pad.clone(), props.entry);
        let (conversation, client_message_id) = (props.of.conversation.id, *id);
        let on_submitted = props.on_submitted.clone();
        move || {
            let answers = codec::encode(&pad.answers);
            let ask = Ask::Submit { conversation, entry, client_message_id, answers };
            let (pad, tries, on_submitted) =
                (pad.dispatcher(), tries.clone(), on_submitted.clone());
            asking.ask(Request::Form(ask), move |reply| match reply {
                Reply::Form(Told::Submitted { .. }) => on_submitted.emit(()),
                Reply::Form(Told::AnswerProblems(problems)) => {
                    pad.dispatch(Does::Refused(problems));
                    tries.set(*tries + 1);
                }
                _ => {}
            });
        }
    };
    let on_close = {
        let (pad, question, close, live) =
            (pad.clone(), question.clone(), props.of.close(), props.of.live);
        let (conversation, entry) = (props.of.conversation.id, props.entry);
        Callback::from(move |()| {
            if pad.is_kept() || (live && pad.sent_all()) {
                close.emit(());
            } else if let (true, Some(answers)) = (live, pad.to_send()) {
                // The pause is not waited for; the answer is of no use here any more.
                let answers = codec::encode(answers);
                drop(desk.request(Request::Form(Ask::Keep { conversation, entry, answers })));
                close.emit(());
            } else {
                question.set(Some(Question::Close));
            }
        })
    };
    let on_answer = {
        let (question, close) = (question.clone(), props.of.close());
        Callback::from(move |yes: bool| {
            let asked = *question;
            question.set(None);
            match asked.filter(|_| yes) {
                Some(Question::Submit) => hand_over(),
                Some(Question::Close) => close.emit(()),
                None => {}
            }
        })
    };
    let refusal = asking.refused();
    let foot = html! {
        <>
            <p class="paper-state" role="status" data-testid="paper-state"
                data-kept={pad.is_kept().to_string()}>
                {state(&pad, props.of.live, refused, &text)}
            </p>
            if let Some(refusal) = refusal {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}
                    role="alert">{text.refusal(&refusal)}</p>
            }
            <button type="button" class="button button-primary" data-testid="paper-submit"
                aria-disabled={asking.is_busy().to_string()} onclick={submit}>
                {text.say("fill-submit")}
            </button>
        </>
    };
    html! {
        <Full title={props.title.clone()} name="paper" {on_close} {foot}>
            <Filling pad={(*pad).clone()} {does} />
            <div>
                if *question == Some(Question::Submit) {
                    <Confirm title={text.say("fill-submit-title")} help={text.say("fill-submit-help")}
                        yes={text.say("fill-submit-yes")} name="submit" harmless=true
                        on_answer={on_answer.clone()} />
                }
                if *question == Some(Question::Close) {
                    <Confirm title={text.say("fill-close-title")} help={text.say("fill-close-help")}
                        yes={text.say("fill-close-yes")} name="close" {on_answer} />
                }
            </div>
        </Full>
    }
}

/// The answers, which go on from what the server has, also when that changes.
#[hook]
fn use_pad(props: &Props) -> UseReducerHandle<Pad> {
    let known = &props.known;
    let pad = {
        let known = known.clone();
        use_reducer(move || Pad::of(Rc::new(known.template.form.clone()), known.answers))
    };
    {
        let pad = pad.dispatcher();
        use_effect_with(known.answers.clone(), move |answers| {
            pad.dispatch(Does::Elsewhere(answers.clone()));
        });
    }
    {
        let pad = pad.dispatcher();
        let kept = props.of.conversation.form_kept.clone();
        let kept = kept.filter(|kept| kept.0 == props.entry);
        use_effect_with(kept, move |kept| {
            if let Some(answers) = kept.as_ref().and_then(|kept| codec::decode(&kept.1).ok()) {
                pad.dispatch(Does::Elsewhere(answers));
            }
        });
    }
    pad
}

/// Keeps what is typed when typing pauses; not while it is submitted. Says why it could not.
#[hook]
fn use_keeping(props: &Props, pad: &UseReducerHandle<Pad>, submitting: bool) -> Option<Refusal> {
    let desk = use_desk();
    let refused = use_state(|| None::<Refusal>);
    let (conversation, entry) = (props.of.conversation.id, props.entry);
    let due: Option<Answers> = pad.to_send().filter(|_| !submitting).cloned();
    let (pad, set) = (pad.dispatcher(), refused.setter());
    use_effect_with(due, move |due| {
        let timer = due.clone().map(|answers| {
            Timeout::new(PAUSE_MS, move || {
                pad.dispatch(Does::Send);
                let answers = codec::encode(&answers);
                let answer =
                    desk.request(Request::Form(Ask::Keep { conversation, entry, answers }));
                spawn_local(async move {
                    let (refusal, does) = match answer.await {
                        Ok(Reply::Form(Told::AnswerProblems(problems))) => {
                            (None, Does::Refused(problems))
                        }
                        Ok(_) => (None, Does::Kept),
                        Err(refusal) => (Some(refusal), Does::Failed),
                    };
                    set.set(refusal);
                    pad.dispatch(does);
                });
            })
        });
        move || drop(timer)
    });
    *refused
}

/// Whether what stands is kept, in words.
fn state(pad: &Pad, live: bool, refused: Option<Refusal>, text: &Text) -> String {
    if may_save(&pad.form, &pad.answers).is_err() || !pad.refused.is_empty() {
        return text.say("fill-not-kept");
    }
    match refused.filter(|_| pad.is_failed()) {
        Some(refusal) => text.refusal(&refusal),
        None if pad.is_kept() && pad.answers.is_empty() => text.say("fill-begin"),
        None if pad.is_kept() => text.say("fill-kept"),
        None if live => text.say("fill-keeping"),
        None => text.say("fill-offline"),
    }
}
