//! Who could write to whom under policies that are not saved yet.

use shared_proto::practice::{Policies, Writes as Line};
use yew::{Html, Properties, component, html};

use crate::components::icon::{Icon, Shape};
use crate::text::use_text;

/// What is compared.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// As chosen.
    pub policies: Policies,
    /// As saved.
    pub saved: Policies,
}

const fn name(line: Line) -> &'static str {
    match line {
        Line::ProviderToClient => "provider-to-client",
        Line::ProviderToInvited => "provider-to-invited",
        Line::ClientToAssigned => "client-to-assigned",
        Line::ClientToOther => "client-to-other",
        Line::ClientFirst => "client-first",
        Line::ClientAnswers => "client-answers",
        Line::ProviderToColleague => "provider-to-colleague",
    }
}

/// The lines, those that change marked.
#[component]
pub fn Writes(props: &Props) -> Html {
    let text = use_text();
    html! {
        <div class="writes">
            <h3 id="writes-title">{text.say("writes-title")}</h3>
            <ul aria-labelledby="writes-title">
                { for Line::ALL.iter().map(|line| {
                    let possible = line.is_possible(&props.policies);
                    let changes = possible != line.is_possible(&props.saved);
                    let (shape, end) = if possible { (Shape::Tick, "yes") } else { (Shape::Close, "no") };
                    html! {
                        <li key={name(*line)} class="writes-line" data-testid="writes"
                            data-line={name(*line)} data-possible={possible.to_string()}
                            data-changed={changes.to_string()}>
                            <Icon {shape} />
                            <span>{text.say(&format!("writes-{}-{end}", name(*line)))}</span>
                            if changes {
                                <strong class="writes-changed">{text.say("writes-changed")}</strong>
                            }
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}
