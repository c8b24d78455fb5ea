//! What every page behind a letter's link has: that it is looked at, or of no use.

use shared_proto::refusal::Refusal;
use yew::{Html, Properties, component, html, use_effect_with};
use yew_router::prelude::Link as Anchor;

use crate::browser;
use crate::components::gate::Gate;
use crate::hooks::link::{Followed, Look};
use crate::http::Failure;
use crate::route::Route;
use crate::text::use_text;

/// A link that shows no page of its own (yet).
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The practice's name.
    pub practice: String,
    /// The link.
    pub link: Followed,
}

/// The page of a link that is looked at or of no use.
#[component]
pub fn NoUse(props: &Props) -> Html {
    let text = use_text();
    let practice = props.practice.clone();
    let failed = matches!(props.link.look, Look::Failed(_));
    use_effect_with(failed, |failed| {
        if *failed {
            browser::focus("#gate-title");
        }
    });
    match &props.link.look {
        Look::Asking => html! {
            <main class="gate" id="main">
                <p class="starting" role="status">{text.say("link-asking")}</p>
            </main>
        },
        // One that is for something else is as good as none.
        Look::Found(_) | Look::Failed(Failure::Refused(Refusal::Link)) => html! {
            <Gate name="link-spent" {practice} title={text.say("link-spent-title")}
                lead={text.say("link-spent-help")}>
                <Anchor<Route> to={Route::Forgotten} classes="button button-wide">
                    {text.say("link-spent-forgotten")}
                </Anchor<Route>>
                <Anchor<Route> to={Route::Home} classes="button button-primary button-wide">
                    {text.say("link-sign-in")}
                </Anchor<Route>>
            </Gate>
        },
        Look::Failed(failure) => {
            let words = failure.of_form(&text).map(|(_, words)| words);
            html! {
                <Gate name="link-failed" {practice} title={text.say("link-failed-title")}
                    lead={words}>
                    <button type="button" class="button button-primary button-wide"
                        data-testid="try-now" onclick={props.link.again.clone()}>
                        {text.say("try-now")}
                    </button>
                </Gate>
            }
        }
    }
}
