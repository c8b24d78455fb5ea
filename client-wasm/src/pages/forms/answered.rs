//! Answers as they are read: what alerts their reader first, then the scores, then all of them.

use shared_proto::form::answers::{Answers, Value};
use shared_proto::form::fill::shown;
use shared_proto::form::score::{Total, alerts, totals};
use shared_proto::form::{ChoiceId, Form, Item, Kind, Score};
use std::rc::Rc;
use yew::{Html, Properties, component, html};

use crate::text::{Text, use_text};

/// A form and the answers to it.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The form.
    pub form: Rc<Form>,
    /// The answers.
    pub answers: Answers,
}

/// What was answered.
#[component]
pub fn Answered(props: &Props) -> Html {
    let text = use_text();
    let (form, answers) = (&*props.form, &props.answers);
    let alerts = alerts(form, answers);
    let shown = shown(form, answers);
    let items = form.items.iter().zip(shown).filter(|(_, shown)| *shown).map(|(item, _)| item);
    let is_alert = |item: &Item| alerts.iter().any(|alert| alert.link == item.link);
    html! {
        <div class="answered" data-testid="answered">
            if !alerts.is_empty() {
                <section class="answer-alerts" data-testid="answer-alerts">
                    <h3>{text.say("answers-alerts")}</h3>
                    <ul>
                        { for alerts.iter().map(|item| html! {
                            <li key={item.link.0} data-testid="answer-alert">
                                <strong dir="auto">{alert_label(item)}</strong>
                                <span dir="auto">
                                    {&item.label}{": "}{answer(item, answers, &text)}
                                </span>
                            </li>
                        }) }
                    </ul>
                </section>
            }
            if !form.scores.is_empty() {
                <dl class="answer-scores">
                    { for form.scores.iter().zip(totals(form, answers)).map(|(score, total)| {
                        score_row(score, total, &text)
                    }) }
                </dl>
            }
            { for items.map(|item| match &item.kind {
                Kind::Section => html! {
                    <h3 key={item.link.0} class="paper-section" dir="auto">{&item.label}</h3>
                },
                Kind::Note => html! {
                    <p key={item.link.0} class="paper-note" dir="auto">{&item.label}</p>
                },
                _ => html! {
                    <div key={item.link.0} class="answer" data-testid="answer"
                        data-link={item.link.0.to_string()}
                        data-alert={is_alert(item).then_some("true")}>
                        <p class="answer-asked" dir="auto">{&item.label}</p>
                        if let Kind::Signature(statement) = &item.kind {
                            <p class="paper-note" dir="auto">{statement}</p>
                        }
                        <p class="answer-given" dir="auto">{answer(item, answers, &text)}</p>
                    </div>
                },
            }) }
        </div>
    }
}

fn alert_label(item: &Item) -> String {
    item.alert.as_ref().map(|alert| alert.label.clone()).unwrap_or_default()
}

fn score_row(score: &Score, total: Option<Total<'_>>, text: &Text) -> Html {
    html! {
        <div class="answer-score" data-testid="answer-score">
            <dt dir="auto">{&score.label}</dt>
            <dd>
                if let Some(total) = total {
                    <strong data-testid="answer-points">
                        {text.say_with("answers-points", &[
                            ("points", total.points.to_string().into()),
                            ("highest", total.highest.to_string().into()),
                        ])}
                    </strong>
                    if let Some(band) = total.band {
                        <span dir="auto" data-testid="answer-band">{&band.label}</span>
                    }
                } else {
                    {text.say("answers-no-total")}
                }
            </dd>
        </div>
    }
}

/// The answer to an item, in words.
fn answer(item: &Item, answers: &Answers, text: &Text) -> String {
    let label = |id: ChoiceId| {
        let choice = item.kind.choices().iter().find(|choice| choice.id == id);
        choice.map(|choice| choice.label.clone()).unwrap_or_default()
    };
    match answers.get(item.link) {
        None => text.say("answers-none"),
        Some(Value::Text(words) | Value::Signature(words)) => words.clone(),
        Some(Value::YesNo(yes)) => text.say(if *yes { "fill-yes" } else { "fill-no" }),
        Some(Value::One(id)) => label(*id),
        Some(Value::Several(ids)) => {
            let labels: Vec<String> = ids.iter().map(|id| label(*id)).collect();
            text.list(&labels)
        }
        Some(Value::Date(day)) => day.to_string(),
        Some(Value::Number(number)) => match &item.kind {
            Kind::Number(of) if !of.unit.is_empty() => format!("{number} {}", of.unit),
            Kind::Scale(scale) => text.say_with(
                "answers-of-scale",
                &[("number", number.to_string().into()), ("highest", scale.to.to_string().into())],
            ),
            _ => number.to_string(),
        },
    }
}
