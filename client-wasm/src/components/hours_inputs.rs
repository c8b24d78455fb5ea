//! The hours of a week, and lists of days, to be filled in.

use shared_proto::refusal::{Field as Input, Refusal, Rule};
use web_sys::HtmlInputElement;
use yew::{Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html};

use crate::components::icon::{Icon, Shape};
use crate::components::select::Select;
use crate::hours_form::{WITHIN, Week, read};
use crate::text::use_text;

/// The hours of a week.
#[derive(PartialEq, Properties)]
pub struct WeekProps {
    /// As typed.
    pub week: Week,
    /// Called with what is typed then.
    pub on_change: Callback<Week>,
}

/// A line a day, and how long an answer takes.
#[component]
pub fn WeekInputs(props: &WeekProps) -> Html {
    let text = use_text();
    let malformed = text.refusal(&Refusal::invalid(Input::Hours, Rule::Malformed));
    let days = props.week.days.iter().enumerate().map(|(day, typed)| {
        let (week, on_change) = (props.week.clone(), props.on_change.clone());
        let oninput = Callback::from(move |event: InputEvent| {
            let mut week = week.clone();
            week.days[day] = event.target_unchecked_into::<HtmlInputElement>().value();
            on_change.emit(week);
        });
        let wrong = read(typed).is_none();
        let name = format!("hours-{day}");
        let refusal = format!("{name}-refusal");
        html! {
            <div key={day} class="hours-day">
                <label for={name.clone()}>{text.say(&format!("hours-day-{day}"))}</label>
                <input id={name.clone()} name={name.clone()} data-testid={name} type="text"
                    autocomplete="off" spellcheck="false" value={typed.clone()} {oninput}
                    placeholder={text.say("hours-closed")}
                    aria-invalid={wrong.then_some("true")}
                    aria-describedby={if wrong { refusal.clone() } else { "hours-help".to_owned() }} />
                if wrong {
                    <p class="field-refusal" id={refusal} data-testid="refusal"
                        data-rule="malformed">{malformed.clone()}</p>
                }
            </div>
        }
    });
    let on_choose = {
        let (week, on_change) = (props.week.clone(), props.on_change.clone());
        Callback::from(move |within: String| on_change.emit(Week { within, ..week.clone() }))
    };
    let chosen = &props.week.within;
    let listed = WITHIN.iter().map(|within| (*within).to_owned());
    let other = (!WITHIN.contains(&chosen.as_str())).then(|| chosen.clone());
    let options = listed.chain(other).map(|within| {
        let words = if within.is_empty() {
            text.say("hours-within-none")
        } else {
            text.say_with("hours-within", &[("hours", within.as_str().into())])
        };
        (within, words)
    });
    html! {
        <div class="hours">
            <p class="field-help" id="hours-help">{text.say("hours-help")}</p>
            <div class="hours-days">{ for days }</div>
            <Select name="answer-within" label={text.say("hours-answer")}
                help={text.say("hours-answer-help")} options={options.collect::<Vec<_>>()}
                value={chosen.clone()} {on_choose} />
        </div>
    }
}

/// A list of days.
#[derive(PartialEq, Properties)]
pub struct DaysProps {
    /// Begins the names of its inputs.
    pub name: &'static str,
    /// What it is.
    pub legend: String,
    /// More about it.
    pub help: String,
    /// What the button says that adds one.
    pub add: String,
    /// First and last day of each; only the first, where one day is all.
    pub days: Vec<(String, String)>,
    /// Whether each has a last day, too.
    pub spans: bool,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// Called with what is typed then.
    pub on_change: Callback<Vec<(String, String)>>,
}

/// Days, one under the other.
#[component]
pub fn DaysInputs(props: &DaysProps) -> Html {
    let text = use_text();
    let name = props.name;
    let rows = props.days.iter().enumerate().map(|(row, (from, until))| {
        let change = |place: fn(&mut (String, String)) -> &mut String| {
            let (days, on_change) = (props.days.clone(), props.on_change.clone());
            Callback::from(move |event: InputEvent| {
                let mut days = days.clone();
                *place(&mut days[row]) = event.target_unchecked_into::<HtmlInputElement>().value();
                on_change.emit(days);
            })
        };
        let remove = {
            let (days, on_change) = (props.days.clone(), props.on_change.clone());
            Callback::from(move |_: MouseEvent| {
                let mut days = days.clone();
                days.remove(row);
                on_change.emit(days);
            })
        };
        let (first, last) = (format!("{name}-{row}-from"), format!("{name}-{row}-until"));
        let first_label = if props.spans { "days-first" } else { "days-one" };
        html! {
            <li key={row} class="days-row">
                <label class="days-day" for={first.clone()}>
                    <span>{text.say(first_label)}</span>
                    <input id={first.clone()} data-testid={first} type="date" value={from.clone()}
                        oninput={change(|day| &mut day.0)}
                        aria-invalid={props.refusal.is_some().then_some("true")} />
                </label>
                if props.spans {
                    <label class="days-day" for={last.clone()}>
                        <span>{text.say("days-last")}</span>
                        <input id={last.clone()} data-testid={last} type="date"
                            value={until.clone()} oninput={change(|day| &mut day.1)}
                            aria-invalid={props.refusal.is_some().then_some("true")} />
                    </label>
                }
                <button type="button" class="icon-button" data-testid={format!("{name}-{row}-remove")}
                    aria-label={text.say_with("days-remove", &[("day", from.as_str().into())])}
                    onclick={remove}>
                    <Icon shape={Shape::Close} />
                </button>
            </li>
        }
    });
    let add = {
        let (days, on_change) = (props.days.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            let mut days = days.clone();
            days.push((String::new(), String::new()));
            on_change.emit(days);
        })
    };
    html! {
        <fieldset class="days" data-testid={name}>
            <legend>{&props.legend}</legend>
            <p class="field-help">{&props.help}</p>
            <ul class="days-rows">{ for rows }</ul>
            if let Some(refusal) = props.refusal {
                <p class="field-refusal" data-testid="refusal" data-rule={refusal.rule()}>
                    {text.refusal(&refusal)}
                </p>
            }
            <button type="button" class="button button-small" data-testid={format!("{name}-add")}
                onclick={add}>{&props.add}</button>
        </fieldset>
    }
}
