//! A new conversation: people are picked by name.

use gloo::timers::callback::Timeout;
use shared_proto::conversation::command::New;
use shared_proto::conversation::decide::starts_at;
use shared_proto::conversation::event::Start;
use shared_proto::id::PersonId;
use shared_proto::limits::{PARTICIPANTS, QUERY_SCALARS};
use shared_proto::people::{PersonCard, Role};
use shared_proto::practice::announcement as rule;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;
use shared_proto::wire::Invitee;
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, SubmitEvent, TargetCast, classes,
    component, html, use_effect_with, use_mut_ref, use_state,
};
use yew_router::prelude::Link;

mod accounts;
mod leads;
mod when;

use accounts::{Accounts, account_words, use_accounts};
use leads::{Leads, Led};
use when::{Kind, When, Words};

use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::icon::{Icon, Shape};
use crate::components::invite_by_email::InviteByEmail;
use crate::components::quick_exit::QuickExit;
use crate::components::refused::Refused;
use crate::dates::local_time;
use crate::hooks::store::use_dispatch;
use crate::route::Route;
use crate::state::{Action, Creating, Search};
use crate::text::{Text, use_text};

/// The search begins when typing pauses this long, in milliseconds.
const PAUSE_MS: u32 = 150;

/// What the page knows.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// Whether they may begin a conversation.
    pub may_start: Result<(), Refusal>,
    /// People found.
    pub search: Search,
    /// What is being created.
    pub creating: Option<Creating>,
    /// Whether the socket is live.
    pub live: bool,
    /// The server's time.
    pub now: Millis,
}

