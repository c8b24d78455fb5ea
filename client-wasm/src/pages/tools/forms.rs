//! The forms of a conversation: for its host all of them, for others their own. Also once it is
//! over.

use shared_proto::form::ask::{Ask, Assignment, Told};
use shared_proto::wire::{Reply, Request};
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use super::{Props, Tool};
use crate::components::icon::{Icon, Shape};
use crate::dates::use_dates;
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// What came of it.
#[derive(Clone, Default, PartialEq)]
struct Found {
    forms: Vec<Assignment>,
    more: bool,
}

/// The list; nothing where there is no form.
#[component]
pub fn FormsGiven(props: &Props) -> Html {
    let (text, dates) = (use_text(), use_dates());
    let asking = use_asking();
    let found = use_state(Found::default);
    let conversation = props.conversation.id;
    let load = {
        let (asking, found) = (asking.clone(), found.clone());
        Callback::from(move |anew: bool| {
            let before = if anew { Vec::new() } else { found.forms.clone() };
            let found = found.clone();
            let last = before.last().map(|form| form.entry);
            let ask = Ask::Assignments { conversation, before: last };
            asking.ask(Request::Form(ask), move |reply| {
                if let Reply::Form(Told::Assignments { assignments, more }) = reply {
                    let forms = before.into_iter().chain(assignments).collect();
                    found.set(Found { forms, more });
                }
            });
        })
    };
    {
        let load = load.clone();
        // Anew with every entry: one may have been submitted.
        let newest = props.conversation.preview.as_ref().map(|preview| preview.entry);
        use_effect_with(newest, move |_| load.emit(true));
    }
    let more = load.reform(|_: MouseEvent| false);
    let open = |form: &Assignment| {
        let (on_tool, entry) = (props.on_tool.clone(), form.entry);
        Callback::from(move |_: MouseEvent| on_tool.emit(Some(Tool::Form(entry))))
    };
    let host = props.conversation.fold.host() == Some(props.me);
    let who = |form: &Assignment| {
        let card = props.conversation.person(form.to).filter(|_| form.to != props.me);
        card.map(|card| card.name.clone())
    };
    html! {
        <div>
            if !found.forms.is_empty() {
                <section class="members" aria-labelledby="forms-given-title">
                    <h3 id="forms-given-title">{text.say("given-title")}</h3>
                    <ul class="given" data-testid="forms-given">
                        { for found.forms.iter().map(|form| {
                            let state = match form.submitted {
                                Some(handed) => text.say_with("given-submitted",
                                    &[("when", dates.moment(handed.at).into())]),
                                None => text.say("given-open"),
                            };
                            let readable = form.submitted.is_some() || !host;
                            html! {
                                <li key={form.entry.to_string()} class="member"
                                    data-testid="form-given" data-entry={form.entry.to_string()}>
                                    <span class="row-main">
                                        <span class="row-name" dir="auto">{&form.title}</span>
                                        <span class="row-preview">
                                            if let Some(who) = who(form) {
                                                <span dir="auto">{who}</span>{" · "}
                                            }
                                            {state}
                                        </span>
                                        if form.alerts {
                                            <span class="given-alert">
                                                <Icon shape={Shape::Alert} />
                                                {text.say("given-alert")}
                                            </span>
                                        }
                                    </span>
                                    if readable {
                                        <button type="button" class="button button-small"
                                            data-testid="form-given-open" onclick={open(form)}>
                                            {text.say("given-open-button")}
                                            <span class="visually-hidden">{" "}{&form.title}</span>
                                        </button>
                                    }
                                </li>
                            }
                        }) }
                    </ul>
                    if found.more {
                        <button type="button" class="button button-small" onclick={more}
                            data-testid="forms-given-more">{text.say("given-more")}</button>
                    }
                </section>
            }
            if let Some(refusal) = asking.refused() {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
        </div>
    }
}
