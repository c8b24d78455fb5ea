//! Carries out what the state asks for, and tells it what the browser does.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::BeforeUnloadEvent;
use yew::{UseReducerHandle, hook, use_effect, use_effect_with, use_memo};
use yew_router::prelude::use_navigator;

use crate::browser;
use crate::connection::Connection;
use crate::exit;
use crate::hooks::desk::Desk;
use crate::hooks::store::{Dispatch, Store};
use crate::http;
use crate::route::Route;
use crate::sound;
use crate::state::{Action, Effect};
use crate::uploads;
use shared_proto::limits::ACTIVE_EVERY_MS;

/// Runs the effects of `store` and listens to the browser, for as long as the app is there.
#[hook]
pub fn use_driver(store: &UseReducerHandle<Store>, dispatch: &Dispatch, desk: &Desk) {
    let connection = {
        let dispatch = dispatch.clone();
        use_memo((), move |()| Connection::new(dispatch.callback()))
    };
    let navigator = use_navigator();
    {
        let (store, dispatch, desk) = (store.clone(), dispatch.clone(), desk.clone());
        let connection = connection.clone();
        use_effect(move || {
            for effect in store.take_effects() {
                match effect {
                    Effect::Connect(number) => connection.connect(number),
                    Effect::Disconnect => connection.disconnect(),
                    Effect::Send(frame) => connection.send(&frame),
                    Effect::AskSession => ask_session(dispatch.clone()),
                    Effect::After(wait, timer) => {
                        let dispatch = dispatch.clone();
                        let wait = u32::try_from(wait).unwrap_or(u32::MAX);
                        Timeout::new(wait, move || dispatch.send(Action::Elapsed(timer))).forget();
                    }
                    Effect::Upload(upload) => uploads::start(upload, dispatch.clone()),
                    Effect::StopUpload(id) => uploads::stop(id),
                    Effect::ForgetFile(id) => uploads::forget(id),
                    Effect::Answer(ticket, answer) => desk.answer(ticket, answer),
                    Effect::Tell(changed) => desk.tell(&changed),
                    Effect::Sound => sound::play(),
                    Effect::Go(id) => {
                        if let Some(navigator) = &navigator {
                            navigator.push(&Route::Conversation { id });
                        }
                    }
                }
            }
        });
    }
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        let window = browser::window();
        let attention = {
            let (dispatch, connection) = (dispatch.clone(), connection.clone());
            move || {
                let attentive = browser::is_attentive();
                if attentive {
                    connection.check_now();
                }
                dispatch.send(Action::Attention(attentive));
            }
        };
        attention();
        // Whether somebody is there: whatever they touch, said at most every so often.
        let touched = {
            let dispatch = dispatch.clone();
            let said = std::cell::Cell::new(0.0);
            std::rc::Rc::new(move || {
                let now = js_sys::Date::now();
                if said.get() == 0.0 || now - said.get() >= ACTIVE_EVERY_MS as f64 {
                    said.set(now);
                    dispatch.send(Action::Active);
                }
            })
        };
        let activity = ["pointerdown", "keydown", "touchstart", "wheel"].map(|name| {
            let touched = std::rc::Rc::clone(&touched);
            EventListener::new(&window, name, move |_| touched())
        });
        let network = {
            let connection = connection.clone();
            move || {
                connection.doubt();
                dispatch.send(Action::Network(browser::window().navigator().on_line()));
            }
        };
        network();
        let on = |name: &'static str, tell: &dyn Fn() -> Box<dyn Fn()>| {
            let tell = tell();
            EventListener::new(&window, name, move |_| tell())
        };
        let attends = || -> Box<dyn Fn()> { Box::new(attention.clone()) };
        let networks = || -> Box<dyn Fn()> { Box::new(network.clone()) };
        let tell = attention.clone();
        let visible = EventListener::new(&browser::document(), "visibilitychange", move |_| tell());
        let listeners = [
            visible,
            on("focus", &attends),
            on("blur", &attends),
            on("pageshow", &attends),
            on("online", &networks),
            on("offline", &networks),
        ];
        move || drop((listeners, activity))
    });
}

fn ask_session(dispatch: Dispatch) {
    spawn_local(async move {
        // Somebody left in a hurry and the server may not know: it does before it is asked anything.
        if exit::is_due() {
            match http::sign_out().await {
                Ok(()) => exit::done(),
                Err(_) => return dispatch.send(Action::SessionAnswered(None)),
            }
        }
        let answer = http::session().await.ok();
        dispatch.send(Action::SessionAnswered(answer));
    });
}

/// Warns before the page closes while `unsent` holds.
#[hook]
pub fn use_unsent_warning(unsent: bool) {
    use_effect_with(unsent, |unsent| {
        let listener = unsent.then(|| {
            let options = gloo::events::EventListenerOptions::enable_prevent_default();
            let window = browser::window();
            EventListener::new_with_options(&window, "beforeunload", options, |event| {
                if browser::is_leaving() {
                    return;
                }
                event.prevent_default();
                // Chromium before 119 asks only when this is set too.
                let event: &BeforeUnloadEvent = wasm_bindgen::JsCast::unchecked_ref(event);
                event
                    .set_return_value(&JsValue::from_str("unsent").as_string().unwrap_or_default());
            })
        });
        move || drop(listener)
    });
}
