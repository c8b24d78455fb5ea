//! A new password, by the link of a letter.

use shared_proto::http::{Chooser, Linked, NewPassword as Sent};
use shared_proto::people;
use shared_proto::refusal::Field as Input;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::field::Field;
use crate::components::gate::Gate;
use crate::components::strength::Strength;
use crate::hooks::link::{Look, use_link};
use crate::http::{self, Failure};
use crate::pages::link::NoUse;
use crate::route::Route;
use crate::text::use_text;

/// Where.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
}

/// The page.
#[component]
pub fn NewPassword(props: &Props) -> Html {
    let link = use_link();
    match &link.look {
        Look::Found(Linked::NewPassword { practice, email, has_factor }) => html! {
            <Form token={link.token.clone()} practice={practice.clone()} email={email.clone()}
                has_factor={*has_factor} />
        },
        _ => html! { <NoUse practice={props.practice.clone()} {link} /> },
    }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    token: String,
    practice: String,
    email: String,
    has_factor: bool,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let text = use_text();
    let password = use_state(String::new);
    let done = use_state(|| false);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with(*done, |done| browser::focus(if *done { "#gate-title" } else { "#password" }));
    let onsubmit = {
        let form = Sent { token: props.token.clone(), password: (*password).clone() };
        let (email, has_factor) = (props.email.clone(), props.has_factor);
        let (done, busy, failure) = (done.clone(), busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = people::password(&form.password, &email, has_factor) {
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let form = form.clone();
            let (done, busy, failure) = (done.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::new_password(&form).await {
                    Ok(()) => done.set(true),
                    Err(why) => failure.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    use_effect_with(*failure, |failure| {
        if failure.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let practice = props.practice.clone();
    if *done {
        return html! {
            <Gate name="new-password-done" {practice} title={text.say("new-password-done-title")}
                lead={text.say("new-password-done")}>
                <Link<Route> to={Route::SignIn} classes="button button-primary button-wide">
                    {text.say("link-sign-in")}
                </Link<Route>>
            </Gate>
        };
    }
    let on_input = {
        let (password, failure) = (password.clone(), failure.setter());
        // What is typed now is judged anew: nothing said of it before holds any more.
        Callback::from(move |value| {
            failure.set(None);
            password.set(value);
        })
    };
    let help = if props.has_factor { "choose-password-short" } else { "choose-password-help" };
    let lead = text.say_with("new-password-lead", &[("email", props.email.clone().into())]);
    html! {
        <Gate name="new-password-form" {practice} title={text.say("new-password-title")} {lead}
            {onsubmit}>
            <input type="email" autocomplete="username" value={props.email.clone()} readonly=true
                hidden=true />
            <Field name="password" label={text.say("choose-password")} kind="password"
                help={text.say(help)} autocomplete="new-password"
                value={(*password).clone()} {on_input}
                refusal={failure.and_then(|failure| failure.of_field(Input::Password))} />
            <Strength password={(*password).clone()}
                by={Chooser::Link { token: props.token.clone() }} />
            <div role="alert">
                if let Some((rule, words)) = failure.and_then(|failure| failure.of_form(&text)) {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <button type="submit" class="button button-primary button-wide"
                data-testid="new-password" aria-disabled={busy.to_string()}>
                {if *busy { text.say("saving") } else { text.say("new-password-submit") }}
            </button>
        </Gate>
    }
}
