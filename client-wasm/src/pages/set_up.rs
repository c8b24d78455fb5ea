//! First run: the practice and its owner.

use shared_proto::http::{Chooser, SetUp as Form};
use shared_proto::people;
use shared_proto::practice::{Settings, division_name, division_names};
use shared_proto::refusal::{Field as Input, Refusal};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_memo, use_state,
};
use yew_router::prelude::{Link, use_navigator};

use crate::browser;
use crate::components::divisions::{Asked, Divisions, Edit};
use crate::components::field::Field;
use crate::components::icon::{Icon, Shape};
use crate::components::settings_inputs::SettingsInputs;
use crate::components::strength::Strength;
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::places;
use crate::route::Route;
use crate::settings_form::{ANNOUNCEMENT, Edited, FIRST_POLICIES, LIMITS, PLACE, Part};
use crate::text::use_text;

/// What the page knows.
#[derive(Clone, PartialEq, Properties)]
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

/// The first step, or the second.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Owner,
    Rest,
}

impl Step {
    /// Where the input is that was refused.
    const fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::Invalid {
                field: Input::Practice | Input::Name | Input::Email | Input::Password,
                ..
            } => Some(Self::Owner),
            Refusal::Invalid { .. } => Some(Self::Rest),
            _ => None,
        }
    }
}

/// What a new practice begins with, as far as the browser can tell.
fn likely() -> Settings {
    let languages = browser::languages();
    Settings {
        time_zone: crate::dates::time_zone(),
        language: places::likely_language(&languages),
        currency: places::likely_currency(&languages),
        ..Settings::named("")
    }
}

