//! Before anything else: a second step for somebody who needs one.

use shared_proto::people::PersonCard;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with};

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::http;
use crate::pages::settings::factors::FactorsGroup;
use crate::state::Action;
use crate::text::use_text;

/// Who.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// Who has signed in.
    pub me: PersonCard,
}

/// The page.
#[component]
pub fn Enrol(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    use_effect_with((), |()| browser::focus("#gate-title"));
    let sign_out = Callback::from(move |_: MouseEvent| {
        let dispatch = dispatch.clone();
        spawn_local(async move {
            if http::sign_out().await.is_ok() {
                dispatch.send(Action::SignedOut);
            }
        });
    });
    let name = [("name", props.me.name.clone().into())];
    html! {
        <main class="gate" id="main">
            <div class="card" data-testid="enrol">
                <p class="card-brand">
                    <Icon shape={Shape::Sign} /><span dir="auto">{&props.practice}</span>
                </p>
                <h1 id="gate-title" tabindex="-1">{text.say("enrol-title")}</h1>
                <p class="card-lead">{text.say_with("enrol-lead", &name)}</p>
                <FactorsGroup enrolling=true />
                <button type="button" class="button button-wide button-quiet"
                    data-testid="enrol-sign-out" onclick={sign_out}>{text.say("enrol-sign-out")}
                </button>
            </div>
        </main>
    }
}
