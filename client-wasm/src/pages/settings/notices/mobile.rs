//! Shows that a mobile number is one's own: a code is sent to it, and typed here. Both happen at
//! once, and need no saving.

use shared_proto::notice::ask::{Ask as NoticeAsk, Standing};
use shared_proto::office::Ask;
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use shared_proto::wire::Request;
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, Properties, component, html, use_effect_with,
    use_state,
};

use crate::browser;
use crate::components::field::Field;
use crate::hooks::asking::use_asking;
use crate::text::use_text;

/// Of whom.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// It stands like this now.
    pub on_standing: Callback<Standing>,
}

/// The code, asked for and typed.
#[component]
pub fn ConfirmMobile(props: &Props) -> Html {
    let text = use_text();
    let (sending, confirming) = (use_asking(), use_asking());
    let sent = use_state(|| false);
    let code = use_state(String::new);
    let empty = use_state(|| false);
    let ask = |asked| Request::Office(Ask::Notices(asked));
    let send = {
        let (sending, sent, code) = (sending.clone(), sent.clone(), code.clone());
        let (confirming, on_standing) = (confirming.clone(), props.on_standing.clone());
        Callback::from(move |_: MouseEvent| {
            let (sent, code) = (sent.clone(), code.clone());
            let (confirming, on_standing) = (confirming.clone(), on_standing.clone());
            sending.ask(ask(NoticeAsk::SendCode), move |reply| {
                // The one before is no longer good.
                code.set(String::new());
                confirming.forget();
                sent.set(true);
                super::take(reply, &on_standing);
            });
        })
    };
    let confirm = {
        let (confirming, code, empty) = (confirming.clone(), code.clone(), empty.clone());
        let on_standing = props.on_standing.clone();
        Callback::from(move |()| {
            empty.set(code.trim().is_empty());
            if code.trim().is_empty() {
                return;
            }
            let on_standing = on_standing.clone();
            let asked = NoticeAsk::Confirm { code: (*code).clone() };
            confirming.ask(ask(asked), move |reply| {
                // What had the focus goes away.
                browser::focus("#consent-sms");
                super::take(reply, &on_standing);
            });
        })
    };
    let onkeydown = {
        let confirm = confirm.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Or it would save the form around it.
            if event.key() == "Enter" && !browser::composes(&event) {
                event.prevent_default();
                confirm.emit(());
            }
        })
    };
    let on_input = {
        let (code, empty, confirming) = (code.clone(), empty.clone(), confirming.clone());
        Callback::from(move |typed| {
            confirming.forget();
            empty.set(false);
            code.set(typed);
        })
    };
    use_effect_with(*sent, |sent| {
        if *sent {
            browser::focus("#mobile-code");
        }
    });
    let refusal = match confirming.refused() {
        _ if *empty => Some(Refusal::invalid(Input::Code, Rule::Empty)),
        refused => refused,
    };
    let pressed = confirm.reform(|_: MouseEvent| ());
    html! {
        <div class="mobile-confirm" data-testid="mobile-unconfirmed">
            <p class="field-help">{text.say("notices-mobile-unconfirmed")}</p>
            <div class="way-acts">
                <button type="button" class="button button-small" data-testid="mobile-send-code"
                    onclick={send} aria-disabled={sending.is_busy().to_string()}>
                    {text.say(if *sent { "notices-mobile-send-again" } else { "notices-mobile-send" })}
                </button>
                <p class="way-outcome" role="status" data-testid="mobile-send-outcome">
                    if let Some(refusal) = sending.refused() {
                        <span class="field-refusal" data-testid="refusal"
                            data-rule={refusal.rule()}>{text.refusal(&refusal)}</span>
                    } else if *sent {
                        {text.say("notices-mobile-sent")}
                    }
                </p>
            </div>
            if *sent {
                <div class="mobile-code" {onkeydown}>
                    <Field name="mobile-code" label={text.say("notices-mobile-code")}
                        autocomplete="one-time-code" inputmode="numeric" value={(*code).clone()}
                        {on_input} refusal={refusal} />
                    <button type="button" class="button" data-testid="mobile-confirm"
                        onclick={pressed} aria-disabled={confirming.is_busy().to_string()}>
                        {text.say("notices-mobile-confirm")}
                    </button>
                </div>
            }
        </div>
    }
}
