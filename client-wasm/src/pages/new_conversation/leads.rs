//! Who leads a conversation, and which division it belongs to (O1b): whoever opens it and their
//! own, unless they choose a colleague.

use std::rc::Rc;

use shared_proto::id::{DivisionId, PersonId};
use shared_proto::office::{Ask, Told};
use shared_proto::people::{AccountState, PeopleFilter, PeopleShown, PersonCard, PersonRow};
use shared_proto::practice::Division;
use shared_proto::refusal::{Field, Refusal};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_state};

use crate::components::select::Select;
use crate::hooks::desk::{Desk, use_desk};
use crate::text::use_text;

/// A colleague, or none for whoever opens it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Led {
    /// Who leads it; `None` for whoever opens it.
    pub host: Option<PersonCard>,
    /// The division that was chosen, if any.
    pub division: Option<DivisionId>,
}

/// What is chosen.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who opens it.
    pub me: PersonId,
    /// What is chosen.
    pub led: Led,
    /// Called with another choice.
    pub on_choose: Callback<Led>,
    /// What was refused.
    pub refusal: Option<Refusal>,
}

/// The practice, as far as there is something to choose.
#[derive(Default, PartialEq)]
struct Known {
    divisions: Vec<Division>,
    providers: Vec<PersonRow>,
}

/// Two choices; nothing where there is nothing to choose.
#[component]
pub fn Leads(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let known = use_state(|| Rc::new(Known::default()));
    {
        let known = known.clone();
        use_effect_with((), move |()| {
            spawn_local(async move { known.set(Rc::new(all(&desk).await)) });
        });
    }
    let Led { host, division } = &props.led;
    let me = props.me;
    // A division that was chosen leaves its providers; those who cannot lead are not offered.
    let offered = |row: &&PersonRow| {
        let here = division.is_none() || row.division == *division;
        row.card.id != me && row.account == AccountState::Active && here
    };
    let colleagues: Vec<&PersonRow> = known.providers.iter().filter(offered).collect();
    let own = known.providers.iter().find(|row| row.card.id == me);
    let own_division = own.and_then(|row| row.division);
    let on_division = {
        let (on_choose, known) = (props.on_choose.clone(), Rc::clone(&known));
        Callback::from(move |value: String| {
            let chosen = known.divisions.iter().find(|division| division.id.to_string() == value);
            let division = chosen.map(|division| division.id);
            // Only a provider of the division leads there: oneself, else the first.
            let here =
                |row: &&PersonRow| row.account == AccountState::Active && row.division == division;
            let host = match division {
                Some(_) if own_division != division => known.providers.iter().find(here),
                _ => None,
            };
            let host = host.map(|row| row.card.clone());
            on_choose.emit(Led { host, division });
        })
    };
    let on_host = {
        let (on_choose, known) = (props.on_choose.clone(), Rc::clone(&known));
        let division = *division;
        Callback::from(move |value: String| {
            let chosen = known.providers.iter().find(|row| row.card.id.to_string() == value);
            let host = chosen.map(|row| row.card.clone());
            on_choose.emit(Led { host, division });
        })
    };
    let refused = |wanted: Field| {
        props
            .refusal
            .filter(|refusal| matches!(refusal, Refusal::Invalid { field, .. } if *field == wanted))
    };
    if known.divisions.is_empty() && colleagues.is_empty() {
        return Html::default();
    }
    let any = (String::new(), text.say("new-division-any"));
    let divisions =
        known.divisions.iter().map(|division| (division.id.to_string(), division.name.clone()));
    let may_lead = division.is_none() || own_division == *division;
    let myself = may_lead.then(|| (String::new(), text.say("new-leads-me")));
    let hosts = colleagues.iter().map(|row| (row.card.id.to_string(), row.card.name.clone()));
    let help = match host {
        Some(host) => text.say_with("new-leads-other", &[("name", host.name.as_str().into())]),
        None => text.say("new-leads-help"),
    };
    html! {
        <div class="leads">
            if !known.divisions.is_empty() {
                <Select name="new-division" label={text.say("new-division")}
                    options={[any].into_iter().chain(divisions).collect::<Vec<_>>()}
                    value={division.map(|id| id.to_string()).unwrap_or_default()}
                    on_choose={on_division} refusal={refused(Field::Division)} />
            }
            <Select name="new-host" label={text.say("new-leads")} help={Some(help)}
                options={myself.into_iter().chain(hosts).collect::<Vec<_>>()}
                value={host.as_ref().map(|host| host.id.to_string()).unwrap_or_default()}
                on_choose={on_host} refusal={refused(Field::Host)} />
        </div>
    }
}

/// Everything there is to choose from; what cannot be had is not offered.
async fn all(desk: &Desk) -> Known {
    let mut known = Known::default();
    if let Ok(Reply::Office(Told::Practice(practice))) = desk.ask(Ask::Practice).await {
        known.divisions = practice.divisions;
    }
    let mut after = None;
    loop {
        let filter = PeopleFilter { shown: PeopleShown::Providers, ..PeopleFilter::default() };
        let Ok(Reply::Office(Told::People(page))) = desk.ask(Ask::People { filter, after }).await
        else {
            return known;
        };
        known.providers.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return known;
        }
    }
}
