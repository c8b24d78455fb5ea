//! One item of a form that is built: a row that opens.

use shared_proto::form::check::Part;
use shared_proto::form::{Item, Kind, LinkId};
use yew::{Callback, Html, MouseEvent, Properties, classes, component, html, use_state};

use super::super::draft::{Blank, Change, Edit, Stuck, Way};
use super::super::input::Input as Line;
use super::kind::OfKind;
use super::show_if::{Alerting, ShowIf};
use super::{Bench, said};
use crate::components::check::Check;
use crate::components::icon::{Icon, Shape};
use crate::text::{Text, use_text};

/// An item.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub link: LinkId,
    /// The draft it is in.
    pub bench: Bench,
}

/// What an item is called: what it asks, or else its kind.
#[must_use]
pub fn label(item: &Item, text: &Text) -> String {
    let label = item.label.trim();
    if label.is_empty() {
        text.say(&format!("kind-{}", Blank::of(&item.kind).name()))
    } else {
        label.to_owned()
    }
}

/// The row.
#[component]
pub fn Card(props: &Props) -> Html {
    let text = use_text();
    let stuck = use_state(|| None::<Stuck>);
    let (bench, link) = (&props.bench, props.link);
    let draft = &bench.draft;
    let Some(item) = draft.form.item(link) else { return Html::default() };
    let kind = Blank::of(&item.kind).name();
    let open = draft.open == Some(link);
    let wrong = bench.is_wrong(link);
    let named = [("label", label(item, &text).into())];
    let shift = |way: Way, name: &'static str| {
        let may = draft.may_move(link, way);
        let (press, go, stuck) =
            (bench.press(Edit::Move(link, way)), bench.go.clone(), stuck.clone());
        let onclick = Callback::from(move |event: MouseEvent| {
            stuck.set(may.err());
            if may.is_ok() {
                press.emit(event);
                go.emit(format!("#item-{} [data-testid={name}]", link.0));
            }
        });
        let word = if way == Way::Up { "build-up" } else { "build-down" };
        html! {
            <button type="button" class={classes!("icon-button", (way == Way::Up).then_some("turned"))}
                data-testid={name} title={text.say_with(word, &named)}
                aria-label={text.say_with(word, &named)}
                aria-disabled={may.is_err().to_string()} {onclick}>
                <Icon shape={Shape::Down} />
            </button>
        }
    };
    let delete = {
        let (press, go) = (bench.press(Edit::Delete(link)), bench.go.clone());
        Callback::from(move |event: MouseEvent| {
            press.emit(event);
            go.emit("[data-testid=item-undo]".into());
        })
    };
    let toggle = bench.press(Edit::Open((!open).then_some(link)));
    let body = format!("item-{}-body", link.0);
    html! {
        <li id={format!("item-{}", link.0)} data-testid="item" data-kind={kind}
            data-wrong={wrong.to_string()}
            class={classes!("build-item", (item.kind == Kind::Section).then_some("build-section"))}>
            <div class="build-row">
                <button type="button" class="build-open" data-testid="item-open" onclick={toggle}
                    aria-expanded={open.to_string()} aria-controls={body.clone()}>
                    <span class="build-label" dir="auto">{label(item, &text)}</span>
                    <span class="build-facts">{facts(item, wrong, &text)}</span>
                </button>
                <span class="build-moves">
                    {shift(Way::Up, "item-up")}
                    {shift(Way::Down, "item-down")}
                    <button type="button" class="icon-button" data-testid="item-delete"
                        title={text.say_with("build-delete", &named)}
                        aria-label={text.say_with("build-delete", &named)} onclick={delete}>
                        <Icon shape={Shape::Close} />
                    </button>
                </span>
            </div>
            <p class="build-stuck" role="status" data-testid="item-stuck">
                {stuck_words(*stuck, bench, &text)}
            </p>
            <div class="build-body" id={body} hidden={!open}>
                if open {
                    {inputs(item, bench, &text)}
                }
            </div>
        </li>
    }
}

fn facts(item: &Item, wrong: bool, text: &Text) -> Html {
    let mut facts = vec![text.say(&format!("kind-{}", Blank::of(&item.kind).name()))];
    if item.required {
        facts.push(text.say("build-is-required"));
    }
    if item.show_if.is_some() {
        facts.push(text.say("build-is-conditional"));
    }
    html! {
        <>
            {facts.join(" · ")}
            if wrong {
                <strong class="field-refusal">{" "}{text.say("build-is-wrong")}</strong>
            }
        </>
    }
}

fn stuck_words(stuck: Option<Stuck>, bench: &Bench, text: &Text) -> String {
    let with = |id: &str, link: LinkId| {
        let other = bench.draft.form.item(link);
        let other = other.map(|item| label(item, text)).unwrap_or_default();
        text.say_with(id, &[("label", other.into())])
    };
    match stuck {
        None | Some(Stuck::Edge) => String::new(),
        Some(Stuck::Needs(link)) => with("build-stuck-needs", link),
        Some(Stuck::NeededBy(link)) => with("build-stuck-needed", link),
    }
}

fn inputs(item: &Item, bench: &Bench, text: &Text) -> Html {
    let link = item.link;
    let asked = item.kind.is_asked();
    let word = match item.kind {
        Kind::Section => "build-heading",
        Kind::Note => "build-note",
        Kind::Signature(_) => "build-signature-label",
        _ => "build-label",
    };
    let change = |make: fn(String) -> Change| {
        bench.edits(move |typed: String| Edit::Change(link, make(typed)))
    };
    html! {
        <>
            {said(bench.wrong(text, Some(link), Part::Id))}
            <Line id={format!("item-{}-label", link.0)} name="item-label" label={text.say(word)}
                lines={item.kind == Kind::Note} value={item.label.clone()}
                wrong={bench.wrong(text, Some(link), Part::Label)}
                on_input={change(Change::Label)} />
            if item.kind != Kind::Note {
                <Line id={format!("item-{}-help", link.0)} name="item-help"
                    label={text.say("build-help")} value={item.help.clone()}
                    wrong={bench.wrong(text, Some(link), Part::Help)}
                    on_input={change(Change::Help)} />
            }
            <OfKind {link} bench={bench.clone()} />
            if asked {
                <Check name="item-required" label={text.say("build-required")} on={item.required}
                    on_switch={bench.edits(move |on| Edit::Change(link, Change::Required(on)))} />
            }
            <ShowIf {link} bench={bench.clone()} />
            if asked {
                <Alerting {link} bench={bench.clone()} />
            }
        </>
    }
}
