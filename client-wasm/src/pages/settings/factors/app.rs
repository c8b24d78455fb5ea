//! Setting an authenticator app up: a picture to scan, the same in letters, and a code to show
//! that it works.

use shared_proto::factors::{FactorAsk, FactorList, FactorTold, QrCode, RecoveryCodes, TotpSetUp};
use shared_proto::refusal::{Field as Input, Refusal};
use wasm_bindgen_futures::spawn_local;
use yew::use_state;
use yew::{Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with};

use super::ask;
use crate::browser;
use crate::components::field::Field;
use crate::hooks::desk::use_desk;
use crate::text::use_text;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What this set-up is called.
    pub ticket: String,
    /// What the app needs.
    pub set_up: TotpSetUp,
    /// It works: what there is now, and recovery codes to show.
    pub on_done: Callback<(FactorList, RecoveryCodes)>,
    /// Not now.
    pub on_cancel: Callback<()>,
}

/// The second half of setting it up.
#[component]
pub fn AppSetUp(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let code = use_state(String::new);
    let busy = use_state(|| false);
    let refusal = use_state(|| None::<Refusal>);
    use_effect_with((), |()| browser::focus("#set-up-title"));
    use_effect_with(*refusal, |refusal| {
        if refusal.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let onsubmit = {
        let (ticket, on_done) = (props.ticket.clone(), props.on_done.clone());
        let (code, busy, refusal) = (code.clone(), busy.clone(), refusal.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            busy.set(true);
            refusal.set(None);
            let asked = FactorAsk::FinishTotp { ticket: ticket.clone(), code: (*code).clone() };
            let (desk, on_done) = (desk.clone(), on_done.clone());
            let (busy, refusal) = (busy.clone(), refusal.clone());
            spawn_local(async move {
                match ask(&desk, asked).await {
                    Ok(FactorTold::Changed { factors, recovery }) => {
                        on_done.emit((factors, recovery));
                    }
                    Ok(_) => refusal.set(Some(Refusal::Unavailable)),
                    Err(why) => refusal.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    let on_input = {
        let code = code.clone();
        Callback::from(move |value| code.set(value))
    };
    let of_code = refusal.filter(|why| {
        let wrong = matches!(why, Refusal::WrongCode | Refusal::CodeExpired);
        wrong || matches!(why, Refusal::Invalid { field: Input::Code, .. })
    });
    let general = refusal.filter(|_| of_code.is_none());
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <form class="task" novalidate=true {onsubmit} data-testid="totp-set-up"
            aria-labelledby="set-up-title">
            <h3 id="set-up-title" tabindex="-1">{text.say("totp-title")}</h3>
            <p>{text.say("totp-scan")}</p>
            <Qr qr={props.set_up.qr.clone()} />
            <p id="totp-by-hand">{text.say("totp-by-hand")}</p>
            <p class="totp-secret" data-testid="totp-secret" aria-describedby="totp-by-hand">
                {&props.set_up.secret_text}
            </p>
            <p>
                <a href={props.set_up.uri.clone()} data-testid="totp-here">{text.say("totp-here")}</a>
            </p>
            <Field name="code" label={text.say("totp-code")} kind="text"
                help={text.say("totp-code-help")} autocomplete="one-time-code" inputmode="numeric"
                value={(*code).clone()} {on_input} refusal={of_code} />
            <div role="alert">
                if let Some(why) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={why.rule()}>
                        {text.refusal(&why)}
                    </p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class="button button-primary" data-testid="totp-finish"
                    aria-disabled={busy.to_string()}>{text.say("totp-finish")}</button>
                <button type="button" class="button" data-testid="task-cancel"
                    onclick={cancel}>{text.say("cancel")}</button>
            </div>
        </form>
    }
}

#[derive(PartialEq, Properties)]
struct QrProps {
    qr: QrCode,
}

/// Dark on light whatever the theme: apps read no other.
#[component]
fn Qr(props: &QrProps) -> Html {
    let text = use_text();
    let side = u32::from(props.qr.size) + 8;
    html! {
        <svg class="qr" viewBox={format!("0 0 {side} {side}")} role="img"
            aria-label={text.say("totp-qr")} shape-rendering="crispEdges" data-testid="totp-qr">
            <path class="qr-dark" d={path(&props.qr)} />
        </svg>
    }
}

/// The dark modules, runs of them in one stroke, four from the edge (ISO/IEC 18004, 5.3.8).
fn path(qr: &QrCode) -> String {
    let mut path = String::new();
    for row in 0..qr.size {
        let mut column = 0;
        while column < qr.size {
            let from = column;
            while qr.dark(column, row) {
                column += 1;
            }
            let length = column - from;
            if length > 0 {
                let (x, y) = (u32::from(from) + 4, u32::from(row) + 4);
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            column += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_dark_modules_are_one_stroke_each() {
        let qr = QrCode { size: 3, bits: vec![0b1101_0100, 0b0000_0000] };
        assert_eq!(path(&qr), "M4 4h2v1h-2zM4 5h1v1h-1zM6 5h1v1h-1z");
    }
}
