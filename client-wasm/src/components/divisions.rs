//! Divisions to add, rename and remove. What is typed stays until it is taken.

use shared_proto::refusal::{Refusal, Rule};
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast, component, html,
    use_state,
};
use yew_router::prelude::Link;

use crate::components::field::Field;
use crate::route::Route;
use crate::text::use_text;

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A new one of this name.
    Add(String),
    /// Another name for the one of this key.
    Rename(String, String),
    /// The one of this key goes.
    Remove(String),
}

/// An edit, and whom to tell how it went.
pub type Asked = (Edit, Callback<Result<(), Refusal>>);

/// The divisions.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Key and name of each.
    pub divisions: Vec<(String, String)>,
    /// What is typed for a new one.
    pub draft: String,
    /// Called with it.
    pub on_draft: Callback<String>,
    /// Called with what is to happen.
    pub on_edit: Callback<Asked>,
    /// What was refused about the new one.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
}

/// The list.
#[component]
pub fn Divisions(props: &Props) -> Html {
    let text = use_text();
    // Key and text of the one that is being renamed.
    let renaming = use_state(|| None::<(String, String)>);
    // What was refused, and of which; an empty key is the new one.
    let refused = use_state(|| None::<(String, Refusal)>);
    let ask = {
        let (on_edit, refused, renaming) =
            (props.on_edit.clone(), refused.clone(), renaming.clone());
        let on_draft = props.on_draft.clone();
        Callback::from(move |edit: Edit| {
            let (refused, renaming) = (refused.clone(), renaming.clone());
            let (asked, on_draft) = (edit.clone(), on_draft.clone());
            let done = Callback::from(move |result: Result<(), Refusal>| match (result, &asked) {
                (Err(refusal), Edit::Add(_)) => refused.set(Some((String::new(), refusal))),
                (Err(refusal), Edit::Rename(key, _) | Edit::Remove(key)) => {
                    refused.set(Some((key.clone(), refusal)));
                }
                (Ok(()), Edit::Add(_)) => {
                    refused.set(None);
                    on_draft.emit(String::new());
                }
                (Ok(()), Edit::Rename(..) | Edit::Remove(_)) => {
                    refused.set(None);
                    renaming.set(None);
                }
            });
            on_edit.emit((edit, done));
        })
    };
    let add = {
        let (ask, draft) = (ask.clone(), props.draft.clone());
        move || ask.emit(Edit::Add(draft.clone()))
    };
    let on_add = {
        let add = add.clone();
        Callback::from(move |_: MouseEvent| add())
    };
    let on_key = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add();
        }
    });
    let of = |key: &str| refused.as_ref().filter(|known| known.0 == key).map(|known| known.1);
    let row = |(key, name): &(String, String)| {
        let open = renaming.as_ref().filter(|open| open.0 == *key).map(|open| open.1.clone());
        let start = {
            let (renaming, key, name) = (renaming.clone(), key.clone(), name.clone());
            Callback::from(move |_: MouseEvent| renaming.set(Some((key.clone(), name.clone()))))
        };
        let remove = {
            let (ask, key) = (ask.clone(), key.clone());
            Callback::from(move |_: MouseEvent| ask.emit(Edit::Remove(key.clone())))
        };
        let cancel = {
            let (renaming, refused) = (renaming.clone(), refused.clone());
            Callback::from(move |_: MouseEvent| {
                renaming.set(None);
                refused.set(None);
            })
        };
        let oninput = {
            let (renaming, key) = (renaming.clone(), key.clone());
            Callback::from(move |event: InputEvent| {
                let value = event.target_unchecked_into::<HtmlInputElement>().value();
                renaming.set(Some((key.clone(), value)));
            })
        };
        let take = {
            let (ask, key, name) = (ask.clone(), key.clone(), open.clone().unwrap_or_default());
            move || ask.emit(Edit::Rename(key.clone(), name.clone()))
        };
        let save = {
            let take = take.clone();
            Callback::from(move |_: MouseEvent| take())
        };
        let onkeydown = Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                take();
            }
        });
        let label = |id: &str| text.say_with(id, &[("name", name.as_str().into())]);
        let refusal = of(key);
        let in_use = matches!(refusal, Some(Refusal::Invalid { rule: Rule::InUse, .. }));
        html! {
            <li key={key.clone()} data-testid="division" data-name={name.clone()}>
                <div class="division field">
                    if let Some(open) = open {
                        <input data-testid="division-name" value={open} {oninput} {onkeydown}
                            autofocus=true aria-label={label("division-rename")} />
                        <button type="button" class="button button-small"
                            data-testid="division-save" onclick={save}>{text.say("save")}</button>
                        <button type="button" class="button button-small"
                            data-testid="division-cancel" onclick={cancel}>
                            {text.say("cancel")}</button>
                    } else {
                        <span class="division-name" dir="auto">{name}</span>
                        <button type="button" class="button button-small"
                            data-testid="division-rename" aria-label={label("division-rename")}
                            onclick={start}>{text.say("division-rename-short")}</button>
                        <button type="button" class="button button-small"
                            data-testid="division-remove" aria-label={label("division-remove")}
                            onclick={remove}>{text.say("division-remove-short")}</button>
                    }
                </div>
                if let Some(refusal) = refusal {
                    <p class="field-refusal" role="alert" data-testid="refusal"
                        data-rule={refusal.rule()}>{text.refusal(&refusal)}
                        if in_use {
                            {" "}<Link<Route> to={Route::People}>{text.say("division-people")}</Link<Route>>
                        }
                    </p>
                }
            </li>
        }
    };
    html! {
        <div class="divisions">
            if !props.divisions.is_empty() {
                <ul>{ for props.divisions.iter().map(row) }</ul>
            }
            <div class="division-add" onkeydown={on_key}>
                <Field name="new-division" label={text.say("division-new")} autocomplete="off"
                    value={props.draft.clone()} on_input={props.on_draft.clone()}
                    refusal={of("").or(props.refusal)} />
                <button type="button" class="button" data-testid="division-add" onclick={on_add}>
                    {text.say("division-add")}</button>
            </div>
        </div>
    }
}
