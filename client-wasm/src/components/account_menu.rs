//! Who is signed in, and the way out.

use shared_proto::people::{PersonCard, Role};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, KeyboardEvent, MouseEvent, Properties, component, html, use_state};
use yew_router::prelude::Link;

use crate::browser;
use crate::components::avatar::Avatar;
use crate::components::confirm::Confirm;
use crate::hooks::store::use_dispatch;
use crate::http::{self, Failure};
use crate::route::Route;
use crate::state::Action;
use crate::text::use_text;

/// Who.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Who is signed in.
    pub me: PersonCard,
    /// The practice's name.
    pub practice: String,
    /// Whether signing out would lose something.
    pub unsent: bool,
}

/// The button and its panel.
#[component]
pub fn AccountMenu(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let open = use_state(|| false);
    let asking = use_state(|| false);
    let failed = use_state(|| false);
    let toggle = {
        let (open, failed) = (open.clone(), failed.clone());
        Callback::from(move |_: MouseEvent| {
            failed.set(false);
            open.set(!*open);
        })
    };
    let leave = {
        let (dispatch, failed) = (dispatch.clone(), failed.clone());
        Callback::from(move |()| {
            let (dispatch, failed) = (dispatch.clone(), failed.clone());
            spawn_local(async move {
                match http::sign_out().await {
                    Ok(()) | Err(Failure::Refused(_)) => dispatch.send(Action::SignedOut),
                    // Signed out only here would leave the session open on the server.
                    Err(Failure::Unreachable) => failed.set(true),
                }
            });
        })
    };
    let sign_out = {
        let (asking, leave, unsent) = (asking.clone(), leave.clone(), props.unsent);
        Callback::from(move |_: MouseEvent| if unsent { asking.set(true) } else { leave.emit(()) })
    };
    let on_answer = {
        let asking = asking.clone();
        Callback::from(move |yes: bool| {
            asking.set(false);
            if yes {
                leave.emit(());
            }
        })
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                browser::focus("[data-testid=account-menu]");
            }
        })
    };
    let close = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    let role = match props.me.role {
        Role::Owner => text.say("account-role-owner"),
        Role::Provider => text.say("account-role-provider"),
        Role::Client => text.say("account-role-client"),
    };
    let practice = props.practice.as_str();
    let place = [("role", role.into()), ("practice", practice.into())];
    let place = text.say_with("account-role-at", &place);
    let label = text.say_with("account-menu", &[("name", props.me.name.as_str().into())]);
    html! {
        <div class="account" {onkeydown}>
            <button type="button" class="account-button" data-testid="account-menu"
                aria-expanded={open.to_string()} onclick={toggle}>
                <Avatar people={vec![props.me.clone()]} small=true />
                <span class="visually-hidden">{label}</span>
            </button>
            if *open {
                <div class="shade" onclick={close}></div>
                <div class="panel account-panel">
                    <p class="account-name" dir="auto">{&props.me.name}</p>
                    <p class="account-role">{place}</p>
                    <Link<Route> to={Route::Settings} classes="button">
                        <span data-testid="account-settings">{text.say("section-settings")}</span>
                    </Link<Route>>
                    <button type="button" class="button" data-testid="sign-out"
                        onclick={sign_out}>{text.say("account-sign-out")}</button>
                    if *failed {
                        <p class="field-refusal" role="alert" data-testid="refusal">
                            {text.say("sign-out-failed")}
                        </p>
                    }
                </div>
            }
            if *asking {
                <Confirm title={text.say("sign-out-title")} help={text.say("sign-out-unsent")}
                    yes={text.say("sign-out-anyway")} name="sign-out" {on_answer} />
            }
        </div>
    }
}
