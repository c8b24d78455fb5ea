//! Completing a session: first who has something open, then the question, then ten seconds in which
//! it can be undone.

use shared_proto::conversation::command::Command;
use shared_proto::id::PersonId;
use shared_proto::wire::{Due, Rehearsal, Reply, Request};
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use super::Props;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::hooks::asking::use_asking;
use crate::text::{Text, use_text};

/// The dialog.
#[component]
pub fn Complete(props: &Props) -> Html {
    let text = use_text();
    let (looking, asking) = (use_asking(), use_asking());
    let found = use_state(|| None::<Rehearsal>);
    let id = use_state(browser::random_id);
    let conversation = props.conversation.id;
    {
        let (looking, found) = (looking.clone(), found.clone());
        // Anew with every message: what was open a moment ago may not be any more.
        let seen = props.conversation.preview.as_ref().map(|preview| preview.entry);
        use_effect_with(seen, move |_| {
            looking.ask(Request::Rehearse { conversation }, move |reply| {
                if let Reply::Rehearsal(rehearsal) = reply {
                    found.set(Some(rehearsal));
                }
            });
        });
    }
    let complete = {
        let (asking, close, id) = (asking.clone(), props.close(), *id);
        Callback::from(move |_: MouseEvent| {
            let close = close.clone();
            let (due, command) = (Due::Undoable, Command::Complete);
            let request = Request::Later { conversation, id, due, command };
            asking.ask(request, move |_| close.emit(()));
        })
    };
    let refusal = asking.refused().or(looking.refused());
    html! {
        <Dialog title={text.say("complete-title")} name="complete-dialog" on_close={props.close()}>
            <p>{text.say("complete-help")}</p>
            {match &*found {
                None => html! { <p role="status">{text.say("complete-looking")}</p> },
                Some(rehearsal) => open_things(rehearsal, props, &text),
            }}
            if let Some(refusal) = refusal {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
            <div class="confirm-buttons">
                <button type="button" class="button button-primary" data-testid="complete-confirm"
                    aria-disabled={(found.is_none() || asking.is_busy()).to_string()}
                    onclick={complete}>{text.say("complete-confirm")}</button>
            </div>
        </Dialog>
    }
}

fn open_things(rehearsal: &Rehearsal, props: &Props, text: &Text) -> Html {
    let name = |person: PersonId| match props.conversation.person(person) {
        _ if person == props.me => text.say("message-you"),
        Some(card) => card.name.clone(),
        None => text.say("note-somebody"),
    };
    let say = |id: &str, person: PersonId, count: u32| {
        let own = if person == props.me { "yes" } else { "no" };
        let arguments =
            [("own", own.into()), ("name", name(person).into()), ("count", count.into())];
        text.say_with(id, &arguments)
    };
    let unread = rehearsal.unread.iter();
    let unread = unread.map(|(person, count)| ("unread", say("complete-unread", *person, *count)));
    let drafts = rehearsal.drafts.iter();
    let drafts = drafts.map(|person| ("draft", say("complete-draft", *person, 0)));
    let waiting = rehearsal.waiting.iter();
    let waiting = waiting.map(|person| ("waiting", say("complete-waiting", *person, 0)));
    let forms = rehearsal.forms.iter();
    let forms = forms.map(|person| ("form", say("complete-form", *person, 0)));
    let all: Vec<_> = unread.chain(drafts).chain(waiting).chain(forms).collect();
    if all.is_empty() {
        return html! { <p data-testid="complete-clear">{text.say("complete-clear")}</p> };
    }
    html! {
        <ul class="tool-list" data-testid="complete-open">
            { for all.into_iter().map(|(kind, words)| html! {
                <li data-kind={kind}>{words}</li>
            }) }
        </ul>
    }
}
