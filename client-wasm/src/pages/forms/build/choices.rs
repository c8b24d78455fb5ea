//! What there is to choose from.

use shared_proto::form::check::Part;
use shared_proto::form::{Choice, Kind, LinkId};
use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html};

use super::super::draft::{Change, Edit, Input, Way};
use super::{Bench, said};
use crate::components::icon::{Icon, Shape};
use crate::text::{Text, use_text};

/// Of which item.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which.
    pub link: LinkId,
    /// The draft it is in.
    pub bench: Bench,
}

/// The list.
#[component]
pub fn Choices(props: &Props) -> Html {
    let text = use_text();
    let (bench, link) = (&props.bench, props.link);
    let Some(item) = bench.draft.form.item(link) else { return Html::default() };
    let choices = item.kind.choices();
    let counts =
        bench.draft.is_counted(link) || choices.iter().any(|choice| choice.points.is_some());
    let several = matches!(item.kind, Kind::Several(_));
    let add = {
        let (press, go) = (bench.press(Edit::Change(link, Change::AddChoice)), bench.go.clone());
        Callback::from(move |event: MouseEvent| {
            press.emit(event);
            go.emit(format!("#item-{} .build-choice:last-child input", link.0));
        })
    };
    html! {
        <fieldset class="build-choices">
            <legend>{text.say("build-choices")}</legend>
            {said(bench.wrong(&text, Some(link), Part::Choices))}
            <ol>
                { for choices.iter().enumerate().map(|(place, choice)| {
                    let row = Row { bench, link, place, last: choices.len() - 1, counts, several };
                    row.draw(choice, &text)
                }) }
            </ol>
            <button type="button" class="button button-small" data-testid="choice-add"
                onclick={add}>{text.say("build-choice-add")}</button>
        </fieldset>
    }
}

struct Row<'a> {
    bench: &'a Bench,
    link: LinkId,
    place: usize,
    last: usize,
    counts: bool,
    several: bool,
}

impl Row<'_> {
    fn draw(&self, choice: &Choice, text: &Text) -> Html {
        let (bench, link, id) = (self.bench, self.link, choice.id);
        let number = [("number", (self.place + 1).into())];
        let wrong = bench.wrong(text, Some(link), Part::Choice(id));
        let (input_id, wrong_id) = (format!("choice-{}", id.0), format!("choice-{}-wrong", id.0));
        let oninput = bench.edits(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            Edit::Change(link, Change::Choice(id, typed))
        });
        let alone = bench.edits(move |event: Event| {
            let on = event.target_unchecked_into::<HtmlInputElement>().checked();
            Edit::Change(link, Change::Alone(id, on))
        });
        let button = |change: Change, name: &'static str, word: &str, may: bool, shape, class| {
            let press = bench.press(Edit::Change(link, change));
            let onclick = Callback::from(move |event: MouseEvent| {
                if may {
                    press.emit(event);
                }
            });
            html! {
                <button type="button" class={class} data-testid={name} {onclick}
                    aria-label={text.say_with(word, &number)} aria-disabled={(!may).to_string()}>
                    <Icon {shape} />
                </button>
            }
        };
        let up = Change::MoveChoice(id, Way::Up);
        let down = Change::MoveChoice(id, Way::Down);
        html! {
            <li key={id.0} class="build-choice" data-testid="choice">
                <div class="field build-choice-label">
                    <label class="visually-hidden" for={input_id.clone()}>
                        {text.say_with("build-choice", &number)}
                    </label>
                    <input id={input_id} type="text" autocomplete="off" dir="auto"
                        data-testid="choice-label" value={choice.label.clone()} {oninput}
                        placeholder={text.say_with("build-choice", &number)}
                        aria-invalid={(!wrong.is_empty()).then_some("true")}
                        aria-describedby={(!wrong.is_empty()).then(|| wrong_id.clone())} />
                </div>
                <span class="build-moves">
                    {button(up, "choice-up", "build-choice-up", self.place > 0,
                        Shape::Down, "icon-button turned")}
                    {button(down, "choice-down", "build-choice-down", self.place < self.last,
                        Shape::Down, "icon-button")}
                    {button(Change::RemoveChoice(id), "choice-remove", "build-choice-remove", true,
                        Shape::Close, "icon-button")}
                </span>
                if !wrong.is_empty() {
                    <p class="field-refusal build-wide" id={wrong_id} data-testid="form-wrong">
                        {wrong.join(" ")}
                    </p>
                }
                if self.counts || self.several {
                    <div class="build-wide build-choice-more">
                        if self.several {
                            <label class="build-alone">
                                <input type="checkbox" data-testid="choice-alone"
                                    checked={choice.alone} onchange={alone} />
                                <span>{text.say("build-alone")}</span>
                            </label>
                        }
                        if self.counts {
                            {bench.number(text, Input::Points(id), format!("points-{}", id.0),
                                "choice-points", &text.say("build-points"))}
                        }
                    </div>
                }
            </li>
        }
    }
}