#[component]
fn SetUpForm(props: &FormProps) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let navigator = use_navigator();
    let step = use_state(|| Step::Owner);
    let name = use_state(String::new);
    let email = use_state(String::new);
    let password = use_state(String::new);
    let edited = use_state(|| Edited::new(&likely()));
    let divisions = use_state(Vec::<String>::new);
    let draft = use_state(String::new);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<Failure>);
    use_effect_with(*step, |step| {
        browser::focus(if *step == Step::Owner { "#practice" } else { "#rest-title" });
    });
    let onsubmit = {
        let owner = Form {
            token: props.token.clone(),
            practice: edited.typed.get(Part::Name).to_owned(),
            name: (*name).clone(),
            email: (*email).clone(),
            password: (*password).clone(),
            // What is typed for another and not added yet is one, too.
            divisions: [divisions.join("\n").as_str(), draft.as_str()].join("\n"),
            ..Form::default()
        };
        let (step, edited) = (step.clone(), edited.clone());
        let (busy, failure) = (busy.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let refuse = |why: Failure| {
                if let Failure::Refused(refusal) = &why
                    && let Some(place) = Step::of(refusal)
                {
                    step.set(place);
                }
                failure.set(Some(why));
            };
            if let Err(refusal) = check(&owner) {
                return refuse(Failure::Refused(refusal));
            }
            if *step == Step::Owner {
                failure.set(None);
                step.set(Step::Rest);
                return;
            }
            let checked = edited.typed.settings().and_then(|settings| {
                division_names(&owner.divisions)?;
                Ok(settings)
            });
            let form = match checked {
                Ok(settings) => filled(owner.clone(), settings),
                Err(refusal) => return refuse(Failure::Refused(refusal)),
            };
            busy.set(true);
            failure.set(None);
            let (step, navigator) = (step.clone(), navigator.clone());
            let (dispatch, busy, failure) = (dispatch.clone(), busy.clone(), failure.clone());
            spawn_local(async move {
                match http::set_up(&form).await {
                    Ok(me) => {
                        // Brings the practice's name along.
                        dispatch.send(http::arrived(me).await);
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Home);
                        }
                    }
                    Err(why) => {
                        if let Failure::Refused(refusal) = &why
                            && let Some(place) = Step::of(refusal)
                        {
                            step.set(place);
                        }
                        failure.set(Some(why));
                        busy.set(false);
                    }
                }
            });
        })
    };
    // What is wrong takes the focus, once it is drawn.
    use_effect_with((*failure, *step), |(failure, _)| {
        if failure.is_some() {
            browser::focus_in_view("[aria-invalid=true]");
        }
    });
    let chooser = Chooser::SetUp {
        token: props.token.clone(),
        practice: edited.typed.get(Part::Name).to_owned(),
        name: (*name).clone(),
        email: (*email).clone(),
    };
    let of_field = |wanted| failure.and_then(|failure| failure.of_field(wanted));
    let general = failure.and_then(|failure| failure.of_form(&text));
    let set = |state: &yew::UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let typed = {
        let edited = edited.clone();
        Callback::from(move |(part, value)| {
            let mut next = (*edited).clone();
            next.typed.set(part, value);
            edited.set(next);
        })
    };
    let back = {
        let (step, failure) = (step.clone(), failure.clone());
        Callback::from(move |_: MouseEvent| {
            failure.set(None);
            step.set(Step::Owner);
        })
    };
    let on_edit = {
        let divisions = divisions.clone();
        Callback::from(move |(edit, done): Asked| {
            let result = edit_names(&divisions, &edit);
            done.emit(result.map(|names| divisions.set(names)));
        })
    };
    let rows: Vec<_> = divisions.iter().map(|name| (name.clone(), name.clone())).collect();
    let refusal = failure.and_then(|failure| match failure {
        Failure::Refused(refusal) => Some(refusal),
        Failure::Unreachable => None,
    });
    let inputs = |parts: &'static [Part]| {
        html! {
            <SettingsInputs {parts} edited={(*edited).clone()} set={typed.clone()} {refusal} />
        }
    };
    let refused = html! {
        <div role="alert">
            if let Some((rule, words)) = general {
                <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
            }
        </div>
    };
    if *step == Step::Owner {
        return html! {
            <main class="gate" id="main">
                <form class="card" novalidate=true {onsubmit} data-testid="set-up-form"
                    aria-labelledby="gate-title">
                    <p class="card-brand"><Icon shape={Shape::Sign} />{"Quietroom"}</p>
                    <h1 id="gate-title" tabindex="-1">{text.say("set-up-title")}</h1>
                    <p class="card-lead">{text.say("set-up-lead")}</p>
                    <Field name="practice" label={text.say("set-up-practice")}
                        help={text.say("set-up-practice-help")} autocomplete="organization"
                        value={edited.typed.get(Part::Name).to_owned()}
                        on_input={typed.reform(|value| (Part::Name, value))}
                        refusal={of_field(Input::Practice)} />
                    <Field name="name" label={text.say("set-up-name")}
                        help={text.say("set-up-name-help")} autocomplete="name"
                        value={(*name).clone()} on_input={set(&name)}
                        refusal={of_field(Input::Name)} />
                    <Field name="email" label={text.say("set-up-email")} kind="email"
                        autocomplete="username" value={(*email).clone()} on_input={set(&email)}
                        refusal={of_field(Input::Email)} />
                    <Field name="password" label={text.say("set-up-password")} kind="password"
                        help={text.say("set-up-password-help")} autocomplete="new-password"
                        value={(*password).clone()} on_input={set(&password)}
                        refusal={of_field(Input::Password)} />
                    <Strength password={(*password).clone()} by={chooser} />
                    {refused}
                    <button type="submit" class="button button-primary button-wide"
                        data-testid="set-up-next">{text.say("set-up-next")}</button>
                </form>
            </main>
        };
    }
    html! {
        <main class="gate gate-long" id="main">
            <form class="set-up-rest" novalidate=true {onsubmit} data-testid="set-up-rest"
                aria-labelledby="rest-title">
                <h1 id="rest-title" tabindex="-1">{text.say("set-up-rest-title")}</h1>
                <p class="card-lead">{text.say("set-up-rest-lead")}</p>
                <section class="group" aria-labelledby="place-title">
                    <h2 id="place-title">{text.say("set-up-place")}</h2>
                    {inputs(&PLACE[1..])}
                </section>
                <section class="group" aria-labelledby="divisions-title">
                    <h2 id="divisions-title">{text.say("practice-divisions")}</h2>
                    <p class="group-lead">{text.say("practice-divisions-lead")}</p>
                    <Divisions divisions={rows} draft={(*draft).clone()} on_draft={set(&draft)}
                        {on_edit} refusal={of_field(Input::Division)} />
                </section>
                <section class="group" aria-labelledby="policies-title">
                    <h2 id="policies-title">{text.say("practice-policies")}</h2>
                    {inputs(FIRST_POLICIES)}
                </section>
                <section class="group" aria-labelledby="announcement-title">
                    <h2 id="announcement-title">{text.say("practice-announcement")}</h2>
                    {inputs(ANNOUNCEMENT)}
                </section>
                <section class="group" aria-labelledby="limits-title">
                    <h2 id="limits-title">{text.say("practice-limits")}</h2>
                    {inputs(LIMITS)}
                </section>
                {refused}
                <div class="group-actions">
                    <button type="submit" class="button button-primary" data-testid="set-up"
                        aria-disabled={busy.to_string()}>
                        {text.say(if *busy { "set-up-busy" } else { "set-up-submit" })}
                    </button>
                    <button type="button" class="button" data-testid="set-up-back" onclick={back}>
                        {text.say("back")}</button>
                </div>
            </form>
        </main>
    }
}

