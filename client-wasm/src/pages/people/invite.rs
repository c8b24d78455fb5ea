//! The button that sends somebody a letter with a link: an invitation, again or for the first
//! time, or a new password for who has an account.

use shared_proto::office::Ask;
use shared_proto::people::rules::{self, Actor, With};
use shared_proto::people::{AccountState, PersonRow, Role};
use shared_proto::refusal::Refusal;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_state};

use crate::hooks::desk::use_desk;
use crate::text::use_text;

/// Whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whom, as they are now.
    pub person: PersonRow,
    /// Whether it also offers a new password to somebody who has an account.
    #[prop_or_default]
    pub reset: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Sending {
    Idle,
    Busy,
    Sent,
    Refused(Refusal),
}

/// The button, and what came of it. Nothing for somebody who needs no such letter.
#[component]
pub fn Invite(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let sending = use_state(|| Sending::Idle);
    let row = &props.person;
    let (label, does) = match row.account {
        AccountState::None => ("invite-send", With::Invite),
        AccountState::Invited { .. } => ("invite-again", With::Invite),
        AccountState::Active => ("invite-reset", With::Reset),
        AccountState::Suspended => ("", With::Invite),
    };
    // What came of it is about somebody, and about the account they had.
    {
        let sending = sending.clone();
        let about = (row.card.id, does == With::Reset, row.email.clone());
        use_effect_with(about, move |_| sending.set(Sending::Idle));
    }
    let wanted = does == With::Invite || props.reset;
    if label.is_empty() || !wanted {
        return html! {};
    }
    let onclick = {
        let (sending, row) = (sending.clone(), row.clone());
        Callback::from(move |_: MouseEvent| {
            if *sending == Sending::Busy {
                return;
            }
            // What only the server knows it says itself.
            if let Err(refusal) = rules::may_with(&anybody(&row), does, &row) {
                sending.set(Sending::Refused(refusal));
                return;
            }
            sending.set(Sending::Busy);
            let person = row.card.id;
            let ask = match does {
                With::Reset => Ask::SendReset { person },
                _ => Ask::Invite { person },
            };
            let (answer, sending) = (desk.ask(ask), sending.clone());
            spawn_local(async move {
                sending.set(match answer.await {
                    Ok(_) => Sending::Sent,
                    Err(refusal) => Sending::Refused(refusal),
                });
            });
        })
    };
    let busy = *sending == Sending::Busy;
    html! {
        <div class="invite">
            <button type="button" class="button button-small" data-testid="invite" {onclick}
                aria-disabled={busy.to_string()}>
                {if busy { text.say("invite-busy") } else { text.say(label) }}
            </button>
            <div role="status">
                { match *sending {
                    Sending::Sent => html! {
                        <p class="field-help" data-testid="invite-sent">
                            {text.say_with("invite-sent", &[("email", row.email.clone().into())])}
                        </p>
                    },
                    Sending::Refused(refusal) => html! {
                        <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                            {text.refusal(&refusal)}
                        </p>
                    },
                    Sending::Idle | Sending::Busy => html! {},
                } }
            </div>
        </div>
    }
}

/// Somebody who may do whatever anybody may: what is refused to them is refused to everyone.
fn anybody(row: &PersonRow) -> Actor {
    Actor { id: row.card.id, role: Role::Owner, division: None }
}
