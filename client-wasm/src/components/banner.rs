//! What the person is told about the connection, above everything else.

use yew::{Callback, Html, MouseEvent, Properties, component, html, use_state};

use crate::browser;
use crate::components::confirm::Confirm;
use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::state::{Action, Banner as Kind};
use crate::text::use_text;

/// What to say.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Which banner.
    pub kind: Kind,
    /// Whether reloading would lose something.
    pub unsent: bool,
}

/// The banner.
#[component]
pub fn Banner(props: &Props) -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let asking = use_state(|| false);
    let (state, words, shape) = match props.kind {
        Kind::Reconnecting => ("reconnecting", text.say("banner-reconnecting"), Shape::Offline),
        Kind::Offline => ("offline", text.say("banner-offline"), Shape::Offline),
        Kind::TooManyWindows => {
            ("too-many-windows", text.say("banner-too-many-windows"), Shape::Alert)
        }
        Kind::Outdated => ("outdated", text.say("banner-outdated"), Shape::Alert),
    };
    let try_now = Callback::from(move |_: MouseEvent| dispatch.send(Action::TryNow));
    let reload = {
        let (asking, unsent) = (asking.clone(), props.unsent);
        Callback::from(
            move |_: MouseEvent| if unsent { asking.set(true) } else { browser::reload() },
        )
    };
    let on_answer = {
        let asking = asking.clone();
        Callback::from(move |yes: bool| {
            asking.set(false);
            if yes {
                browser::reload();
            }
        })
    };
    html! {
        <div class="banner" data-testid="banner" data-state={state}>
            <Icon {shape} />
            <span class="banner-words">{words}</span>
            if props.kind == Kind::Outdated {
                <button type="button" class="button button-small" data-testid="reload"
                    onclick={reload}>{text.say("banner-reload")}</button>
            } else {
                <button type="button" class="button button-small" data-testid="try-now"
                    onclick={try_now}>{text.say("try-now")}</button>
            }
            if *asking {
                <Confirm title={text.say("reload-title")} help={text.say("reload-unsent")}
                    yes={text.say("reload-anyway")} name="reload" {on_answer} />
            }
        </div>
    }
}
