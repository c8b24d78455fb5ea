//! Who is in a conversation. Its host sees emails (O21), takes people in and lets them go.

use gloo::timers::callback::Timeout;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::decide::may_remove;
use shared_proto::id::PersonId;
use shared_proto::limits::{PARTICIPANTS, QUERY_SCALARS};
use shared_proto::people::{PersonCard, Role};
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_mut_ref, use_state,
};

use super::invite::Invite;
use crate::components::avatar::Avatar;
use crate::hooks::asking::use_asking;
use crate::hooks::desk::use_desk;
use crate::shared::Shared;
use crate::state::Conversation;
use crate::text::use_text;

/// The search begins when typing pauses this long, in milliseconds.
const PAUSE_MS: u32 = 150;

/// Of which conversation.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub conversation: Shared<Conversation>,
    /// Who reads.
    pub me: PersonId,
    /// Whether they lead it.
    pub host: bool,
    /// Whether they may change who is in it.
    pub may_change: bool,
}

/// The list.
#[component]
pub fn Members(props: &Props) -> Html {
    let text = use_text();
    let (looking, asking) = (use_asking(), use_asking());
    let emails = use_state(Vec::<(PersonId, String)>::new);
    let conversation = &*props.conversation;
    let fold = &conversation.fold;
    {
        let (looking, emails, id) = (looking.clone(), emails.clone(), conversation.id);
        // Who is in it may be others by now.
        let members: Vec<PersonId> = fold.current().map(|member| member.person).collect();
        use_effect_with((props.host, members), move |(host, _)| {
            if *host {
                looking.ask(Request::Emails { conversation: id }, move |reply| {
                    if let Reply::Emails(found) = reply {
                        emails.set(found);
                    }
                });
            }
        });
    }
    let change = |command: Command| {
        let (asking, conversation) = (asking.clone(), conversation.id);
        Callback::from(move |_: MouseEvent| {
            let command = command.clone();
            asking.ask(Request::Do { conversation, held: None, command }, |_| {});
        })
    };
    let people = fold.current().filter_map(|member| conversation.person(member.person));
    let rows = people.map(|person| {
        let email = emails.iter().find(|(id, _)| *id == person.id).map(|(_, email)| email.clone());
        let leads = fold.host() == Some(person.id);
        let here = conversation.here.contains(&person.id) || person.id == props.me;
        let goes = props.may_change && may_remove(fold, props.me, person.id).is_ok();
        html! {
            <li key={person.id.to_string()} class="member" data-testid="member"
                data-person={person.id.to_string()}>
                <Avatar people={vec![person.clone()]} {here} small=true />
                <span class="row-main">
                    <span class="row-name" dir="auto">
                        {&person.name}
                        if person.id == props.me {
                            {" "}<span class="member-tag">{text.say("member-you")}</span>
                        }
                    </span>
                    <span class="row-preview">
                        {if leads { text.say("member-host") } else { role(person, &text) }}
                    </span>
                    if let Some(email) = email {
                        <details class="member-email">
                            <summary data-testid="member-email">{text.say("member-email")}</summary>
                            <a href={format!("mailto:{email}")} dir="ltr">{email.clone()}</a>
                        </details>
                    }
                </span>
                if goes {
                    <button type="button" class="button button-small" data-testid="member-remove"
                        aria-label={text.say_with("member-remove-name",
                            &[("name", person.name.as_str().into())])}
                        onclick={change(Command::Remove { person: person.id })}>
                        {text.say("member-remove")}
                    </button>
                }
            </li>
        }
    });
    html! {
        <section class="members">
            <h3>{text.say_with("members-title", &[("count", fold.current().count().into())])}</h3>
            <ul data-testid="members">{ for rows }</ul>
            if let Some(refusal) = asking.refused() {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
            if props.may_change && fold.current().count() <= *PARTICIPANTS.end() {
                <Add conversation={props.conversation.clone()} />
                <Invite conversation={props.conversation.clone()} />
            }
        </section>
    }
}

fn role(person: &PersonCard, text: &crate::text::Text) -> String {
    text.say(match person.role {
        Role::Owner => "account-role-owner",
        Role::Provider => "account-role-provider",
        Role::Client => "account-role-client",
    })
}

#[derive(PartialEq, Properties)]
struct AddProps {
    conversation: Shared<Conversation>,
}

/// Somebody else is found by name and taken in.
#[component]
fn Add(props: &AddProps) -> Html {
    let text = use_text();
    let (desk, asking) = (use_desk(), use_asking());
    let typed = use_state(String::new);
    let found = use_state(|| None::<Vec<PersonCard>>);
    let pause = use_mut_ref(|| None::<Timeout>);
    // Of what was typed last: answers to anything before are of no use.
    let latest = use_mut_ref(String::new);
    let oninput = {
        let (typed, found) = (typed.clone(), found.clone());
        Callback::from(move |event: InputEvent| {
            let words = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(words.clone());
            let words: String = words.chars().take(QUERY_SCALARS).collect();
            latest.borrow_mut().clone_from(&words);
            let (desk, found, latest) = (desk.clone(), found.clone(), latest.clone());
            *pause.borrow_mut() = (!words.trim().is_empty()).then(|| {
                Timeout::new(PAUSE_MS, move || {
                    spawn_local(async move {
                        let answer =
                            desk.request(Request::FindPeople { text: words.clone() }).await;
                        if let Ok(Reply::People(people)) = answer
                            && *latest.borrow() == words
                        {
                            found.set(Some(people));
                        }
                    });
                })
            });
        })
    };
    let conversation = &*props.conversation;
    let add = |person: PersonId| {
        let (asking, typed, found) = (asking.clone(), typed.clone(), found.clone());
        let conversation = conversation.id;
        Callback::from(move |_: MouseEvent| {
            let (typed, found) = (typed.clone(), found.clone());
            let command = Command::Add { person };
            asking.ask(Request::Do { conversation, held: None, command }, move |_| {
                typed.set(String::new());
                found.set(None);
            });
        })
    };
    let people = found.as_ref().map(|people| {
        let fresh = people.iter().filter(|person| !conversation.fold.is_member(person.id));
        fresh.cloned().collect::<Vec<_>>()
    });
    let people = people.filter(|_| !typed.trim().is_empty());
    html! {
        <div class="field member-add">
            <label for="member-search">{text.say("member-add")}</label>
            <input id="member-search" type="search" autocomplete="off" spellcheck="false"
                data-testid="member-search" value={(*typed).clone()} {oninput} />
            <p class="field-help">{text.say("member-add-help")}</p>
            if let Some(refusal) = asking.refused() {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
            if let Some(people) = people {
                if people.is_empty() {
                    <p class="new-note" role="status">{text.say("member-nobody")}</p>
                }
                <ul class="members">
                    { for people.iter().map(|person| html! {
                        <li key={person.id.to_string()} class="member">
                            <Avatar people={vec![person.clone()]} small=true />
                            <span class="row-main">
                                <span class="row-name" dir="auto">{&person.name}</span>
                                <span class="row-preview">{role(person, &text)}</span>
                            </span>
                            <button type="button" class="button button-small"
                                data-testid="member-option" data-person={person.id.to_string()}
                                onclick={add(person.id)}>{text.say("member-add-button")}</button>
                        </li>
                    }) }
                </ul>
            }
        </div>
    }
}
