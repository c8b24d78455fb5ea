//! Where somebody belongs: their division, and who cares for them.

use std::rc::Rc;

use shared_proto::id::DivisionId;
use shared_proto::people::rules::With;
use shared_proto::people::{Chart, PersonCard, PersonChange, Role};
use shared_proto::practice::Division;
use yew::{Callback, Html, Properties, component, html};

use super::contact::fact;
use super::division_name;
use super::picker::Picker;
use super::saving::use_saving;
use super::standing::may;
use crate::components::select::Select;
use crate::text::{Text, use_text};

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// Whose.
    pub chart: Rc<Chart>,
    /// The practice's divisions.
    pub divisions: Rc<Vec<Division>>,
}

/// The group.
#[component]
pub fn Care(props: &Props) -> Html {
    let text = use_text();
    let row = &props.chart.row;
    let saving = use_saving(row.card.id);
    let is_client = row.card.role == Role::Client;
    let on_choose = {
        let (saving, divisions) = (saving.clone(), Rc::clone(&props.divisions));
        Callback::from(move |value: String| {
            let division = division_of(&divisions, &value);
            saving.save(Ok(()), PersonChange::Division(division), || {});
        })
    };
    let on_assign = {
        let saving = saving.clone();
        Callback::from(move |(card, on): (PersonCard, bool)| {
            saving.save(Ok(()), PersonChange::Assigned { provider: card.id, on }, || {});
        })
    };
    let title = if is_client { text.say("chart-care") } else { text.say("chart-division") };
    html! {
        <section class="group" aria-labelledby="care-title" data-testid="care">
            <h2 id="care-title">{title}</h2>
            {division(props, on_choose, &text)}
            if is_client {
                <h3>{text.say("chart-assigned")}</h3>
                <p class="group-lead">{text.say("chart-assigned-lead")}</p>
                <Picker chosen={props.chart.assigned.clone()} {on_assign} />
            }
            <div role="alert">
                if let Some(refusal) = saving.general() {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </p>
                }
            </div>
        </section>
    }
}

fn division(props: &Props, on_choose: Callback<String>, text: &Text) -> Html {
    let row = &props.chart.row;
    let known = division_name(&props.divisions, row.division);
    if let Err(refusal) = may(&props.me, With::Division, row) {
        return html! {
            <>
                <dl class="facts">{fact(&text.say("person-division"), &known, text)}</dl>
                <p class="field-help" data-testid="unavailable" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            </>
        };
    }
    if props.divisions.is_empty() {
        return html! { <p class="field-help">{text.say("division-none-yet")}</p> };
    }
    html! {
        <Select name="division" label={text.say("person-division")}
            help={text.say("person-division-help")} options={options(&props.divisions, text)}
            value={row.division.map(|id| id.to_string()).unwrap_or_default()} {on_choose} />
    }
}

/// The divisions to choose from, none first.
pub fn options(divisions: &[Division], text: &Text) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), text.say("division-none"))];
    options.extend(divisions.iter().map(|one| (one.id.to_string(), one.name.clone())));
    options
}

/// The division chosen.
#[must_use]
pub fn division_of(divisions: &[Division], value: &str) -> Option<DivisionId> {
    divisions.iter().find(|division| division.id.to_string() == value).map(|found| found.id)
}
