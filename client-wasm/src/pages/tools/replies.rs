//! Saved replies: found, put into the composer, and kept.

mod editor;
mod group;
mod kept;

use gloo::timers::callback::Timeout;
use shared_proto::desk::Told;
use shared_proto::office;
use shared_proto::people::Role;
use shared_proto::replies::{Place, fill};
use shared_proto::wire::Reply as Answer;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, MouseEvent, component, html, use_effect_with, use_state};

use self::editor::{Editing, Editor};
pub use self::group::{Props as GroupProps, RepliesGroup};
use self::kept::Kept;
use super::Props;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::refused::Refused;
use crate::dates::use_dates;
use crate::hooks::desk::use_desk;
use crate::hooks::kept::use_kept;
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;

/// The dialog.
#[component]
pub fn Replies(props: &Props) -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let dispatch = use_dispatch();
    let known = use_kept::<Kept>();
    let practice = use_state(|| None::<String>);
    let typed = use_state(String::new);
    let editing = use_state(|| None::<Editing>);
    {
        let practice = practice.setter();
        use_effect_with((), move |()| {
            let answer = desk.ask(office::Ask::Practice);
            spawn_local(async move {
                if let Ok(Answer::Office(office::Told::Practice(known))) = answer.await {
                    practice.set(Some(known.settings.name));
                }
            });
        });
    }
    let conversation = &props.conversation;
    let me = conversation.person(props.me);
    let is_owner = me.is_some_and(|me| me.role == Role::Owner);
    let choose = {
        let client = conversation.others(props.me).find(|person| person.role == Role::Client);
        let client = client.map(|person| person.name.clone());
        let provider = me.map(|me| me.name.clone());
        let (practice, today) = ((*practice).clone(), dates.date(props.now()));
        let (id, close) = (conversation.id, props.close());
        Callback::from(move |words: String| {
            let words = fill(&words, |place| match place {
                Place::Client => client.clone(),
                Place::Provider => provider.clone(),
                Place::Practice => practice.clone(),
                Place::Date => Some(today.clone()),
            });
            if let Some(draft) = insert(&words) {
                dispatch.send(Action::Draft(id, draft));
            }
            close.emit(());
            // The dialog gives the focus back to its button first.
            Timeout::new(0, || browser::focus("[data-testid=composer]")).forget();
        })
    };
    let edit = {
        let editing = editing.clone();
        Callback::from(move |one: Option<Editing>| editing.set(one))
    };
    if let Some(one) = &*editing {
        let done = {
            let (edit, on_told) = (edit.clone(), known.on_told);
            Callback::from(move |told: Option<Told>| {
                if let Some(told) = told {
                    on_told.emit(told);
                }
                edit.emit(None);
            })
        };
        let title = if one.reply.revision == 0 { "replies-new" } else { "replies-edit" };
        return html! {
            <Dialog key="editor" title={text.say(title)} name="reply-dialog" on_close={props.close()}>
                <Editor editing={one.clone()} {is_owner} {done} />
            </Dialog>
        };
    }
    let add = edit.reform(|_: MouseEvent| Some(Editing::new(false)));
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |words: String| typed.set(words))
    };
    let found = known.kept.as_ref().map(|kept| kept.found(&typed)).unwrap_or_default();
    let again = known.load.reform(|_: MouseEvent| ());
    html! {
        <Dialog key="list" title={text.say("replies-title")} name="replies-dialog"
            on_close={props.close()}>
            if let Some(refusal) = known.refused {
                <Refused {refusal} {again} />
            } else if known.kept.is_none() {
                <p role="status">{text.say("replies-loading")}</p>
            } else {
                <div class="tool-form">
                    <Field name="reply-search" label={text.say("replies-search")} kind="search"
                        autocomplete="off" value={(*typed).clone()} {on_input} />
                    <ul class="replies" data-testid="replies">
                        { for found.iter().map(|(shared, reply)| {
                            let use_it = choose.reform({
                                let words = reply.text.clone();
                                move |_: MouseEvent| words.clone()
                            });
                            let one = Editing::of(*shared, reply);
                            let change = edit.reform(move |_: MouseEvent| Some(one.clone()));
                            let label = text.say_with("replies-edit-one",
                                &[("title", reply.title.as_str().into())]);
                            html! {
                                <li key={reply.id.to_string()} class="reply">
                                    <button type="button" class="reply-use" data-testid="reply-use"
                                        onclick={use_it}>
                                        <span class="reply-title" dir="auto">
                                            {&reply.title}
                                            if *shared {
                                                <span class="tag">{text.say("replies-shared")}</span>
                                            }
                                        </span>
                                        <span class="reply-words" dir="auto">{&reply.text}</span>
                                    </button>
                                    if !*shared || is_owner {
                                        <button type="button" class="button button-small"
                                            data-testid="reply-edit" aria-label={label}
                                            onclick={change}>{text.say("replies-change")}</button>
                                    }
                                </li>
                            }
                        }) }
                    </ul>
                    if found.is_empty() {
                        <p class="field-help" data-testid="replies-none">
                            {text.say(if typed.trim().is_empty() { "replies-empty" } else { "replies-none" })}
                        </p>
                    }
                    <div class="confirm-buttons">
                        <button type="button" class="button" data-testid="reply-add" onclick={add}>
                            {text.say("replies-add")}
                        </button>
                    </div>
                </div>
            }
        </Dialog>
    }
}

/// Puts words into the composer, where the person last was in it; what stands there then.
fn insert(words: &str) -> Option<String> {
    let found = browser::document().query_selector("[data-testid=composer]").ok().flatten()?;
    let area = found.dyn_into::<HtmlTextAreaElement>().ok()?;
    let place = |at: Result<Option<u32>, _>| at.ok().flatten().map(|at| at as usize);
    let (from, until) = (place(area.selection_start()), place(area.selection_end()));
    let (draft, caret) = put(&area.value(), from, until, words);
    area.set_value(&draft);
    let caret = caret as u32;
    // A field that shows no text has no place in it.
    let _ = area.set_selection_range(caret, caret);
    Some(draft)
}

/// `words` in place of what is selected in `value`, and where they end; counted in UTF-16 as
/// browsers do.
fn put(value: &str, from: Option<usize>, until: Option<usize>, words: &str) -> (String, usize) {
    let units: Vec<u16> = value.encode_utf16().collect();
    let from = from.unwrap_or(units.len()).min(units.len());
    let until = until.unwrap_or(from).clamp(from, units.len());
    let before = String::from_utf16_lossy(&units[..from]);
    let after = String::from_utf16_lossy(&units[until..]);
    let caret = from + words.encode_utf16().count();
    (format!("{before}{words}{after}"), caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_the_person_was() {
        let put = |value, from, until| put(value, from, until, "Hello");
        assert_eq!(put("", None, None), ("Hello".to_owned(), 5));
        assert_eq!(put("ab", Some(1), Some(1)), ("aHellob".to_owned(), 6));
        assert_eq!(put("ab", Some(0), Some(2)), ("Hello".to_owned(), 5));
        assert_eq!(put("\u{1f600}b", Some(2), Some(2)), ("\u{1f600}Hellob".to_owned(), 7));
        assert_eq!(put("ab", Some(9), Some(3)), ("abHello".to_owned(), 7));
    }
}
