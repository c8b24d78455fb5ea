//! One item of a form as it is filled in.

use shared_proto::form::answers::Value;
use shared_proto::form::decimal::Decimal;
use shared_proto::form::{Choice, ChoiceId, Item, Kind, LinkId, Scale};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::{Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html};

use super::pad::Does;
use crate::text::{Text, use_text};

/// A scale of more steps than this is chosen from a list.
const STEPS: i32 = 21;

/// An item, and the answer to it.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is asked.
    pub item: Item,
    /// How it is answered.
    pub value: Option<Value>,
    /// What stands in an input for a number or a day.
    pub typed: String,
    /// What is wrong with the answer, in words.
    pub wrong: Option<String>,
    /// Called with what happens.
    pub does: Callback<Does>,
}

/// The item.
#[component]
pub fn Question(props: &Props) -> Html {
    let text = use_text();
    let item = &props.item;
    match &item.kind {
        Kind::Section => return html! { <h3 class="paper-section" dir="auto">{&item.label}</h3> },
        Kind::Note => return html! { <p class="paper-note" dir="auto">{&item.label}</p> },
        _ => {}
    }
    let id = format!("q{}", item.link.0);
    let (help, wrong) = (format!("{id}-help"), format!("{id}-wrong"));
    let described = [
        props.wrong.as_ref().map(|_| wrong.as_str()),
        (!item.help.is_empty()).then_some(help.as_str()),
    ];
    let described: Vec<&str> = described.into_iter().flatten().collect();
    let field = Field {
        id: id.clone(),
        described: (!described.is_empty()).then(|| described.join(" ")),
        invalid: props.wrong.is_some().then_some("true"),
        required: item.required.then_some("true"),
        props,
        text: &text,
    };
    let asked = html! {
        <>
            <span dir="auto">{&item.label}</span>
            if item.required {
                <span class="question-required">{text.say("fill-required")}</span>
            }
        </>
    };
    let more = html! {
        <>
            if !item.help.is_empty() {
                <p class="field-help" id={help} dir="auto">{&item.help}</p>
            }
            if let Some(words) = &props.wrong {
                <p class="field-refusal" id={wrong} data-testid="answer-wrong">{words}</p>
            }
        </>
    };
    let steps = matches!(&item.kind, Kind::Scale(scale) if !is_long(scale));
    let radios = steps || matches!(item.kind, Kind::YesNo | Kind::One(_));
    let several = matches!(item.kind, Kind::Several(_));
    html! {
        <div class="question" data-testid="question" data-link={item.link.0.to_string()}
            data-wrong={props.wrong.is_some().to_string()}>
            if radios || several {
                <fieldset role={radios.then_some("radiogroup")}
                    aria-required={field.required.filter(|_| radios)}
                    aria-invalid={field.invalid.filter(|_| radios)}
                    aria-describedby={field.described.clone()}>
                    <legend>{asked}</legend>
                    {more}
                    {field.choice()}
                </fieldset>
            } else {
                if let Kind::Signature(statement) = &item.kind {
                    <p class="paper-note" dir="auto">{statement}</p>
                }
                <label for={id}>{asked}</label>
                {more}
                {field.line()}
            }
        </div>
    }
}

const fn is_long(scale: &Scale) -> bool {
    scale.to as i32 - scale.from as i32 >= STEPS
}

/// What every input of an item has.
struct Field<'a> {
    id: String,
    described: Option<String>,
    invalid: Option<&'static str>,
    required: Option<&'static str>,
    props: &'a Props,
    text: &'a Text,
}

