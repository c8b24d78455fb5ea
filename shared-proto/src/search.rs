//! Search over one's own conversations: what is asked, what is found, and what of an entry is
//! searched. What the words come to, and how they are found, is the server's (`search` there).

use serde::{Deserialize, Serialize};

use crate::conversation::event::{Away, Event, Message, Quoting, Shared};
use crate::id::{ConversationId, EntryId, PersonId};
use crate::people::PersonCard;
use crate::time::Millis;

/// What is looked for. Words, or something to sort out by, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// As typed, at most [`crate::limits::QUERY_SCALARS`]: words in any order, `"words"` that follow
    /// each other; the last as far as it was typed. All of them are in what is found.
    pub text: String,
    /// What is left out.
    pub filter: Filter,
    /// Where the page before ended; `None` for the first.
    pub after: Option<Mark>,
}

/// What of the entries counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Only what they wrote.
    pub author: Option<PersonId>,
    /// Nothing before.
    pub from: Option<Millis>,
    /// Nothing at or after.
    pub until: Option<Millis>,
    /// Only files.
    pub has_file: bool,
}

impl Filter {
    /// Whether it leaves out nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A place among what is found: what comes after it is older. Opaque to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Millis,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Which entry.
    pub entry: EntryId,
}

/// What was found: at most [`crate::limits::SEARCH_HITS`], newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The entries.
    pub hits: Vec<Hit>,
    /// The conversations they are in, each once.
    pub talks: Vec<Talk>,
    /// Everyone these name.
    pub people: Vec<PersonCard>,
    /// Where to go on; `None` when everything has been looked through.
    pub next: Option<Mark>,
}

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Where.
    pub conversation: ConversationId,
    /// Which.
    pub entry: EntryId,
    /// When.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// Whether it is a file, called so.
    pub file: bool,
    /// Of what it says, about [`crate::limits::SNIPPET_SCALARS`] around what was looked for.
    pub snippet: Vec<Piece>,
}

/// A piece of what an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What.
    pub text: String,
    /// Whether it is what was looked for.
    pub found: bool,
}

/// What a conversation is called by: the others in it, as the asker knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Which.
    pub conversation: ConversationId,
    /// Its members but the asker, in the order they joined.
    pub others: Vec<PersonId>,
}

/// What of an entry is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether it is a file, and the text its name.
    pub file: bool,
}

/// What of an entry is searched: what somebody wrote, and what files are called.
#[must_use]
pub fn said(event: &Event) -> Option<Said<'_>> {
    match event {
        Event::Message(Message { text, .. }) | Event::Quoting(Quoting { text, .. }) => {
            Some(Said { text, file: false })
        }
        Event::Away(Away { text, .. }) => Some(Said { text, file: false }),
        Event::Shared(Shared { name, .. }) => Some(Said { text: name, file: true }),
        Event::Created(_)
        | Event::Withdrawn(_)
        | Event::Emergency(_)
        | Event::Redacted(_)
        | Event::Begun(_)
        | Event::Announced(_)
        | Event::Rescheduled(_)
        | Event::Cancelled
        | Event::Completed
        | Event::Added(_)
        | Event::Left(_)
        | Event::RedactedQuoting(_)
        | Event::Assigned(_)
        | Event::Submitted(_)
        | Event::Activity(_) => None,
    }
}
