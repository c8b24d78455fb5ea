//! The inputs for quiet hours, the reminder and the sound.

use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::{
    Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, component, html,
    use_effect_with, use_state,
};

use super::super::saving::Saving;
use super::wishes::{REMINDERS, Typed};
use crate::components::check::Check;
use crate::components::select::Select;
use crate::hooks::desk::use_desk;
use crate::sound;
use crate::text::{Text, use_text};

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What stands in them.
    pub typed: Typed,
    /// What stands there as it is kept.
    pub stored: Typed,
    /// The form they belong to.
    pub saving: Saving,
    /// The person's time zone; empty for the practice's.
    pub zone: String,
}

/// The inputs.
#[component]
pub fn WishesInputs(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let of_practice = use_state(String::new);
    {
        let of_practice = of_practice.setter();
        use_effect_with(props.zone.is_empty(), move |asked| {
            if *asked {
                let answer = desk.ask(Ask::Practice);
                spawn_local(async move {
                    // Without an answer the zone is not named, which is all that can go wrong.
                    if let Ok(Reply::Office(Told::Practice(practice))) = answer.await {
                        of_practice.set(practice.settings.time_zone);
                    }
                });
            }
        });
    }
    let (typed, saving) = (&props.typed, &props.saving);
    let refused = |names: &[&str]| {
        let wrong = names.iter().find_map(|name| saving.draft.refusal(name));
        // Put right since, and not saved yet.
        wrong.filter(|_| typed.wishes().is_err())
    };
    let quiet_wrong = refused(&["quiet-from"]);
    let zone = if props.zone.is_empty() { &*of_practice } else { &props.zone };
    let zone = zone.replace('_', " ");
    let hear = Callback::from(|_: MouseEvent| sound::play());
    html! {
        <>
            <div class="way" data-testid="notice-quiet">
                <Check name="quiet" label={text.say("notices-quiet")}
                    help={text.say("notices-quiet-help")} on={typed.quiet}
                    on_switch={saving.switching("quiet", props.stored.quiet)} />
                if typed.quiet {
                    <div class="way-more">
                        <div class="quiet-hours">
                            {time("quiet-from", &text, &typed.from, saving, quiet_wrong)}
                            {time("quiet-until", &text, &typed.until, saving, quiet_wrong)}
                        </div>
                        if let Some(refusal) = quiet_wrong {
                            <p class="field-refusal" id="quiet-refusal" data-testid="refusal"
                                data-rule={refusal.rule()}>{text.refusal(&refusal)}</p>
                        }
                        <p class="field-help" data-testid="quiet-zone">
                            if zone.is_empty() { {text.say("notices-quiet-zone-own")} } else {
                                {text.say_with("notices-quiet-zone",
                                    &[("zone", zone.as_str().into())])}
                            }
                        </p>
                    </div>
                }
            </div>
            <Select name="remind-after" label={text.say("notices-reminder")}
                help={text.say("notices-reminder-help")}
                options={reminders(&text, &typed.remind_after)}
                value={typed.remind_after.clone()} on_choose={saving.typing("remind-after")}
                refusal={refused(&["remind-after"])} />
            <div class="way" data-testid="notice-sound">
                <Check name="sound" label={text.say("notices-sound")}
                    help={text.say("notices-sound-help")} on={typed.sound}
                    on_switch={saving.switching("sound", props.stored.sound)} />
                <div class="way-more">
                    <button type="button" class="button button-small" data-testid="sound-try"
                        onclick={hear}>{text.say("notices-sound-try")}</button>
                </div>
            </div>
        </>
    }
}

/// A time of the day.
fn time(
    name: &'static str,
    text: &Text,
    value: &str,
    saving: &Saving,
    wrong: Option<Refusal>,
) -> Html {
    let oninput = saving
        .typing(name)
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let label = if name == "quiet-from" { "notices-quiet-from" } else { "notices-quiet-until" };
    html! {
        <label class="quiet-time" for={name}>
            <span>{text.say(label)}</span>
            <input id={name} {name} data-testid={name} type="time" value={value.to_owned()}
                {oninput} aria-invalid={wrong.is_some().then_some("true")}
                aria-describedby={wrong.is_some().then_some("quiet-refusal")} />
        </label>
    }
}

/// Those that are offered, and the one chosen elsewhere.
fn reminders(text: &Text, chosen: &str) -> Vec<(String, String)> {
    let other = (!REMINDERS.contains(&chosen)).then_some(chosen);
    let options = REMINDERS.into_iter().chain(other).map(|hours| {
        let words = match hours.parse::<u32>() {
            Err(_) => text.say("notices-reminder-never"),
            Ok(hours) if hours >= 24 && hours % 24 == 0 => {
                text.say_with("notices-reminder-days", &[("days", (hours / 24).into())])
            }
            Ok(hours) => text.say_with("notices-reminder-hours", &[("hours", hours.into())]),
        };
        (hours.to_owned(), words)
    });
    options.collect()
}
