//! How somebody is called and reached.

use shared_proto::people::rules::With;
use shared_proto::people::{self as names, AccountState, PersonCard, PersonChange, PersonRow};
use shared_proto::refusal::{Field as Input, Refusal};
use yew::{Callback, Html, Properties, SubmitEvent, component, html};

use super::edits::use_edits;
use super::saving::{Saving, use_saving};
use super::standing::may;
use crate::components::field::Field;
use crate::text::{Text, use_text};

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// Who is shown.
    pub row: PersonRow,
}

/// The group.
#[component]
pub fn Contact(props: &Props) -> Html {
    let text = use_text();
    let row = &props.row;
    let edits = use_edits();
    let saving = use_saving(row.card.id);
    let allowed = may(&props.me, With::Contact, row);
    let own = matches!(row.account, AccountState::Active | AccountState::Suspended);
    let onsubmit = {
        let (edits, saving, row) = (edits.clone(), saving.clone(), row.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let change = PersonChange::Contact {
                name: edits.value("name", &row.card.name),
                email: edits.value("email", &row.email),
                phone: edits.value("phone", &row.phone),
                chart_number: edits.value("chart-number", &row.chart_number),
            };
            let edits = edits.clone();
            saving.save(check(&change), change, move || edits.clear());
        })
    };
    if let Err(refusal) = allowed {
        return html! {
            <section class="group" aria-labelledby="contact-title" data-testid="contact">
                <h2 id="contact-title">{text.say("chart-contact")}</h2>
                <dl class="facts">
                    {fact(&text.say("person-name"), &row.card.name, &text)}
                    {fact(&text.say("person-email"), &row.email, &text)}
                    {fact(&text.say("person-phone"), &row.phone, &text)}
                </dl>
                <p class="field-help" data-testid="unavailable" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            </section>
        };
    }
    let field = |name: &'static str, label, kind, known: &str, input| {
        html! {
            <Field {name} {label} {kind} autocomplete="off" value={edits.value(name, known)}
                on_input={edits.typing(name)} refusal={saving.of_field(input)} />
        }
    };
    html! {
        <form class="group" novalidate=true {onsubmit} aria-labelledby="contact-title"
            data-testid="contact">
            <h2 id="contact-title">{text.say("chart-contact")}</h2>
            if own {
                <dl class="facts">
                    {fact(&text.say("person-name"), &row.card.name, &text)}
                    {fact(&text.say("person-email"), &row.email, &text)}
                </dl>
                <p class="field-help" data-testid="unavailable"
                    data-rule={Refusal::HasAccount.rule()}>
                    {text.say("chart-contact-own")}
                </p>
            } else {
                {field("name", text.say("person-name"), "text", &row.card.name, Input::Name)}
                {field("email", text.say("person-email"), "email", &row.email, Input::Email)}
            }
            {field("phone", text.say("person-phone"), "tel", &row.phone, Input::Phone)}
            {field("chart-number", text.say("person-chart-number"), "text", &row.chart_number,
                Input::ChartNumber)}
            {saved(&saving, &edits.any(), "save-contact", &text)}
        </form>
    }
}

/// The server's own rules, so that what is wrong shows before anything is sent.
fn check(change: &PersonChange) -> Result<(), Refusal> {
    let PersonChange::Contact { name, email, phone, chart_number } = change else { return Ok(()) };
    names::name(Input::Name, name)?;
    if !email.trim().is_empty() {
        names::email(email)?;
    }
    names::phone(phone)?;
    names::chart_number(chart_number)?;
    Ok(())
}

/// A thing that is known, or a dash.
pub fn fact(label: &str, value: &str, text: &Text) -> Html {
    let value = if value.is_empty() { text.say("chart-none") } else { value.to_owned() };
    html! { <div class="fact"><dt>{label.to_owned()}</dt><dd dir="auto">{value}</dd></div> }
}

/// The button of a form, and what came of it.
pub fn saved(saving: &Saving, edited: &bool, name: &'static str, text: &Text) -> Html {
    let general = saving.general();
    let done = saving.is_done() && !edited;
    html! {
        <>
            <div role="alert">
                if let Some(refusal) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class="button button-primary" data-testid={name}
                    aria-disabled={saving.is_busy().to_string()}>{text.say("save")}</button>
                <span role="status" class="saved" data-testid={format!("{name}-done")}
                    data-done={done.to_string()}>
                    if done { {text.say("saved")} }
                </span>
            </div>
        </>
    }
}
