//! Files that were chosen, before they are sent: what is wrong with them, and who gets them
//! (everyone, unless somebody is left out: O22).

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use shared_proto::conversation::decide::audience;
use shared_proto::file::{Judge, Named, check_size, named};
use shared_proto::id::PersonId;
use shared_proto::limits::FILE_CHUNK_BYTES;
use shared_proto::people::PersonCard;
use shared_proto::refusal::{Field, Refusal, Rule};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, HtmlInputElement};
use yew::{
    Callback, Event, Html, MouseEvent, SubmitEvent, TargetCast, component, hook, html,
    use_effect_with, use_force_update, use_mut_ref, use_state,
};

use super::Props;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::file_picker::file_picker;
use crate::components::icon::{Icon, Shape};
use crate::components::shared_file::shape;
use crate::hooks::store::use_dispatch;
use crate::shared::Shared;
use crate::sizes::size;
use crate::state::Action;
use crate::state::attaching::{Attaching, Chosen, WAITING};
use crate::text::{Text, use_text};
use crate::uploads;

/// What a file is called here, or why it is not taken: by the rules of the server. `found` are the
/// files that are known to hold something else.
fn judged(file: &File, found: &[(File, Refusal)]) -> Result<Named, Refusal> {
    let named = named(&file.name())?;
    check_size(file.size() as u64)?;
    match found.iter().find(|(other, _)| other == file) {
        Some((_, refusal)) => Err(*refusal),
        None => Ok(named),
    }
}

/// What a file holds, by its first chunk. One that cannot be read says so when it is sent.
async fn differs(file: &File) -> Option<Refusal> {
    let kind = named(&file.name()).ok()?.kind;
    let first = file.slice_with_f64_and_f64(0.0, FILE_CHUNK_BYTES as f64).ok()?;
    let bytes = JsFuture::from(first.array_buffer()).await.ok()?;
    Judge::new(kind).take(&Uint8Array::new(&bytes).to_vec()).err()
}

/// The files that hold something else than their names say, as far as they have been looked at.
#[hook]
fn use_found(files: &Shared<Vec<File>>) -> Rc<RefCell<Vec<(File, Refusal)>>> {
    let found = use_mut_ref(Vec::new);
    let update = use_force_update();
    {
        let found = found.clone();
        use_effect_with(files.clone(), move |files| {
            for file in files.iter().cloned() {
                let (found, update) = (found.clone(), update.clone());
                spawn_local(async move {
                    if let Some(refusal) = differs(&file).await {
                        found.borrow_mut().push((file, refusal));
                        update.force_update();
                    }
                });
            }
        });
    }
    found
}

