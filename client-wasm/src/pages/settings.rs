//! One's own settings: groups under each other, each saved by itself.

use std::rc::Rc;

use shared_proto::account::Account;
use shared_proto::office::{Ask, Changed, Told};
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_callback, use_effect_with,
    use_state,
};

use crate::browser;
use crate::components::later::later;
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::hooks::desk::{use_changes, use_desk};
use crate::pages::tools;
use crate::parts::Page;
use crate::text::{Text, use_text};

mod details;
mod devices;
mod draft;
pub mod email;
pub mod factors;
mod hours;
mod messages;
mod notices;
pub mod password;
mod saving;
mod sign_out;
mod you;

use details::DetailsGroup;
use devices::DevicesGroup;
use hours::OwnHoursGroup;
use messages::MessagesGroup;
use notices::{NoticesGroup, use_standing};
use you::YouGroup;

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
}

/// A group: the Fluent message of its title, which names its element too, and what it is.
type Group = (&'static str, Html);

/// The page.
#[component]
pub fn Settings(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let known = use_state(|| None::<Rc<Account>>);
    let refused = use_state(|| None::<Refusal>);
    let notices = use_standing();
    let on_account = {
        let (known, refused) = (known.setter(), refused.setter());
        use_callback((), move |account: Account, ()| {
            known.set(Some(Rc::new(account)));
            refused.set(None);
        })
    };
    let load = {
        let (on_account, refused) = (on_account.clone(), refused.setter());
        use_callback(desk, move |(), desk| {
            let (desk, on_account, refused) = (desk.clone(), on_account.clone(), refused.clone());
            spawn_local(async move {
                match desk.ask(Ask::Account).await {
                    Ok(Reply::Office(Told::Account(account))) => on_account.emit(*account),
                    Ok(_) => {}
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    use_effect_with(load.clone(), |load| load.emit(()));
    {
        let (load, notices) = (load.clone(), notices.load.clone());
        // Asked for anew: what is told of one's account holds no details.
        use_changes((), move |changed| {
            if matches!(changed, Changed::Account(_)) {
                load.emit(());
                notices.emit(());
            }
        });
    }
    // What depends on both is drawn once both are there, and moves nothing then.
    let settled = notices.standing.is_some() || notices.refused.is_some();
    let Some(account) = (*known).clone().filter(|_| settled) else {
        let again = load.reform(|_: MouseEvent| ());
        return html! {
            <Sheet name="settings-page" title={text.say("section-settings")}>
                if let Some(refusal) = *refused {
                    <Refused {refusal} {again} />
                } else {
                    <div class="group" role="status">
                        <span class="visually-hidden">{text.say("settings-loading")}</span>
                        <span class="bone bone-short" aria-hidden="true"></span>
                        <span class="bone" aria-hidden="true"></span>
                    </div>
                }
            </Sheet>
        };
    };
    // An address or a consent that is another may stop a way, or open it.
    let on_account = {
        let load = notices.load.clone();
        Callback::from(move |account: Account| {
            on_account.emit(account);
            load.emit(());
        })
    };
    let of = || saving::GroupProps { account: account.clone(), on_account: on_account.clone() };
    let mut groups: Vec<Group> = vec![
        ("settings-you", html! { <YouGroup ..of() /> }),
        ("email-title", html! { <email::EmailGroup /> }),
        ("settings-messages", html! { <MessagesGroup ..of() /> }),
        (
            "settings-consents",
            html! {
                <NoticesGroup account={account.clone()} on_account={on_account.clone()}
                    known={notices} />
            },
        ),
    ];
    if props.me.role == Role::Client {
        groups.push(("settings-details", html! { <DetailsGroup ..of() /> }));
    } else {
        groups.push(("settings-hours", html! { <OwnHoursGroup /> }));
        // Of the part that has them in conversations.
        let replies = Page::Replies(tools::RepliesProps { role: props.me.role });
        groups.push(("settings-replies", later(replies)));
    }
    groups.push(("password-title", html! { <password::PasswordGroup /> }));
    groups.push(("factors-title", html! { <factors::FactorsGroup /> }));
    groups.push(("settings-devices", html! { <DevicesGroup /> }));
    html! {
        <Sheet name="settings-page" title={text.say("section-settings")}>
            <div class="settings">
                {index(&groups, &text)}
                { for groups.into_iter().map(|(name, group)| html! {
                    <div key={name} id={format!("group-{name}")} class="settings-group">{group}</div>
                }) }
            </div>
        </Sheet>
    }
}

/// Links to the groups, where there is room for them. A fragment would end up in the address: the
/// focus is all that has to move.
fn index(groups: &[Group], text: &Text) -> Html {
    html! {
        <nav class="settings-index" aria-label={text.say("settings-index")} data-testid="settings-index">
            <ul>
                { for groups.iter().map(|(name, _)| {
                    let name = *name;
                    let onclick = Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        browser::go_to(&format!("#group-{name}"), &format!("#group-{name} h2"));
                    });
                    html! {
                        <li key={name}>
                            <a href={format!("#group-{name}")} {onclick}>{text.say(name)}</a>
                        </li>
                    }
                }) }
            </ul>
        </nav>
    }
}
