//! Somebody new.

use std::rc::Rc;

use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{self as names, NewPerson, PersonCard, PersonChange, Role};
use shared_proto::practice::Division;
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_memo, use_state,
};
use yew_router::prelude::{Link, use_navigator};

use super::care::{division_of, options};
use super::edits::use_edits;
use super::picker::Picker;
use crate::browser;
use crate::components::field::Field;
use crate::components::select::Select;
use crate::components::sheet::Sheet;
use crate::hooks::desk::{Desk, use_desk};
use crate::route::Route;
use crate::text::use_text;

/// What the page knows.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who adds.
    pub me: PersonCard,
    /// The practice's divisions.
    pub divisions: Rc<Vec<Division>>,
}

/// The page.
#[component]
pub fn AddPerson(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let navigator = use_navigator();
    let edits = use_edits();
    let role = use_state(|| Role::Client);
    let own = props.me.clone();
    // Who adds a client cares for them, unless an owner only administers; as the server has it.
    let chosen = use_state(|| if own.role == Role::Provider { vec![own] } else { vec![] });
    let busy = use_state(|| false);
    let refused = use_state(|| None::<Refusal>);
    // One for the whole form: trying again adds nobody twice.
    let client_id = use_memo((), |()| browser::random_id());
    use_effect_with((), |()| browser::focus("#name"));
    // What is wrong takes the focus, once it is drawn.
    use_effect_with(*refused, |refused| {
        if refused.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let onsubmit = {
        let new = NewPerson {
            role: *role,
            name: edits.value("name", ""),
            email: edits.value("email", ""),
            phone: edits.value("phone", ""),
            chart_number: edits.value("chart-number", ""),
            division: division_of(&props.divisions, &edits.value("division", "")),
        };
        let (busy, refused, client_id) = (busy.clone(), refused.clone(), *client_id);
        let (assigned, me): (Vec<PersonId>, _) =
            (chosen.iter().map(|card| card.id).collect(), props.me.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&new) {
                refused.set(Some(refusal));
                return;
            }
            busy.set(true);
            refused.set(None);
            let ask = Ask::AddPerson { client_id, person: Box::new(new.clone()) };
            let (desk, navigator) = (desk.clone(), navigator.clone());
            let (busy, refused, assigned) = (busy.setter(), refused.setter(), assigned.clone());
            spawn_local(async move {
                match add(&desk, ask, &assigned, me).await {
                    Ok(id) => {
                        if let Some(navigator) = navigator {
                            navigator.replace(&Route::Chart { id });
                        }
                    }
                    Err(refusal) => {
                        refused.set(Some(refusal));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let of_field = |wanted| {
        let of = |refusal: &Refusal| matches!(refusal, Refusal::Invalid { field, .. } if *field == wanted);
        refused.filter(of)
    };
    let shown = [Input::Name, Input::Email, Input::Phone, Input::ChartNumber, Input::Division];
    let general = refused.filter(|_| shown.iter().all(|field| of_field(*field).is_none()));
    let field = |name: &'static str, label, kind, help, input| {
        html! {
            <Field {name} {label} {kind} {help} autocomplete="off" value={edits.value(name, "")}
                on_input={edits.typing(name)} refusal={of_field(input)} />
        }
    };
    let is_client = *role == Role::Client;
    let roles = vec![
        ("client".to_owned(), text.say("account-role-client")),
        ("provider".to_owned(), text.say("account-role-provider")),
    ];
    let submit = if *busy { text.say("add-busy") } else { text.say("add-submit") };
    html! {
        <Sheet name="add-person-page" title={text.say("people-add")} back={Route::People}>
            <form class="group" novalidate=true {onsubmit} data-testid="add-form"
                aria-label={text.say("people-add")}>
                if props.me.role == Role::Owner {
                    <Select name="role" label={text.say("person-role")} options={roles}
                        value={if is_client { "client" } else { "provider" }}
                        on_choose={Callback::from({
                            let role = role.clone();
                            move |value: String| role.set(match value.as_str() {
                                "provider" => Role::Provider,
                                _ => Role::Client,
                            })
                        })} />
                }
                {field("name", text.say("person-name"), "text", None, Input::Name)}
                {field("email", text.say("person-email"), "email",
                    Some(text.say("person-email-help")), Input::Email)}
                {field("phone", text.say("person-phone"), "tel", None, Input::Phone)}
                if is_client {
                    {field("chart-number", text.say("person-chart-number"), "text", None,
                        Input::ChartNumber)}
                }
                if !props.divisions.is_empty() {
                    <Select name="division" label={text.say("person-division")}
                        help={text.say("person-division-help")}
                        options={options(&props.divisions, &text)}
                        value={edits.value("division", "")} on_choose={edits.typing("division")}
                        refusal={of_field(Input::Division)} />
                }
                if is_client {
                    <h2>{text.say("chart-assigned")}</h2>
                    <p class="group-lead">{text.say("chart-assigned-lead")}</p>
                    <Picker chosen={(*chosen).clone()}
                        on_assign={Callback::from({
                            let chosen = chosen.clone();
                            move |(card, on): (PersonCard, bool)| {
                                let mut all = (*chosen).clone();
                                all.retain(|known| known.id != card.id);
                                if on {
                                    all.push(card);
                                }
                                chosen.set(all);
                            }
                        })} />
                }
                <div role="alert">
                    if let Some(refusal) = general {
                        <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                            {text.refusal(&refusal)}
                        </p>
                    }
                </div>
                <div class="group-actions">
                    <button type="submit" class="button button-primary" data-testid="add-submit"
                        aria-disabled={busy.to_string()}>{submit}</button>
                    <Link<Route> to={Route::People} classes="button">{text.say("cancel")}</Link<Route>>
                </div>
            </form>
        </Sheet>
    }
}

/// The server's own rules, so that what is wrong shows before anything is sent.
fn check(new: &NewPerson) -> Result<(), Refusal> {
    names::name(Input::Name, &new.name)?;
    if !new.email.trim().is_empty() {
        names::email(&new.email)?;
    }
    names::phone(&new.phone)?;
    names::chart_number(&new.chart_number)?;
    Ok(())
}

/// Adds them, then assigns them. Each step does nothing more when it is done again.
async fn add(
    desk: &Desk,
    ask: Ask,
    assigned: &[PersonId],
    me: PersonId,
) -> Result<PersonId, Refusal> {
    let Reply::Office(Told::Person(row)) = desk.ask(ask).await? else {
        return Err(Refusal::Unavailable);
    };
    let person = row.card.id;
    if row.card.role != Role::Client {
        return Ok(person);
    }
    let assign = async |provider, on| {
        let change = Box::new(PersonChange::Assigned { provider, on });
        desk.ask(Ask::ChangePerson { person, change }).await
    };
    for provider in assigned.iter().filter(|id| !row.assigned.contains(id)) {
        assign(*provider, true).await?;
    }
    // Oneself last: whoever is no longer assigned may see them no longer.
    let others = row.assigned.iter().filter(|id| !assigned.contains(id));
    let (own, others): (Vec<PersonId>, Vec<PersonId>) = others.partition(|id| **id == me);
    for provider in others.into_iter().chain(own) {
        assign(provider, false).await?;
    }
    Ok(person)
}
