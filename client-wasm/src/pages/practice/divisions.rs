//! The divisions, changed one at a time.

use shared_proto::office::Ask;
use shared_proto::practice::{PracticeChange, division_name};
use shared_proto::refusal::{Field, Refusal, Rule};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, component, html, use_state};

use super::{Does, Page, ask};
use crate::components::divisions::{Asked, Divisions, Edit};
use crate::hooks::desk::{Desk, use_desk};
use crate::text::use_text;

/// The divisions.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The page.
    pub page: Page,
    /// Changes it.
    pub does: Callback<Does>,
}

/// The group.
#[component]
pub fn Group(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let draft = use_state(String::new);
    let on_draft = {
        let draft = draft.clone();
        Callback::from(move |value| draft.set(value))
    };
    let on_edit = {
        let (page, does) = (props.page.clone(), props.does.clone());
        Callback::from(move |(edit, done): Asked| {
            let (desk, page, does) = (desk.clone(), page.clone(), does.clone());
            spawn_local(async move {
                done.emit(change(&desk, page, edit, &does).await);
            });
        })
    };
    let divisions = props.page.known.divisions.iter();
    let divisions: Vec<_> = divisions.map(|one| (one.id.to_string(), one.name.clone())).collect();
    html! {
        <section class="group" data-testid="practice-divisions" aria-labelledby="divisions-title">
            <h2 id="divisions-title">{text.say("practice-divisions")}</h2>
            <p class="group-lead">{text.say("practice-divisions-lead")}</p>
            <Divisions {divisions} draft={(*draft).clone()} {on_draft} {on_edit} />
        </section>
    }
}

async fn change(
    desk: &Desk,
    mut page: Page,
    edit: Edit,
    does: &Callback<Does>,
) -> Result<(), Refusal> {
    let unknown = Refusal::invalid(Field::Division, Rule::Unknown);
    loop {
        let divisions = &page.known.divisions;
        let of = |key: &str| divisions.iter().find(|one| one.id.to_string() == key);
        let (seen, change) = match &edit {
            Edit::Add(name) => {
                let name = division_name(name, divisions.iter().map(|one| one.name.as_str()))?;
                (None, PracticeChange::AddDivision { name })
            }
            Edit::Rename(key, name) => {
                let division = of(key).ok_or(unknown)?;
                let others = divisions.iter().filter(|one| one.id != division.id);
                let name = division_name(name, others.map(|one| one.name.as_str()))?;
                let change = PracticeChange::RenameDivision { division: division.id, name };
                (Some(division.clone()), change)
            }
            Edit::Remove(key) => {
                let division = of(key).ok_or(unknown)?;
                let change = PracticeChange::RemoveDivision { division: division.id };
                (Some(division.clone()), change)
            }
        };
        let revision = page.known.revision;
        match ask(desk, Ask::ChangePractice { revision, change }).await {
            Ok(known) => {
                does.emit(Does::Follow(Box::new(known)));
                return Ok(());
            }
            Err(Refusal::Outdated) => {
                let known = ask(desk, Ask::Practice).await?;
                page.known = known.clone();
                does.emit(Does::Follow(Box::new(known)));
                // Somebody else renamed it or took it away: that is seen first.
                if seen.is_some_and(|seen| !page.known.divisions.contains(&seen)) {
                    return Err(Refusal::Outdated);
                }
            }
            Err(refusal) => return Err(refusal),
        }
    }
}
