//! Search over one's own conversations, in the place of the inbox's list: as one types, newest
//! first, and each opens where it stands.

mod filters;
mod hit;
mod looking;

use gloo::timers::callback::Timeout;
use shared_proto::id::EntryId;
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::{Refusal, Rule};
use shared_proto::search::Search;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_state,
};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::inbox_pane::arrows;
use crate::components::refused::Refused;
use crate::text::use_text;
use filters::{Chosen, Filters};
use hit::HitRow;
use looking::use_looking;

/// How long typing has to pause before it is looked for, in milliseconds.
const PAUSE_MS: u32 = 200;

/// Who searches.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// Everyone in the conversations that are here, by name.
    pub people: Vec<PersonCard>,
    /// Called when the search is over.
    pub on_close: Callback<()>,
}

/// The search.
#[component]
pub fn SearchPage(props: &Props) -> Html {
    let text = use_text();
    let typed = use_state(String::new);
    let chosen = use_state(Chosen::default);
    let filtering = use_state(|| false);
    let opened = use_state(|| None::<EntryId>);
    let looking = use_looking();
    let filter = chosen.filter();
    let asked = Search { text: typed.trim().to_owned(), filter, after: None };
    let names_something = !asked.text.is_empty() || !filter.is_empty();
    {
        let looking = looking.clone();
        use_effect_with(asked.clone(), move |asked| {
            let asked = asked.clone();
            let timer = names_something.then(|| {
                let looking = looking.clone();
                Timeout::new(PAUSE_MS, move || looking.look(asked))
            });
            if timer.is_none() {
                looking.clear();
            }
            move || drop(timer)
        });
    }
    use_effect_with((), |()| browser::focus("#search-words"));
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onsubmit = {
        let (looking, asked) = (looking.clone(), asked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if names_something {
                looking.look(asked.clone());
            }
        })
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" if !event.is_composing() => {
                event.stop_propagation();
                on_close.emit(());
            }
            "ArrowDown" if !event.is_composing() => {
                event.prevent_default();
                browser::focus_in_view("[data-testid=search-hit]");
            }
            _ => {}
        })
    };
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let toggle = {
        let filtering = filtering.clone();
        Callback::from(move |_: MouseEvent| filtering.set(!*filtering))
    };
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |next: Chosen| chosen.set(next))
    };
    let on_open = {
        let opened = opened.clone();
        Callback::from(move |entry: EntryId| opened.set(Some(entry)))
    };
    let again = {
        let (looking, asked) = (looking.clone(), asked);
        Callback::from(move |_: MouseEvent| looking.look(asked.clone()))
    };
    let found = looking.found();
    let hits = found.as_ref().map_or(&[][..], |found| &found.hits[..]);
    let state = looking.state();
    // Signs alone are no mistake of somebody who is still typing.
    let refused = looking.refused();
    let wordless = matches!(refused, Some(Refusal::Invalid { rule: Rule::Empty, .. }));
    html! {
        <div class="search" id="search" data-testid="search" data-state={state}>
            <form class="search-bar" role="search" {onsubmit} {onkeydown}>
                <div class="search-field">
                    <Icon shape={Shape::Search} />
                    <label class="visually-hidden" for="search-words">
                        {text.say("search-words")}
                    </label>
                    <input id="search-words" type="search" data-testid="search-words"
                        autocomplete="off" autocapitalize="none" spellcheck="false"
                        enterkeyhint="search" value={(*typed).clone()} {oninput}
                        maxlength={limits::QUERY_SCALARS.to_string()}
                        placeholder={text.say("search-words-hint")} />
                </div>
                <button type="button" class="icon-button" data-testid="search-close"
                    onclick={close}>
                    <Icon shape={Shape::Close} />
                    <span class="visually-hidden">{text.say("search-close")}</span>
                </button>
            </form>
            <div class="search-tools">
                <button type="button" class="button button-small" data-testid="search-filters"
                    aria-expanded={filtering.to_string()} aria-controls="search-filters"
                    onclick={toggle}>
                    <Icon shape={Shape::Settings} />
                    if chosen.count() > 0 {
                        {text.say_with("search-filters-count",
                            &[("count", chosen.count().into())])}
                    } else {
                        {text.say("search-filters")}
                    }
                </button>
                <p class="search-count" role="status" data-testid="search-count">
                    if state == "ready" {
                        {looking.count(&text)}
                    } else if state == "looking" {
                        {text.say("search-looking")}
                    }
                </p>
            </div>
            <div id="search-filters">
                if *filtering {
                    <Filters me={props.me.clone()}
                        people={looking.people(&props.people, props.me.id)}
                        chosen={(*chosen).clone()} {on_choose} />
                }
            </div>
            <div class="rows search-rows" onkeydown={arrows()}>
                if let Some(refusal) = refused.filter(|_| !wordless) {
                    <Refused {refusal} again={again} />
                } else if wordless || found.is_none() && state == "idle" {
                    <div class="empty search-hint" data-testid="search-hint">
                        <Icon shape={Shape::Search} />
                        <p>{text.say("search-hint")}</p>
                        <p>{text.say("search-hint-phrase")}</p>
                    </div>
                } else if state == "ready" && hits.is_empty() && !looking.goes_on() {
                    <div class="empty" data-testid="search-none">
                        <Icon shape={Shape::Search} />
                        <p>{text.say("search-none")}</p>
                        <p>{text.say(if chosen.count() > 0 { "search-none-filtered" } else { "search-none-help" })}</p>
                    </div>
                }
                <ul aria-label={text.say("search-found")}>
                    { for hits.iter().map(|hit| html! {
                        <li key={hit.entry.to_string()}>
                            <HitRow hit={hit.clone()} me={props.me.id}
                                others={looking.others(hit.conversation)}
                                author={looking.person(hit.author)}
                                opened={*opened == Some(hit.entry)} on_open={on_open.clone()} />
                        </li>
                    }) }
                </ul>
                if looking.goes_on() {
                    <button type="button" class="button search-more" data-testid="search-more"
                        onclick={looking.more()}>
                        {text.say(if hits.is_empty() { "search-further" } else { "search-more" })}
                    </button>
                }
            </div>
        </div>
    }
}
