//! First run: the practice and its owner.

use shared_proto::http::SetUp as Form;
use shared_proto::people;
use shared_proto::refusal::{Field as Input, Refusal};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_memo, use_state,
};
use yew_router::prelude::{Link, use_navigator};

use crate::browser;
use crate::components::field::Field;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::route::Route;
use crate::state::Action;
use crate::text::use_text;

/// What the page knows.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether the practice has no owner yet.
    pub needed: bool,
    /// Whether the address is that of the set-up link.
    pub linked: bool,
}

/// The page.
#[component]
pub fn SetUp(props: &Props) -> Html {
    let text = use_text();
    // The token leaves the address bar at once, whatever comes next.
    let linked = props.linked;
    let token =
        use_memo(linked, |linked| if *linked { browser::take_fragment() } else { String::new() });
    if !props.needed {
        return html! {
            <main class="gate" id="main">
                <div class="card" data-testid="set-up-done">
                    <h1 tabindex="-1">{text.say("set-up-done-title")}</h1>
                    <p>{text.say("set-up-done-help")}</p>
                    <Link<Route> to={Route::Home} classes="button button-primary">
                        {text.say("set-up-done-go")}
                    </Link<Route>>
                </div>
            </main>
        };
    }
    if token.is_empty() {
        return html! {
            <main class="gate" id="main">
                <div class="card" data-testid="set-up-needed">
                    <p class="card-brand"><Icon shape={Shape::Sign} />{"Quietroom"}</p>
                    <h1 tabindex="-1">{text.say("set-up-needed-title")}</h1>
                    <p>{text.say("set-up-needed-help")}</p>
                </div>
            </main>
        };
    }
    html! { <SetUpForm token={(*token).clone()} /> }
}

#[derive(PartialEq, Properties)]
struct FormProps {
    token: String,
}

#[component]
fn SetUpForm(props: &FormProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let navigator = use_navigator();
    let practice = use_state(String::new);
    let name = use_state(String::new);
    let email = use_state(String::new);
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with((), |()| browser::focus("#practice"));
    let onsubmit = {
        let form = Form {
            token: props.token.clone(),
            practice: (*practice).clone(),
            name: (*name).clone(),
            email: (*email).clone(),
            password: (*password).clone(),
            time_zone: crate::dates::time_zone(),
        };
        let (busy, failure) = (busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&form) {
                failure.set(Some(Failure::Refused(refusal)));
                return;
            }
            busy.set(true);
            failure.set(None);
            let (form, navigator) = (form.clone(), navigator.clone());
            let (dispatch, busy, failure) = (dispatch.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::set_up(&form).await {
                    Ok(me) => {
                        dispatch.send(Action::SignedIn(me));
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Home);
                        }
                        // Brings the practice's name along.
                        if let Ok(session) = http::session().await {
                            dispatch.send(Action::SessionAnswered(Some(session)));
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
    let general = failure.and_then(|failure| failure.of_form(&text));
    let set = |state: &yew::UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    html! {
        <main class="gate" id="main">
            <form class="card" novalidate=true {onsubmit} data-testid="set-up-form"
                aria-labelledby="gate-title">
                <p class="card-brand"><Icon shape={Shape::Sign} />{"Quietroom"}</p>
                <h1 id="gate-title" tabindex="-1">{text.say("set-up-title")}</h1>
                <p class="card-lead">{text.say("set-up-lead")}</p>
                <Field name="practice" label={text.say("set-up-practice")}
                    help={text.say("set-up-practice-help")} autocomplete="organization"
                    value={(*practice).clone()} on_input={set(&practice)}
                    refusal={of_field(Input::Practice)} />
                <Field name="name" label={text.say("set-up-name")} help={text.say("set-up-name-help")}
                    autocomplete="name" value={(*name).clone()} on_input={set(&name)}
                    refusal={of_field(Input::Name)} />
                <Field name="email" label={text.say("set-up-email")} kind="email"
                    autocomplete="username" value={(*email).clone()} on_input={set(&email)}
                    refusal={of_field(Input::Email)} />
                <Field name="password" label={text.say("set-up-password")} kind="password"
                    help={text.say("set-up-password-help")} autocomplete="new-password"
                    value={(*password).clone()} on_input={set(&password)}
                    refusal={of_field(Input::Password)} />
                <div role="alert">
                    if let Some((rule, words)) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                    }
                </div>
                <button type="submit" class="button button-primary button-wide"
                    data-testid="set-up" aria-disabled={busy.to_string()}>
                    {if *busy { text.say("set-up-busy") } else { text.say("set-up-submit") }}
                </button>
            </form>
        </main>
    }
}

/// The server's own rules, so that what is wrong shows before anything is sent.
fn check(form: &Form) -> Result<(), Refusal> {
    people::name(Input::Practice, &form.practice)?;
    people::name(Input::Name, &form.name)?;
    let email = people::email(&form.email)?;
    people::password(&form.password, &email, false)
}
