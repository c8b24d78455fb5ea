//! The builder: a form of the practice, changed into its next version.

use std::rc::Rc;

use shared_proto::codec;
use shared_proto::form::LinkId;
use shared_proto::form::ask::{Ask, Told};
use shared_proto::form::check::{FormProblem, Part};
use shared_proto::form::version::Template;
use shared_proto::id::FormId;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, UseReducerHandle, component, hook, html,
    use_effect_with, use_reducer, use_state,
};
use yew_router::prelude::use_navigator;

use super::draft::{Blank, Draft, Edit, Input};
use super::input::Input as Line;
use super::list::template;
use super::preview::Preview;
use super::words::form_wrong;
use crate::browser;
use crate::components::confirm::Confirm;
use crate::components::icon::{Icon, Shape};
use crate::components::refused::Refused;
use crate::components::sheet::Sheet;
use crate::hooks::asking::use_asking;
use crate::hooks::desk::use_desk;
use crate::hooks::leaving::use_leaving;
use crate::route::Route;
use crate::text::{Text, use_text};

mod choices;
mod item;
mod kind;
mod scores;
mod show_if;
mod test;

/// Which form.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// `None` for a new one.
    pub id: Option<FormId>,
}

/// The draft, and what is said of it.
#[derive(Clone, PartialEq)]
pub struct Bench {
    /// The draft.
    pub draft: UseReducerHandle<Draft>,
    /// What is wrong with it, once that is said.
    problems: Rc<Vec<FormProblem>>,
    /// Moves the focus to what a selector finds, once what was done is drawn.
    go: Callback<String>,
}

impl Bench {
    /// Calls back with an edit made of what is typed or chosen.
    fn edits<T: 'static>(&self, edit: impl Fn(T) -> Edit + 'static) -> Callback<T> {
        let dispatcher = self.draft.dispatcher();
        Callback::from(move |typed: T| dispatcher.dispatch(edit(typed)))
    }

    /// As [`Self::edits`], for a button.
    fn press(&self, edit: Edit) -> Callback<MouseEvent> {
        self.edits(move |_: MouseEvent| edit.clone())
    }

    /// What is wrong with a part, in words.
    fn wrong(&self, text: &Text, item: Option<LinkId>, part: Part) -> Vec<String> {
        let found = self.problems.iter().filter(|one| one.item == item && one.part == part);
        let mut words: Vec<String> =
            found.map(|problem| form_wrong(text, part, problem.rule)).collect();
        words.dedup();
        words
    }

    /// Whether anything is wrong with an item.
    fn is_wrong(&self, link: LinkId) -> bool {
        let has_number = |input: Input| self.draft.is_unreadable(input);
        let numbers =
            [Input::Least, Input::Most, Input::From, Input::To, Input::ShowIf, Input::Alert];
        let choices = self.draft.form.item(link).map_or(&[][..], |item| item.kind.choices());
        let points = choices.iter().map(|choice| Input::Points(choice.id));
        self.problems.iter().any(|problem| problem.item == Some(link))
            || (self.draft.tried
                && numbers.into_iter().map(|input| input(link)).chain(points).any(has_number))
    }

    /// An input for a number.
    fn number(
        &self,
        text: &Text,
        input: Input,
        id: String,
        name: &'static str,
        label: &str,
    ) -> Html {
        let wrong = if self.draft.is_unreadable(input) && self.draft.tried {
            vec![text.say("form-rule-no-number")]
        } else {
            Vec::new()
        };
        html! {
            <Line {id} {name} label={label.to_owned()} value={self.draft.number(input)} {wrong}
                inputmode="decimal" on_input={self.edits(move |typed| Edit::Number(input, typed))} />
        }
    }
}

/// What is wrong somewhere without an input of its own.
fn said(words: Vec<String>) -> Html {
    html! {
        { for words.into_iter().map(|words| html! {
            <p class="field-refusal" data-testid="form-wrong">{words}</p>
        }) }
    }
}

