//! Parts of the client in files of their own, fetched when a page of theirs is first shown: most
//! people never see an audit log, and nobody needs one to read a message. What a part draws is
//! reached through a pointer that only its file holds; a direct mention of one of its pages from
//! anywhere else would bring the page back into the file everybody loads.

use std::cell::Cell;

use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::{Html, html};

use crate::pages::tools::{attachments, greeting, opened_by, pending_list};
use crate::pages::{
    confirm_email, enrol, forgotten, forms, invited, new_conversation, new_password, people,
    practice, search, second_step, set_up, settings, tools,
};
use crate::styles::{self, Missing};
use crate::words::{self, Words};

/// A page that a part draws.
#[derive(Clone, PartialEq)]
pub enum Page {
    /// People of the practice.
    People(people::Props),
    /// The practice's settings and its audit log.
    Practice(practice::Props),
    /// First run.
    SetUp(set_up::Props),
    /// One's own settings.
    Settings(settings::Props),
    /// The second step somebody has to set up first.
    Enrol(enrol::Props),
    /// An invitation.
    Invited(invited::Props),
    /// A new password is asked for.
    Forgotten(forgotten::Props),
    /// A new password by a link.
    NewPassword(new_password::Props),
    /// An email address to confirm.
    ConfirmEmail(confirm_email::Props),
    /// The second step of signing in.
    SecondStep(second_step::Props),
    /// A new conversation.
    New(new_conversation::Props),
    /// Something one opens inside a conversation.
    Tool(tools::Props),
    /// The practice's forms.
    Forms(forms::Props),
    /// A form that one opens inside a conversation.
    Inside(tools::Props),
    /// Files on their way into a conversation.
    Attachments(attachments::Props),
    /// What a new conversation may begin with.
    Greeting(greeting::Props),
    /// Who opened a conversation.
    OpenedBy(opened_by::Props),
    /// What waits to be sent.
    Pending(pending_list::Props),
    /// A search over one's conversations.
    Search(search::Props),
    /// Saved replies, in one's settings.
    Replies(tools::RepliesProps),
}

/// What a part brings.
#[derive(Clone, Copy)]
pub struct Brought {
    /// Draws its pages.
    pub draw: fn(&Page) -> Html,
    /// Its words.
    pub words: Words,
}

/// A part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// For whoever looks for somebody: people of the practice, and new conversations.
    People,
    /// For owners.
    Practice,
    /// For everyone, now and then: one's own account, and ways into it besides a password.
    Account,
    /// For everyone: what one opens inside a conversation, and files on their way into one.
    Tools,
    /// For whoever builds forms, assigns them, fills them in or reads what was answered.
    Forms,
    /// For whoever looks for what was written.
    Search,
}

/// How many there are.
const PARTS: usize = 6;

thread_local! {
    static LOADED: [Cell<Option<Brought>>; PARTS] = const { [const { Cell::new(None) }; PARTS] };
}

impl Page {
    /// Which part draws it.
    #[must_use]
    pub const fn part(&self) -> Part {
        match self {
            Self::People(_) | Self::New(_) => Part::People,
            Self::Practice(_) | Self::SetUp(_) => Part::Practice,
            Self::Settings(_)
            | Self::Enrol(_)
            | Self::Invited(_)
            | Self::Forgotten(_)
            | Self::NewPassword(_)
            | Self::ConfirmEmail(_)
            | Self::SecondStep(_) => Part::Account,
            Self::Tool(_)
            | Self::Attachments(_)
            | Self::Greeting(_)
            | Self::OpenedBy(_)
            | Self::Pending(_)
            | Self::Replies(_) => Part::Tools,
            Self::Forms(_) | Self::Inside(_) => Part::Forms,
            Self::Search(_) => Part::Search,
        }
    }
}

impl Part {
    /// What it brings, if it is there already.
    #[must_use]
    pub fn loaded(self) -> Option<Brought> {
        LOADED.with(|loaded| loaded[self as usize].get())
    }

    /// Fetches it and the styles of parts, unless they are there.
    ///
    /// # Errors
    /// When it cannot be fetched: no network, or a server that is newer. The next call tries again.
    pub async fn load(self) -> Result<Brought, Missing> {
        // Neither waits for the other; nothing is drawn before both are there.
        let styles = styles::load();
        let brought = match self {
            Self::People => people_part().await,
            Self::Practice => practice_part().await,
            Self::Account => account_part().await,
            Self::Tools => tools_part().await,
            Self::Forms => forms_part().await,
            Self::Search => search_part().await,
        }
        .map_err(|_| Missing)?;
        styles.await?;
        LOADED.with(|loaded| loaded[self as usize].set(Some(brought)));
        Ok(brought)
    }
}

#[wasm_split(people, fallible)]
fn people_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::People(props) => html! { <people::People ..props /> },
            Page::New(props) => html! { <new_conversation::NewConversation ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::people })
}

#[wasm_split(practice, fallible)]
fn practice_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::Practice(props) => html! { <practice::Practice ..props /> },
            Page::SetUp(props) => html! { <set_up::SetUp ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::practice })
}

#[wasm_split(tools, fallible)]
fn tools_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::Tool(props) => html! { <tools::Tools ..props /> },
            Page::Attachments(props) => html! { <attachments::Attachments ..props /> },
            Page::OpenedBy(props) => html! { <opened_by::OpenedBy ..props /> },
            Page::Pending(props) => html! { <pending_list::PendingList ..props /> },
            Page::Greeting(props) => html! { <greeting::Greeting ..props /> },
            Page::Replies(props) => html! { <tools::RepliesGroup ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::tools })
}

#[wasm_split(forms, fallible)]
fn forms_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::Forms(props) => html! { <forms::Forms ..props /> },
            Page::Inside(props) => html! { <forms::Inside ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::forms })
}

#[wasm_split(search, fallible)]
fn search_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::Search(props) => html! { <search::SearchPage ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::search })
}

#[wasm_split(account, fallible)]
fn account_part() -> Result<Brought, SplitLoaderError> {
    fn draw(page: &Page) -> Html {
        match page.clone() {
            Page::Settings(props) => html! { <settings::Settings ..props /> },
            Page::Enrol(props) => html! { <enrol::Enrol ..props /> },
            Page::Invited(props) => html! { <invited::Invited ..props /> },
            Page::Forgotten(props) => html! { <forgotten::Forgotten ..props /> },
            Page::NewPassword(props) => html! { <new_password::NewPassword ..props /> },
            Page::ConfirmEmail(props) => html! { <confirm_email::ConfirmEmail ..props /> },
            Page::SecondStep(props) => html! { <second_step::SecondStep ..props /> },
            _ => Html::default(),
        }
    }
    Ok(Brought { draw, words: words::account })
}
