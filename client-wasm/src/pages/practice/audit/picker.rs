//! Finds somebody of the practice by what is typed; also those who can no longer be written to.

use gloo::timers::callback::Timeout;
use shared_proto::limits::QUERY_SCALARS;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{PeopleFilter, PeopleShown, PersonCard};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_mut_ref, use_state,
};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::hooks::desk::{Desk, use_desk};
use crate::text::use_text;

/// How long after a key is asked, in milliseconds.
const PAUSE_MS: u32 = 200;
/// How many are offered: whoever sees more types on.
const OFFERED: usize = 8;

/// Who is chosen.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Them, if anybody.
    pub chosen: Option<PersonCard>,
    /// Called with who is chosen instead.
    pub on_choose: Callback<Option<PersonCard>>,
}

/// The field, and those found.
#[component]
pub fn Picker(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let typed = use_state(String::new);
    let found = use_state(|| None::<Result<Vec<PersonCard>, Refusal>>);
    let pause = use_mut_ref(|| None::<Timeout>);
    let turn = use_mut_ref(|| 0u32);
    // What was pressed is gone then: a keyboard goes on at what stands in its place.
    let moves = use_mut_ref(|| false);
    {
        let moves = moves.clone();
        use_effect_with(props.chosen.is_some(), move |chosen| {
            if moves.replace(false) {
                browser::focus(if *chosen {
                    "[data-testid=audit-person-chosen]"
                } else {
                    "#audit-person"
                });
            }
        });
    }
    let oninput = {
        let (typed, found) = (typed.clone(), found.clone());
        Callback::from(move |event: InputEvent| {
            let words = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(words.clone());
            *turn.borrow_mut() += 1;
            let mine = *turn.borrow();
            if words.trim().is_empty() {
                *pause.borrow_mut() = None;
                found.set(None);
                return;
            }
            let words: String = words.chars().take(QUERY_SCALARS).collect();
            let (desk, found, turn) = (desk.clone(), found.clone(), turn.clone());
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || {
                spawn_local(async move {
                    let people = find(&desk, &words).await;
                    if *turn.borrow() == mine {
                        found.set(Some(people));
                    }
                });
            }));
        })
    };
    let choose = |person: &PersonCard| {
        let (typed, found, moves) = (typed.clone(), found.clone(), moves.clone());
        let (on_choose, person) = (props.on_choose.clone(), person.clone());
        Callback::from(move |_: MouseEvent| {
            typed.set(String::new());
            found.set(None);
            *moves.borrow_mut() = true;
            on_choose.emit(Some(person.clone()));
        })
    };
    let remove = {
        let (on_choose, moves) = (props.on_choose.clone(), moves.clone());
        Callback::from(move |_: MouseEvent| {
            *moves.borrow_mut() = true;
            on_choose.emit(None);
        })
    };
    if let Some(person) = &props.chosen {
        let name = [("name", person.name.as_str().into())];
        return html! {
            <div class="field">
                <span class="audit-label">{text.say("audit-person")}</span>
                <button type="button" class="chip" data-testid="audit-person-chosen"
                    data-person={person.id.to_string()} onclick={remove}
                    aria-label={text.say_with("audit-person-remove", &name)}>
                    <span dir="auto">{&person.name}</span>
                    <Icon shape={Shape::Close} />
                </button>
            </div>
        };
    }
    let status = match &*found {
        None => text.say("audit-person-help"),
        Some(Ok(people)) => text.say_with("audit-person-found", &[("count", people.len().into())]),
        Some(Err(refusal)) => text.refusal(refusal),
    };
    let offered = match &*found {
        Some(Ok(people)) => people.as_slice(),
        _ => &[],
    };
    html! {
        <div class="field audit-picker">
            <label for="audit-person">{text.say("audit-person")}</label>
            <input id="audit-person" type="search" autocomplete="off" spellcheck="false"
                data-testid="audit-person" aria-describedby="audit-person-status"
                value={(*typed).clone()} {oninput} />
            <p class="field-help" id="audit-person-status" role="status">{status}</p>
            if !offered.is_empty() {
                <ul class="audit-offered">
                    { for offered.iter().map(|person| html! {
                        <li key={person.id.to_string()}>
                            <button type="button" class="panel-item" dir="auto"
                                data-testid="audit-person-option"
                                data-person={person.id.to_string()} onclick={choose(person)}>
                                {&person.name}
                            </button>
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}

async fn find(desk: &Desk, words: &str) -> Result<Vec<PersonCard>, Refusal> {
    let mut people = Vec::new();
    for shown in [PeopleShown::Clients, PeopleShown::Providers] {
        let filter = PeopleFilter { text: words.to_owned(), shown, standing: None };
        match desk.ask(Ask::People { filter, after: None }).await? {
            Reply::Office(Told::People(page)) => {
                people.extend(page.rows.into_iter().take(OFFERED).map(|row| row.card));
            }
            _ => return Err(Refusal::Unavailable),
        }
    }
    Ok(people)
}
