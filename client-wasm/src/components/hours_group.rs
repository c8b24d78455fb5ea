//! A group of settings about hours, saved by itself: what was typed stays when somebody else saves
//! meanwhile, and is only saved over it once the person has been told.

use shared_proto::desk::Told;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use yew::{
    Callback, Children, Html, Properties, SubmitEvent, component, html, use_effect_with, use_state,
};

use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// The group.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its `data-testid`; its title is the message of that name, and what it is for the one with
    /// `-lead`.
    pub name: &'static str,
    /// What saves it, or what is wrong with it; nothing while nothing was changed.
    pub save: Option<Result<Request, Refusal>>,
    /// It is saved, and this is what there is now.
    pub on_told: Callback<Told>,
    /// Asks for what there is now.
    pub load: Callback<()>,
    /// Its inputs.
    pub children: Children,
}

/// Sets one input of a form that shows `shown`.
pub fn setting<F: Clone + 'static, T: 'static>(
    shown: &F,
    change: &Callback<F>,
    set: fn(&mut F, T),
) -> Callback<T> {
    let shown = shown.clone();
    change.reform(move |value| {
        let mut next = shown.clone();
        set(&mut next, value);
        next
    })
}

/// The form.
#[component]
pub fn HoursGroup(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let saved = use_state(|| false);
    let name = props.name;
    let ready = matches!(props.save, Some(Ok(_))) && !asking.is_busy();
    let onsubmit = {
        let (asking, saved, save) = (asking.clone(), saved.clone(), props.save.clone());
        let on_told = props.on_told.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(Ok(request)) = save.clone() else { return };
            let (saved, on_told) = (saved.clone(), on_told.clone());
            asking.ask(request, move |reply| {
                if let Reply::Desk(told) = reply {
                    saved.set(true);
                    on_told.emit(told);
                }
            });
        })
    };
    // Somebody else saved meanwhile: what they did is looked for, and what was typed stays.
    {
        let load = props.load.clone();
        use_effect_with(asking.refused(), move |refused| {
            if *refused == Some(Refusal::Outdated) {
                load.emit(());
            }
        });
    }
    let title = format!("{name}-title");
    html! {
        <form class="group" novalidate=true {onsubmit} data-testid={name}
            aria-labelledby={title.clone()}>
            <h2 id={title} tabindex="-1">{text.say(name)}</h2>
            <p class="group-lead">{text.say(&format!("{name}-lead"))}</p>
            { for props.children.iter() }
            <div class="group-actions">
                <button type="submit" class="button button-primary"
                    data-testid={format!("{name}-save")} aria-disabled={(!ready).to_string()}>
                    {text.say(if asking.is_busy() { "hours-saving" } else { "save" })}
                </button>
                <p class="group-outcome" role="status">
                    if let Some(refusal) = asking.refused() {
                        <span class="field-refusal" data-testid="refusal"
                            data-rule={refusal.rule()}>{text.refusal(&refusal)}</span>
                    } else if *saved && props.save.is_none() {
                        <span data-testid={format!("{name}-saved")}>{text.say("saved")}</span>
                    }
                </p>
            </div>
        </form>
    }
}
