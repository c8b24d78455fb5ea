//! Which records are looked for.

use shared_proto::audit::{AuditFilter, Group};
use shared_proto::people::PersonCard;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use super::picker::Picker;
use crate::components::field::Field;
use crate::components::select::Select;
use crate::dates;
use crate::text::use_text;

/// What is chosen, as it stands in the form.
#[derive(Clone, Default, PartialEq)]
pub struct Chosen {
    /// Done by or to them.
    pub person: Option<PersonCard>,
    /// Of this kind.
    pub group: Option<Group>,
    /// From this day on, as the browser writes a day; empty for any.
    pub from: String,
    /// Up to and with this day.
    pub until: String,
}

impl Chosen {
    /// What it asks for. A day that is not finished is none.
    pub fn filter(&self) -> AuditFilter {
        AuditFilter {
            person: self.person.as_ref().map(|card| card.id),
            action: None,
            from: dates::day_begins(&self.from, 0),
            until: dates::day_begins(&self.until, 1),
            group: self.group,
        }
    }
}

/// The choice, and who is told of another.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is chosen.
    pub chosen: Chosen,
    /// Called with what is chosen instead.
    pub on_choose: Callback<Chosen>,
}

/// The filters.
#[component]
pub fn Filters(props: &Props) -> Html {
    let text = use_text();
    let chosen = &props.chosen;
    let changed = |change: fn(&mut Chosen, String)| {
        let (chosen, on_choose) = (chosen.clone(), props.on_choose.clone());
        Callback::from(move |value: String| {
            let mut next = chosen.clone();
            change(&mut next, value);
            on_choose.emit(next);
        })
    };
    let on_person = {
        let (chosen, on_choose) = (chosen.clone(), props.on_choose.clone());
        Callback::from(move |person: Option<PersonCard>| {
            on_choose.emit(Chosen { person, ..chosen.clone() });
        })
    };
    let clear = {
        let on_choose = props.on_choose.clone();
        Callback::from(move |_: MouseEvent| on_choose.emit(Chosen::default()))
    };
    let groups = std::iter::once((String::new(), text.say("audit-group-any")));
    let groups = groups.chain(Group::ALL.iter().map(|group| {
        let name = group.name();
        (name.to_owned(), text.say(&format!("audit-group-{name}")))
    }));
    let group = chosen.group.map(Group::name).unwrap_or_default().to_owned();
    html! {
        <section class="group audit-filters" aria-label={text.say("audit-filters")}>
            <Picker chosen={chosen.person.clone()} on_choose={on_person} />
            <Select name="audit-group" label={text.say("audit-group")}
                options={groups.collect::<Vec<_>>()} value={group}
                on_choose={changed(|next, value| next.group = Group::named(&value))} />
            <Field name="audit-from" label={text.say("audit-from")} kind="date" autocomplete="off"
                value={chosen.from.clone()} on_input={changed(|next, value| next.from = value)} />
            <Field name="audit-until" label={text.say("audit-until")} kind="date"
                autocomplete="off" value={chosen.until.clone()}
                on_input={changed(|next, value| next.until = value)} />
            if *chosen != Chosen::default() {
                <button type="button" class="button button-small audit-clear"
                    data-testid="audit-clear" onclick={clear}>{text.say("audit-clear")}</button>
            }
        </section>
    }
}