/// The page.
#[component]
pub fn Build(props: &Props) -> Html {
    let text = use_text();
    let asking = use_asking();
    let (draft, refused, load) = use_draft(props.id);
    let preview = use_state(|| false);
    let saved = use_state(|| None::<(u32, bool)>);
    let navigator = use_navigator();
    let leaving = use_leaving(draft.is_changed());
    let (focus, go) = use_focus();
    let tried = draft.tried || !draft.refused.is_empty();
    let problems = Rc::new(if tried { draft.problems() } else { Vec::new() });
    let bench = Bench { draft: draft.clone(), problems, go };
    let save = {
        let (draft, asking, saved, go) =
            (draft.clone(), asking.clone(), saved.clone(), bench.go.clone());
        Callback::from(move |_: MouseEvent| {
            saved.set(None);
            draft.dispatch(Edit::Try);
            let Some(form) = draft.ready() else {
                let first = draft.problems().into_iter().find_map(|problem| problem.item);
                draft.dispatch(Edit::Open(first.or(draft.open)));
                go.emit(FIRST_WRONG.to_owned());
                return;
            };
            let version = draft.base.as_ref().map_or(0, |base| base.version);
            let id = draft.base.as_ref().map(|base| base.id);
            let (client_id, body) = (browser::random_id(), codec::encode(&form));
            let ask = Ask::Save { client_id, form: id, version, body };
            let (draft, saved) = (draft.dispatcher(), saved.clone());
            let (navigator, go) = (navigator.clone(), go.clone());
            asking.ask(Request::Form(ask), move |reply| match reply {
                Reply::Form(Told::Saved { form: saved_as, version: now }) => {
                    // As the server keeps it: by the same rule.
                    let form = shared_proto::form::check::checked(form.clone()).unwrap_or(form);
                    let template = Template { id: saved_as, version: now, form };
                    draft.dispatch(Edit::Saved(Rc::new(template)));
                    saved.set(Some((now, now == version)));
                    if let (None, Some(navigator)) = (id, &navigator) {
                        navigator.replace(&Route::Form { id: saved_as });
                    }
                }
                Reply::Form(Told::Problems(problems)) => {
                    draft.dispatch(Edit::Refused(problems));
                    go.emit(FIRST_WRONG.to_owned());
                }
                _ => {}
            });
        })
    };
    let title = match &draft.base {
        _ if props.id.is_none() => text.say("build-new"),
        Some(base) => base.form.title.clone(),
        None => text.say("build-title"),
    };
    let loaded = props.id.is_none() || draft.base.is_some();
    let show = |on: bool| {
        let preview = preview.clone();
        Callback::from(move |_: MouseEvent| preview.set(on))
    };
    let on_close = {
        let preview = preview.clone();
        Callback::from(move |()| {
            preview.set(false);
            browser::focus("[data-testid=form-preview]");
        })
    };
    let actions = html! {
        if loaded {
            <button type="button" class="button button-small" data-testid="form-preview"
                aria-haspopup="dialog" onclick={show(true)}>{text.say("build-preview")}</button>
            <button type="button" class="button button-primary button-small" data-testid="form-save"
                aria-disabled={asking.is_busy().to_string()} onclick={save}>
                {text.say("build-save")}
            </button>
        }
    };
    html! {
        <Sheet name="form-builder" {title} back={Route::Forms} {actions}>
            if !loaded {
                if let Some(refusal) = refused {
                    <Refused {refusal} again={load.reform(|_: MouseEvent| ())} />
                } else {
                    <p role="status">{text.say("build-loading")}</p>
                }
            } else {
                <div class="builder-said">
                    {outcome(&bench, &saved, asking.refused(), &text)}
                </div>
                <div class="builder" data-testid="builder" data-focus={focus.to_string()}>
                    {head(&bench, &text)}
                    {items(&bench, &text)}
                    {add(&bench, &text)}
                    <scores::Scores bench={bench.clone()} />
                </div>
            }
            <div>
                if *preview {
                    <Preview form={draft.form.clone()} {on_close} />
                }
                if leaving.asks {
                    <Confirm title={text.say("build-leave-title")} help={text.say("build-leave-help")}
                        yes={text.say("build-leave-yes")} name="leave"
                        on_answer={leaving.on_answer.clone()} />
                }
            </div>
        </Sheet>
    }
}

/// Where the first thing stands that is wrong; else what says that something is.
const FIRST_WRONG: &str = ".builder [aria-invalid=true], \
     .builder [data-wrong=true]:not(:has([aria-invalid=true])) .build-open, \
     main:not(:has([aria-invalid=true], [data-wrong=true])) [data-testid=form-problems]";

