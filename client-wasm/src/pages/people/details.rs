//! What a practice keeps of a client besides their account: themselves and their insurance (N11).

use shared_proto::chart::{DetailField, Details};
use shared_proto::people::{PersonChange, PersonRow};
use shared_proto::refusal::Refusal;
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_state};

use super::contact::saved;
use super::edits::use_edits;
use super::saving::use_saving;
use crate::components::field::Field;
use crate::text::{Text, use_text};

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whose.
    pub row: PersonRow,
    /// As they are known.
    pub details: Details,
}

/// The form.
#[component]
pub fn DetailsForm(props: &Props) -> Html {
    let text = use_text();
    let edits = use_edits();
    let saving = use_saving(props.row.card.id);
    let wrong = use_state(|| None::<(DetailField, Refusal)>);
    let onsubmit = {
        let (edits, saving, known) = (edits.clone(), saving.clone(), props.details.clone());
        let wrong = wrong.setter();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let mut details = Details::default();
            for field in DetailField::ALL {
                details.set(field, edits.value(field.name(), known.get(field)));
            }
            let checked = details.clone().checked();
            wrong.set(checked.as_ref().err().copied());
            let checked = checked.map(|_| ()).map_err(|(_, refusal)| refusal);
            let edits = edits.clone();
            let change = PersonChange::Details(Box::new(details));
            saving.save(checked, change, move || edits.clear());
        })
    };
    let field = |field: DetailField| {
        let refusal = wrong.filter(|(wrong, _)| *wrong == field).map(|(_, refusal)| refusal);
        let help = (field == DetailField::BirthDate).then(|| text.say("detail-birth-date-help"));
        html! {
            <Field name={field.name()} label={label(field, &text)} {help} autocomplete="off"
                value={edits.value(field.name(), props.details.get(field))}
                on_input={edits.typing(field.name())} {refusal} />
        }
    };
    let (own, insurance) = DetailField::ALL.split_at(DetailField::FIRST_OF_INSURANCE);
    html! {
        <form class="group" novalidate=true {onsubmit} aria-labelledby="details-title"
            data-testid="details">
            <h2 id="details-title">{text.say("chart-details")}</h2>
            <p class="group-lead">{text.say("chart-details-lead")}</p>
            <div class="pairs">{ for own.iter().copied().map(field) }</div>
            <h3>{text.say("chart-insurance")}</h3>
            <div class="pairs">{ for insurance.iter().copied().map(field) }</div>
            {saved(&saving, &edits.any(), "save-details", &text)}
        </form>
    }
}

/// What a detail is called.
fn label(field: DetailField, text: &Text) -> String {
    match field {
        DetailField::BirthDate => text.say("detail-birth-date"),
        DetailField::Gender => text.say("detail-gender"),
        DetailField::Pronouns => text.say("detail-pronouns"),
        DetailField::Street => text.say("detail-street"),
        DetailField::Town => text.say("detail-town"),
        DetailField::Country => text.say("detail-country"),
        DetailField::EmergencyName => text.say("detail-emergency-name"),
        DetailField::EmergencyPhone => text.say("detail-emergency-phone"),
        DetailField::Insurer => text.say("detail-insurer"),
        DetailField::MemberNumber => text.say("detail-member-number"),
        DetailField::GroupNumber => text.say("detail-group-number"),
        DetailField::PolicyHolder => text.say("detail-policy-holder"),
    }
}
