//! When an item is shown, and which answers to it its reader is alerted to.

use shared_proto::form::check::Part;
use shared_proto::form::{Condition, Item, Kind, LinkId, Test};
use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

use super::super::draft::{Change, Edit, Input};
use super::super::input::Input as Line;
use super::item::label;
use super::test::{TestInput, first};
use super::{Bench, said};
use crate::components::check::Check;
use crate::text::use_text;

/// Of which item.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub link: LinkId,
    /// The draft it is in.
    pub bench: Bench,
}

/// When it is shown.
#[component]
pub fn ShowIf(props: &Props) -> Html {
    let text = use_text();
    let (bench, link) = (&props.bench, props.link);
    let form = &bench.draft.form;
    let Some(item) = form.item(link) else { return Html::default() };
    let earlier: Vec<&Item> = form.items.iter().take_while(|other| other.link != link).collect();
    let earlier: Vec<&Item> = earlier.into_iter().filter(|item| item.kind.is_asked()).collect();
    if earlier.is_empty() && item.show_if.is_none() {
        return Html::default();
    }
    let condition = item.show_if.as_ref();
    let asked = condition
        .and_then(|condition| earlier.iter().find(|other| other.link == condition.item).copied());
    let on = move |condition: Option<Condition>| Edit::Change(link, Change::ShowIf(condition));
    let onchange = {
        let draft = bench.draft.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let other = chosen.parse().ok().and_then(|number| draft.form.item(LinkId(number)));
            let condition =
                other.map(|other| Condition { item: other.link, test: first(&other.kind) });
            draft.dispatch(on(condition));
        })
    };
    let id = format!("item-{}-show-if", link.0);
    let wrong = bench.wrong(&text, Some(link), Part::ShowIf);
    let wrong_id = format!("{id}-wrong");
    let chosen = condition.map(|condition| condition.item);
    html! {
        <fieldset class="build-condition" data-testid="show-if">
            <legend class="visually-hidden">{text.say("show-if-title")}</legend>
            <div class="field">
                <label for={id.clone()}>{text.say("show-if-title")}</label>
                <select id={id.clone()} data-testid="show-if-item" {onchange}
                    aria-invalid={(!wrong.is_empty()).then_some("true")}
                    aria-describedby={(!wrong.is_empty()).then(|| wrong_id.clone())}>
                    <option value="" selected={chosen.is_none()}>{text.say("show-if-always")}</option>
                    if chosen.is_some() && asked.is_none() {
                        <option value="gone" selected=true disabled=true>
                            {text.say("show-if-gone")}
                        </option>
                    }
                    { for earlier.iter().map(|other| html! {
                        <option key={other.link.0} value={other.link.0.to_string()}
                            selected={Some(other.link) == chosen}>
                            {text.say_with("show-if-depends",
                                &[("label", short(&label(other, &text)).into())])}
                        </option>
                    }) }
                </select>
            </div>
            if let (Some(condition), Some(asked)) = (condition, asked) {
                <TestInput {id} asked={asked.clone()} test={condition.test.clone()}
                    input={Input::ShowIf(link)} bench={bench.clone()}
                    on_test={{
                        let item = condition.item;
                        bench.edits(move |test: Test| on(Some(Condition { item, test })))
                    }} />
            }
            if !wrong.is_empty() {
                <p class="field-refusal" id={wrong_id} data-testid="form-wrong">{wrong.join(" ")}</p>
            }
        </fieldset>
    }
}

/// The beginning of a question, for a list of them.
fn short(label: &str) -> String {
    let mut short: String = label.chars().take(60).collect();
    if short.len() < label.len() {
        short.push('…');
    }
    short
}

/// Which answers its reader is alerted to.
#[component]
pub fn Alerting(props: &Props) -> Html {
    let text = use_text();
    let (bench, link) = (&props.bench, props.link);
    let Some(item) = bench.draft.form.item(link) else { return Html::default() };
    let alerts = matches!(
        item.kind,
        Kind::YesNo | Kind::One(_) | Kind::Several(_) | Kind::Number(_) | Kind::Scale(_)
    );
    if !alerts && item.alert.is_none() {
        return Html::default();
    }
    let begin = first(&item.kind);
    let on_switch =
        bench.edits(move |on: bool| Edit::Change(link, Change::Alert(on.then(|| begin.clone()))));
    let id = format!("item-{}-alert", link.0);
    html! {
        <div class="build-condition" data-testid="alert">
            <Check name="item-alert" label={text.say("alert-title")} help={text.say("alert-help")}
                on={item.alert.is_some()} {on_switch} />
            if let Some(alert) = &item.alert {
                <TestInput id={id.clone()} asked={item.clone()} test={alert.test.clone()}
                    input={Input::Alert(link)} bench={bench.clone()}
                    on_test={bench.edits(move |test| {
                        Edit::Change(link, Change::Alert(Some(test)))
                    })} />
                {said(bench.wrong(&text, Some(link), Part::Alert))}
                <Line id={format!("{id}-label")} name="alert-label" label={text.say("alert-label")}
                    value={alert.label.clone()}
                    wrong={bench.wrong(&text, Some(link), Part::AlertLabel)}
                    on_input={bench.edits(move |typed| {
                        Edit::Change(link, Change::AlertLabel(typed))
                    })} />
            }
        </div>
    }
}
