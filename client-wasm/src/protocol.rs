//! The protocol as far as the state itself speaks it: [`Request`] and [`Reply`] are the part of
//! `shared_proto::wire` that everybody loads, with the same bytes. What pages ask and are answered
//! passes through as bytes, and is put together and taken apart where it is needed
//! (`hooks/desk.rs`): who never opens a page does not load what its answers look like. The tests
//! hold every value here against `shared_proto::wire`.

use serde::Serialize;
use shared_proto::codec::{self, Malformed};
use shared_proto::conversation::command::{Command, New};
use shared_proto::hours::Promise;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId, FileId, PersonId};
use shared_proto::notice::Wishes;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{
    Direction, Held, InboxMark, InboxPage, InboxRow, Invitee, Opened, Page, ServerEvent,
};

#[cfg(test)]
mod tests;

/// Where [`Request`]s stand in `wire::Request`, and what they hold in enums of their own.
mod at {
    pub const PING: u32 = 0;
    pub const INBOX: u32 = 1;
    pub const ROWS: u32 = 2;
    pub const FIND_PEOPLE: u32 = 3;
    pub const OPEN: u32 = 5;
    pub const LEAVE: u32 = 6;
    pub const RESUME: u32 = 7;
    pub const HISTORY: u32 = 8;
    pub const SEND: u32 = 9;
    pub const WITHDRAW: u32 = 10;
    pub const RECEIVED_UP_TO: u32 = 11;
    pub const READ_UP_TO: u32 = 12;
    pub const TYPING: u32 = 13;
    pub const OFFICE: u32 = 14;
    pub const OFFICE_ACTIVE: u32 = 11;
    pub const OFFICE_REACHABLE: u32 = 14;
    pub const OFFICE_NOTICES: u32 = 19;
    pub const NOTICES_STANDING: u32 = 0;
    pub const BEGIN: u32 = 17;
    pub const DO: u32 = 18;
    pub const DO_SEND: u32 = 1;
    pub const DO_SHARE: u32 = 13;
    pub const ARCHIVE: u32 = 19;
    pub const CALL_BACK: u32 = 22;
    pub const DRAFT: u32 = 23;
    pub const FILE: u32 = 26;
    pub const FILE_BEGIN: u32 = 0;
    pub const FILE_CANCEL: u32 = 1;
    pub const DESK: u32 = 28;
    pub const DESK_PROMISE: u32 = 6;
}

/// What the state asks; each as in `shared_proto::wire::Request`.
#[derive(Debug)]
pub enum Request {
    /// `Ping`.
    Ping,
    /// `Inbox`.
    Inbox {
        /// Where the page before ended.
        after: Option<InboxMark>,
    },
    /// `Archive`.
    Archive {
        /// Where the page before ended.
        after: Option<InboxMark>,
    },
    /// `Rows`.
    Rows {
        /// Which.
        conversations: Vec<ConversationId>,
    },
    /// `FindPeople`.
    FindPeople {
        /// What was typed.
        text: String,
    },
    /// `Open`.
    Open {
        /// Which.
        conversation: ConversationId,
    },
    /// `Leave`.
    Leave {
        /// Which.
        conversation: ConversationId,
    },
    /// `Resume`.
    Resume {
        /// What is held.
        held: Vec<Held>,
    },
    /// `History`.
    History {
        /// Which.
        conversation: ConversationId,
        /// From where.
        from: EntryId,
        /// Which way.
        direction: Direction,
    },
    /// `Send`, or `Do` with `Command::Send` when it answers a message.
    Send {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The last entry held when it was first sent.
        held: Option<EntryId>,
        /// As typed.
        text: String,
        /// The message it answers.
        quoted: Option<EntryId>,
    },
    /// `Do` with `Command::Share`.
    Share {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The last entry held when it was first sent.
        held: Option<EntryId>,
        /// Which file.
        file: FileId,
        /// Who is not to know of it.
        hidden_from: Vec<PersonId>,
    },
    /// `Withdraw`.
    Withdraw {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: EntryId,
    },
    /// `ReceivedUpTo`.
    ReceivedUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// `ReadUpTo`.
    ReadUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// `Typing`.
    Typing {
        /// Where.
        conversation: ConversationId,
    },
    /// `Draft`.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed.
        text: String,
    },
    /// `Office` with `Ask::Active`.
    Active,
    /// `Office` with `Ask::Reachable`.
    Reachable {
        /// Which.
        conversation: ConversationId,
    },
    /// `Office` with `Ask::Notices` and `Ask::Standing`.
    Notices,
    /// `Begin`.
    Begin {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// What is to begin.
        new: New,
        /// Who is to be invited into it.
        invited: Vec<Invitee>,
    },
    /// `CallBack`.
    CallBack {
        /// Where.
        conversation: ConversationId,
        /// Which.
        id: ClientMessageId,
    },
    /// `File` with `Ask::Begin`.
    Upload {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// What it is called.
        name: String,
        /// Its size.
        bytes: u64,
    },
    /// `File` with `Ask::Cancel`.
    CancelUpload {
        /// Where.
        conversation: ConversationId,
        /// Which.
        file: FileId,
    },
    /// What a page asks: a `wire::Request`, encoded.
    Page(Vec<u8>),
}