impl Field<'_> {
    fn link(&self) -> LinkId {
        self.props.item.link
    }

    fn words(&self) -> String {
        match &self.props.value {
            Some(Value::Text(words) | Value::Signature(words)) => words.clone(),
            _ => String::new(),
        }
    }

    /// Something typed.
    fn line(&self) -> Html {
        let (does, link) = (self.props.does.clone(), self.link());
        match &self.props.item.kind {
            Kind::LongText => {
                let oninput = Callback::from(move |event: InputEvent| {
                    let words = event.target_unchecked_into::<HtmlTextAreaElement>().value();
                    does.emit(Does::Answer(link, Some(Value::Text(words))));
                });
                html! {
                    <textarea id={self.id.clone()} rows="4" dir="auto" value={self.words()} {oninput}
                        aria-invalid={self.invalid} aria-required={self.required}
                        aria-describedby={self.described.clone()} />
                }
            }
            Kind::Scale(scale) => self.list(scale),
            Kind::Number(number) => {
                let input = self.typed_input("text", Some("decimal"));
                html! {
                    <div class="question-number">
                        {input}
                        if !number.unit.is_empty() { <span dir="auto">{&number.unit}</span> }
                    </div>
                }
            }
            Kind::Date(_) => self.typed_input("date", None),
            kind => {
                let signs = matches!(kind, Kind::Signature(_));
                let oninput = Callback::from(move |event: InputEvent| {
                    let words = event.target_unchecked_into::<HtmlInputElement>().value();
                    let value = if signs { Value::Signature(words) } else { Value::Text(words) };
                    does.emit(Does::Answer(link, Some(value)));
                });
                html! {
                    <input id={self.id.clone()} type="text" dir="auto"
                        class={signs.then_some("question-signature")}
                        autocomplete={if signs { "name" } else { "off" }}
                        value={self.words()} {oninput} aria-invalid={self.invalid}
                        aria-required={self.required} aria-describedby={self.described.clone()} />
                }
            }
        }
    }

    fn typed_input(&self, kind: &'static str, inputmode: Option<&'static str>) -> Html {
        let (does, link) = (self.props.does.clone(), self.link());
        let oninput = Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            does.emit(Does::Type(link, typed));
        });
        html! {
            <input id={self.id.clone()} type={kind} autocomplete="off" {inputmode} {oninput}
                max={(kind == "date").then_some("9999-12-31")} value={self.props.typed.clone()}
                aria-invalid={self.invalid} aria-required={self.required}
                aria-describedby={self.described.clone()} />
        }
    }

    /// A scale with too many steps for a row.
    fn list(&self, scale: &Scale) -> Html {
        let (does, link) = (self.props.does.clone(), self.link());
        let onchange = Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let number = chosen.parse::<Decimal>().ok().map(Value::Number);
            does.emit(Does::Answer(link, number));
        });
        let chosen = self.number();
        html! {
            <select id={self.id.clone()} {onchange} aria-invalid={self.invalid}
                aria-required={self.required} aria-describedby={self.described.clone()}>
                <option value="" selected={chosen.is_none()}>{self.text.say("fill-choose")}</option>
                { for (scale.from..=scale.to).map(|step| html! {
                    <option key={step} value={step.to_string()}
                        selected={chosen == Some(Decimal::whole(step))}>
                        {step_words(scale, step)}
                    </option>
                }) }
            </select>
        }
    }

    fn number(&self) -> Option<Decimal> {
        match self.props.value {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Something chosen.
    fn choice(&self) -> Html {
        let chosen = match &self.props.item.kind {
            Kind::YesNo => {
                let said = match self.props.value {
                    Some(Value::YesNo(said)) => Some(said),
                    _ => None,
                };
                html! {
                    <div class="question-row">
                        { for [(true, "fill-yes"), (false, "fill-no")].into_iter().map(|(yes, word)| {
                            let value = Value::YesNo(yes);
                            self.radio(word, said == Some(yes), value, html! { {self.text.say(word)} })
                        }) }
                    </div>
                }
            }
            Kind::One(choices) => {
                let chosen = match self.props.value {
                    Some(Value::One(id)) => Some(id),
                    _ => None,
                };
                html! {
                    <div class="question-choices">
                        { for choices.iter().map(|choice| {
                            let label = html! { <span dir="auto">{&choice.label}</span> };
                            let on = chosen == Some(choice.id);
                            self.radio(&choice.id.0.to_string(), on, Value::One(choice.id), label)
                        }) }
                    </div>
                }
            }
            Kind::Several(choices) => self.several(choices),
            Kind::Scale(scale) => self.steps(scale),
            _ => Html::default(),
        };
        let may_clear = self.props.value.is_some()
            && !self.props.item.required
            && !matches!(self.props.item.kind, Kind::Several(_));
        let clear = {
            let link = self.link();
            self.props.does.reform(move |_: MouseEvent| Does::Answer(link, None))
        };
        html! {
            <>
                {chosen}
                <div class="question-clear">
                    if may_clear {
                        <button type="button" class="button button-small button-quiet"
                            data-testid="answer-clear" onclick={clear}>
                            {self.text.say("fill-clear")}
                        </button>
                    }
                </div>
            </>
        }
    }

    fn radio(&self, name: &str, on: bool, value: Value, label: Html) -> Html {
        let link = self.link();
        let onchange =
            self.props.does.reform(move |_: Event| Does::Answer(link, Some(value.clone())));
        html! {
            <label class="pick" key={name.to_owned()} data-pick={name.to_owned()}>
                <input type="radio" name={self.id.clone()} checked={on} {onchange} />
                {label}
            </label>
        }
    }

    fn several(&self, choices: &[Choice]) -> Html {
        let chosen: Vec<ChoiceId> = match &self.props.value {
            Some(Value::Several(chosen)) => chosen.clone(),
            _ => Vec::new(),
        };
        html! {
            <div class="question-choices">
                { for choices.iter().map(|choice| {
                    let (link, next) = (self.link(), toggled(choices, &chosen, choice));
                    let onchange = self.props.does.reform(move |_: Event| {
                        Does::Answer(link, Some(Value::Several(next.clone())))
                    });
                    let name = choice.id.0.to_string();
                    html! {
                        <label class="pick" key={name.clone()} data-pick={name}>
                            <input type="checkbox" checked={chosen.contains(&choice.id)} {onchange}
                                aria-invalid={self.invalid} />
                            <span dir="auto">{&choice.label}</span>
                        </label>
                    }
                }) }
            </div>
        }
    }

    fn steps(&self, scale: &Scale) -> Html {
        let chosen = self.number();
        let ends = !(scale.from_label.is_empty() && scale.to_label.is_empty());
        html! {
            <>
                if ends {
                    <p class="question-ends">
                        <span dir="auto">{end(scale.from, &scale.from_label)}</span>
                        <span dir="auto">{end(scale.to, &scale.to_label)}</span>
                    </p>
                }
                <div class="question-steps">
                    { for (scale.from..=scale.to).map(|step| {
                        let number = Decimal::whole(step);
                        let label = html! {
                            <>
                                <span>{step}</span>
                                <span class="visually-hidden">{end_label(scale, step)}</span>
                            </>
                        };
                        let on = chosen == Some(number);
                        self.radio(&step.to_string(), on, Value::Number(number), label)
                    }) }
                </div>
            </>
        }
    }
}

/// What is chosen once `choice` is switched. One that stands alone takes the others away, and they
/// take it.
fn toggled(choices: &[Choice], chosen: &[ChoiceId], choice: &Choice) -> Vec<ChoiceId> {
    if chosen.contains(&choice.id) {
        return chosen.iter().copied().filter(|id| *id != choice.id).collect();
    }
    let stays = |other: &&Choice| {
        other.id == choice.id || (chosen.contains(&other.id) && !other.alone && !choice.alone)
    };
    choices.iter().filter(stays).map(|other| other.id).collect()
}

fn end(step: i16, label: &str) -> String {
    if label.is_empty() { step.to_string() } else { format!("{step} – {label}") }
}

fn end_label(scale: &Scale, step: i16) -> String {
    let label = match step {
        step if step == scale.from => &scale.from_label,
        step if step == scale.to => &scale.to_label,
        _ => return String::new(),
    };
    if label.is_empty() { String::new() } else { format!(" {label}") }
}

fn step_words(scale: &Scale, step: i16) -> String {
    let label = match step {
        step if step == scale.from => &scale.from_label,
        step if step == scale.to => &scale.to_label,
        _ => return step.to_string(),
    };
    end(step, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_stands_alone_takes_the_others_away_and_they_take_it() {
        let choice =
            |id, alone| Choice { id: ChoiceId(id), label: String::new(), points: None, alone };
        let choices = [choice(1, false), choice(2, false), choice(3, true)];
        let toggle = |chosen: &[u16], at: usize| {
            let chosen: Vec<ChoiceId> = chosen.iter().map(|id| ChoiceId(*id)).collect();
            let now = toggled(&choices, &chosen, &choices[at]);
            now.into_iter().map(|id| id.0).collect::<Vec<_>>()
        };
        assert_eq!(toggle(&[], 1), [2]);
        assert_eq!(toggle(&[2], 0), [1, 2], "in the order of the form");
        assert_eq!(toggle(&[1, 2], 2), [3]);
        assert_eq!(toggle(&[3], 0), [1]);
        assert_eq!(toggle(&[1, 2], 0), [2]);
    }
}
