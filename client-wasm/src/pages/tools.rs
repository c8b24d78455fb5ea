//! What one opens inside a conversation: who is in it and when it is, the announcement, completing
//! a session, sending later, saved replies, files, the record. Dialogs over the conversation, in a
//! part of their own.

mod announcement;
pub mod attachments;
mod complete;
mod details;
mod files;
mod forms;
pub mod greeting;
mod invite;
mod later;
mod members;
pub mod opened_by;
pub mod pending_list;
mod picture;
mod record;
mod replies;
mod send;
mod session;

pub use replies::{GroupProps as RepliesProps, RepliesGroup};

use std::rc::Rc;

use shared_proto::id::{EntryId, PersonId};
use shared_proto::time::Millis;
use web_sys::File;
use yew::{Callback, Html, Properties, component, html};

use crate::dates::now;
use crate::shared::Shared;
use crate::state::Conversation;

/// Which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Who is in it, and what can be done with it.
    Details,
    /// The announcement.
    Announcement,
    /// Another start.
    Reschedule,
    /// The end of a session.
    Complete,
    /// When what stands in the composer is to be sent.
    Later,
    /// A form for its members to fill in.
    Assign,
    /// The form that an entry assigned.
    Form(EntryId),
    /// Files that were chosen, and who gets them.
    Send,
    /// The files there are.
    Files,
    /// A picture, as large as fits.
    Picture(EntryId),
    /// Its record, to be saved.
    Record,
    /// Saved replies.
    Replies,
}

/// Of which conversation.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Which tool.
    pub tool: Tool,
    /// The conversation.
    pub conversation: Shared<Conversation>,
    /// What stands in its composer.
    pub draft: Option<Rc<str>>,
    /// The message its composer answers.
    pub replying: Option<EntryId>,
    /// Who reads.
    pub me: PersonId,
    /// What the server's clock is ahead of this device's, in milliseconds.
    pub skew_ms: i64,
    /// Whether the socket is live.
    pub live: bool,
    /// Whether anything may be written here, by the rule.
    pub may_write: bool,
    /// Another tool, or none.
    pub on_tool: Callback<Option<Tool>>,
    /// Files that were chosen.
    pub files: Shared<Vec<File>>,
    /// Called with those that are still chosen.
    pub on_files: Callback<Vec<File>>,
    /// How many are on their way already.
    pub waiting: usize,
}

impl Props {
    /// The server's time.
    #[must_use]
    pub(super) fn now(&self) -> Millis {
        Millis(now().0.saturating_add_signed(self.skew_ms))
    }

    /// Closes it.
    pub(super) fn close(&self) -> Callback<()> {
        let on_tool = self.on_tool.clone();
        Callback::from(move |()| on_tool.emit(None))
    }
}

/// The tool.
#[component]
pub fn Tools(props: &Props) -> Html {
    let props = props.clone();
    match props.tool {
        Tool::Details => html! { <details::Details ..props /> },
        Tool::Announcement => html! { <announcement::Announcement ..props /> },
        Tool::Reschedule => html! { <session::Reschedule ..props /> },
        Tool::Complete => html! { <complete::Complete ..props /> },
        Tool::Later => html! { <later::Later ..props /> },
        // Those of another part: `pages/forms.rs`.
        Tool::Assign | Tool::Form(_) => Html::default(),
        Tool::Send => html! { <send::Send ..props /> },
        Tool::Files => html! { <files::Files ..props /> },
        Tool::Picture(entry) => html! {
            <picture::Picture {entry} conversation={props.conversation.clone()}
                on_close={props.close()} />
        },
        Tool::Record => html! { <record::Record ..props /> },
        Tool::Replies => html! { <replies::Replies ..props /> },
    }
}
