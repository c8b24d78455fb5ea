//! One's email, and another.

use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people;
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, SubmitEvent, component, html, use_effect_with, use_state};

use crate::browser;
use crate::components::field::Field;
use crate::hooks::desk::{use_changes, use_desk};
use crate::text::use_text;

/// The group of settings.
#[component]
pub fn EmailGroup() -> Html {
    let text = use_text();
    let desk = use_desk();
    let known = use_state(String::new);
    let email = use_state(String::new);
    let password = use_state(String::new);
    let sent = use_state(|| None::<String>);
    let busy = use_state(|| false);
    let refused = use_state(|| None::<Refusal>);
    {
        let (desk, known) = (desk.clone(), known.clone());
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Ok(Reply::Office(Told::Account(account))) = desk.ask(Ask::Account).await {
                    known.set(account.email);
                }
            });
        });
    }
    {
        let (known, sent) = (known.clone(), sent.clone());
        use_changes((*known).clone(), move |changed| {
            if let Changed::Account(account) = changed
                && account.email != *known
            {
                known.set(account.email);
                sent.set(None);
            }
        });
    }
    let onsubmit = {
        let (email, password) = (email.clone(), password.clone());
        let (sent, busy, refused) = (sent.clone(), busy.clone(), refused.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&email, &password) {
                refused.set(Some(refusal));
                return;
            }
            busy.set(true);
            refused.set(None);
            sent.set(None);
            let ask = Ask::ChangeEmail { email: (*email).clone(), password: (*password).clone() };
            let answer = desk.ask(ask);
            let (email, password) = (email.clone(), password.clone());
            let (sent, busy, refused) = (sent.clone(), busy.clone(), refused.clone());
            spawn_local(async move {
                match answer.await {
                    Ok(_) => {
                        sent.set(Some(email.trim().to_owned()));
                        email.set(String::new());
                        password.set(String::new());
                    }
                    Err(refusal) => refused.set(Some(refusal)),
                }
                busy.set(false);
            });
        })
    };
    use_effect_with(*refused, |refused| {
        if refused.is_some() {
            browser::focus("[data-testid=email-group] [aria-invalid=true]");
        }
    });
    let of_field = |wanted| match *refused {
        Some(refusal @ Refusal::Invalid { field, .. }) if field == wanted => Some(refusal),
        _ => None,
    };
    let general = match *refused {
        None | Some(Refusal::Invalid { .. }) => None,
        Some(refusal @ Refusal::WrongCredentials) => {
            Some((refusal.rule(), text.say("locked-wrong")))
        }
        Some(refusal) => Some((refusal.rule(), text.refusal(&refusal))),
    };
    let set = |state: &yew::UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    html! {
        <form class="group" novalidate=true {onsubmit} data-testid="email-group"
            aria-labelledby="email-group-title">
            <h2 id="email-group-title" tabindex="-1">{text.say("email-title")}</h2>
            <p class="group-lead" data-testid="own-email">
                if known.is_empty() { {"\u{a0}"} } else {
                    {text.say_with("email-lead", &[("email", (*known).clone().into())])}
                }
            </p>
            <Field name="new-email" label={text.say("email-new")} kind="email"
                autocomplete="email" value={(*email).clone()} on_input={set(&email)}
                refusal={of_field(Input::Email)} />
            <Field name="email-password" label={text.say("current-password")} kind="password"
                autocomplete="current-password" value={(*password).clone()}
                on_input={set(&password)} refusal={of_field(Input::Password)} />
            <div role="alert">
                if let Some((rule, words)) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <div role="status">
                if let Some(email) = &*sent {
                    <p class="notice" data-testid="email-sent">
                        {text.say_with("email-sent", &[("email", email.clone().into())])}
                    </p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class="button button-primary" data-testid="change-email"
                    aria-disabled={busy.to_string()}>
                    {if *busy { text.say("saving") } else { text.say("email-submit") }}
                </button>
            </div>
        </form>
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
