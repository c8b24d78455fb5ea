//! What is asked about the files of a conversation, and what is answered (`wire::Request::File`).
//! Contents come and go by HTTP: [`crate::http::file`] says where.

use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::id::{ClientMessageId, ConversationId, EntryId, FileId};

/// Something about files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// A file is to be sent, or goes on after its line was cut. Answers `Upload`; the same
    /// `client_id` of the same person there again answers with the same file.
    Begin {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// What it is called, as the browser says.
        name: String,
        /// Its size in bytes.
        bytes: u64,
    },
    /// A file of one's own that nobody has been shown is not to be sent after all. Answers
    /// `Cancelled`; of any other file `NotFound`.
    Cancel {
        /// Where.
        conversation: ConversationId,
        /// Which.
        file: FileId,
    },
    /// The files of a conversation, newest first. Answers `Files`.
    List {
        /// Which.
        conversation: ConversationId,
        /// The last entry of the page before; `None` for the newest.
        before: Option<EntryId>,
    },
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Where to go on.
    Upload {
        /// Which file it is.
        file: FileId,
        /// How much of it is kept: the first byte to send. All of it, when it only needs to be
        /// shared.
        offset: u64,
        /// What it is called from now on.
        name: String,
    },
    /// Nothing is left of it.
    Cancelled,
    /// Files the person may see.
    Files {
        /// The entries that share them, newest first, at most [`crate::limits::PAGE_ENTRIES`].
        files: Vec<Entry>,
        /// Whether there are older ones.
        more: bool,
    },
}
