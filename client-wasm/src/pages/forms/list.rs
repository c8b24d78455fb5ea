//! The practice's forms: those it uses, those that come along, and those no longer offered.

use shared_proto::codec;
use shared_proto::form::ask::{Ask, Known, Listing, Source, Told};
use shared_proto::form::version::Template;
use shared_proto::id::FormId;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};
use yew_router::prelude::Link;

use super::listings::{Listings, use_listings};
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::dates::{Dates, use_dates};
use crate::hooks::desk::{Desk, use_desk};
use crate::route::Route;
use crate::text::{Text, use_text};

/// What somebody does with a form of the list.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    /// It becomes the practice's.
    Take(Known),
    /// It is no longer offered, or is again.
    Retire(FormId, bool),
}

/// How far that is.
#[derive(Clone, PartialEq)]
enum Stage {
    Idle,
    Busy,
    Done(Act, String),
    Refused(Refusal),
}

/// What is known besides.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Whether the line is up.
    pub live: bool,
}

/// The page.
#[component]
pub fn List(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let forms = use_listings(props.live);
    let stage = use_state(|| Stage::Idle);
    let act = {
        let (stage, load) = (stage.clone(), forms.load.clone());
        Callback::from(move |(act, title): (Act, String)| {
            if *stage == Stage::Busy {
                return;
            }
            stage.set(Stage::Busy);
            let (desk, stage, load) = (desk.clone(), stage.clone(), load.clone());
            spawn_local(async move {
                stage.set(match perform(&desk, act).await {
                    Ok(()) => Stage::Done(act, title),
                    Err(refusal) => Stage::Refused(refusal),
                });
                load.emit(());
            });
        })
    };
    let actions = html! {
        <Link<Route> to={Route::NewForm} classes="button button-primary button-small people-add">
            <span data-testid="new-form">{text.say("forms-new")}</span>
        </Link<Route>>
    };
    let outcome = match &*stage {
        Stage::Done(done, title) => {
            let id = match done {
                Act::Take(_) => "forms-taken",
                Act::Retire(_, true) => "forms-retired-one",
                Act::Retire(_, false) => "forms-offered-again",
            };
            text.say_with(id, &[("title", title.as_str().into())])
        }
        _ => String::new(),
    };
    let refused = match *stage {
        Stage::Refused(refusal) => Some(refusal),
        _ => None,
    };
    html! {
        <Sheet name="forms-page" title={text.say("forms-title")} back={Route::People} {actions}>
            <p class="card-lead">{text.say("forms-lead")}</p>
            <div role="status" class="forms-outcome" data-testid="forms-outcome">{outcome}</div>
            <div role="alert">
                if let Some(refusal) = refused {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {text.refusal(&refusal)}
                    </p>
                }
            </div>
            if let Some(listings) = &forms.listings {
                {groups(listings, &act, &text, &dates)}
            } else if let Some(refusal) = forms.refused {
                <Refused {refusal} again={forms.load.reform(|_: MouseEvent| ())} />
            } else {
                <div class="group" role="status">
                    <span class="visually-hidden">{text.say("forms-loading")}</span>
                    <span class="bone bone-short" aria-hidden="true"></span>
                    <span class="bone" aria-hidden="true"></span>
                </div>
            }
        </Sheet>
    }
}

type Doing = Callback<(Act, String)>;

