//! Files on their way into a conversation: one at a time in each, from where the server has them
//! however often the line drops, and shared once all of it is there. What is in a file the state
//! never sees: `uploads.rs` keeps it.

use std::rc::Rc;

use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::refusal::Refusal;

use super::Env;
use crate::backoff;
use crate::protocol::Request;

mod queue;

/// Files that may wait in one conversation.
pub const WAITING: usize = 20;

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is not its turn, or the line dropped.
    Waiting,
    /// The server was asked how much of it is there.
    Asked,
    /// It is being sent: this try of it.
    Sending(u32),
    /// All of it is there, and nobody sees it yet.
    Whole,
    /// The server was asked to share it.
    Sharing,
    /// Shared; its entry is about to arrive.
    Stored(EntryId),
    /// It goes no further, unless the person tries again.
    Failed(Failed),
}

/// Why a file goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The server refused it.
    Refused(Refusal),
    /// This browser cannot read it any more: it was moved, changed or taken away.
    Unreadable,
}

/// From where on a file is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Which.
    pub id: ClientMessageId,
    /// Which try of it.
    pub number: u32,
    /// Where it goes.
    pub conversation: ConversationId,
    /// What the server calls it.
    pub file: FileId,
    /// How much of it is there.
    pub offset: u64,
}

/// How sending it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All of it is there.
    Whole,
    /// The line dropped.
    Lost,
    /// It cannot go on.
    Failed(Failed),
}

/// A file not yet seen in its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Recognises it: while it is sent, and as the message it becomes.
    pub id: ClientMessageId,
    /// Where it goes.
    pub conversation: ConversationId,
    /// What it is called there.
    pub name: Rc<str>,
    /// Its size.
    pub bytes: u64,
    /// Who sees nothing of it.
    pub hidden_from: Vec<PersonId>,
    /// Where it stands.
    pub step: Step,
    /// How many of its bytes are at the server.
    pub sent: u64,
    /// Why it is still waiting, when it was refused in passing.
    pub delayed: Option<Refusal>,
    /// What the server calls it, once it was asked.
    file: Option<FileId>,
    /// The last entry held when it was first asked to be shared; `None` before.
    held: Option<Option<EntryId>>,
    tries: u32,
    not_before: u64,
}

impl Attachment {
    /// How much of it is there, in percent.
    #[must_use]
    pub fn percent(&self) -> u64 {
        self.sent.min(self.bytes) * 100 / self.bytes.max(1)
    }

    /// Whether it can still be called off.
    #[must_use]
    pub fn may_cancel(&self) -> bool {
        !matches!(self.step, Step::Sharing | Step::Stored(_))
    }

    /// Whether it can be tried at once.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        match self.step {
            // A file that changed or went is never readable again.
            Step::Failed(why) => why != Failed::Unreadable,
            Step::Waiting | Step::Whole => self.not_before > 0,
            _ => false,
        }
    }

    const fn is_under_way(&self) -> bool {
        matches!(self.step, Step::Asked | Step::Sending(_) | Step::Sharing)
    }

    /// It is asked for again in a while.
    fn wait(&mut self, env: Env) {
        self.step = Step::Waiting;
        self.not_before = env.now + backoff::delay_ms(self.tries, env.random);
    }

    /// What to ask for next; `last` is the last entry held.
    fn next(&mut self, last: Option<EntryId>) -> Request {
        let (conversation, client_message_id) = (self.conversation, self.id);
        self.not_before = 0;
        if let Some(file) = self.file.filter(|_| self.step == Step::Whole) {
            self.step = Step::Sharing;
            let held = *self.held.get_or_insert(last);
            let hidden_from = self.hidden_from.clone();
            return Request::Share { conversation, client_message_id, held, file, hidden_from };
        }
        self.step = Step::Asked;
        let (client_id, name, bytes) = (client_message_id, self.name.to_string(), self.bytes);
        Request::Upload { conversation, client_id, name, bytes }
    }
}

/// A file somebody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Recognises it.
    pub id: ClientMessageId,
    /// What it is called, as `shared_proto::file::named` made it.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// What happens around files.
#[derive(Clone, Debug)]
pub enum Attaching {
    /// These are to be sent, hidden from these people.
    Add(ConversationId, Vec<Chosen>, Vec<PersonId>),
    /// So many bytes of it have been sent.
    Sent(ClientMessageId, u64),
    /// Sending it, this try, has ended.
    Ended(ClientMessageId, u32, Ended),
    /// It is to be tried now.
    Retry(ClientMessageId),
    /// It is called off, or what is said of it was read.
    Cancel(ClientMessageId),
}
