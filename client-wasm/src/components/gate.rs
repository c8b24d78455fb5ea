//! One card in the middle: a page for somebody who is not signed in.

use yew::{Callback, Children, Html, Properties, SubmitEvent, component, html};

use crate::components::icon::{Icon, Shape};

/// A page.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// Its `data-testid`.
    pub name: &'static str,
    /// The practice's name.
    pub practice: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    #[prop_or_default]
    pub lead: Option<String>,
    /// Called when its form is sent; it is no form without.
    #[prop_or_default]
    pub onsubmit: Option<Callback<SubmitEvent>>,
    /// What is in it.
    #[prop_or_default]
    pub children: Children,
}

/// The page.
#[component]
pub fn Gate(props: &Props) -> Html {
    let content = html! {
        <>
            <p class="card-brand">
                <Icon shape={Shape::Sign} /><span dir="auto">{&props.practice}</span>
            </p>
            <h1 id="gate-title" tabindex="-1">{&props.title}</h1>
            if let Some(lead) = &props.lead {
                <p class="card-lead">{lead}</p>
            }
            { for props.children.iter() }
        </>
    };
    html! {
        <main class="gate" id="main">
            if let Some(onsubmit) = &props.onsubmit {
                <form class="card" novalidate=true {onsubmit} data-testid={props.name}
                    aria-labelledby="gate-title">{content}</form>
            } else {
                <div class="card" data-testid={props.name}>{content}</div>
            }
        </main>
    }
}
