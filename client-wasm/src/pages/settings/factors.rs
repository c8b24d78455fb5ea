//! One's own second steps for signing in: what there is, and changing it.

mod app;
mod codes;
mod task;

use shared_proto::factors::{FactorAsk, FactorList, FactorTold, PasskeyCard, RecoveryCodes};
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};

use crate::browser;
use crate::components::refused::Refused;
use crate::dates::use_dates;
use crate::hooks::desk::{Desk, use_desk};
use crate::text::use_text;
use codes::Codes;
use task::{Task, TaskForm};

/// How it is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// To somebody who has to set one up before anything else.
    #[prop_or_default]
    pub enrolling: bool,
}

/// Asks about factors. Any other answer than one about them cannot come.
async fn ask(desk: &Desk, asked: FactorAsk) -> Result<FactorTold, Refusal> {
    match desk.ask(Ask::Factors(asked)).await? {
        Reply::Office(Told::Factors(told)) => Ok(*told),
        _ => Err(Refusal::Unavailable),
    }
}

/// The group.
#[component]
pub fn FactorsGroup(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let list = use_state(|| None::<Result<FactorList, Refusal>>);
    let task = use_state(|| None::<Task>);
    let codes = use_state(RecoveryCodes::default);
    let enrolling = props.enrolling;
    let load = {
        let (desk, list) = (desk.clone(), list.clone());
        move || {
            let (desk, list) = (desk.clone(), list.clone());
            spawn_local(async move {
                list.set(Some(match ask(&desk, FactorAsk::List).await {
                    Ok(FactorTold::List(found)) => Ok(found),
                    Ok(_) => Err(Refusal::Unavailable),
                    Err(refusal) => Err(refusal),
                }));
            });
        }
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load());
    }
    // Set up in another window meanwhile, or just now: the page begins anew with everything.
    let ready =
        enrolling && codes.0.is_empty() && matches!(&*list, Some(Ok(list)) if list.factors.any());
    use_effect_with(ready, |ready| {
        if *ready {
            browser::reload();
        }
    });
    let begin = |wanted: Task| {
        let (task, codes) = (task.clone(), codes.clone());
        Callback::from(move |_: MouseEvent| {
            codes.set(RecoveryCodes::default());
            task.set(Some(wanted.clone()));
        })
    };
    let on_done = {
        let (list, task, codes) = (list.clone(), task.clone(), codes.clone());
        Callback::from(move |(now, fresh): (FactorList, RecoveryCodes)| {
            codes.set(fresh);
            list.set(Some(Ok(now)));
            task.set(None);
        })
    };
    let on_cancel = {
        let task = task.clone();
        Callback::from(move |()| {
            task.set(None);
            browser::focus("#factors-title");
        })
    };
    let on_kept = {
        let codes = codes.clone();
        Callback::from(move |()| {
            codes.set(RecoveryCodes::default());
            browser::focus("#factors-title");
        })
    };
    let found = match &*list {
        None => return html! { <p role="status">{text.say("factors-loading")}</p> },
        Some(Err(refusal)) => {
            let again = Callback::from(move |_: MouseEvent| load());
            return html! { <Refused refusal={*refusal} {again} /> };
        }
        Some(Ok(found)) => found,
    };
    let factors = &found.factors;
    let inner = if let Some(task) = &*task {
        html! { <TaskForm task={task.clone()} {on_done} {on_cancel} /> }
    } else if !codes.0.is_empty() {
        html! { <Codes codes={codes.0.clone()} {on_kept} /> }
    } else {
        let button = |name: &'static str, words: &'static str, wanted: Task, main: bool| {
            let kind = if main { "button button-primary" } else { "button button-small" };
            html! {
                <button type="button" class={kind} data-testid={name} onclick={begin(wanted)}>
                    {text.say(words)}
                </button>
            }
        };
        let passkey = |passkey: &PasskeyCard| {
            let name = [("name", passkey.name.clone().into())];
            let used = match passkey.last_used {
                Some(at) => {
                    text.say_with("factors-passkey-used", &[("day", dates.day(at, &text).into())])
                }
                None => text.say("factors-passkey-unused"),
            };
            let rename = begin(Task::RenamePasskey(passkey.clone()));
            let remove = begin(Task::RemovePasskey(passkey.clone()));
            html! {
                <li class="factor" key={passkey.id.to_string()} data-testid="passkey">
                    <div class="factor-words">
                        <p class="factor-name" dir="auto" data-testid="passkey-card-name">
                            {&passkey.name}
                        </p>
                        <p class="field-help">{used}</p>
                    </div>
                    <button type="button" class="button button-small" onclick={rename}
                        data-testid="passkey-rename"
                        aria-label={text.say_with("factors-rename-one", &name)}>
                        {text.say("factors-rename")}
                    </button>
                    <button type="button" class="button button-small" onclick={remove}
                        data-testid="passkey-remove"
                        aria-label={text.say_with("factors-remove-one", &name)}>
                        {text.say("factors-remove")}
                    </button>
                </li>
            }
        };
        let left = [("count", u32::from(factors.recovery_left).into())];
        html! {
            <>
                if !enrolling && factors.any() {
                    <ul class="factors">
                        if factors.totp {
                            <li class="factor" data-testid="totp">
                                <div class="factor-words">
                                    <p class="factor-name">{text.say("factors-app")}</p>
                                    <p class="field-help">{text.say("factors-app-on")}</p>
                                </div>
                                {button("totp-replace", "factors-app-replace", Task::AddApp, false)}
                                {button("totp-remove", "factors-remove", Task::RemoveApp, false)}
                            </li>
                        }
                        { for factors.passkeys.iter().map(passkey) }
                        <li class="factor" data-testid="recovery">
                            <div class="factor-words">
                                <p class="factor-name">{text.say("factors-recovery")}</p>
                                <p class="field-help">
                                    {text.say_with("factors-recovery-left", &left)}
                                </p>
                            </div>
                            {button("recovery-renew", "factors-recovery-renew", Task::NewCodes, false)}
                        </li>
                    </ul>
                }
                <div class="group-actions">
                    if !factors.totp {
                        {button("totp-add", "factors-app-add", Task::AddApp, true)}
                    }
                    if found.passkeys_offered
                        && factors.passkeys.len() < shared_proto::limits::PASSKEYS {
                        {button("passkey-add", "factors-passkey-add", Task::AddPasskey,
                            factors.totp || enrolling)}
                    }
                </div>
            </>
        }
    };
    if enrolling {
        return html! {
            <section class="enrol" aria-labelledby="factors-title" data-testid="factors">
                <h2 id="factors-title" class="visually-hidden" tabindex="-1">
                    {text.say("factors-title")}
                </h2>
                {inner}
            </section>
        };
    }
    let lead = match (factors.any(), found.required) {
        (_, true) => "factors-lead-required",
        (true, false) => "factors-lead-on",
        (false, false) => "factors-lead-off",
    };
    html! {
        <section class="group" aria-labelledby="factors-title" data-testid="factors">
            <h2 id="factors-title" tabindex="-1">{text.say("factors-title")}</h2>
            <p class="group-lead">{text.say(lead)}</p>
            {inner}
        </section>
    }
}
