//! What an item of each kind asks for besides its words.

use shared_proto::date::Date;
use shared_proto::form::check::Part;
use shared_proto::form::{Days, Kind, LinkId};
use shared_proto::limits::FORM_DECIMALS;
use web_sys::HtmlSelectElement;
use yew::{Event, Html, Properties, TargetCast, component, html};

use super::super::draft::{Change, Edit, Input};
use super::super::input::Input as Line;
use super::choices::Choices;
use super::{Bench, said};
use crate::text::{Text, use_text};

/// Which item.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub link: LinkId,
    /// The draft it is in.
    pub bench: Bench,
}

/// Its inputs.
#[component]
pub fn OfKind(props: &Props) -> Html {
    let text = use_text();
    let (bench, link) = (&props.bench, props.link);
    let Some(item) = bench.draft.form.item(link) else { return Html::default() };
    let id = |part: &str| format!("item-{}-{part}", link.0);
    let wrong = |part| bench.wrong(&text, Some(link), part);
    let change = |make: fn(String) -> Change| {
        bench.edits(move |typed: String| Edit::Change(link, make(typed)))
    };
    let number = |input: Input, part: &str, name, word: &str| {
        bench.number(&text, input, id(part), name, &text.say(word))
    };
    match &item.kind {
        Kind::Section | Kind::Note | Kind::Text | Kind::LongText | Kind::YesNo => Html::default(),
        Kind::Number(of) => html! {
            <div class="pairs">
                {number(Input::Least(link), "least", "item-least", "build-least")}
                {number(Input::Most(link), "most", "item-most", "build-most")}
                {decimals(bench, link, of.decimals, &text)}
                <Line id={id("unit")} name="item-unit" label={text.say("build-unit")}
                    value={of.unit.clone()} wrong={wrong(Part::Unit)}
                    on_input={change(Change::Unit)} />
                {said(wrong(Part::Bounds))}
                {said(wrong(Part::Decimals))}
            </div>
        },
        Kind::Date(days) => dates(bench, link, days, &text),
        Kind::One(_) | Kind::Several(_) => html! { <Choices {link} bench={bench.clone()} /> },
        Kind::Scale(scale) => html! {
            <div class="pairs">
                {number(Input::From(link), "from", "item-from", "build-from")}
                {number(Input::To(link), "to", "item-to", "build-to")}
                <Line id={id("from-label")} name="item-from-label"
                    label={text.say("build-from-label")} value={scale.from_label.clone()}
                    on_input={change(Change::FromLabel)} />
                <Line id={id("to-label")} name="item-to-label" label={text.say("build-to-label")}
                    value={scale.to_label.clone()} on_input={change(Change::ToLabel)} />
                {said(wrong(Part::Bounds))}
                {said(wrong(Part::Ends))}
            </div>
        },
        Kind::Signature(statement) => html! {
            <Line id={id("statement")} name="item-statement" lines=true
                label={text.say("build-statement")} help={text.say("build-statement-help")}
                value={statement.clone()} wrong={wrong(Part::Statement)}
                on_input={change(Change::Statement)} />
        },
    }
}

fn decimals(bench: &Bench, link: LinkId, chosen: u8, text: &Text) -> Html {
    let onchange = bench.edits(move |event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        Edit::Change(link, Change::Decimals(chosen.parse().unwrap_or_default()))
    });
    let id = format!("item-{}-decimals", link.0);
    html! {
        <div class="field">
            <label for={id.clone()}>{text.say("build-decimals")}</label>
            <select {id} data-testid="item-decimals" {onchange}>
                { for (0..=FORM_DECIMALS).map(|count| html! {
                    <option key={count} value={count.to_string()} selected={count == chosen}>
                        {text.say_with("build-decimals-count", &[("count", u32::from(count).into())])}
                    </option>
                }) }
            </select>
        </div>
    }
}

fn dates(bench: &Bench, link: LinkId, days: &Days, text: &Text) -> Html {
    let day = |day: Option<Date>, make: fn(Option<Date>) -> Change, name, word: &str| {
        let on_input =
            bench.edits(move |typed: String| Edit::Change(link, make(typed.parse().ok())));
        let value = day.map(|day| day.to_string()).unwrap_or_default();
        html! {
            <Line id={format!("item-{}-{name}", link.0)} {name} kind="date" label={text.say(word)}
                {value} {on_input} />
        }
    };
    html! {
        <div class="pairs">
            {day(days.earliest, Change::Earliest, "item-earliest", "build-earliest")}
            {day(days.latest, Change::Latest, "item-latest", "build-latest")}
            {said(bench.wrong(text, Some(link), Part::Bounds))}
        </div>
    }
}