/// The draft of a form, which is asked for unless it is here already.
#[hook]
fn use_draft(id: Option<FormId>) -> (UseReducerHandle<Draft>, Option<Refusal>, Callback<()>) {
    let desk = use_desk();
    let refused = use_state(|| None::<Refusal>);
    let draft = use_reducer(|| Draft::of(None));
    let load = {
        let (draft, refused) = (draft.dispatcher(), refused.setter());
        Callback::from(move |()| {
            let Some(form) = id else { return };
            let (desk, draft, refused) = (desk.clone(), draft.clone(), refused.clone());
            spawn_local(async move {
                match template(&desk, Ask::Read { form, version: None }).await {
                    Ok(template) => draft.dispatch(Edit::Begin(Some(Rc::new(template)))),
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    {
        let load = load.clone();
        let here = draft.base.as_ref().map(|base| base.id);
        let draft = draft.dispatcher();
        use_effect_with(id, move |id| {
            if *id != here {
                match id {
                    Some(_) => load.emit(()),
                    None => draft.dispatch(Edit::Begin(None)),
                }
            }
        });
    }
    (draft, *refused, load)
}

/// Moves the focus once what was done is drawn.
#[hook]
fn use_focus() -> (u32, Callback<String>) {
    let wanted = use_state(|| (0u32, String::new()));
    let go = {
        let wanted = wanted.clone();
        Callback::from(move |selector: String| wanted.set((wanted.0.wrapping_add(1), selector)))
    };
    use_effect_with((*wanted).clone(), |(_, selector)| {
        if !selector.is_empty() {
            browser::focus_in_view(selector);
        }
    });
    (wanted.0, go)
}

fn head(bench: &Bench, text: &Text) -> Html {
    let form = &bench.draft.form;
    html! {
        <section class="group">
            <Line id="form-title" name="form-title" label={text.say("build-form-title")}
                value={form.title.clone()} wrong={bench.wrong(text, None, Part::Title)}
                on_input={bench.edits(Edit::Title)} />
            <Line id="form-description" name="form-description" lines=true
                label={text.say("build-description")} help={text.say("build-description-help")}
                value={form.description.clone()}
                wrong={bench.wrong(text, None, Part::Description)}
                on_input={bench.edits(Edit::Description)} />
        </section>
    }
}

fn items(bench: &Bench, text: &Text) -> Html {
    let draft = &bench.draft;
    let undo = {
        let back = draft.removed.as_ref().map(|removed| removed.item.link);
        let (press, go) = (bench.press(Edit::Undo), bench.go.clone());
        Callback::from(move |event: MouseEvent| {
            press.emit(event);
            if let Some(link) = back {
                go.emit(format!("#item-{} .build-open", link.0));
            }
        })
    };
    html! {
        <>
            {said(bench.wrong(text, None, Part::Items))}
            <ol class="build-items">
                { for draft.form.items.iter().map(|item| html! {
                    <item::Card key={item.link.0} link={item.link} bench={bench.clone()} />
                }) }
            </ol>
            <div role="status">
                if let Some(removed) = &draft.removed {
                    <p class="build-undo" data-testid="item-removed">
                        <span>{text.say_with("build-deleted",
                            &[("label", item::label(&removed.item, text).into())])}</span>
                        <button type="button" class="button button-small" data-testid="item-undo"
                            onclick={undo}>{text.say("build-undo")}</button>
                    </p>
                }
            </div>
        </>
    }
}

fn add(bench: &Bench, text: &Text) -> Html {
    html! {
        <section class="group" aria-labelledby="build-add-title">
            <h2 id="build-add-title">{text.say("build-add")}</h2>
            <div class="build-kinds">
                { for Blank::ALL.into_iter().map(|blank| {
                    let (press, go) = (bench.press(Edit::Add(blank)), bench.go.clone());
                    let onclick = Callback::from(move |event: MouseEvent| {
                        press.emit(event);
                        go.emit(".build-item:last-child .build-body :is(input, textarea)".into());
                    });
                    html! {
                        <button key={blank.name()} type="button" class="button button-small"
                            data-testid="item-add" data-kind={blank.name()} {onclick}>
                            <Icon shape={Shape::Add} />
                            <span>{text.say(&format!("kind-{}", blank.name()))}</span>
                        </button>
                    }
                }) }
            </div>
        </section>
    }
}

/// What came of saving.
fn outcome(
    bench: &Bench,
    saved: &Option<(u32, bool)>,
    refusal: Option<Refusal>,
    text: &Text,
) -> Html {
    let draft = &bench.draft;
    let wrong = draft.tried && draft.ready().is_none();
    let whole = bench.wrong(text, None, Part::Whole);
    let words = match saved {
        Some((version, true)) => text.say_with("build-same", &[("version", (*version).into())]),
        Some((1, _)) => text.say("build-saved-first"),
        Some((version, _)) => text.say_with("build-saved", &[("version", (*version).into())]),
        None => String::new(),
    };
    html! {
        <>
            <div role="alert">
                if wrong {
                    <p class="field-refusal" data-testid="form-problems" tabindex="-1">
                        {text.say("build-wrong")}
                    </p>
                }
                {said(whole)}
                if let Some(refusal) = refusal {
                    <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                        {if refusal == Refusal::Outdated { text.say("build-outdated") }
                         else { text.refusal(&refusal) }}
                    </p>
                }
            </div>
            <p class="builder-outcome" role="status" data-testid="form-saved">
                if !draft.is_changed() { {words} }
            </p>
        </>
    }
}
