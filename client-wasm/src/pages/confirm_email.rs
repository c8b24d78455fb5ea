//! Another email, confirmed by the link of a letter.

use shared_proto::http::{Confirmed, Linked};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::gate::Gate;
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

/// The page. The button confirms, and not the link: programs that read mail follow links.
#[component]
pub fn ConfirmEmail(props: &Props) -> Html {
    let link = use_link();
    match &link.look {
        Look::Found(Linked::Email { practice, email }) => html! {
            <Ask token={link.token.clone()} practice={practice.clone()} email={email.clone()} />
        },
        _ => html! { <NoUse practice={props.practice.clone()} {link} /> },
    }
}

#[derive(PartialEq, Properties)]
struct AskProps {
    token: String,
    practice: String,
    email: String,
}

#[component]
fn Ask(props: &AskProps) -> Html {
    let text = use_text();
    let confirmed = use_state(|| None::<Confirmed>);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with(*confirmed, |_| browser::focus("#gate-title"));
    let onclick = {
        let token = props.token.clone();
        let (confirmed, busy, failure) = (confirmed.clone(), busy.clone(), failure.clone());
        Callback::from(move |_: MouseEvent| {
            if *busy {
                return;
            }
            busy.set(true);
            failure.set(None);
            let token = token.clone();
            let (confirmed, busy, failure) = (confirmed.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::confirm_email(&token).await {
                    Ok(how_far) => confirmed.set(Some(how_far)),
                    Err(why) => failure.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    let practice = props.practice.clone();
    let email = [("email", props.email.clone().into())];
    if let Some(how_far) = *confirmed {
        let (name, title, words) = match how_far {
            Confirmed::Half => {
                ("email-half", text.say("confirm-email-half-title"), text.say("confirm-email-half"))
            }
            Confirmed::Changed => (
                "email-changed",
                text.say("confirm-email-changed-title"),
                text.say_with("confirm-email-changed", &email),
            ),
        };
        return html! {
            <Gate {name} {practice} {title} lead={words}>
                <Link<Route> to={Route::Home} classes="button button-wide">
                    {text.say("link-go-on")}
                </Link<Route>>
            </Gate>
        };
    }
    // Of another rule than a link: the email, which somebody has by now.
    let refused = failure.map(|failure| match failure {
        Failure::Refused(refusal) => (refusal.rule(), text.refusal(&refusal)),
        Failure::Unreachable => ("unreachable", text.say("sign-in-unreachable")),
    });
    html! {
        <Gate name="confirm-email" {practice} title={text.say("confirm-email-title")}
            lead={text.say_with("confirm-email-lead", &email)}>
            <div role="alert">
                if let Some((rule, words)) = refused {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <button type="button" class="button button-primary button-wide" {onclick}
                data-testid="confirm" aria-disabled={busy.to_string()}>
                {if *busy { text.say("saving") } else { text.say("confirm-email-submit") }}
            </button>
        </Gate>
    }
}