/// The page.
#[component]
pub fn NewConversation(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let chosen = use_state(Vec::<PersonCard>::new);
    let invited = use_state(Vec::<Invitee>::new);
    let led = use_state(Led::default);
    let kind = use_state(|| Kind::Ongoing);
    let starts = use_state(String::new);
    // `None` while it is what the practice announces.
    let announcement = use_state(|| None::<String>);
    let typed = use_state(String::new);
    let pause = use_mut_ref(|| None::<Timeout>);
    let provider = props.me.role != Role::Client;
    let accounts = use_accounts(&props.search.text, provider);
    {
        let dispatch = dispatch.clone();
        use_effect_with((), move |()| {
            dispatch.send(Action::Find(String::new()));
            browser::focus("#people-search");
            move || dispatch.send(Action::LeaveNew)
        });
    }
    if let Err(refusal) = props.may_start {
        return html! {
            <section class="conversation" id="conversation">
                {header(&text)}
                <div class="empty">
                    <Icon shape={Shape::Bubbles} />
                    <p data-testid="refusal" data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
                </div>
            </section>
        };
    }
    let oninput = {
        let (typed, dispatch) = (typed.clone(), dispatch.clone());
        Callback::from(move |event: InputEvent| {
            let words = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(words.clone());
            let dispatch = dispatch.clone();
            let words: String = words.chars().take(QUERY_SCALARS).collect();
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || {
                dispatch.send(Action::Find(words));
            }));
        })
    };
    let toggle = |person: &PersonCard| {
        let (chosen, person) = (chosen.clone(), person.clone());
        Callback::from(move |_: MouseEvent| {
            let mut people = (*chosen).clone();
            match people.iter().position(|known| known.id == person.id) {
                Some(index) => drop(people.remove(index)),
                None => people.push(person.clone()),
            }
            chosen.set(people);
        })
    };
    let again = {
        let (dispatch, words) = (dispatch.clone(), props.search.text.clone());
        Callback::from(move |_: MouseEvent| dispatch.send(Action::Find(words.clone())))
    };
    let limit = *PARTICIPANTS.end();
    let uninvite = |index: usize| {
        let invited = invited.clone();
        Callback::from(move |_: MouseEvent| {
            let mut people = (*invited).clone();
            people.remove(index);
            invited.set(people);
        })
    };
    let invite = {
        let invited = invited.clone();
        Callback::from(move |invitee: Invitee| {
            let mut people = (*invited).clone();
            people.retain(|known| !known.email.eq_ignore_ascii_case(&invitee.email));
            people.push(invitee);
            invited.set(people);
        })
    };
    let on_kind = {
        let kind = kind.clone();
        Callback::from(move |chosen: Kind| kind.set(chosen))
    };
    let on_starts = {
        let starts = starts.clone();
        Callback::from(move |typed: String| starts.set(typed))
    };
    let on_announcement = {
        let announcement = announcement.clone();
        Callback::from(move |typed: Option<String>| announcement.set(typed))
    };
    let on_led = {
        let led = led.clone();
        Callback::from(move |chosen: Led| led.set(chosen))
    };
    let mut participants: Vec<PersonId> = chosen.iter().map(|person| person.id).collect();
    // Whoever leads it takes part.
    participants.extend(led.host.iter().map(|host| host.id));
    participants.sort_unstable();
    participants.dedup();
    let total = participants.len() + invited.len();
    let at = local_time(&starts);
    let start_refusal = match *kind {
        Kind::Session => starts_at(at, props.now).err(),
        Kind::Ongoing => None,
    };
    let words_refusal = announcement.as_deref().and_then(|words| rule(words).err());
    let refused = props.creating.as_ref().and_then(|creating| creating.refused);
    let delayed = props.creating.as_ref().and_then(|creating| creating.delayed);
    let busy = props.creating.is_some() && refused.is_none();
    let alone = chosen.is_empty() && invited.is_empty();
    let reason = if alone {
        Some(text.say("new-need-people"))
    } else if total > limit {
        Some(text.say_with("new-too-many", &[("limit", limit.into())]))
    } else if let Some(refusal) = start_refusal.or(words_refusal) {
        Some(text.refusal(&refusal))
    } else if !props.live {
        Some(text.say("new-need-connection"))
    } else {
        None
    };
    let onsubmit = {
        let (led, dispatch) = ((*led).clone(), dispatch.clone());
        let (invited, announcement) = ((*invited).clone(), (*announcement).clone());
        let session = (*kind == Kind::Session).then_some(Start { at });
        let ready = reason.is_none() && !busy;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if ready {
                let (participants, announcement) = (participants.clone(), announcement.clone());
                let host = led.host.as_ref().map(|host| host.id);
                let division = led.division;
                let new = Box::new(New { participants, session, announcement, host, division });
                let id = browser::random_id();
                dispatch.send(Action::Create(id, new, invited.clone()));
            }
        })
    };
    let disabled = reason.is_some() || busy;
    html! {
        <section class="conversation" id="conversation">
            {header(&text)}
            <form class="new" {onsubmit}>
                <div class="new-body">
                    <p class="card-lead">{text.say("new-lead")}</p>
                    <div class="field">
                        <label for="people-search">{text.say("new-search")}</label>
                        <input id="people-search" type="search" autocomplete="off" spellcheck="false"
                            data-testid="people-search" value={(*typed).clone()} {oninput} />
                    </div>
                    if !chosen.is_empty() {
                        <ul class="chosen" aria-label={text.say("new-chosen")}>
                            { for chosen.iter().map(|person| html! {
                                <li key={person.id.to_string()}>
                                    <button type="button" class="chip" onclick={toggle(person)}
                                        data-testid="people-chosen"
                                        data-person={person.id.to_string()}
                                        aria-label={text.say_with("new-remove",
                                            &[("name", person.name.as_str().into())])}>
                                        <span dir="auto">{&person.name}</span>
                                        <Icon shape={Shape::Close} />
                                    </button>
                                </li>
                            }) }
                        </ul>
                    }
                    if provider && !invited.is_empty() {
                        <p class="field-help">{text.say("new-invited")}</p>
                        <ul class="chosen" aria-label={text.say("new-invited")}>
                            { for invited.iter().enumerate().map(|(index, invitee)| html! {
                                <li key={invitee.email.clone()}>
                                    <button type="button" class="chip" onclick={uninvite(index)}
                                        data-testid="people-invited"
                                        aria-label={text.say_with("new-remove",
                                            &[("name", invitee.name.as_str().into())])}>
                                        <span dir="auto">{&invitee.name}</span>
                                        <Icon shape={Shape::Close} />
                                    </button>
                                </li>
                            }) }
                        </ul>
                    }
                    {found(props, &chosen, &accounts, &toggle, &text, &again)}
                    if provider {
                        <InviteByEmail on_add={invite} />
                        <Leads me={props.me.id} led={(*led).clone()} on_choose={on_led}
                            refusal={refused} />
                        <When kind={*kind} starts={(*starts).clone()} on_kind={on_kind}
                            on_starts={on_starts} refusal={start_refusal} />
                        <Words value={(*announcement).clone()} on_input={on_announcement} />
                    }
                </div>
                <footer class="new-foot">
                    <p id="start-reason" class="field-help" aria-live="polite">
                        if let Some(refusal) = refused {
                            <span class="field-refusal" data-testid="refusal"
                                data-rule={refusal.rule()}>{text.refusal(&refusal)}</span>
                        } else if let Some(delayed) = delayed {
                            {text.refusal(&delayed)}
                        } else {
                            {reason.unwrap_or_default()}
                        }
                    </p>
                    <button type="submit" class="button button-primary"
                        data-testid="start-conversation" aria-disabled={disabled.to_string()}
                        aria-describedby="start-reason">
                        {if busy { text.say("new-starting") } else { text.say("new-start") }}
                    </button>
                </footer>
            </form>
        </section>
    }
}

