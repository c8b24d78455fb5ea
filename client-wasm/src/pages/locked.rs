//! A locked screen: nothing of anybody's is in the page until the password is entered.

use shared_proto::http::Unlock;
use shared_proto::people::PersonCard;
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
use crate::state::Action;
use crate::text::use_text;

/// Whose.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// Who sat here.
    pub me: PersonCard,
    /// Whether something they wrote waits for them.
    pub unsent: bool,
}

/// The page.
#[component]
pub fn Locked(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with((), |()| browser::focus("#password"));
    let onsubmit = {
        let (password, busy, failure) = (password.clone(), busy.clone(), failure.clone());
        let dispatch = dispatch.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if password.is_empty() {
                let refusal = Refusal::invalid(Input::Password, Rule::Empty);
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let form = Unlock { password: (*password).clone() };
            let (dispatch, busy, failure) = (dispatch.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::unlock(&form).await {
                    Ok(me) => dispatch.send(http::arrived(me).await),
                    // The session has ended meanwhile: the whole sign-in is needed.
                    Err(Failure::Refused(Refusal::SignInRequired)) => {
                        dispatch.send(Action::SessionAnswered(http::session().await.ok()));
                    }
                    Err(why) => {
                        failure.set(Some(why));
                        busy.set(false);
                    }
                }
            });
        })
    };
    use_effect_with(*failure, |failure| {
        if failure.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let failed = failure.clone();
    let sign_out = Callback::from(move |_: MouseEvent| {
        let (dispatch, failed) = (dispatch.clone(), failed.clone());
        spawn_local(async move {
            match http::sign_out().await {
                Ok(()) => dispatch.send(Action::SignedOut),
                Err(why) => failed.set(Some(why)),
            }
        });
    });
    let of_field = failure.and_then(|failure| failure.of_field(Input::Password));
    let general = match *failure {
        Some(Failure::Refused(refusal @ Refusal::WrongCredentials)) => {
            Some((refusal.rule(), text.say("locked-wrong")))
        }
        other => other.and_then(|failure| failure.of_form(&text)),
    };
    let on_input = {
        let password = password.clone();
        Callback::from(move |value| password.set(value))
    };
    html! {
        <main class="gate" id="main">
            <form class="card" novalidate=true {onsubmit} data-testid="lock-form"
                aria-labelledby="gate-title">
                <p class="card-brand">
                    <Icon shape={Shape::Sign} /><span dir="auto">{&props.practice}</span>
                </p>
                <h1 id="gate-title" tabindex="-1">{text.say("locked-title")}</h1>
                <p class="card-lead">
                    {text.say_with("locked-lead", &[("name", props.me.name.clone().into())])}
                </p>
                if props.unsent {
                    <p class="notice" role="status">{text.say("locked-kept")}</p>
                }
                <Field name="password" label={text.say("sign-in-password")} kind="password"
                    autocomplete="current-password" value={(*password).clone()} {on_input}
                    refusal={of_field} />
                <div role="alert">
                    if let Some((rule, words)) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                    }
                </div>
                <button type="submit" class="button button-primary button-wide"
                    data-testid="unlock" aria-disabled={busy.to_string()}>
                    {if *busy { text.say("locked-busy") } else { text.say("locked-submit") }}
                </button>
                <button type="button" class="button button-wide" data-testid="lock-sign-out"
                    onclick={sign_out}>{
                        text.say(if props.unsent { "locked-give-up" } else { "locked-sign-out" })
                    }</button>
            </form>
        </main>
    }
}
