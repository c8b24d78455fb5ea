//! A client's own details (N11): about them, and about their insurance.

use shared_proto::account::AccountChange;
use shared_proto::chart::{DetailField, Details};
use yew::{Callback, Html, component, html};

use super::draft::Draft;
use super::saving::{Form, GroupProps, Part, use_saving};
use crate::components::field::Field;
use crate::text::use_text;

/// The group.
#[component]
pub fn DetailsGroup(props: &GroupProps) -> Html {
    let text = use_text();
    let saving = use_saving(&props.on_account);
    let stored = props.account.details.clone().unwrap_or_default();
    let draft = &saving.draft;
    let parts = {
        let (saving, stored) = (saving.clone(), stored.clone());
        Callback::from(move |()| -> Vec<Part> {
            let wanted = as_typed(&stored, &saving.draft);
            let parts = DetailField::ALL.into_iter().filter_map(|field| {
                saving.part(field.name(), stored.get(field), |_| match wanted.clone().checked() {
                    // What is wrong is said where it stands, and the others wait for it: all
                    // details are one record.
                    Err((wrong, refusal)) if wrong == field => Err(refusal),
                    _ => Ok(AccountChange::Details(Box::new(wanted.clone()))),
                })
            });
            let parts: Vec<Part> = parts.collect();
            if parts.iter().any(|part| part.change.is_err()) {
                parts.into_iter().filter(|part| part.change.is_err()).collect()
            } else {
                parts
            }
        })
    };
    let changed = !parts.emit(()).is_empty();
    let field = |field: DetailField| {
        let name = field.name();
        let (kind, autocomplete) = input_of(field);
        html! {
            <Field key={name} {name} label={text.say(&format!("settings-detail-{name}"))} {kind}
                {autocomplete} value={draft.value(name, stored.get(field))}
                on_input={saving.typing(name)} refusal={draft.refusal(name)} />
        }
    };
    let (own, insurance) = DetailField::ALL.split_at(DetailField::FIRST_OF_INSURANCE);
    html! {
        <Form name="settings-details" title={text.say("settings-details")}
            lead={text.say("settings-details-lead")} saving={saving.clone()} {parts} {changed}>
            <fieldset class="field-set">
                <legend>{text.say("settings-details-own")}</legend>
                { for own.iter().copied().map(field) }
            </fieldset>
            <fieldset class="field-set">
                <legend>{text.say("settings-details-insurance")}</legend>
                { for insurance.iter().copied().map(field) }
            </fieldset>
        </Form>
    }
}

/// What is stored, with what was typed over it.
fn as_typed(stored: &Details, draft: &Draft) -> Details {
    let mut details = stored.clone();
    for field in DetailField::ALL {
        details.set(field, draft.value(field.name(), stored.get(field)));
    }
    details
}

/// The kind of input, and what a browser may fill in.
const fn input_of(field: DetailField) -> (&'static str, &'static str) {
    match field {
        DetailField::BirthDate => ("date", "bday"),
        DetailField::Street => ("text", "street-address"),
        DetailField::Country => ("text", "country-name"),
        DetailField::EmergencyPhone => ("tel", "off"),
        DetailField::Gender
        | DetailField::Pronouns
        | DetailField::Town
        | DetailField::EmergencyName
        | DetailField::Insurer
        | DetailField::MemberNumber
        | DetailField::GroupNumber
        | DetailField::PolicyHolder => ("text", "off"),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use yew::Reducible;

    use super::super::draft::Edit;
    use super::*;

    #[test]
    fn what_was_changed_elsewhere_goes_along_with_what_was_typed_here() {
        let mut stored = Details::default();
        let typed = Edit::Type(DetailField::Town.name(), "8000 Zürich".into());
        let draft = Rc::new(Draft::default()).reduce(typed);
        stored.set(DetailField::Insurer, "Helvetia, entered by the practice".into());
        let wanted = as_typed(&stored, &draft);
        assert_eq!(wanted.get(DetailField::Town), "8000 Zürich");
        assert_eq!(wanted.get(DetailField::Insurer), "Helvetia, entered by the practice");
    }
}
