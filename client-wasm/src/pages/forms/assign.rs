//! The host gives members of a conversation a form to fill in.

use shared_proto::conversation::command::Command;
use shared_proto::id::{FormId, PersonId};
use shared_proto::wire::Request;
use yew::{Callback, Event, Html, SubmitEvent, component, html, use_state};
use yew_router::prelude::Link;

use super::full::Full;
use super::listings::use_listings;
use crate::browser;
use crate::components::refused::Refused;
use crate::hooks::asking::use_asking;
use crate::pages::tools::Props;
use crate::route::Route;
use crate::text::use_text;

/// The dialog.
#[component]
pub fn Assign(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let forms = use_listings(props.live);
    let form = use_state(|| None::<FormId>);
    // One id for all tries: it is assigned once. An earlier try is looked for from here on.
    let id = use_state(browser::random_id);
    let conversation = &*props.conversation;
    let held = *use_state(|| conversation.last_known(props.me));
    let others: Vec<_> = conversation.fold.current().map(|member| member.person).collect();
    let others: Vec<PersonId> =
        others.into_iter().filter(|person| Some(*person) != conversation.fold.host()).collect();
    // With one other there is nothing to choose.
    let chosen = {
        let others = others.clone();
        use_state(move || if others.len() == 1 { others } else { Vec::new() })
    };
    let to: Vec<PersonId> = chosen.iter().copied().filter(|to| others.contains(to)).collect();
    let offered = forms.listings.as_ref().map(|all| all.offered().cloned().collect::<Vec<_>>());
    let picked = offered.as_ref().and_then(|all| all.iter().find(|one| Some(one.id) == *form));
    let ready = picked.is_some() && !to.is_empty() && !asking.is_busy();
    let onsubmit = {
        let (asking, close, to) = (asking.clone(), props.close(), to.clone());
        let (conversation, client_message_id) = (conversation.id, *id);
        let picked = picked.map(|form| (form.id, form.version));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some((form, version)) = picked.filter(|_| ready) else { return };
            let (close, to) = (close.clone(), to.clone());
            let command = Command::Assign { client_message_id, form, version, to };
            let request = Request::Do { conversation, held, command };
            asking.ask(request, move |_| close.emit(()));
        })
    };
    let pick = |picked: FormId| {
        let (form, asking) = (form.clone(), asking.clone());
        Callback::from(move |_: Event| {
            asking.forget();
            form.set(Some(picked));
        })
    };
    let toggle = |person: PersonId| {
        let (chosen, asking) = (chosen.clone(), asking.clone());
        Callback::from(move |_: Event| {
            asking.forget();
            let mut next = (*chosen).clone();
            next.retain(|other| *other != person);
            if next.len() == chosen.len() {
                next.push(person);
            }
            chosen.set(next);
        })
    };
    let people = others.iter().filter_map(|person| conversation.person(*person));
    html! {
        <Full title={text.say("assign-title")} name="assign-dialog" small=true
            on_close={props.close()}>
            if let Some(refusal) = forms.refused {
                <Refused {refusal} again={forms.load.reform(|_| ())} />
            } else if let Some(offered) = offered.as_ref() {
                if offered.is_empty() {
                    <div class="empty" data-testid="assign-none">
                        <p>{text.say("assign-empty")}</p>
                        <Link<Route> to={Route::Forms} classes="button button-primary">
                            {text.say("assign-to-forms")}
                        </Link<Route>>
                    </div>
                } else {
                    <form class="tool-form" {onsubmit}>
                        <p class="field-help">{text.say("assign-help")}</p>
                        <fieldset class="kinds">
                            <legend>{text.say("assign-which")}</legend>
                            { for offered.iter().map(|one| html! {
                                <label key={one.id.to_string()} class="kind"
                                    data-testid="assign-form" data-form={one.id.to_string()}>
                                    <input type="radio" name="assign-form"
                                        checked={Some(one.id) == *form} onchange={pick(one.id)} />
                                    <span class="kind-words">
                                        <span class="kind-name" dir="auto">{&one.title}</span>
                                        <span class="field-help">
                                            {text.say_with("forms-questions",
                                                &[("count", u32::from(one.questions).into())])}
                                        </span>
                                    </span>
                                </label>
                            }) }
                        </fieldset>
                        <fieldset class="kinds">
                            <legend>{text.say("assign-whom")}</legend>
                            { for people.map(|person| html! {
                                <label key={person.id.to_string()} class="kind"
                                    data-testid="assign-person"
                                    data-person={person.id.to_string()}>
                                    <input type="checkbox" checked={to.contains(&person.id)}
                                        onchange={toggle(person.id)} />
                                    <span class="kind-name" dir="auto">{&person.name}</span>
                                </label>
                            }) }
                        </fieldset>
                        if let Some(refusal) = asking.refused() {
                            <p class="field-refusal" data-testid="refusal"
                                data-rule={refusal.rule()} role="alert">{text.refusal(&refusal)}</p>
                        }
                        <div class="confirm-buttons">
                            <button type="submit" class="button button-primary"
                                data-testid="assign-save" aria-disabled={(!ready).to_string()}>
                                {text.say("assign-save")}
                            </button>
                        </div>
                    </form>
                }
            } else {
                <p role="status">{text.say("forms-loading")}</p>
            }
        </Full>
    }
}
