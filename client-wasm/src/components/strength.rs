//! How good a new password is, while it is typed. The server judges, which knows what guessing
//! starts with; it is asked once the typing pauses.

use gloo::timers::callback::Timeout;
use shared_proto::http::{Chooser, Weigh};
use shared_proto::strength::Verdict;
use wasm_bindgen_futures::spawn_local;
use yew::{Html, Properties, component, html, use_effect_with, use_mut_ref, use_state};

use crate::http;
use crate::text::use_text;

/// How long nothing is typed before the server is asked, in milliseconds.
const PAUSE_MS: u32 = 300;
/// Steps of the bar: the best score.
const STEPS: u8 = 4;

/// A password.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// As far as it is typed.
    pub password: String,
    /// Who chooses it.
    pub by: Chooser,
}

/// The bar, its word, and what could be better.
#[component]
pub fn Strength(props: &Props) -> Html {
    let text = use_text();
    let verdict = use_state(|| None::<Verdict>);
    let asked = use_mut_ref(|| 0u32);
    {
        let (verdict, asked) = (verdict.clone(), asked.clone());
        let what = (props.password.clone(), props.by.clone());
        use_effect_with(what, move |(password, by)| {
            // What was asked before is about another password.
            let number = asked.borrow().wrapping_add(1);
            *asked.borrow_mut() = number;
            let form = Weigh { password: password.clone(), by: by.clone() };
            let waits = if form.password.is_empty() {
                verdict.set(None);
                None
            } else {
                Some(Timeout::new(PAUSE_MS, move || {
                    spawn_local(async move {
                        let answer = http::weigh(&form).await.ok();
                        if *asked.borrow() == number {
                            verdict.set(answer);
                        }
                    });
                }))
            };
            move || drop(waits)
        });
    }
    let score = verdict.as_ref().map(|verdict| verdict.score.min(STEPS));
    html! {
        <div class="strength" data-testid="strength" data-score={score.map(|score| score.to_string())}>
            <div class="strength-bar" aria-hidden="true">
                { for (0..STEPS).map(|step| html! {
                    <span class="strength-step"
                        data-on={score.is_some_and(|score| step < score.max(1)).to_string()} />
                }) }
            </div>
            // Always there: a region that appears together with its words is not read.
            <div class="strength-words" role="status">
                if let Some(verdict) = &*verdict {
                    <p class="strength-word">{text.say(word(verdict.score))}</p>
                    { for verdict.weaknesses.iter().map(|weakness| html! {
                        <p data-testid="weakness" data-name={weakness.name()}>
                            {text.weakness(weakness)}
                        </p>
                    }) }
                }
            </div>
        </div>
    }
}

const fn word(score: u8) -> &'static str {
    match score {
        0 => "strength-0",
        1 => "strength-1",
        2 => "strength-2",
        3 => "strength-3",
        _ => "strength-4",
    }
}