fn header(text: &Text) -> Html {
    html! {
        <header class="pane-header">
            <Link<Route> to={Route::Home} classes="icon-button back">
                <span data-testid="back">
                    <Icon shape={Shape::Back} />
                    <span class="visually-hidden">{text.say("new-back")}</span>
                </span>
            </Link<Route>>
            <h1 class="conversation-title" tabindex="-1">{text.say("new-title")}</h1>
            <QuickExit classes="icon-button exit-here" name="quick-exit-here" />
        </header>
    }
}

fn found(
    props: &Props,
    chosen: &[PersonCard],
    accounts: &Accounts,
    toggle: &dyn Fn(&PersonCard) -> Callback<MouseEvent>,
    text: &Text,
    again: &Callback<MouseEvent>,
) -> Html {
    let note = |words: String| html! { <p class="new-note" role="status">{words}</p> };
    if let Some(refusal) = props.search.refused {
        return html! { <Refused {refusal} {again} /> };
    }
    let Some(people) = &props.search.found else {
        let words = if props.live { text.say("new-searching") } else { text.say("new-waiting") };
        return note(words);
    };
    let people: Vec<&PersonCard> =
        people.iter().filter(|person| person.id != props.me.id).collect();
    if people.is_empty() {
        let all = props.search.text.is_empty();
        return note(if all { text.say("new-nobody-at-all") } else { text.say("new-nobody") });
    }
    html! {
        <ul class="people" aria-label={text.say("new-found")}>
            { for people.into_iter().map(|person| {
                let picked = chosen.iter().any(|known| known.id == person.id);
                let role = match person.role {
                    Role::Owner => text.say("account-role-owner"),
                    Role::Provider => text.say("account-role-provider"),
                    Role::Client => text.say("account-role-client"),
                };
                let account = accounts.get(&person.id).and_then(|row| account_words(row, text));
                html! {
                    <li key={person.id.to_string()}>
                        <button type="button" class={classes!("person", picked.then_some("person-picked"))}
                            role="checkbox" aria-checked={picked.to_string()}
                            data-testid="people-option" data-person={person.id.to_string()}
                            onclick={toggle(person)}>
                            <Avatar people={vec![person.clone()]} />
                            <span class="row-main">
                                <span class="row-name" dir="auto">{&person.name}</span>
                                <span class="row-preview" data-testid="people-account">
                                    {account.map_or_else(|| role.clone(), |words| format!("{role} · {words}"))}
                                </span>
                            </span>
                            <span class="person-tick"><Icon shape={Shape::Tick} /></span>
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}
