//! Another password.

use shared_proto::http::{ChangePassword, Chooser};
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, SubmitEvent, component, html, use_effect_with, use_state};

use crate::browser;
use crate::components::field::Field;
use crate::components::strength::Strength;
use crate::http::{self, Failure};
use crate::text::use_text;

/// The group of settings.
#[component]
pub fn PasswordGroup() -> Html {
    let text = use_text();
    let current = use_state(String::new);
    let password = use_state(String::new);
    let done = use_state(|| false);
    let busy = use_state(|| false);
    // Which of the two is empty, when that is what is wrong.
    let failure = use_state(|| None::<(bool, Failure)>);
    let onsubmit = {
        let form = ChangePassword { current: (*current).clone(), password: (*password).clone() };
        let (current, password) = (current.clone(), password.clone());
        let (done, busy, failure) = (done.clone(), busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if form.current.is_empty() || form.password.is_empty() {
                let empty = Refusal::invalid(Input::Password, Rule::Empty);
                failure.set(Some((form.current.is_empty(), Failure::Refused(empty))));
                return;
            }
            busy.set(true);
            done.set(false);
            failure.set(None);
            let form = form.clone();
            let (current, password) = (current.clone(), password.clone());
            let (done, busy, failure) = (done.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::change_password(&form).await {
                    Ok(()) => {
                        current.set(String::new());
                        password.set(String::new());
                        done.set(true);
                    }
                    Err(why) => failure.set(Some((false, why))),
                }
                busy.set(false);
            });
        })
    };
    use_effect_with(*failure, |failure| {
        if failure.is_some() {
            browser::focus("[data-testid=password-group] [aria-invalid=true]");
        }
    });
    let of_field = |of_current: bool| {
        let (current, failure) = (*failure)?;
        failure.of_field(Input::Password).filter(|_| current == of_current)
    };
    let general = failure.and_then(|(_, failure)| match failure {
        Failure::Refused(refusal @ Refusal::WrongCredentials) => {
            Some((refusal.rule(), text.say("password-wrong")))
        }
        other => other.of_form(&text),
    });
    // What is typed now is judged anew: nothing said of it before holds any more.
    let set = |state: &yew::UseStateHandle<String>| {
        let (state, failure) = (state.clone(), failure.setter());
        Callback::from(move |value| {
            failure.set(None);
            state.set(value);
        })
    };
    html! {
        <form class="group" novalidate=true {onsubmit} data-testid="password-group"
            aria-labelledby="password-group-title">
            <h2 id="password-group-title" tabindex="-1">{text.say("password-title")}</h2>
            <p class="group-lead">{text.say("password-lead")}</p>
            <Field name="current-password" label={text.say("current-password")} kind="password"
                autocomplete="current-password" value={(*current).clone()}
                on_input={set(&current)} refusal={of_field(true)} />
            <Field name="new-password" label={text.say("choose-password")} kind="password"
                autocomplete="new-password" value={(*password).clone()} on_input={set(&password)}
                refusal={of_field(false)} />
            <Strength password={(*password).clone()} by={Chooser::Session} />
            <div role="alert">
                if let Some((rule, words)) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <div role="status">
                if *done {
                    <p class="notice" data-testid="password-changed">{text.say("password-changed")}</p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class="button button-primary" data-testid="change-password"
                    aria-disabled={busy.to_string()}>
                    {if *busy { text.say("saving") } else { text.say("password-submit") }}
                </button>
            </div>
        </form>
    }
}
