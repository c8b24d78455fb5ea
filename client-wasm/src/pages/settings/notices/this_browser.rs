//! Notices that this browser shows: on and off at once, here or everywhere.

use std::rc::Rc;

use shared_proto::notice::Channel;
use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::notice::rule::Why;
use shared_proto::office::Ask;
use shared_proto::refusal::Refusal;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, UseStateHandle, component, html, use_effect_with,
    use_state,
};

use super::way::TryNotice;
use crate::hooks::desk::{Desk, use_desk};
use crate::push::{self, Failure, Here};
use crate::text::{Text, use_text, why_name};

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// How it stands.
    pub standing: Rc<Standing>,
    /// It stands like this now.
    pub on_standing: Callback<Standing>,
}

/// What became of the last press.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    None,
    Busy,
    Failed(Failure),
    Refused(Refusal),
}

/// The row.
#[component]
pub fn BrowserWay(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let here = use_state(|| None::<Here>);
    let outcome = use_state(|| Outcome::None);
    let standing = &props.standing;
    {
        let here = here.setter();
        use_effect_with((standing.this_browser, *outcome), move |_| {
            spawn_local(async move { here.set(Some(push::here().await)) });
        });
    }
    // Each knows its own half: a browser may have been cleared, the server told by another one.
    let on = *here == Some(Here::On) && standing.this_browser;
    let acts = Acts { desk, outcome: outcome.clone(), on_standing: props.on_standing.clone() };
    let turn_on = {
        let (acts, key) = (acts.clone(), standing.push_key.clone());
        Callback::from(move |_: MouseEvent| acts.turn_on(key.clone()))
    };
    let turn_off = |all: bool| {
        let acts = acts.clone();
        Callback::from(move |_: MouseEvent| acts.turn_off(all))
    };
    let others = u32::from(standing.browsers.saturating_sub(u8::from(standing.this_browser)));
    let stopped = standing.stopped[Channel::Push.place()];
    let barred = stopped.filter(|why| matches!(why, Why::Policy | Why::NoWayOut));
    let busy = (*outcome == Outcome::Busy).to_string();
    let possible = matches!(*here, Some(Here::Off | Here::On)) && barred.is_none();
    html! {
        <div class="way way-browser" data-testid="notice-push"
            data-stopped={stopped.map_or("none", why_name)} data-on={on.to_string()}
            role="group" aria-labelledby="notice-push-title" aria-describedby="notice-push-help">
            <p class="way-title" id="notice-push-title">
                {text.say("notices-push")}
                if on { <span class="tag">{text.say("notices-push-is-on")}</span> }
            </p>
            <p class="field-help" id="notice-push-help">{text.say("notices-push-help")}</p>
            if let Some(why) = barred {
                <p class="field-help" data-testid="notice-push-stopped">
                    {text.say_with("notices-push-stopped", &[("why", why_name(why).into())])}
                </p>
            } else if let Some(words) = missing(*here, &text) {
                <p class="field-help" data-testid="push-unavailable">{words}</p>
            }
            <div class="way-acts">
                if on {
                    <button type="button" class="button button-small" data-testid="push-off"
                        aria-disabled={busy.clone()} onclick={turn_off(false)}>
                        {text.say("notices-push-turn-off")}
                    </button>
                } else if possible {
                    <button type="button" class="button button-small" data-testid="push-on"
                        aria-disabled={busy.clone()} onclick={turn_on}>
                        {text.say("notices-push-turn-on")}
                    </button>
                }
                <p class="way-outcome" role="status" data-testid="push-outcome">
                    {said(*outcome, &text)}
                </p>
            </div>
            // Always there, as the test is not.
            <div class="way-part">
                if on && stopped.is_none() {
                    <TryNotice channel={Channel::Push} on_standing={props.on_standing.clone()} />
                }
            </div>
            if others > 0 {
                <div class="way-acts">
                    <p data-testid="push-others">
                        {text.say_with("notices-push-others", &[("count", others.into())])}
                    </p>
                    <button type="button" class="button button-small" data-testid="push-everywhere"
                        aria-disabled={busy} onclick={turn_off(true)}>
                        {text.say("notices-push-everywhere")}
                    </button>
                </div>
            }
        </div>
    }
}

/// Why this browser can show none.
fn missing(here: Option<Here>, text: &Text) -> Option<String> {
    match here? {
        Here::Missing => Some(text.say("notices-push-missing")),
        Here::HomeScreen => Some(text.say("notices-push-home-screen")),
        Here::Denied => Some(text.say("notices-push-denied")),
        Here::Off | Here::On => None,
    }
}

fn said(outcome: Outcome, text: &Text) -> Html {
    let (rule, words) = match outcome {
        Outcome::None => return Html::default(),
        Outcome::Busy => return html! { {text.say("notices-push-busy")} },
        Outcome::Refused(refusal) => (refusal.rule(), text.refusal(&refusal)),
        Outcome::Failed(Failure::NotAllowed) => {
            ("not-allowed", text.say("notices-push-not-allowed"))
        }
        Outcome::Failed(Failure::Other) => ("failed", text.say("notices-push-failed")),
    };
    html! { <span class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</span> }
}

/// What the buttons do.
#[derive(Clone)]
struct Acts {
    desk: Desk,
    outcome: UseStateHandle<Outcome>,
    on_standing: Callback<Standing>,
}

impl Acts {
    fn turn_on(&self, key: Vec<u8>) {
        if *self.outcome == Outcome::Busy {
            return;
        }
        self.outcome.set(Outcome::Busy);
        // Within the press: some browsers ask nobody later.
        let asked = push::ask();
        let Self { desk, outcome, on_standing } = self.clone();
        spawn_local(async move {
            let device = match push::subscribe(asked, &key).await {
                Ok(device) => device,
                Err(failure) => return outcome.set(Outcome::Failed(failure)),
            };
            match desk.ask(Ask::Notices(NoticeAsk::Allow(Box::new(device)))).await {
                Ok(reply) => {
                    super::take(reply, &on_standing);
                    outcome.set(Outcome::None);
                }
                Err(refusal) => {
                    push::forget().await;
                    outcome.set(Outcome::Refused(refusal));
                }
            }
        });
    }

    fn turn_off(&self, all: bool) {
        if *self.outcome == Outcome::Busy {
            return;
        }
        self.outcome.set(Outcome::Busy);
        let Self { desk, outcome, on_standing } = self.clone();
        spawn_local(async move {
            // First here: whatever the server says, this browser shows no more.
            push::forget().await;
            match desk.ask(Ask::Notices(NoticeAsk::Disallow { all })).await {
                Ok(reply) => {
                    super::take(reply, &on_standing);
                    outcome.set(Outcome::None);
                }
                Err(refusal) => outcome.set(Outcome::Refused(refusal)),
            }
        });
    }
}
