//! An invitation: who invites, and the password with which one is there.

use shared_proto::http::{Accept, Chooser, Linked};
use shared_proto::people::{self, PersonCard};
use shared_proto::refusal::{Field as Input, Refusal};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_state,
};
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::components::field::Field;
use crate::components::gate::Gate;
use crate::components::strength::Strength;
use crate::hooks::link::{Look, use_link};
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::pages::link::NoUse;
use crate::route::Route;
use crate::state::Action;
use crate::text::use_text;

/// Where.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// Who is signed in here.
    pub me: Option<PersonCard>,
}

/// The page.
#[component]
pub fn Invited(props: &Props) -> Html {
    let link = use_link();
    let practice = props.practice.clone();
    match (&link.look, &props.me) {
        (Look::Found(Linked::Invitation { .. }), Some(me)) => html! {
            <Occupied {practice} me={me.clone()} />
        },
        (Look::Found(Linked::Invitation { practice, inviter, name, email }), None) => html! {
            <Form token={link.token.clone()} practice={practice.clone()}
                inviter={inviter.clone()} name={name.clone()} email={email.clone()} />
        },
        _ => html! { <NoUse {practice} {link} /> },
    }
}

#[derive(PartialEq, Properties)]
struct OccupiedProps {
    practice: String,
    me: PersonCard,
}

/// Somebody else sits here: they leave first.
#[component]
fn Occupied(props: &OccupiedProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let failure = use_state(|| None::<Failure>);
    let sign_out = {
        let failure = failure.clone();
        Callback::from(move |_: MouseEvent| {
            let (dispatch, failure) = (dispatch.clone(), failure.clone());
            spawn_local(async move {
                match http::sign_out().await {
                    Ok(()) => dispatch.send(Action::SignedOut),
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let lead = text.say_with("invited-occupied", &[("name", props.me.name.clone().into())]);
    html! {
        <Gate name="invited-occupied" practice={props.practice.clone()}
            title={text.say("invited-title")} {lead}>
            <div role="alert">
                if let Some((rule, words)) = failure.and_then(|failure| failure.of_form(&text)) {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <button type="button" class="button button-primary button-wide"
                data-testid="invited-sign-out" onclick={sign_out}>
                {text.say("invited-sign-out")}
            </button>
        </Gate>
    }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    token: String,
    practice: String,
    inviter: String,
    name: String,
    email: String,
}

#[component]
fn Form(props: &FormProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let navigator = use_navigator();
    let name = use_state(|| props.name.clone());
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with((), |()| browser::focus("#gate-title"));
    let onsubmit = {
        let email = props.email.clone();
        let form = Accept {
            token: props.token.clone(),
            name: (*name).clone(),
            password: (*password).clone(),
        };
        let (busy, failure) = (busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&form, &email) {
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let (form, navigator) = (form.clone(), navigator.clone());
            let (dispatch, busy, failure) = (dispatch.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::accept(&form).await {
                    Ok(me) => {
                        dispatch.send(http::arrived(me).await);
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Home);
                        }
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
    let of_field = |wanted| failure.and_then(|failure| failure.of_field(wanted));
    // What is typed now is judged anew: nothing said of it before holds any more.
    let set = |state: &yew::UseStateHandle<String>| {
        let (state, failure) = (state.clone(), failure.setter());
        Callback::from(move |value| {
            failure.set(None);
            state.set(value);
        })
    };
    let names =
        [("inviter", props.inviter.clone().into()), ("practice", props.practice.clone().into())];
    let email = [("email", props.email.clone().into())];
    html! {
        <Gate name="invited-form" practice={props.practice.clone()}
            title={text.say("invited-title")} lead={text.say_with("invited-lead", &names)}
            {onsubmit}>
            <p data-testid="invited-email">{text.say_with("invited-email", &email)}</p>
            // For the password manager, which is to keep both.
            <input type="email" autocomplete="username" value={props.email.clone()} readonly=true
                hidden=true />
            <Field name="name" label={text.say("invited-name")} help={text.say("invited-name-help")}
                autocomplete="name" value={(*name).clone()} on_input={set(&name)}
                refusal={of_field(Input::Name)} />
            <Field name="password" label={text.say("choose-password")} kind="password"
                help={text.say("choose-password-help")} autocomplete="new-password"
                value={(*password).clone()} on_input={set(&password)}
                refusal={of_field(Input::Password)} />
            <Strength password={(*password).clone()}
                by={Chooser::Link { token: props.token.clone() }} />
            <div role="alert">
                if let Some((rule, words)) = failure.and_then(|failure| failure.of_form(&text)) {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <button type="submit" class="button button-primary button-wide"
                data-testid="accept" aria-disabled={busy.to_string()}>
                {if *busy { text.say("invited-busy") } else { text.say("invited-submit") }}
            </button>
        </Gate>
    }
}

/// The server's own rules, so that what is wrong shows before anything is sent.
fn check(form: &Accept, email: &str) -> Result<(), Refusal> {
    people::name(Input::Name, &form.name)?;
    people::password(&form.password, email, false)
}
