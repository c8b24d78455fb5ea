//! The app started and the server did not answer.

use yew::{Callback, Html, MouseEvent, component, html};

use crate::components::icon::{Icon, Shape};
use crate::hooks::store::use_dispatch;
use crate::state::Action;
use crate::text::use_text;

/// The page.
#[component]
pub fn Offline() -> Html {
    let text = use_text();
    let dispatch = use_dispatch();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.send(Action::TryNow));
    html! {
        <main class="gate" id="main">
            <div class="empty" data-testid="offline" data-state="offline" role="status">
                <Icon shape={Shape::Offline} />
                <h1 tabindex="-1">{text.say("offline-title")}</h1>
                <p>{text.say("offline-help")}</p>
                <button type="button" class="button button-primary" data-testid="try-now" {onclick}>
                    {text.say("try-now")}
                </button>
            </div>
        </main>
    }
}
