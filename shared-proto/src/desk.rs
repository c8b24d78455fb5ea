//! What providers keep at hand for writing, over the socket: saved replies, hours and leave, and
//! what they promise. `wire::Request::Desk` carries it.

use serde::{Deserialize, Serialize};

use crate::hours::{Common, Own, Promise};
use crate::id::{ConversationId, ReplyId};
use crate::replies::Reply;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// The saved replies of the practice and the asker's own; providers only. Answers `Replies`.
    Replies,
    /// Another saved reply, or a change to one: of the practice by an owner, or else the asker's
    /// own. Answers `Replies`.
    SaveReply {
        /// Whether it is the practice's.
        shared: bool,
        /// As it is to be, with the revision that was looked at.
        reply: Box<Reply>,
    },
    /// One less; answered alike when it is gone already. Answers `Replies`.
    DeleteReply {
        /// Whether it is the practice's.
        shared: bool,
        /// Which.
        id: ReplyId,
    },
    /// The practice's hours and holidays, and the asker's own; providers only. Answers `Hours`.
    Hours,
    /// The asker's own hours, leave and words. Answers `Hours`.
    SetOwn {
        /// The revision that was looked at.
        revision: u64,
        /// As it is to be.
        own: Box<Own>,
    },
    /// The practice's hours and holidays; owners only. Answers `Hours`.
    SetCommon {
        /// The revision that was looked at.
        revision: u64,
        /// As it is to be.
        common: Box<Common>,
    },
    /// What the host of a conversation promises a client; its members only. Answers `Promise`.
    Promise {
        /// Which.
        conversation: ConversationId,
    },
    /// The asker's own greeting with its places filled in for a conversation they host. Answers
    /// `Greeting`.
    Greeting {
        /// Which.
        conversation: ConversationId,
    },
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// The saved replies as they are now, by title.
    Replies {
        /// The practice's.
        shared: Vec<Reply>,
        /// The asker's own.
        own: Vec<Reply>,
    },
    /// Hours as they are now.
    Hours(Box<KeptHours>),
    /// What is promised; nothing in a conversation without a client, or by who has set no hours.
    Promise(Option<Box<Promise>>),
    /// What a conversation may begin with; empty for who has set no greeting.
    Greeting(String),
}

/// The practice's hours and holidays, and somebody's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptHours {
    /// Their own.
    pub own: Own,
    /// Counts its changes.
    pub own_revision: u64,
    /// The practice's.
    pub common: Common,
    /// Counts its changes.
    pub common_revision: u64,
}

/// Something of it is another than it was: whoever shows it asks anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum News {
    /// Saved replies.
    Replies,
    /// Hours.
    Hours,
    /// The practice's forms.
    Forms,
}
