//! How a group of settings is saved: each change by itself, so that what is wrong with one input
//! keeps no other back, and is said beside it.

use std::rc::Rc;

use shared_proto::account::{Account, AccountChange};
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Children, Html, Properties, SubmitEvent, UseReducerHandle, component, hook, html,
    use_effect_with, use_reducer_eq,
};

use super::draft::{Draft, Edit, Stage};
use crate::browser;
use crate::hooks::desk::use_desk;
use crate::text::use_text;

/// What is refused of no input in particular.
pub const WHOLE: &str = "whole";

/// One change to be saved.
pub struct Part {
    /// The input it comes from.
    pub name: &'static str,
    /// As it was typed.
    pub typed: String,
    /// What is asked for, or what is wrong with it by the server's own rule.
    pub change: Result<Ask, Refusal>,
}

/// A group's account as it is known, and where a newer one goes.
#[derive(Clone, PartialEq, Properties)]
pub struct GroupProps {
    /// As the server has it.
    pub account: Rc<Account>,
    /// A newer one came.
    pub on_account: Callback<Account>,
}

/// What is typed in a group.
#[derive(Clone)]
pub struct Saving {
    /// What is typed.
    pub draft: UseReducerHandle<Draft>,
    save: Callback<Vec<Part>>,
}

/// The draft of a group and its way to the server.
#[hook]
pub fn use_saving(on_account: &Callback<Account>) -> Saving {
    let on_account = on_account.clone();
    use_saving_of(Callback::from(move |told| {
        if let Told::Account(account) = told {
            on_account.emit(*account);
        }
    }))
}

/// As [`use_saving`], of what is more than an account: `on_told` gets what is answered.
#[hook]
pub fn use_saving_of(on_told: Callback<Told>) -> Saving {
    let desk = use_desk();
    let draft = use_reducer_eq(Draft::default);
    let save = {
        let draft = draft.dispatcher();
        Callback::from(move |parts: Vec<Part>| {
            let (desk, draft, on_told) = (desk.clone(), draft.clone(), on_told.clone());
            draft.dispatch(Edit::Begin);
            spawn_local(async move {
                for part in parts {
                    let answer = match part.change {
                        Ok(change) => desk.ask(change).await,
                        Err(refusal) => Err(refusal),
                    };
                    match answer {
                        Ok(Reply::Office(told)) => {
                            on_told.emit(told);
                            draft.dispatch(Edit::Kept(part.name, part.typed));
                        }
                        Ok(_) => {}
                        Err(refusal @ Refusal::Invalid { .. }) => {
                            draft.dispatch(Edit::Refused(part.name, refusal));
                        }
                        Err(refusal) => draft.dispatch(Edit::Refused(WHOLE, refusal)),
                    }
                }
                draft.dispatch(Edit::End);
            });
        })
    };
    // What is wrong takes the focus, once everything has been answered and is drawn.
    use_effect_with(draft.stage == Stage::Busy, {
        let refused = draft.is_refused();
        move |busy| {
            if !busy && refused {
                browser::focus(".settings [aria-invalid=true]");
            }
        }
    });
    Saving { draft, save }
}

impl Saving {
    /// Called with what is typed into an input.
    #[must_use]
    pub fn typing(&self, name: &'static str) -> Callback<String> {
        let draft = self.draft.dispatcher();
        Callback::from(move |text| draft.dispatch(Edit::Type(name, text)))
    }

    /// As [`Self::typing`], for a switch. One that is switched back was not touched: it follows what
    /// becomes of what is stored.
    #[must_use]
    pub fn switching(&self, name: &'static str, stored: bool) -> Callback<bool> {
        let draft = self.draft.dispatcher();
        Callback::from(move |on: bool| {
            let edit = if on == stored { Edit::Restore } else { Edit::Type };
            draft.dispatch(edit(name, on.to_string()));
        })
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn is_on(&self, name: &str, stored: bool) -> bool {
        self.draft.value(name, &stored.to_string()) == "true"
    }

    /// What an input changes of the account, when it does; `change` makes it of what was typed.
    #[must_use]
    pub fn part(
        &self,
        name: &'static str,
        stored: &str,
        change: impl FnOnce(String) -> Result<AccountChange, Refusal>,
    ) -> Option<Part> {
        self.part_of(name, stored, |typed| change(typed).map(Ask::ChangeAccount))
    }

    /// As [`Self::part`], of anything.
    #[must_use]
    pub fn part_of(
        &self,
        name: &'static str,
        stored: &str,
        change: impl FnOnce(String) -> Result<Ask, Refusal>,
    ) -> Option<Part> {
        let typed = self.draft.changed(name, stored)?.to_owned();
        Some(Part { name, typed: typed.clone(), change: change(typed) })
    }
}

/// A group.
#[derive(PartialEq, Properties)]
pub struct FormProps {
    /// Its `data-testid`; its title has the id `<name>-title`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub lead: String,
    /// What is typed in it.
    pub saving: Saving,
    /// What would be saved now.
    pub parts: Callback<(), Vec<Part>>,
    /// Whether that is anything.
    pub changed: bool,
    /// Its inputs.
    pub children: Children,
}

impl PartialEq for Saving {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

/// A group of settings with its button.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let text = use_text();
    let draft = &props.saving.draft;
    let busy = draft.stage == Stage::Busy;
    let ready = props.changed && !busy;
    let onsubmit = {
        let (parts, save) = (props.parts.clone(), props.saving.save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if ready {
                save.emit(parts.emit(()));
            }
        })
    };
    let title_id = format!("{}-title", props.name);
    html! {
        <form class="group" novalidate=true {onsubmit} data-testid={props.name}
            aria-labelledby={title_id.clone()}>
            <h2 id={title_id} tabindex="-1">{&props.title}</h2>
            <p class="group-lead">{&props.lead}</p>
            { for props.children.iter() }
            <div class="group-actions">
                <button type="submit" class="button button-primary"
                    data-testid={format!("{}-save", props.name)}
                    aria-disabled={(!ready).to_string()}>
                    {text.say(if busy { "settings-saving" } else { "save" })}
                </button>
                <p class="group-outcome" role="status">
                    if draft.stage == Stage::Saved && !props.changed {
                        <span data-testid={format!("{}-saved", props.name)}>{text.say("saved")}</span>
                    } else if let Some(refusal) = draft.refusal(WHOLE) {
                        <span class="field-refusal" data-testid="refusal"
                            data-rule={refusal.rule()}>{text.refusal(&refusal)}</span>
                    }
                </p>
            </div>
        </form>
    }
}
