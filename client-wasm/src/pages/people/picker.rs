//! The providers a client is assigned to: those there are, one taken away, one added.

use shared_proto::office::{Ask, Told};
use shared_proto::people::{PeopleFilter, PeopleShown, PersonCard};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, component, hook, html, use_effect_with, use_state,
};

use crate::components::icon::{Icon, Shape};
use crate::components::select::Select;
use crate::hooks::desk::use_desk;
use crate::text::use_text;

/// Most pages of providers asked for: a practice has far fewer.
const PAGES: usize = 20;

/// Whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Those assigned.
    pub chosen: Vec<PersonCard>,
    /// Called with whether somebody is assigned from now on.
    pub on_assign: Callback<(PersonCard, bool)>,
}

/// The picker.
#[component]
pub fn Picker(props: &Props) -> Html {
    let text = use_text();
    let providers = use_providers();
    let picked = use_state(String::new);
    let free: Vec<PersonCard> = providers
        .iter()
        .filter(|card| props.chosen.iter().all(|chosen| chosen.id != card.id))
        .cloned()
        .collect();
    let mut options = vec![(String::new(), text.say("assign-choose"))];
    options.extend(free.iter().map(|card| (card.id.to_string(), card.name.clone())));
    let take = |card: &PersonCard| {
        let (on_assign, card) = (props.on_assign.clone(), card.clone());
        Callback::from(move |_: MouseEvent| on_assign.emit((card.clone(), false)))
    };
    let picked_card = free.iter().find(|card| card.id.to_string() == *picked).cloned();
    let add = {
        let (on_assign, picked, card) =
            (props.on_assign.clone(), picked.clone(), picked_card.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(card) = card.clone() {
                picked.set(String::new());
                on_assign.emit((card, true));
            }
        })
    };
    html! {
        <div class="picker">
            if props.chosen.is_empty() {
                <p class="field-help" data-testid="assigned-none">{text.say("assign-none")}</p>
            } else {
                <ul class="chosen" aria-label={text.say("chart-assigned")}>
                    { for props.chosen.iter().map(|card| html! {
                        <li key={card.id.to_string()}>
                            <button type="button" class="chip" onclick={take(card)}
                                data-testid="assigned" data-person={card.id.to_string()}
                                aria-label={text.say_with("assign-remove",
                                    &[("name", card.name.as_str().into())])}>
                                <span dir="auto">{&card.name}</span>
                                <Icon shape={Shape::Close} />
                            </button>
                        </li>
                    }) }
                </ul>
            }
            if !free.is_empty() {
                <div class="picker-add">
                    <Select name="assign" label={text.say("assign-label")} {options}
                        value={(*picked).clone()}
                        on_choose={Callback::from({
                            let picked = picked.clone();
                            move |value| picked.set(value)
                        })} />
                    <button type="button" class="button" data-testid="assign-add" onclick={add}
                        aria-disabled={picked_card.is_none().to_string()}>
                        {text.say("assign-add")}
                    </button>
                </div>
            }
        </div>
    }
}

/// Everyone who gives care, by name.
#[hook]
fn use_providers() -> Vec<PersonCard> {
    let desk = use_desk();
    let providers = use_state(Vec::new);
    {
        let providers = providers.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                let mut all: Vec<PersonCard> = Vec::new();
                let mut after = None;
                for _ in 0..PAGES {
                    let shown = PeopleShown::Providers;
                    let filter = PeopleFilter { shown, ..PeopleFilter::default() };
                    let answer = desk.ask(Ask::People { filter, after }).await;
                    let Ok(Reply::Office(Told::People(page))) = answer else { break };
                    all.extend(page.rows.into_iter().map(|row| row.card));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                all.sort_by_key(|card| (card.name.to_lowercase(), card.id));
                providers.set(all);
            });
        });
    }
    (*providers).clone()
}
