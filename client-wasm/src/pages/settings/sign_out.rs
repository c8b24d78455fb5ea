//! Signing out elsewhere: what it means, and the password again.

use shared_proto::account::Device;
use shared_proto::id::DeviceId;
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_state,
};

use crate::browser;
use crate::components::field::Field;
use crate::hooks::desk::use_desk;
use crate::text::use_text;

/// What is to be signed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// One, by its id and what it is called.
    One(DeviceId, String),
    /// All but this one.
    Others,
}

/// What is shown.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is to be signed out.
    pub which: Which,
    /// It is done, here or elsewhere: what there is now.
    pub on_done: Callback<Vec<Device>>,
    /// Not now.
    pub on_cancel: Callback<()>,
}

/// The form.
#[component]
pub fn SignOutForm(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let refused = use_state(|| None::<Refusal>);
    use_effect_with((), |()| browser::focus("#sign-out-title"));
    use_effect_with(*refused, |refused| {
        if refused.is_some() {
            browser::focus("[data-testid=device-task] [aria-invalid=true]");
        }
    });
    let onsubmit = {
        let (which, on_done) = (props.which.clone(), props.on_done.clone());
        let (password, busy, refused) = (password.clone(), busy.clone(), refused.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if password.is_empty() {
                refused.set(Some(Refusal::invalid(Input::CurrentPassword, Rule::Empty)));
                return;
            }
            busy.set(true);
            refused.set(None);
            let device = match which {
                Which::One(device, _) => Some(device),
                Which::Others => None,
            };
            let (desk, on_done) = (desk.clone(), on_done.clone());
            let (password, busy, refused) = ((*password).clone(), busy.clone(), refused.clone());
            spawn_local(async move {
                let answer = match desk.ask(Ask::SignOut { device, password }).await {
                    // It has been signed out meanwhile: the list says so.
                    Err(Refusal::NotFound) => desk.ask(Ask::Devices).await,
                    answer => answer,
                };
                match answer {
                    Ok(Reply::Office(Told::Devices(found))) => return on_done.emit(found),
                    Ok(_) => refused.set(Some(Refusal::Unavailable)),
                    Err(refusal) => refused.set(Some(refusal)),
                }
                busy.set(false);
            });
        })
    };
    let on_input = {
        let password = password.clone();
        Callback::from(move |value| password.set(value))
    };
    let (of_password, general) = match *refused {
        Some(why @ Refusal::Invalid { field: Input::CurrentPassword, .. }) => (Some(why), None),
        other => (None, other),
    };
    let (title, help, submit) = match &props.which {
        Which::One(_, device) => {
            let device = [("device", device.as_str().into())];
            let title = text.say_with("settings-sign-out-one-title", &device);
            (title, "settings-sign-out-one-help", "settings-sign-out")
        }
        Which::Others => (
            text.say("settings-sign-out-others-title"),
            "settings-sign-out-others-help",
            "settings-sign-out-others",
        ),
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <form class="task" novalidate=true {onsubmit} data-testid="device-task"
            aria-labelledby="sign-out-title">
            <h3 id="sign-out-title" tabindex="-1">{title}</h3>
            <p>{text.say(help)}</p>
            <Field name="device-password" label={text.say("current-password")} kind="password"
                autocomplete="current-password" value={(*password).clone()} {on_input}
                refusal={of_password} />
            <div role="alert">
                if let Some(why) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={why.rule()}>
                        {text.refusal(&why)}
                    </p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class="button button-danger"
                    data-testid="device-sign-out-confirm" aria-disabled={busy.to_string()}>
                    {text.say(submit)}
                </button>
                <button type="button" class="button" data-testid="device-sign-out-cancel"
                    onclick={cancel}>{text.say("cancel")}</button>
            </div>
        </form>
    }
}
