//! One group of the settings, saved by itself.

use shared_proto::office::Ask;
use shared_proto::practice::PracticeChange;
use shared_proto::refusal::Refusal;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state};

use super::{Does, Page, ask};
use crate::browser;
use crate::components::settings_inputs::SettingsInputs;
use crate::hooks::desk::{Desk, use_desk};
use crate::settings_form::Part;
use crate::text::use_text;

/// A group.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its inputs.
    pub parts: &'static [Part],
    /// Its `data-testid`; its title is the message of that name.
    pub name: &'static str,
    /// The page.
    pub page: Page,
    /// Changes it.
    pub does: Callback<Does>,
}

#[derive(Clone, Copy, PartialEq)]
enum Saving {
    Not,
    Busy,
    Done,
    Refused(Refusal),
}

/// The group.
#[component]
pub fn Group(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let saving = use_state(|| Saving::Not);
    let edited = &props.page.edited;
    let changed = edited.is_changed(props.parts);
    let contested = edited.is_contested(props.parts);
    let onsubmit = {
        let (page, does, parts) = (props.page.clone(), props.does.clone(), props.parts);
        let saving = saving.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *saving == Saving::Busy || !changed {
                return;
            }
            saving.set(Saving::Busy);
            let (desk, page, does) = (desk.clone(), page.clone(), does.clone());
            let saving = saving.clone();
            spawn_local(async move {
                saving.set(match save(&desk, page, parts, &does).await {
                    Ok(()) => Saving::Done,
                    Err(refusal) => Saving::Refused(refusal),
                });
            });
        })
    };
    let refusal = match *saving {
        Saving::Refused(refusal) => Some(refusal),
        _ => None,
    };
    // What is wrong takes the focus, once it is drawn.
    let name = props.name;
    use_effect_with(refusal, move |refusal| {
        if refusal.is_some() {
            browser::focus_in_view(&format!("[data-testid={name}] [aria-invalid=true]"));
        }
    });
    let set = {
        let saving = saving.clone();
        props.does.reform(move |(part, value)| {
            if *saving != Saving::Busy {
                saving.set(Saving::Not);
            }
            Does::Set(part, value)
        })
    };
    let take = props.does.reform(Does::Take);
    let general = refusal.filter(|refusal| match refusal {
        Refusal::Invalid { .. } => false,
        // The notice above it says so.
        Refusal::Outdated => !contested,
        _ => true,
    });
    let title = format!("{name}-title");
    html! {
        <section class="group" data-testid={name} aria-labelledby={title.clone()}>
            <h2 id={title}>{text.say(name)}</h2>
            <form class="setting" novalidate=true {onsubmit}>
                <SettingsInputs parts={props.parts} edited={edited.clone()} {set} {take} {refusal} />
                <div role="alert">
                    if contested {
                        <p class="notice" data-testid="contested">{text.say("practice-contested")}</p>
                    }
                    if let Some(refusal) = general {
                        <p class="field-refusal" data-testid="refusal"
                            data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
                    }
                </div>
                <div class="group-actions">
                    <button type="submit" class="button button-primary"
                        data-testid={format!("{name}-save")}
                        aria-disabled={(!changed || *saving == Saving::Busy).to_string()}>
                        {text.say(if *saving == Saving::Busy { "practice-saving" } else { "save" })}
                    </button>
                    <span role="status" data-testid={format!("{name}-status")}>
                        if *saving == Saving::Done && !changed { {text.say("saved")} }
                    </span>
                </div>
            </form>
        </section>
    }
}

/// Saves these parts over what the person has seen of them. Where somebody changed another group
/// meanwhile it is tried again on that; where it is the same one, the person looks first.
async fn save(
    desk: &Desk,
    mut page: Page,
    parts: &'static [Part],
    does: &Callback<Does>,
) -> Result<(), Refusal> {
    loop {
        let sent = page.edited.to_save(parts);
        let change = PracticeChange::Settings(Box::new(sent.settings()?));
        let revision = page.known.revision;
        match ask(desk, Ask::ChangePractice { revision, change }).await {
            Ok(known) => {
                does.emit(Does::Keep(parts, Box::new((sent, known))));
                return Ok(());
            }
            Err(Refusal::Outdated) => {
                let seen = page.edited.saved.clone();
                let known = ask(desk, Ask::Practice).await?;
                page.edited.follow(&known.settings);
                page.known = known.clone();
                does.emit(Does::Follow(Box::new(known)));
                if !page.edited.is_changed(parts) {
                    return Ok(());
                }
                let saved = &page.edited.saved;
                if parts.iter().any(|part| seen.get(*part) != saved.get(*part)) {
                    return Err(Refusal::Outdated);
                }
            }
            Err(refusal) => return Err(refusal),
        }
    }
}
