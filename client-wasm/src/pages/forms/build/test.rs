//! What an answer has to be: for an item to be shown, or for its reader to be alerted.

use shared_proto::form::decimal::Decimal;
use shared_proto::form::{ChoiceId, Item, Kind, Test};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Event, Html, Properties, TargetCast, component, html};

use super::super::draft::Input;
use super::Bench;
use crate::text::use_text;

/// A test.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Begins the ids of its inputs.
    pub id: String,
    /// Whose answer.
    pub asked: Item,
    /// What it has to be.
    pub test: Test,
    /// Where a number of it is typed.
    pub input: Input,
    /// The draft it is in.
    pub bench: Bench,
    /// Called with another.
    pub on_test: Callback<Test>,
}

/// What is asked of an answer of this kind at first.
#[must_use]
pub const fn first(kind: &Kind) -> Test {
    match kind {
        Kind::YesNo => Test::Is(true),
        Kind::One(_) | Kind::Several(_) => Test::OneOf(Vec::new()),
        Kind::Scale(scale) => Test::AtLeast(Decimal::whole(scale.to)),
        Kind::Number(_) => Test::AtLeast(Decimal::whole(1)),
        _ => Test::Answered,
    }
}

const fn name(test: &Test) -> &'static str {
    match test {
        Test::Answered => "answered",
        Test::Is(true) => "yes",
        Test::Is(false) => "no",
        Test::OneOf(_) => "one-of",
        Test::Equals(_) => "equals",
        Test::AtLeast(_) => "at-least",
        Test::AtMost(_) => "at-most",
    }
}

/// The tests there are for answers of a kind, a number kept from the one before.
fn all(kind: &Kind, now: &Test) -> Vec<Test> {
    let number = match now {
        Test::Equals(number) | Test::AtLeast(number) | Test::AtMost(number) => *number,
        _ => match first(kind) {
            Test::AtLeast(number) => number,
            _ => Decimal::whole(0),
        },
    };
    let chosen = match now {
        Test::OneOf(chosen) => chosen.clone(),
        _ => Vec::new(),
    };
    match kind {
        Kind::YesNo => vec![Test::Is(true), Test::Is(false), Test::Answered],
        Kind::One(_) | Kind::Several(_) => vec![Test::OneOf(chosen), Test::Answered],
        Kind::Number(_) | Kind::Scale(_) => {
            vec![Test::AtLeast(number), Test::AtMost(number), Test::Equals(number), Test::Answered]
        }
        _ => vec![Test::Answered],
    }
}

/// The inputs.
#[component]
pub fn TestInput(props: &Props) -> Html {
    let text = use_text();
    let kind = &props.asked.kind;
    let tests = all(kind, &props.test);
    let now = name(&props.test);
    let onchange = {
        let (tests, on_test) = (tests.clone(), props.on_test.clone());
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some(test) = tests.iter().find(|test| name(test) == chosen) {
                on_test.emit(test.clone());
            }
        })
    };
    let how = format!("{}-how", props.id);
    html! {
        <div class="build-test">
            <div class="field">
                <label for={how.clone()}>{text.say("test-how")}</label>
                <select id={how} data-testid="test-how" {onchange}>
                    { for tests.iter().map(|test| html! {
                        <option key={name(test)} value={name(test)} selected={name(test) == now}>
                            {text.say(&format!("test-{}", name(test)))}
                        </option>
                    }) }
                </select>
            </div>
            {match &props.test {
                Test::OneOf(chosen) => picks(props, chosen),
                Test::Equals(_) | Test::AtLeast(_) | Test::AtMost(_) => props.bench.number(
                    &text, props.input, format!("{}-number", props.id), "test-number",
                    &text.say("test-number"),
                ),
                _ => Html::default(),
            }}
        </div>
    }
}

fn picks(props: &Props, chosen: &[ChoiceId]) -> Html {
    html! {
        <div class="build-picks">
            { for props.asked.kind.choices().iter().map(|choice| {
                let (id, chosen, on_test) = (choice.id, chosen.to_vec(), props.on_test.clone());
                let on = chosen.contains(&id);
                let onchange = Callback::from(move |event: Event| {
                    let on = event.target_unchecked_into::<HtmlInputElement>().checked();
                    let mut next = chosen.clone();
                    next.retain(|other| *other != id);
                    if on {
                        next.push(id);
                    }
                    on_test.emit(Test::OneOf(next));
                });
                html! {
                    <label key={id.0} class="build-alone">
                        <input type="checkbox" data-testid="test-choice" checked={on} {onchange} />
                        <span dir="auto">{&choice.label}</span>
                    </label>
                }
            }) }
        </div>
    }
}
