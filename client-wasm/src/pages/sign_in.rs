//! Sign-in.

use shared_proto::factors::SecondSteps;
use shared_proto::http::SignIn as Form;
use shared_proto::people;
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::field::Field;
use crate::components::icon::{Icon, Shape};
use crate::components::later::later;
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::pages::second_step;
use crate::parts::Page;
use crate::route::Route;
use crate::text::use_text;

/// Where.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// Why somebody who was signed in is not any more.
    #[prop_or_default]
    pub notice: Option<Notice>,
}

/// Why somebody who was signed in is not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Their session ended.
    Ended,
    /// Their portal access was switched off.
    PortalOff,
}

/// The page.
#[component]
pub fn SignIn(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let email = use_state(String::new);
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    let steps = use_state(|| None::<SecondSteps>);
    use_effect_with(steps.is_some(), |second| {
        if !second {
            browser::focus("#email");
        }
    });
    let onsubmit = {
        let (email, password) = (email.clone(), password.clone());
        let (busy, failure, steps) = (busy.clone(), failure.clone(), steps.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&email, &password) {
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let form = Form { email: (*email).clone(), password: (*password).clone() };
            let (dispatch, busy, failure) = (dispatch.clone(), busy.clone(), failure.clone());
            let steps = steps.clone();
            spawn_local(async move {
                match http::sign_in(&form).await {
                    Ok(me) => dispatch.send(http::arrived(me).await),
                    Err(Failure::Refused(Refusal::SecondStep(wanted))) => {
                        busy.set(false);
                        steps.set(Some(wanted));
                    }
                    Err(why) => {
                        failure.set(Some(why));
                        busy.set(false);
                    }
                }
            });
        })
    };
    // What is wrong takes the focus, once it is drawn.
    use_effect_with(*failure, |failure| {
        if failure.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    if let Some(wanted) = *steps {
        let on_back = Callback::from(move |why: Option<Refusal>| {
            password.set(String::new());
            failure.set(why.map(Failure::Refused));
            steps.set(None);
        });
        let practice = props.practice.clone();
        return later(Page::SecondStep(second_step::Props { practice, steps: wanted, on_back }));
    }
    let of_field = |wanted| failure.and_then(|failure| failure.of_field(wanted));
    let general = failure.and_then(|failure| failure.of_form(&text));
    let limited = matches!(*failure, Some(Failure::Refused(Refusal::TooManyTries { .. })));
    let set = |state: &yew::UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    html! {
        <main class="gate" id="main">
            <form class="card" novalidate=true {onsubmit} data-testid="sign-in-form"
                aria-labelledby="gate-title">
                <p class="card-brand"><Icon shape={Shape::Sign} /><span dir="auto">{&props.practice}</span></p>
                <h1 id="gate-title" tabindex="-1">{text.say("sign-in-title")}</h1>
                if let Some(notice) = props.notice {
                    <p class="notice" data-testid={match notice {
                        Notice::Ended => "session-ended",
                        Notice::PortalOff => "portal-off",
                    }} role="status">
                        {text.say(match notice {
                            Notice::Ended => "sign-in-ended",
                            Notice::PortalOff => "sign-in-portal-off",
                        })}
                    </p>
                } else {
                    <p class="card-lead">{text.say("sign-in-lead")}</p>
                }
                <Field name="email" label={text.say("sign-in-email")} kind="email"
                    autocomplete="username" value={(*email).clone()} on_input={set(&email)}
                    refusal={of_field(Input::Email)} />
                <Field name="password" label={text.say("sign-in-password")} kind="password"
                    autocomplete="current-password" value={(*password).clone()}
                    on_input={set(&password)} refusal={of_field(Input::Password)} />
                <div role="alert">
                    if let Some((rule, words)) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                        if limited {
                            <p>{text.say("sign-in-by-link")}</p>
                        }
                    }
                </div>
                <button type="submit" class="button button-primary button-wide"
                    data-testid="sign-in" aria-disabled={busy.to_string()}>
                    {if *busy { text.say("sign-in-busy") } else { text.say("sign-in-submit") }}
                </button>
                <Link<Route> to={Route::Forgotten} classes="card-link">
                    <span data-testid="forgotten">{text.say("sign-in-forgotten")}</span>
                </Link<Route>>
            </form>
        </main>
    }
}

/// What can be said before the server is asked.
fn check(email: &str, password: &str) -> Result<(), Refusal> {
    people::email(email)?;
    if password.is_empty() {
        return Err(Refusal::invalid(Input::Password, Rule::Empty));
    }
    Ok(())
}