/// Bytes that grow by a value at a time: postcard's enums are the number of the variant and then
/// its fields.
struct Body(Vec<u8>);

impl Body {
    fn of(variant: u32) -> Self {
        Self(Vec::new()).and(&variant)
    }

    fn and<T: Serialize + ?Sized>(self, value: &T) -> Self {
        Self(codec::encode_into(value, self.0))
    }
}

impl Request {
    /// As `wire::Request` is encoded.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let body = match self {
            Self::Ping => Body::of(at::PING),
            Self::Inbox { after } => Body::of(at::INBOX).and(after),
            Self::Archive { after } => Body::of(at::ARCHIVE).and(after),
            Self::Rows { conversations } => Body::of(at::ROWS).and(conversations),
            Self::FindPeople { text } => Body::of(at::FIND_PEOPLE).and(text),
            Self::Open { conversation } => Body::of(at::OPEN).and(conversation),
            Self::Leave { conversation } => Body::of(at::LEAVE).and(conversation),
            Self::Resume { held } => Body::of(at::RESUME).and(held),
            Self::History { conversation, from, direction } => {
                Body::of(at::HISTORY).and(conversation).and(from).and(direction)
            }
            Self::Send { conversation, client_message_id, held, text, quoted: None } => {
                Body::of(at::SEND).and(conversation).and(client_message_id).and(held).and(text)
            }
            Self::Send { conversation, client_message_id, held, text, quoted } => {
                let body = Body::of(at::DO).and(conversation).and(held).and(&at::DO_SEND);
                body.and(client_message_id).and(text).and(quoted)
            }
            Self::Share { conversation, client_message_id, held, file, hidden_from } => {
                let body = Body::of(at::DO).and(conversation).and(held).and(&at::DO_SHARE);
                body.and(client_message_id).and(file).and(hidden_from)
            }
            Self::Withdraw { conversation, target } => {
                Body::of(at::WITHDRAW).and(conversation).and(target)
            }
            Self::ReceivedUpTo { conversation, entry } => {
                Body::of(at::RECEIVED_UP_TO).and(conversation).and(entry)
            }
            Self::ReadUpTo { conversation, entry } => {
                Body::of(at::READ_UP_TO).and(conversation).and(entry)
            }
            Self::Typing { conversation } => Body::of(at::TYPING).and(conversation),
            Self::Draft { conversation, text } => Body::of(at::DRAFT).and(conversation).and(text),
            Self::Active => Body::of(at::OFFICE).and(&at::OFFICE_ACTIVE),
            Self::Reachable { conversation } => {
                Body::of(at::OFFICE).and(&at::OFFICE_REACHABLE).and(conversation)
            }
            Self::Notices => {
                Body::of(at::OFFICE).and(&at::OFFICE_NOTICES).and(&at::NOTICES_STANDING)
            }
            Self::Begin { client_id, new, invited } => {
                Body::of(at::BEGIN).and(client_id).and(new).and(invited)
            }
            Self::CallBack { conversation, id } => {
                Body::of(at::CALL_BACK).and(conversation).and(id)
            }
            Self::Upload { conversation, client_id, name, bytes } => {
                let body = Body::of(at::FILE).and(&at::FILE_BEGIN).and(conversation);
                body.and(client_id).and(name).and(bytes)
            }
            Self::CancelUpload { conversation, file } => {
                Body::of(at::FILE).and(&at::FILE_CANCEL).and(conversation).and(file)
            }
            Self::Page(body) => return body.clone(),
        };
        body.0
    }

    /// Whether it is answered even when it succeeds, as `wire::Request::is_answered` says.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        !matches!(
            self,
            Self::ReceivedUpTo { .. } | Self::ReadUpTo { .. } | Self::Typing { .. } | Self::Active
        )
    }

    /// What stands in it that can be long, and is kept elsewhere.
    pub const fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Send { text, .. } | Self::Draft { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// A request as it is sent: a `wire::ClientFrame`.
#[must_use]
pub fn frame(id: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = codec::encode(&id);
    bytes.extend_from_slice(body);
    bytes
}

/// What a page asks about the host of a conversation, before it is drawn by any part:
/// `Desk` with `Ask::Promise`.
#[must_use]
pub fn promise(conversation: ConversationId) -> Vec<u8> {
    Body::of(at::DESK).and(&at::DESK_PROMISE).and(&conversation).0
}

/// What comes of it: `Desk` with `Told::Promise`.
///
/// # Errors
/// Anything else.
pub fn promised(answer: &[u8]) -> Result<Option<Box<Promise>>, Malformed> {
    /// Where it stands: `Ok`, `wire::Reply::Desk`, `desk::Told::Promise`.
    const PROMISED: [u32; 3] = [0, 17, 2];
    let mut rest = answer;
    for expected in PROMISED {
        let (variant, after) = codec::take::<u32>(rest)?;
        if variant != expected {
            return Err(Malformed);
        }
        rest = after;
    }
    codec::decode(rest)
}

/// From the server: a `wire::ServerFrame`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The answer to one request.
    Reply {
        /// The request's id.
        id: u32,
        /// A `Result<wire::Reply, Refusal>`, encoded.
        answer: Vec<u8>,
    },
    /// Something happened.
    Event(Box<ServerEvent>),
}

