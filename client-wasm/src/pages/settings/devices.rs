//! Where one is signed in, and signing out there.

use gloo::events::EventListener;
use shared_proto::account::Device;
use shared_proto::office::{Ask, Told};
use shared_proto::refusal::Refusal;
use shared_proto::wire::Reply;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, component, html, use_callback, use_effect_with, use_state};

use super::sign_out::{SignOutForm, Which};
use crate::browser;
use crate::components::refused::Refused;
use crate::dates::{Dates, use_dates};
use crate::hooks::desk::use_desk;
use crate::text::{Text, use_text};

/// The group.
#[component]
pub fn DevicesGroup() -> Html {
    let text = use_text();
    let dates = use_dates();
    let desk = use_desk();
    let devices = use_state(|| None::<Vec<Device>>);
    let refused = use_state(|| None::<Refusal>);
    let asking = use_state(|| None::<Which>);
    let ask = {
        let (devices, refused) = (devices.setter(), refused.setter());
        use_callback(desk, move |ask: Ask, desk| {
            let (desk, devices, refused) = (desk.clone(), devices.clone(), refused.clone());
            spawn_local(async move {
                match desk.ask(ask).await {
                    Ok(Reply::Office(Told::Devices(found))) => {
                        devices.set(Some(found));
                        refused.set(None);
                    }
                    Ok(_) => {}
                    Err(refusal) => refused.set(Some(refusal)),
                }
            });
        })
    };
    use_effect_with(ask.clone(), |ask| {
        ask.emit(Ask::Devices);
        let ask = ask.clone();
        let again = move |_: &_| ask.emit(Ask::Devices);
        let listener = EventListener::new(&browser::window(), "focus", again);
        move || drop(listener)
    });
    let again = ask.reform(|_: MouseEvent| Ask::Devices);
    let want = |wanted: Which| {
        let asking = asking.clone();
        Callback::from(move |_: MouseEvent| asking.set(Some(wanted.clone())))
    };
    let on_done = {
        let (asking, devices) = (asking.clone(), devices.clone());
        Callback::from(move |found| {
            devices.set(Some(found));
            asking.set(None);
            browser::focus("#settings-devices-title");
        })
    };
    let on_cancel = {
        let asking = asking.clone();
        Callback::from(move |()| {
            asking.set(None);
            browser::focus("#settings-devices-title");
        })
    };
    let found = devices.as_deref().unwrap_or_default();
    html! {
        <section class="group" data-testid="settings-devices" aria-labelledby="settings-devices-title">
            <h2 id="settings-devices-title" tabindex="-1">{text.say("settings-devices")}</h2>
            <p class="group-lead">{text.say("settings-devices-lead")}</p>
            if let Some(refusal) = *refused {
                <Refused {refusal} {again} />
            }
            if devices.is_none() && refused.is_none() {
                <div role="status" class="device">
                    <span class="visually-hidden">{text.say("settings-devices-loading")}</span>
                    <span class="row-main" aria-hidden="true">
                        <span class="bone bone-short"></span><span class="bone"></span>
                    </span>
                </div>
            }
            if let Some(which) = &*asking {
                <SignOutForm which={which.clone()} {on_done} {on_cancel} />
            } else {
                <ul class="devices">
                    { for found.iter().map(|device| row(device, &text, &dates, &want)) }
                </ul>
                if found.len() > 1 {
                    <div class="group-actions">
                        <button type="button" class="button" data-testid="sign-out-others"
                            onclick={want(Which::Others)}>
                            {text.say("settings-sign-out-others")}
                        </button>
                    </div>
                }
            }
        </section>
    }
}

fn row(
    device: &Device,
    text: &Text,
    dates: &Dates,
    want: &dyn Fn(Which) -> Callback<MouseEvent>,
) -> Html {
    let name = name_of(device, text);
    let when = |id: &str, at| {
        html! {
            <p><time datetime={dates.machine(at)} title={dates.full(at)}>
                {text.say_with(id, &[("day", dates.day(at, text).into()), ("time", dates.time(at).into())])}
            </time></p>
        }
    };
    html! {
        <li key={device.id.to_string()} class="device" data-testid="device"
            data-device={device.id.to_string()} data-this={device.this_one.to_string()}>
            <div class="row-main">
                <p class="device-name">
                    <span data-testid="device-name">{&name}</span>
                    if device.this_one {
                        <span class="tag" data-testid="device-this">{text.say("settings-this-device")}</span>
                    }
                </p>
                <div class="device-when">
                    {when("settings-device-active", device.last_active)}
                    {when("settings-device-since", device.since)}
                </div>
            </div>
            if !device.this_one {
                <button type="button" class="button button-small" data-testid="device-sign-out"
                    aria-label={text.say_with("settings-sign-out-one",
                        &[("device", name.as_str().into())])}
                    onclick={want(Which::One(device.id, name.clone()))}>
                    {text.say("settings-sign-out")}
                </button>
            }
        </li>
    }
}

/// Browser and system, as far as the browser names itself.
fn name_of(device: &Device, text: &Text) -> String {
    let (browser, system) = (device.browser.as_str(), device.system.as_str());
    match (browser.is_empty(), system.is_empty()) {
        (true, true) => text.say("settings-device-unknown"),
        (false, true) => browser.to_owned(),
        (true, false) => system.to_owned(),
        (false, false) => text.say_with(
            "settings-device-on",
            &[("browser", browser.into()), ("system", system.into())],
        ),
    }
}
