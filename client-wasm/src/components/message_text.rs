//! The text of a message, exactly as sent, with its links clickable. Built from text nodes only.

use std::rc::Rc;

use yew::{Html, Properties, component, html};

use crate::links::{Piece, pieces};

/// A text.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// As sent.
    pub words: Rc<str>,
}

/// The text.
#[component]
pub fn MessageText(props: &Props) -> Html {
    html! {
        <p class="message-text" dir="auto" data-testid="message-text">
            { for pieces(&props.words).into_iter().map(|piece| match piece {
                Piece::Text(words) => html! { {words} },
                Piece::Link { text, href } => html! {
                    <a {href} target="_blank" rel="noopener noreferrer">{text}</a>
                },
            }) }
        </p>
    }
}
