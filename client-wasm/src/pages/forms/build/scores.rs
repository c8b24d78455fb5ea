//! What answers count: points summed over items, and what the sums mean.

use shared_proto::form::Score;
use shared_proto::form::check::Part;
use web_sys::HtmlInputElement;
use yew::{Event, Html, Properties, TargetCast, component, html};

use super::super::draft::{Counted, Edit, Input};
use super::super::input::Input as Line;
use super::item::label;
use super::{Bench, said};
use crate::components::icon::{Icon, Shape};
use crate::text::{Text, use_text};

/// In which draft.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The draft.
    pub bench: Bench,
}

/// The scores.
#[component]
pub fn Scores(props: &Props) -> Html {
    let text = use_text();
    let bench = &props.bench;
    let scores = &bench.draft.form.scores;
    if scores.is_empty() && bench.draft.countable().next().is_none() {
        return Html::default();
    }
    html! {
        <section class="group" data-testid="scores" aria-labelledby="scores-title">
            <h2 id="scores-title">{text.say("scores-title")}</h2>
            <p class="group-lead">{text.say("scores-lead")}</p>
            {said(bench.wrong(&text, None, Part::Scores))}
            { for scores.iter().zip(0..=u8::MAX).map(|(score, number)| {
                one(bench, score, number, &text)
            }) }
            <div class="group-actions">
                <button type="button" class="button button-small" data-testid="score-add"
                    onclick={bench.press(Edit::Score(Counted::Add))}>{text.say("score-add")}</button>
            </div>
        </section>
    }
}

fn one(bench: &Bench, score: &Score, number: u8, text: &Text) -> Html {
    let named = [("label", score.label.as_str().into())];
    html! {
        <fieldset key={number} class="build-score" data-testid="score">
            <legend class="visually-hidden">{text.say_with("score-legend", &named)}</legend>
            <Line id={format!("score-{number}")} name="score-label" label={text.say("score-label")}
                value={score.label.clone()}
                wrong={bench.wrong(text, None, Part::ScoreLabel(number))}
                on_input={bench.edits(move |typed| Edit::Score(Counted::Label(number, typed)))} />
            <div class="build-picks" role="group" aria-label={text.say("score-items")}>
                { for bench.draft.countable().map(|item| {
                    let link = item.link;
                    let onchange = bench.edits(move |event: Event| {
                        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
                        Edit::Score(Counted::Item(number, link, on))
                    });
                    html! {
                        <div key={link.0}>
                            <label class="build-alone">
                                <input type="checkbox" data-testid="score-item" {onchange}
                                    checked={score.counts(link)} />
                                <span dir="auto">{label(item, text)}</span>
                            </label>
                            {said(bench.wrong(text, Some(link), Part::ScoreItems(number)))}
                        </div>
                    }
                }) }
            </div>
            {said(bench.wrong(text, None, Part::ScoreItems(number)))}
            { for score.bands.iter().zip(0..=u8::MAX).map(|(band, place)| {
                let remove = bench.press(Edit::Score(Counted::RemoveBand(number, place)));
                let id = format!("score-{number}-band-{place}");
                html! {
                    <div key={place} class="build-band" data-testid="band">
                        {bench.number(text, Input::Band(number, place), format!("{id}-from"),
                            "band-from", &text.say("band-from"))}
                        <Line id={id} name="band-label" label={text.say("band-label")}
                            value={band.label.clone()}
                            wrong={bench.wrong(text, None, Part::Band(number, place))}
                            on_input={bench.edits(move |typed| {
                                Edit::Score(Counted::Band(number, place, typed))
                            })} />
                        <button type="button" class="icon-button" data-testid="band-remove"
                            aria-label={text.say_with("band-remove",
                                &[("label", band.label.as_str().into())])} onclick={remove}>
                            <Icon shape={Shape::Close} />
                        </button>
                    </div>
                }
            }) }
            {said(bench.wrong(text, None,
                Part::Band(number, shared_proto::limits::FORM_BANDS as u8)))}
            <div class="group-actions">
                <button type="button" class="button button-small" data-testid="band-add"
                    onclick={bench.press(Edit::Score(Counted::AddBand(number)))}>
                    {text.say("band-add")}
                </button>
                <button type="button" class="button button-small" data-testid="score-remove"
                    onclick={bench.press(Edit::Score(Counted::Remove(number)))}>
                    {text.say("score-remove")}
                </button>
            </div>
        </fieldset>
    }
}
