//! What somebody may do at all: portal access, their account, and whether they own the practice.

use shared_proto::people::rules::With;
use shared_proto::people::{AccountState, PersonCard, PersonChange, PersonRow, Role};
use shared_proto::refusal::Refusal;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};
use yew_router::prelude::Link;

use super::saving::use_saving;
use super::standing::may;
use crate::components::check::Check;
use crate::components::confirm::Confirm;
use crate::route::Route;
use crate::text::{Text, use_text};

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who looks.
    pub me: PersonCard,
    /// Who is shown.
    pub row: PersonRow,
}

/// What is asked about before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    PortalOff,
    Suspend,
    MakeOwner,
    StepDown,
}

/// The group.
#[component]
pub fn Access(props: &Props) -> Html {
    let text = use_text();
    let row = &props.row;
    let saving = use_saving(row.card.id);
    let asked = use_state(|| None::<Asked>);
    let change = {
        let saving = saving.clone();
        Callback::from(move |change: PersonChange| saving.save(Ok(()), change, || {}))
    };
    let ask = |what: Asked| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(Some(what)))
    };
    let make = |what: PersonChange| {
        let change = change.clone();
        Callback::from(move |_: MouseEvent| change.emit(what.clone()))
    };
    let on_portal = {
        let (asked, change) = (asked.clone(), change.clone());
        Callback::from(move |on: bool| {
            if on {
                change.emit(PersonChange::Portal(true));
            } else {
                asked.set(Some(Asked::PortalOff));
            }
        })
    };
    let is_client = row.card.role == Role::Client;
    let suspended = row.account == AccountState::Suspended;
    let own = row.card.id == props.me.id;
    html! {
        <section class="group" aria-labelledby="access-title" data-testid="access">
            <h2 id="access-title">{text.say("chart-access")}</h2>
            if is_client {
                <Check name="portal"
                    label={text.say("portal-label")} help={text.say("portal-help")}
                    on={row.portal && *asked != Some(Asked::PortalOff)} on_switch={on_portal} />
            }
            if !own {
                {part(may(&props.me, With::Suspend, row), text.say("suspend-title"),
                    text.say("suspend-help"), html! {
                        if suspended {
                            <button type="button" class="button" data-testid="restore"
                                onclick={make(PersonChange::Suspended(false))}>
                                {text.say("suspend-restore")}
                            </button>
                        } else {
                            <button type="button" class="button" data-testid="suspend"
                                onclick={ask(Asked::Suspend)}>{text.say("suspend-do")}</button>
                        }
                    }, &text)}
            }
            if !is_client {
                {part(may(&props.me, With::Owner, row), text.say("owner-title"),
                    text.say("owner-help"), html! {
                        if row.card.role == Role::Owner {
                            <button type="button" class="button" data-testid="step-down"
                                onclick={ask(Asked::StepDown)}>
                                {if own { text.say("owner-step-down") }
                                    else { text.say("owner-take-back") }}
                            </button>
                        } else {
                            <button type="button" class="button" data-testid="make-owner"
                                onclick={ask(Asked::MakeOwner)}>{text.say("owner-make")}</button>
                        }
                    }, &text)}
            }
            <div role="alert">
                if let Some(refusal) = saving.general() {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </p>
                }
            </div>
            if is_client && props.me.role == Role::Owner {
                <div class="access-part">
                    <h3>{text.say("emergency-short")}</h3>
                    <p class="field-help">{text.say("emergency-help")}</p>
                    <p><Link<Route> to={Route::Emergency { id: row.card.id }}>
                        <span data-testid="emergency-link">{text.say("emergency-short")}</span>
                    </Link<Route>></p>
                </div>
            }
            if let Some(what) = *asked {
                {confirm(what, row, &text, Callback::from({
                    let (asked, change) = (asked.clone(), change.clone());
                    move |yes: bool| {
                        asked.set(None);
                        if yes {
                            change.emit(match what {
                                Asked::PortalOff => PersonChange::Portal(false),
                                Asked::Suspend => PersonChange::Suspended(true),
                                Asked::MakeOwner => PersonChange::Owner(true),
                                Asked::StepDown => PersonChange::Owner(false),
                            });
                        }
                    }
                }))}
            }
        </section>
    }
}

/// One thing that can be done, or why it cannot.
fn part(
    allowed: Result<(), Refusal>,
    title: String,
    help: String,
    button: Html,
    text: &Text,
) -> Html {
    html! {
        <div class="access-part">
            <h3>{title}</h3>
            if let Err(refusal) = allowed {
                <p class="field-help" data-testid="unavailable" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            } else {
                <p class="field-help">{help}</p>
                <div class="group-actions">{button}</div>
            }
        </div>
    }
}

fn confirm(what: Asked, row: &PersonRow, text: &Text, on_answer: Callback<bool>) -> Html {
    let name = [("name", row.card.name.as_str().into())];
    let (id, title, help, yes) = match what {
        Asked::PortalOff => (
            "portal-off",
            text.say_with("portal-off-title", &name),
            text.say("portal-off-help"),
            text.say("portal-off-yes"),
        ),
        Asked::Suspend => (
            "suspend",
            text.say_with("suspend-ask", &name),
            text.say("suspend-ask-help"),
            text.say("suspend-do"),
        ),
        Asked::MakeOwner => (
            "make-owner",
            text.say_with("owner-make-ask", &name),
            text.say("owner-make-help"),
            text.say("owner-make"),
        ),
        Asked::StepDown => (
            "step-down",
            text.say_with("owner-step-down-ask", &name),
            text.say("owner-step-down-help"),
            text.say("owner-step-down-yes"),
        ),
    };
    html! { <Confirm name={id} {title} {help} {yes} {on_answer} /> }
}
