//! The inbox: rows of conversations, a page at a time.

use serde::{Deserialize, Serialize};

use crate::conversation::event::Event;
use crate::conversation::state::State;
use crate::entry::Entry;
use crate::id::{ConversationId, EntryId, PersonId};
use crate::limits;
use crate::people::PersonCard;
use crate::time::Millis;

/// A place in the inbox: rows after it are less recent. Opaque to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMark {
    /// Sort time of the row.
    pub at: Millis,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// A page of the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// Last activity first.
    pub rows: Vec<InboxRow>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<InboxMark>,
}

/// A conversation as its row in the inbox shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRow {
    /// Which.
    pub conversation: ConversationId,
    /// The fold, as projected to this person.
    pub state: State,
    /// Its members, as far as `state` names them.
    pub people: Vec<PersonCard>,
    /// The newest entry this person sees.
    pub preview: Option<Preview>,
    /// Messages of others after the read mark.
    pub unread: u32,
    /// The person's own read mark.
    pub read_up_to: Option<EntryId>,
    /// Whether something of theirs stands in its composer.
    pub draft: bool,
    /// Whether something of theirs waits to be decided, or was refused when it was.
    pub pending: bool,
}

/// What the inbox shows of the newest entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Which entry.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// What.
    pub content: PreviewContent,
}

impl Preview {
    /// What the inbox shows of `entry`; `withdrawn`: whether it has been.
    #[must_use]
    pub fn of(entry: &Entry, withdrawn: bool) -> Self {
        let content = match Event::decode(entry) {
            Ok(Event::Created(_) | Event::Begun(_)) => PreviewContent::Created,
            Ok(Event::Emergency(_)) => PreviewContent::Emergency,
            Ok(Event::Withdrawn(_)) => PreviewContent::Withdrawn,
            Ok(event) => match event.said().map(|said| said.text.filter(|_| !withdrawn)) {
                Some(Some(text)) => {
                    PreviewContent::Message(text.chars().take(limits::PREVIEW_SCALARS).collect())
                }
                Some(None) => PreviewContent::Withdrawn,
                None if entry.body.len() <= limits::PREVIEW_BYTES => {
                    PreviewContent::Entry { kind: entry.kind, body: entry.body.clone() }
                }
                None => PreviewContent::Unsupported,
            },
            Err(_) => PreviewContent::Unsupported,
        };
        Self { entry: entry.id, at: entry.at, author: entry.author, content }
    }
}

/// What kind of entry a preview shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PreviewContent {
    /// The conversation was created.
    Created,
    /// The beginning of a message, at most [`crate::limits::PREVIEW_SCALARS`].
    Message(String),
    /// A withdrawn message, or a withdrawal.
    Withdrawn,
    /// Something this build does not know.
    Unsupported,
    /// Somebody was given emergency access.
    Emergency,
    /// What an entry of another kind says, as it is: the view of its kind puts it in words.
    Entry {
        /// Its kind.
        kind: u16,
        /// Its body, at most [`crate::limits::PREVIEW_BYTES`].
        body: Vec<u8>,
    },
}