/// The form with these settings.
fn filled(owner: Form, settings: Settings) -> Form {
    let Settings {
        name: practice,
        time_zone,
        language,
        currency,
        announcement,
        idle_minutes,
        session_hours,
        policies,
        // Not asked here: it is set later, beside what it may not say.
        sender: _,
    } = settings;
    Form {
        practice,
        time_zone,
        language,
        currency,
        announcement,
        idle_minutes,
        session_hours,
        policies,
        ..owner
    }
}

/// The names of the divisions after an edit; their names are their keys.
fn edit_names(names: &[String], edit: &Edit) -> Result<Vec<String>, Refusal> {
    let mut names = names.to_vec();
    match edit {
        Edit::Add(name) => names.push(division_name(name, names.iter().map(String::as_str))?),
        Edit::Rename(key, name) => {
            let others = names.iter().filter(|other| *other != key).map(String::as_str);
            let name = division_name(name, others)?;
            for known in names.iter_mut().filter(|known| *known == key) {
                known.clone_from(&name);
            }
        }
        Edit::Remove(key) => names.retain(|known| known != key),
    }
    division_names(&names.join("\n"))
}

/// The server's own rules for the first step, so that what is wrong shows before anything is sent.
fn check(form: &Form) -> Result<(), Refusal> {
    people::name(Input::Practice, &form.practice)?;
    people::name(Input::Name, &form.name)?;
    let email = people::email(&form.email)?;
    people::password(&form.password, &email, false)
}

#[cfg(test)]
mod tests {
    use shared_proto::refusal::Rule;

    use super::*;

    #[test]
    fn divisions_are_edited_before_there_is_a_practice() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let two: Vec<String> = names(&["Adults", "Children"]);
        let add = |name: &str| edit_names(&two, &Edit::Add(name.to_owned()));
        assert_eq!(add(" Families "), Ok(names(&["Adults", "Children", "Families"])));
        assert_eq!(add("adults"), Err(Refusal::invalid(Input::Division, Rule::Duplicate)));
        assert_eq!(add(" "), Err(Refusal::invalid(Input::Division, Rule::Empty)));
        let rename = Edit::Rename("Adults".to_owned(), "ADULTS".to_owned());
        assert_eq!(edit_names(&two, &rename), Ok(names(&["ADULTS", "Children"])));
        let remove = Edit::Remove("Adults".to_owned());
        assert_eq!(edit_names(&two, &remove), Ok(names(&["Children"])));
    }

    #[test]
    fn what_is_refused_is_shown_in_the_step_it_stands_in() {
        let step = |field| Step::of(&Refusal::invalid(field, Rule::Empty));
        assert!(step(Input::Password) == Some(Step::Owner));
        assert!(step(Input::IdleMinutes) == Some(Step::Rest));
        assert!(Step::of(&Refusal::SetUpLink).is_none());
    }
}
