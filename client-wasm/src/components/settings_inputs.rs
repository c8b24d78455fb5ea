//! The inputs of the practice's settings, for set-up and for the practice's page.

use shared_proto::limits;
use shared_proto::practice::{SENDER, graphemes};
use shared_proto::refusal::Refusal;
use web_sys::HtmlSelectElement;
use yew::{
    Callback, Event, Html, MouseEvent, Properties, TargetCast, component, html, use_effect_with,
    use_memo, use_node_ref,
};

use crate::components::area::Area;
use crate::components::check::Check;
use crate::components::field::Field;
use crate::components::select::Select;
use crate::components::writes::Writes;
use crate::places::{self, Choice};
use crate::settings_form::{Edited, Part};
use crate::text::use_text;

/// Which inputs, and what stands in them.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which, in their order.
    pub parts: &'static [Part],
    /// What is typed over what.
    pub edited: Edited,
    /// Called with what is typed or chosen.
    pub set: Callback<(Part, String)>,
    /// Called when the newer value is to stand instead.
    #[prop_or_default]
    pub take: Callback<Part>,
    /// What was refused.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
}

fn wrong(refusal: Option<Refusal>, part: Part) -> Option<Refusal> {
    refusal.filter(|refusal| match refusal {
        Refusal::Invalid { field, .. } => Some(*field) == part.field(),
        _ => false,
    })
}

