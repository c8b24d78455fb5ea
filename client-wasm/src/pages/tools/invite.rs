//! Somebody without an account is entered by name and email, and taken in (O1b). Offered where the
//! practice lets people be in a conversation before they have an account (I8).

use shared_proto::conversation::command::Command;
use shared_proto::office::{Ask, Told};
use shared_proto::people::{NewPerson, Role};
use shared_proto::practice::CreateForInvited;
use shared_proto::wire::{Invitee, Reply, Request};
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_state};

use crate::browser;
use crate::components::invite_by_email::InviteByEmail;
use crate::hooks::asking::use_asking;
use crate::shared::Shared;
use crate::state::Conversation;
use crate::text::use_text;

/// Into which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which; its host reads.
    pub conversation: Shared<Conversation>,
}

/// The fields; nothing where nobody without an account is taken in.
#[component]
pub fn Invite(props: &Props) -> Html {
    let text = use_text();
    let (looking, asking) = (use_asking(), use_asking());
    let offered = use_state(|| false);
    {
        let offered = offered.clone();
        use_effect_with((), move |()| {
            looking.ask(Request::Office(Ask::Practice), move |reply| {
                if let Reply::Office(Told::Practice(practice)) = reply {
                    let policies = practice.settings.policies;
                    offered.set(policies.create_for_invited == CreateForInvited::Yes);
                }
            });
        });
    }
    let on_add = {
        let conversation = props.conversation.id;
        // They belong where the conversation does.
        let division = props.conversation.fold.created.and_then(|created| created.division);
        let asking = asking.clone();
        Callback::from(move |Invitee { name, email }: Invitee| {
            let person = Box::new(NewPerson {
                name,
                email,
                phone: String::new(),
                chart_number: String::new(),
                role: Role::Client,
                division,
            });
            let add = Ask::AddPerson { client_id: browser::random_id(), person };
            let then = asking.clone();
            asking.ask(Request::Office(add), move |reply| {
                if let Reply::Office(Told::Person(row)) = reply {
                    // Who has no account is invited by that.
                    let command = Command::Add { person: row.card.id };
                    then.ask(Request::Do { conversation, held: None, command }, |_| {});
                }
            });
        })
    };
    if !*offered {
        return Html::default();
    }
    html! {
        <>
            <InviteByEmail {on_add} />
            if let Some(refusal) = asking.refused() {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
        </>
    }
}
