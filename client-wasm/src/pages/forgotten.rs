//! A link to a new password is asked for.

use shared_proto::http::Forgotten as Form;
use shared_proto::people;
use shared_proto::refusal::Field as Input;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::field::Field;
use crate::components::gate::Gate;
use crate::http::{self, Failure};
use crate::route::Route;
use crate::text::use_text;

/// Where.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
}

/// The page. It says the same whether there is such an account or not.
#[component]
pub fn Forgotten(props: &Props) -> Html {
    let text = use_text();
    let email = use_state(String::new);
    let sent = use_state(|| false);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with(*sent, |sent| browser::focus(if *sent { "#gate-title" } else { "#email" }));
    let onsubmit = {
        let (email, sent) = (email.clone(), sent.clone());
        let (busy, failure) = (busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = people::email(&email) {
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let form = Form { email: (*email).clone() };
            let (sent, busy, failure) = (sent.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::forgotten(&form).await {
                    Ok(()) => sent.set(true),
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
    let back = html! {
        <Link<Route> to={Route::Home} classes="card-link">{text.say("forgotten-back")}</Link<Route>>
    };
    if *sent {
        let lead = text.say_with("forgotten-sent", &[("email", email.trim().into())]);
        return html! {
            <Gate name="forgotten-sent" {practice} title={text.say("forgotten-sent-title")} {lead}>
                <p class="field-help">{text.say("forgotten-sent-help")}</p>
                {back}
            </Gate>
        };
    }
    let on_input = {
        let email = email.clone();
        Callback::from(move |value| email.set(value))
    };
    html! {
        <Gate name="forgotten-form" {practice} title={text.say("forgotten-title")}
            lead={text.say("forgotten-lead")} {onsubmit}>
            <Field name="email" label={text.say("sign-in-email")} kind="email"
                autocomplete="username" value={(*email).clone()} {on_input}
                refusal={failure.and_then(|failure| failure.of_field(Input::Email))} />
            <div role="alert">
                if let Some((rule, words)) = failure.and_then(|failure| failure.of_form(&text)) {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <button type="submit" class="button button-primary button-wide"
                data-testid="forgotten-send" aria-disabled={busy.to_string()}>
                {if *busy { text.say("forgotten-busy") } else { text.say("forgotten-submit") }}
            </button>
            {back}
        </Gate>
    }
}