/// The inputs.
#[component]
pub fn SettingsInputs(props: &Props) -> Html {
    let text = use_text();
    let inputs = props.parts.iter().map(|part| {
        let part = *part;
        let shown = |value: &str| {
            if part == Part::Sender && value.is_empty() {
                SENDER.to_owned()
            } else if part.choices().is_empty() {
                value.to_owned()
            } else if matches!(part, Part::Email | Part::Sms | Part::Push) {
                text.say(&format!("notify-{value}"))
            } else {
                text.say(&format!("{}-{value}", part.name()))
            }
        };
        let take = props.take.reform(move |_: MouseEvent| part);
        html! {
            <div key={part.name()} class="setting">
                <Input {part} edited={props.edited.clone()} set={props.set.clone()}
                    refusal={wrong(props.refusal, part)} />
                if let Some(newer) = props.edited.newer(part) {
                    <div class="notice newer" data-testid="newer" data-part={part.name()}>
                        <p>{text.say_with("practice-newer", &[("value", shown(newer).into())])}</p>
                        <button type="button" class="button button-small" data-testid="take-newer"
                            onclick={take}>{text.say("practice-take-newer")}</button>
                    </div>
                }
            </div>
        }
    });
    let policies = props.parts.contains(&Part::ClientStart);
    html! {
        <>
            { for inputs }
            if policies {
                <Writes policies={props.edited.typed.policies()}
                    saved={props.edited.saved.policies()} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct InputProps {
    part: Part,
    edited: Edited,
    set: Callback<(Part, String)>,
    refusal: Option<Refusal>,
}

#[component]
fn Input(props: &InputProps) -> Html {
    let text = use_text();
    let (part, refusal) = (props.part, props.refusal);
    let name = part.name();
    let value = props.edited.typed.get(part).to_owned();
    let on = props.set.reform(move |value: String| (part, value));
    let label = text.say(&format!("{name}-label"));
    let help = match part {
        Part::Announcement => {
            let count = graphemes(value.trim());
            let limit = limits::ANNOUNCEMENT_GRAPHEMES;
            text.say_with("announcement-help", &[("count", count.into()), ("limit", limit.into())])
        }
        _ => text.say(&format!("{name}-help")),
    };
    match part {
        Part::TimeZone => html! { <ZoneSelect {label} {help} {value} on_choose={on} {refusal} /> },
        Part::Language | Part::Currency => html! {
            <PlaceSelect {part} {label} {help} {value} on_choose={on} {refusal} />
        },
        Part::Email | Part::Sms | Part::Push => {
            let on_switch = on.reform(|on: bool| if on { "on" } else { "off" }.to_owned());
            html! { <Check {name} {label} help={Some(help)} on={value == "on"} {on_switch} /> }
        }
        Part::ClientStart | Part::Invited | Part::Booking => html! {
            <fieldset class="choices">
                <legend>{label}</legend>
                <p class="field-help">{help}</p>
                { for part.choices().iter().map(|choice| {
                    let id = format!("{name}-{choice}");
                    let onchange = on.reform(move |_: Event| (*choice).to_owned());
                    html! {
                        <div class="check" key={*choice}>
                            <input type="radio" id={id.clone()} {name} data-testid={id.clone()}
                                checked={value == *choice} {onchange}
                                aria-describedby={format!("{id}-help")} />
                            <label for={id.clone()}>{text.say(&id)}</label>
                            <p class="field-help" id={format!("{id}-help")}>
                                {text.say(&format!("{id}-help"))}</p>
                        </div>
                    }
                }) }
            </fieldset>
        },
        Part::Announcement => html! {
            <Area name="announcement" {label} {help} {value} on_input={on} {refusal} one_line=true />
        },
        Part::Sender => html! {
            <>
                <Field {name} {label} {help} autocomplete="off" {value} on_input={on} {refusal} />
                <p class="notice" data-testid="sender-warning">{text.say("sender-warning")}</p>
            </>
        },
        Part::Name | Part::Idle | Part::Hours => html! {
            <Field {name} {label} {help} autocomplete="off" {value} on_input={on} {refusal} />
        },
    }
}

#[derive(PartialEq, Properties)]
struct PlaceProps {
    part: Part,
    label: String,
    help: String,
    value: String,
    on_choose: Callback<String>,
    refusal: Option<Refusal>,
}

#[component]
fn PlaceSelect(props: &PlaceProps) -> Html {
    let choices = use_memo((props.part, props.value.clone()), |(part, value)| match part {
        Part::Language => places::languages(value),
        _ => places::currencies(value),
    });
    let options: Vec<_> =
        choices.iter().map(|one| (one.value.clone(), one.words.clone())).collect();
    html! {
        <Select name={props.part.name()} label={props.label.clone()} help={Some(props.help.clone())}
            {options} value={props.value.clone()} on_choose={props.on_choose.clone()}
            refusal={props.refusal} />
    }
}

/// A time zone to choose.
#[derive(PartialEq, Properties)]
pub struct ZoneProps {
    /// What it is for.
    pub label: String,
    /// More about it.
    pub help: String,
    /// The one chosen.
    pub value: String,
    /// Called with the one that is chosen.
    pub on_choose: Callback<String>,
    /// Why it was refused.
    #[prop_or_default]
    pub refusal: Option<Refusal>,
}

/// The time zones by their part of the world; typing a place finds it.
#[component]
pub fn ZoneSelect(props: &ZoneProps) -> Html {
    let text = use_text();
    let regions = use_memo(props.value.clone(), |value| places::time_zones(value));
    let onchange = props
        .on_choose
        .reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    // A value that came from elsewhere: the attribute says nothing once somebody has chosen.
    let select = use_node_ref();
    {
        let select = select.clone();
        use_effect_with(props.value.clone(), move |value| {
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    let option = |choice: &Choice| {
        html! {
            <option key={choice.value.clone()} value={choice.value.clone()}
                selected={choice.value == props.value}>{&choice.words}</option>
        }
    };
    let described =
        if props.refusal.is_some() { "time-zone-refusal time-zone-help" } else { "time-zone-help" };
    html! {
        <div class="field">
            <label for="time-zone">{&props.label}</label>
            <select ref={select} id="time-zone" name="time-zone" data-testid="time-zone" {onchange}
                aria-invalid={props.refusal.is_some().then_some("true")}
                aria-describedby={described}>
                { for regions.iter().map(|(region, zones)| {
                    if region.is_empty() {
                        html! { <>{ for zones.iter().map(option) }</> }
                    } else {
                        html! {
                            <optgroup key={region.clone()} label={region.clone()}>
                                { for zones.iter().map(option) }
                            </optgroup>
                        }
                    }
                }) }
            </select>
            if let Some(refusal) = props.refusal {
                <p class="field-refusal" id="time-zone-refusal" data-testid="refusal"
                    data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
            }
            <p class="field-help" id="time-zone-help">{&props.help}</p>
        </div>
    }
}