/// The dialog.
#[component]
pub fn Send(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let hidden = use_state(Vec::<PersonId>::new);
    let found = use_found(&props.files);
    let conversation = &*props.conversation;
    let others: Vec<&PersonCard> = conversation.others(props.me).collect();
    // Whoever left meanwhile is hidden from no more.
    let is_here = |person: &&PersonId| others.iter().any(|other| other.id == **person);
    let left_out: Vec<PersonId> = hidden.iter().filter(is_here).copied().collect();
    let all: Vec<(&File, Result<Named, Refusal>)> =
        props.files.iter().map(|file| (file, judged(file, &found.borrow()))).collect();
    let good = all.iter().filter(|(_, judged)| judged.is_ok()).count();
    let crowded = Refusal::invalid(Field::File, Rule::TooMany { limit: WAITING as u32 });
    let crowded = (props.waiting + good > WAITING).then_some(crowded);
    let refusal = crowded.or(audience(&conversation.fold, props.me, &left_out).err());
    let switch = {
        let hidden = hidden.clone();
        Callback::from(move |(person, gets): (PersonId, bool)| {
            let mut people: Vec<PersonId> = (*hidden).clone();
            people.retain(|other| *other != person);
            if !gets {
                people.push(person);
            }
            hidden.set(people);
        })
    };
    let remove = |index: usize| {
        let (files, on_files) = (props.files.clone(), props.on_files.clone());
        Callback::from(move |_: MouseEvent| {
            let rest = files.iter().enumerate().filter(|(other, _)| *other != index);
            on_files.emit(rest.map(|(_, file)| file.clone()).collect());
        })
    };
    let more = {
        let (files, on_files) = (props.files.clone(), props.on_files.clone());
        Callback::from(move |more: Vec<File>| {
            on_files.emit(files.iter().cloned().chain(more).collect());
        })
    };
    let on_close = props.on_files.reform(|()| Vec::new());
    let onsubmit = {
        let (files, on_files, id) = (props.files.clone(), props.on_files.clone(), conversation.id);
        let (left_out, fine) = (left_out.clone(), refusal.is_none() && good > 0);
        let found = found.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !fine {
                return;
            }
            let found = found.borrow();
            let chosen = files.iter().filter_map(|file| {
                let name = judged(file, &found).ok()?.name;
                let id = browser::random_id();
                uploads::keep(id, file.clone());
                Some(Chosen { id, name, bytes: file.size() as u64 })
            });
            let add = Attaching::Add(id, chosen.collect(), left_out.clone());
            dispatch.send(Action::Attaching(add));
            on_files.emit(Vec::new());
        })
    };
    html! {
        <Dialog title={text.say("send-title")} name="send-dialog" {on_close}>
            <form class="tool-form" {onsubmit}>
                <ul class="file-list" data-testid="chosen-files">
                    { for all.iter().enumerate().map(|(index, (file, judged))| {
                        row(file, judged, remove(index), &text)
                    }) }
                </ul>
                <div>
                    {file_picker("send-more", "button button-small", &more, html! {
                        {text.say("send-more")}
                    })}
                </div>
                {recipients(&others, &left_out, &switch, &text)}
                if let Some(refusal) = refusal {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}
                        role="status">{text.refusal(&refusal)}</p>
                }
                <div class="confirm-buttons">
                    <button type="submit" class="button button-primary" data-testid="send-files"
                        aria-disabled={(refusal.is_some() || good == 0).to_string()}>
                        {text.say_with("send-files", &[("count", good.into())])}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

fn row(
    file: &File,
    judged: &Result<Named, Refusal>,
    remove: Callback<MouseEvent>,
    text: &Text,
) -> Html {
    let (icon, name) = match judged {
        Ok(named) => (shape(named.kind), named.name.clone()),
        Err(_) => (Shape::Alert, file.name()),
    };
    let label = text.say_with("send-remove-name", &[("name", name.as_str().into())]);
    html! {
        <li class="file-row" data-testid="chosen-file"
            data-rule={judged.as_ref().err().map(Refusal::rule)}>
            <Icon shape={icon} />
            <span class="file-words">
                <span class="file-name" data-testid="chosen-name" dir="auto">{name}</span>
                {match judged {
                    Ok(_) => html! {
                        <span class="file-size">{size(file.size() as u64, text)}</span>
                    },
                    Err(refusal) => html! {
                        <span class="field-refusal" role="status">{text.refusal(refusal)}</span>
                    },
                }}
            </span>
            <button type="button" class="icon-button" data-testid="chosen-remove"
                aria-label={label} onclick={remove}>
                <Icon shape={Shape::Close} />
            </button>
        </li>
    }
}

fn recipients(
    others: &[&PersonCard],
    left_out: &[PersonId],
    switch: &Callback<(PersonId, bool)>,
    text: &Text,
) -> Html {
    if let [other] = others {
        let words = text.say_with("send-to", &[("name", other.name.as_str().into())]);
        return html! { <p data-testid="send-to">{words}</p> };
    }
    let rows = others.iter().map(|other| {
        let (person, switch) = (other.id, switch.clone());
        let onchange = Callback::from(move |event: Event| {
            let ticked = event.target_unchecked_into::<HtmlInputElement>().checked();
            switch.emit((person, ticked));
        });
        html! {
            <label key={person.to_string()} class="kind">
                <input type="checkbox" data-testid="recipient" data-person={person.to_string()}
                    checked={!left_out.contains(&person)} {onchange} />
                <span class="kind-name" dir="auto">{&other.name}</span>
            </label>
        }
    });
    html! {
        <fieldset class="kinds">
            <legend>{text.say("send-who")}</legend>
            <p class="field-help">{text.say("send-who-help")}</p>
            { for rows }
        </fieldset>
    }
}
