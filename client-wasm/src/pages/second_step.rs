//! The second step of signing in: a code, a passkey, or a recovery code.

use shared_proto::factors::{SecondStep as Step, SecondSteps};
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_state,
};

use crate::browser;
use crate::components::field::Field;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::passkey::{self, PasskeyFailure};
use crate::text::use_text;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// How the step can be taken.
    pub steps: SecondSteps,
    /// Back to the first step; with why, when it took too long.
    pub on_back: Callback<Option<Refusal>>,
}

/// Which code is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    Totp,
    Recovery,
    /// None: a passkey is.
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Server(Failure),
    Passkey(PasskeyFailure),
}

/// The page.
#[component]
pub fn SecondStep(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let steps = props.steps;
    let first = match steps {
        SecondSteps { totp: true, .. } => Code::Totp,
        SecondSteps { passkey: true, .. } => Code::None,
        _ => Code::Recovery,
    };
    let asked = use_state(|| first);
    let code = use_state(String::new);
    let busy = use_state(|| false);
    let trouble = use_state(|| None::<Trouble>);
    use_effect_with(*asked, |asked| {
        browser::focus(if *asked == Code::None { "#use-passkey" } else { "#code" });
    });
    use_effect_with(*trouble, |trouble| {
        if trouble.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    // Whatever the step is taken with, it ends the same way.
    let finish = {
        let (busy, trouble) = (busy.clone(), trouble.clone());
        let (dispatch, on_back) = (dispatch.clone(), props.on_back.clone());
        move |result: Result<shared_proto::people::PersonCard, Trouble>| match result {
            Ok(me) => {
                let dispatch = dispatch.clone();
                spawn_local(async move { dispatch.send(http::arrived(me).await) });
            }
            Err(Trouble::Server(Failure::Refused(why @ Refusal::StepExpired))) => {
                on_back.emit(Some(why));
            }
            Err(why) => {
                trouble.set(Some(why));
                busy.set(false);
            }
        }
    };
    let onsubmit = {
        let (asked, code, busy, trouble) = (*asked, code.clone(), busy.clone(), trouble.clone());
        let finish = finish.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if code.trim().is_empty() {
                let refusal = Refusal::invalid(Input::Code, Rule::Empty);
                return trouble.set(Some(Trouble::Server(Failure::Refused(refusal))));
            }
            busy.set(true);
            trouble.set(None);
            let step = match asked {
                Code::Recovery => Step::Recovery((*code).clone()),
                Code::Totp | Code::None => Step::Totp((*code).clone()),
            };
            let finish = finish.clone();
            spawn_local(async move {
                finish(http::second_step(&step).await.map_err(Trouble::Server));
            });
        })
    };
    let use_passkey = {
        let (busy, trouble, finish) = (busy.clone(), trouble.clone(), finish.clone());
        Callback::from(move |_: MouseEvent| {
            if *busy {
                return;
            }
            busy.set(true);
            trouble.set(None);
            let finish = finish.clone();
            spawn_local(async move { finish(with_passkey().await) });
        })
    };
    let ask = |wanted: Code| {
        let (asked, code, trouble) = (asked.clone(), code.clone(), trouble.clone());
        Callback::from(move |_: MouseEvent| {
            asked.set(wanted);
            code.set(String::new());
            trouble.set(None);
        })
    };
    let back = props.on_back.reform(|_: MouseEvent| None);
    let on_input = {
        let code = code.clone();
        Callback::from(move |value| code.set(value))
    };
    let of_code = match *trouble {
        Some(Trouble::Server(Failure::Refused(
            refusal @ (Refusal::WrongCode | Refusal::CodeExpired),
        ))) if *asked != Code::None => Some(refusal),
        Some(Trouble::Server(failure)) => failure.of_field(Input::Code),
        _ => None,
    };
    let general = match *trouble {
        _ if of_code.is_some() => None,
        Some(Trouble::Server(failure)) => failure.of_form(&text),
        Some(Trouble::Passkey(failure)) => Some((failure.message(), text.say(failure.message()))),
        None => None,
    };
    let lead = match *asked {
        Code::Totp => "second-step-lead-totp",
        Code::Recovery => "second-step-lead-recovery",
        Code::None => "second-step-lead-passkey",
    };
    let other = |wanted: Code, name: &'static str, words: &'static str| {
        html! {
            <button type="button" class="button button-wide" data-testid={name}
                onclick={ask(wanted)}>{text.say(words)}</button>
        }
    };
    let passkey_class = if *asked == Code::None {
        "button button-primary button-wide"
    } else {
        "button button-wide"
    };
    html! {
        <main class="gate" id="main">
            <form class="card" novalidate=true {onsubmit} data-testid="second-step-form"
                aria-labelledby="gate-title">
                <p class="card-brand">
                    <Icon shape={Shape::Sign} /><span dir="auto">{&props.practice}</span>
                </p>
                <h1 id="gate-title" tabindex="-1">{text.say("second-step-title")}</h1>
                <p class="card-lead">{text.say(lead)}</p>
                if *asked == Code::Totp {
                    <Field name="code" label={text.say("second-step-code")} kind="text"
                        autocomplete="one-time-code" inputmode="numeric" value={(*code).clone()}
                        {on_input} refusal={of_code} />
                } else if *asked == Code::Recovery {
                    <Field name="code" label={text.say("second-step-recovery")} kind="text"
                        help={text.say("second-step-recovery-help")} autocomplete="off"
                        value={(*code).clone()} {on_input} refusal={of_code} />
                }
                <div role="alert">
                    if let Some((rule, words)) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                    }
                </div>
                if *asked != Code::None {
                    <button type="submit" class="button button-primary button-wide"
                        data-testid="second-step" aria-disabled={busy.to_string()}>
                        {text.say(if *busy { "sign-in-busy" } else { "sign-in-submit" })}
                    </button>
                }
                if steps.passkey {
                    <button type="button" class={passkey_class} id="use-passkey"
                        data-testid="use-passkey" aria-disabled={busy.to_string()}
                        onclick={use_passkey}>{text.say("second-step-use-passkey")}</button>
                }
                if steps.totp && *asked != Code::Totp {
                    {other(Code::Totp, "use-code", "second-step-use-code")}
                }
                if steps.recovery && *asked != Code::Recovery {
                    {other(Code::Recovery, "use-recovery", "second-step-use-recovery")}
                }
                <button type="button" class="button button-wide button-quiet"
                    data-testid="second-step-back" onclick={back}>
                    {text.say("second-step-back")}
                </button>
            </form>
        </main>
    }
}

/// Asks the server what to ask the browser, and the browser for a passkey.
async fn with_passkey() -> Result<shared_proto::people::PersonCard, Trouble> {
    if !passkey::supported() {
        return Err(Trouble::Passkey(PasskeyFailure::NotSupported));
    }
    let options = http::second_step_passkey().await.map_err(Trouble::Server)?;
    let answer = passkey::get(&options).await.map_err(Trouble::Passkey)?;
    http::second_step(&Step::Passkey(answer)).await.map_err(Trouble::Server)
}
