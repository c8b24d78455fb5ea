//! Somebody without an account, entered by name and email (O1b).

use shared_proto::people;
use shared_proto::refusal::{Field as Input, Refusal};
use shared_proto::wire::Invitee;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};

use crate::browser;
use crate::components::field::Field;
use crate::text::use_text;

/// Who is told of them.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Called with each.
    pub on_add: Callback<Invitee>,
}

/// Two fields and a button.
#[component]
pub fn InviteByEmail(props: &Props) -> Html {
    let text = use_text();
    let (name, email) = (use_state(String::new), use_state(String::new));
    let refused = use_state(|| None::<Refusal>);
    let typed = |into: &yew::UseStateHandle<String>| {
        let (into, refused) = (into.clone(), refused.clone());
        Callback::from(move |value: String| {
            refused.set(None);
            into.set(value);
        })
    };
    let onclick = {
        let (name, email) = (name.clone(), email.clone());
        let (refused, on_add) = (refused.clone(), props.on_add.clone());
        Callback::from(move |_: MouseEvent| {
            let checked = people::name(Input::Name, &name)
                .and_then(|name| Ok(Invitee { name, email: people::email(&email)? }));
            match checked {
                Ok(invitee) => {
                    name.set(String::new());
                    email.set(String::new());
                    refused.set(None);
                    on_add.emit(invitee);
                    browser::focus("#invitee-name");
                }
                Err(refusal) => refused.set(Some(refusal)),
            }
        })
    };
    let of = |input: Input| {
        refused
            .filter(|refusal| matches!(refusal, Refusal::Invalid { field, .. } if *field == input))
    };
    html! {
        <details class="new-more" data-testid="invite-by-email">
            <summary>{text.say("by-email-who")}</summary>
            <div class="new-more-body">
                <p class="field-help">{text.say("by-email-help")}</p>
                <Field name="invitee-name" label={text.say("by-email-name")} autocomplete="off"
                    value={(*name).clone()} on_input={typed(&name)} refusal={of(Input::Name)} />
                <Field name="invitee-email" kind="email" label={text.say("by-email-email")}
                    autocomplete="off" value={(*email).clone()} on_input={typed(&email)}
                    refusal={of(Input::Email)} inputmode={Some("email")} />
                <button type="button" class="button" data-testid="invitee-add" {onclick}>
                    {text.say("by-email-add")}
                </button>
            </div>
        </details>
    }
}