impl Frame {
    /// Takes it apart as far as can be told without knowing what was asked.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        match codec::take::<u32>(bytes)? {
            (0, rest) => {
                let (id, answer) = codec::take(rest)?;
                Ok(Self::Reply { id, answer: answer.to_vec() })
            }
            (1, event) => Ok(Self::Event(Box::new(codec::decode(event)?))),
            _ => Err(Malformed),
        }
    }
}

/// What the state is answered; each as in `shared_proto::wire::Reply`.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// `Inbox`.
    Inbox(InboxPage),
    /// `Rows`.
    Rows(Vec<InboxRow>),
    /// `People`.
    People(Vec<PersonCard>),
    /// `Created`.
    Created(ConversationId),
    /// `Opened`.
    Opened(Box<Opened>),
    /// `Page`.
    Page(Page),
    /// `Sent`, but its time.
    Sent(EntryId),
    /// `Office` with `Told::Reachable`.
    Reachable(bool),
    /// `Office` with `Told::Notices`: whether a page that is open sounds.
    Notices(bool),
    /// `CalledBack`.
    CalledBack(Command),
    /// `File` with `Told::Upload`.
    Upload {
        /// Which file it is.
        file: FileId,
        /// How much of it is kept.
        offset: u64,
        /// What it is called from now on.
        name: String,
    },
    /// Any other.
    Other,
}

impl Reply {
    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (variant, rest) = codec::take::<u32>(bytes)?;
        Ok(match variant {
            1 => Self::Inbox(codec::decode(rest)?),
            2 => Self::Rows(codec::decode(rest)?),
            3 => Self::People(codec::decode(rest)?),
            4 => Self::Created(codec::decode(rest)?),
            5 => Self::Opened(codec::decode(rest)?),
            6 => Self::Page(codec::decode(rest)?),
            7 => Self::Sent(codec::take(rest)?.0),
            8 => match codec::take::<u32>(rest)? {
                (7, reachable) => Self::Reachable(codec::decode(reachable)?),
                (9, standing) => Self::Notices(codec::take::<Wishes>(standing)?.0.sound),
                _ => Self::Other,
            },
            12 => Self::CalledBack(codec::decode(rest)?),
            15 => match codec::take::<u32>(rest)? {
                (0, rest) => {
                    let (file, offset, name) = codec::decode(rest)?;
                    Self::Upload { file, offset, name }
                }
                _ => Self::Other,
            },
            _ => Self::Other,
        })
    }
}

/// What was answered: a `Result<wire::Reply, Refusal>`.
///
/// # Errors
/// [`Malformed`].
pub fn answer(bytes: &[u8]) -> Result<Result<Reply, Refusal>, Malformed> {
    match codec::take::<u32>(bytes)? {
        (0, reply) => Reply::read(reply).map(Ok),
        (1, refusal) => codec::decode(refusal).map(Err),
        _ => Err(Malformed),
    }
}

/// Why it was refused; `None` when it was not.
#[must_use]
pub fn refusal(answer: &[u8]) -> Option<Refusal> {
    let (variant, rest) = codec::take::<u32>(answer).ok()?;
    (variant == 1).then(|| codec::decode(rest).ok()).flatten()
}

/// The answer that refuses.
#[must_use]
pub fn refused(refusal: Refusal) -> Vec<u8> {
    Body::of(1).and(&refusal).0
}
