//! The chart that is shown, kept as it is now.

use std::rc::Rc;

use shared_proto::id::PersonId;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::Chart;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, hook, use_effect_with, use_force_update, use_mut_ref};

use super::super::use_back;
use crate::hooks::desk::{use_changes, use_desk};

/// A chart, or why it is not here.
type Answered = Result<Rc<Chart>, Refusal>;

/// The chart asked for last, and whose it is.
type Held = Option<(PersonId, Answered)>;

/// Somebody's chart as it is now, once it is here, and how to ask for it again.
#[hook]
pub fn use_chart(id: PersonId, live: bool) -> (Option<Answered>, Callback<()>) {
    let desk = use_desk();
    let update = use_force_update();
    let held = use_mut_ref(Held::default);
    let load = {
        let (desk, held, update) = (desk.clone(), Rc::clone(&held), update.clone());
        Callback::from(move |()| {
            let answer = desk.ask(Ask::Chart { person: id });
            let (held, update) = (Rc::clone(&held), update.clone());
            spawn_local(async move {
                let chart = match answer.await {
                    Ok(Reply::Office(Told::Chart(chart))) => Ok(Rc::new(*chart)),
                    Ok(_) => return,
                    Err(refusal) => Err(refusal),
                };
                held.replace(Some((id, chart)));
                update.force_update();
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with(id, move |_| load.emit(()));
    }
    {
        let load = load.clone();
        use_back(live, move || load.emit(()));
    }
    {
        let (held, load) = (Rc::clone(&held), load.clone());
        use_changes(id, move |changed| {
            let heard = heard(&mut held.borrow_mut(), id, changed);
            match heard {
                Heard::Nothing => return,
                Heard::News => {}
                Heard::AskAgain => load.emit(()),
            }
            update.force_update();
        });
    }
    let chart = held.borrow().as_ref().filter(|(of, _)| *of == id).map(|(_, chart)| chart.clone());
    (chart, load)
}

/// What a change comes to for a chart.
enum Heard {
    Nothing,
    News,
    AskAgain,
}

/// Takes a change into the chart of `id`.
fn heard(held: &mut Held, id: PersonId, changed: Changed) -> Heard {
    let Some((_, known)) = held.as_mut().filter(|(of, _)| *of == id) else {
        return Heard::Nothing;
    };
    match (changed, known) {
        (Changed::Person(row), Ok(chart)) if row.card.id == id => {
            Rc::make_mut(chart).row = *row;
            // What they agreed to, and who those are they are assigned to, come with the chart only.
            Heard::AskAgain
        }
        (Changed::Person(row), Err(Refusal::NotFound)) if row.card.id == id => Heard::AskAgain,
        (Changed::Details { person, details }, Ok(chart)) if person == id => {
            Rc::make_mut(chart).details = *details;
            Heard::News
        }
        (Changed::PersonGone(person), known) if person == id => {
            *known = Err(Refusal::NotFound);
            Heard::News
        }
        _ => Heard::Nothing,
    }
}