fn groups(listings: &Listings, act: &Doing, text: &Text, dates: &Dates) -> Html {
    let mut own = listings.offered().peekable();
    let mut library: Vec<&Listing> =
        listings.forms.iter().filter(|form| form.version == 0).collect();
    // As they are offered, and not by title.
    library.sort_by_key(|form| form.id);
    let mut retired =
        listings.forms.iter().filter(|form| form.version > 0 && form.retired).peekable();
    let button = |form: &Listing, wanted: Act, word: &'static str, name: &'static str| {
        let (act, title) = (act.clone(), form.title.clone());
        let onclick = Callback::from(move |_: MouseEvent| act.emit((wanted, title.clone())));
        html! {
            <button type="button" class="button button-small" data-testid={name} {onclick}>
                {text.say(word)}
                <span class="visually-hidden">{" "}{&form.title}</span>
            </button>
        }
    };
    html! {
        <>
            <section class="group" data-testid="forms-own" aria-labelledby="forms-own-title">
                <h2 id="forms-own-title">{text.say("forms-own")}</h2>
                if own.peek().is_none() {
                    <div class="empty" data-testid="forms-empty">
                        <Icon shape={Shape::Compose} />
                        <p>{text.say(if retired.peek().is_some() {
                            "forms-empty-retired"
                        } else {
                            "forms-empty"
                        })}</p>
                    </div>
                } else {
                    <ul class="form-rows">
                        { for own.map(|form| row(form, listings, text, dates,
                            button(form, Act::Retire(form.id, true), "forms-retire", "form-retire")
                        )) }
                    </ul>
                }
            </section>
            if !library.is_empty() {
                <section class="group" data-testid="forms-library"
                    aria-labelledby="forms-library-title">
                    <h2 id="forms-library-title">{text.say("forms-library")}</h2>
                    <p class="group-lead">{text.say("forms-library-lead")}</p>
                    <ul class="form-rows">
                        { for library.into_iter().map(|form| {
                            let take = match form.source {
                                Source::Library(known) => {
                                    button(form, Act::Take(known), "forms-take", "form-take")
                                }
                                Source::Own => Html::default(),
                            };
                            row(form, listings, text, dates, take)
                        }) }
                    </ul>
                </section>
            }
            if retired.peek().is_some() {
                <section class="group" data-testid="forms-retired"
                    aria-labelledby="forms-retired-title">
                    <h2 id="forms-retired-title">{text.say("forms-retired")}</h2>
                    <p class="group-lead">{text.say("forms-retired-lead")}</p>
                    <ul class="form-rows">
                        { for retired.map(|form| row(form, listings, text, dates,
                            button(form, Act::Retire(form.id, false), "forms-offer", "form-offer")
                        )) }
                    </ul>
                </section>
            }
        </>
    }
}

fn row(form: &Listing, listings: &Listings, text: &Text, dates: &Dates, action: Html) -> Html {
    let mut facts = Vec::new();
    if form.version > 0 {
        facts.push(text.say_with("forms-version", &[("version", form.version.into())]));
    }
    facts.push(text.say_with("forms-questions", &[("count", u32::from(form.questions).into())]));
    if let Some(changed) = form.changed {
        let who = listings.people.iter().find(|person| person.id == changed.person);
        let who = who.map(|person| person.name.clone()).unwrap_or_default();
        let when = dates.moment(changed.at);
        let arguments = [("name", who.into()), ("when", when.into())];
        facts.push(text.say_with("forms-changed", &arguments));
    }
    html! {
        <li key={form.id.to_string()} class="form-row" data-testid="form-row"
            data-form={form.id.to_string()} data-version={form.version.to_string()}>
            <span class="form-row-main">
                <Link<Route> to={Route::Form { id: form.id }} classes="form-row-title">
                    <span data-testid="form-open" dir="auto">{&form.title}</span>
                </Link<Route>>
                <span class="form-row-facts">{facts.join(" · ")}</span>
            </span>
            {action}
        </li>
    }
}

async fn perform(desk: &Desk, act: Act) -> Result<(), Refusal> {
    let ask = match act {
        Act::Retire(form, retired) => Ask::Retire { form, retired },
        Act::Take(which) => {
            let form = template(desk, Ask::Library { which }).await?.form;
            let client_id = browser::random_id();
            let form_id = Some(which.id());
            Ask::Save { client_id, form: form_id, version: 0, body: codec::encode(&form) }
        }
    };
    match desk.request(Request::Form(ask)).await? {
        Reply::Form(Told::Saved { .. } | Told::Listing(_)) => Ok(()),
        _ => Err(Refusal::NotFound),
    }
}

/// A form in one of its versions.
///
/// # Errors
/// Why it is not there.
pub async fn template(desk: &Desk, ask: Ask) -> Result<Template, Refusal> {
    match desk.request(Request::Form(ask)).await? {
        Reply::Form(Told::Template(bytes)) => codec::decode(&bytes).map_err(|_| Refusal::NotFound),
        _ => Err(Refusal::NotFound),
    }
}
