//! News for a screen reader: a polite live region to which each piece is added on its own.

use yew::{Html, Properties, component, html};

use crate::shared::Shared;
use crate::state::{Announcement, News};
use crate::text::{Text, use_text};

/// What is to be said.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// In the order in which it happened.
    pub announced: Shared<Vec<Announcement>>,
}

/// The region. Always there: a region that appears together with its words is not read.
#[component]
pub fn Announcer(props: &Props) -> Html {
    let text = use_text();
    html! {
        <div class="visually-hidden" aria-live="polite" aria-relevant="additions"
            data-testid="announcer">
            { for props.announced.iter().map(|one| html! {
                <p key={one.number}>{words(&one.news, &text)}</p>
            }) }
        </div>
    }
}

fn words(news: &News, text: &Text) -> String {
    match news {
        News::Here { name, text: words, .. } => text.say_with(
            "announce",
            &[("name", name.as_str().into()), ("text", words.as_str().into())],
        ),
        News::Elsewhere { name } => {
            text.say_with("announce-elsewhere", &[("name", name.as_str().into())])
        }
        News::Many { count, names } => {
            let names = text.list(names);
            text.say_with("announce-many", &[("count", (*count).into()), ("names", names.into())])
        }
        News::Refused(refusal) => text.refusal(refusal),
        News::Delayed(refusal) => {
            text.say_with("delayed", &[("why", text.refusal(refusal).into())])
        }
    }
}
