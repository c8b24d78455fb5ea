//! What goes through the one door, and what comes of it.

use shared_proto::conversation::command::New;
use shared_proto::http;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId};
use shared_proto::office::Changed;
use shared_proto::people::PersonCard;
use shared_proto::wire::Invitee;

use super::attaching::{Attaching, Upload};
use super::{Shelf, Ticket};
use crate::protocol::Frame;

/// Something happened.
#[derive(Clone, Debug)]
pub enum Action {
    /// `GET /api/session` answered, or the server did not.
    SessionAnswered(Option<http::Session>),
    /// Sign-in or set-up succeeded.
    SignedIn(PersonCard),
    /// The person signed out.
    SignedOut,
    /// A frame from socket `0`.
    Frame(u32, Frame),
    /// Socket `0` closed with code `1`.
    Closed(u32, u16),
    /// The person touched a key, the pointer or the screen.
    Active,
    /// The person asked to connect at once.
    TryNow,
    /// The browser found or lost its network.
    Network(bool),
    /// Whether the page is to sound when something comes, as its settings have it now.
    Sound(bool),
    /// The page became visible and focused, or no longer is.
    Attention(bool),
    /// The route shows this conversation, or none.
    Show(Option<ConversationId>),
    /// The composer's text changed.
    Draft(ConversationId, String),
    /// The composer's text is to be sent.
    Submit(ConversationId, ClientMessageId),
    /// A refused message is to be tried again.
    Retry(ClientMessageId),
    /// A refused message is given up.
    Discard(ClientMessageId),
    /// A refused message goes back into the composer.
    Edit(ClientMessageId),
    /// The reader is near the oldest entry held.
    WantOlder(ConversationId),
    /// The reader is near the newest entry held, and there are newer ones.
    WantNewer(ConversationId),
    /// The reader wants to see the end of a conversation of which another part is held.
    Latest(ConversationId),
    /// An entry is to be shown where it stands.
    Aim(ConversationId, EntryId),
    /// The reader is near the end of a shelf of the inbox, or asks again for what was refused.
    WantRows(Shelf),
    /// The composer answers this message, or none any more.
    Reply(ConversationId, Option<EntryId>),
    /// What waits is taken back; with `true` its text goes into the composer.
    CallBack(ConversationId, ClientMessageId, bool),
    /// This entry has been on screen.
    Seen(ConversationId, EntryId),
    /// A message of one's own is to be withdrawn.
    Withdraw(ConversationId, EntryId),
    /// People are looked for.
    Find(String),
    /// A conversation is to be created.
    Create(ClientMessageId, Box<New>, Vec<Invitee>),
    /// The person no longer waits for the conversation being created.
    LeaveNew,
    /// Something happens around files.
    Attaching(Attaching),
    /// A page asks: a `wire::Request`, encoded.
    Office(Ticket, Vec<u8>),
    /// A page no longer waits for an answer.
    OfficeLeft(Ticket),
    /// A timer asked for by [`Effect::After`] ran out.
    Elapsed(Timer),
}

/// What a timer was set for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time to connect again, unless the attempt is another by now.
    Connect(u32),
    /// The person may have been away for too long.
    Idle,
    /// Time to ask for the session again.
    AskSession,
    /// A message may be sent again.
    Outbox,
    /// A read or received mark may be sent again.
    Marks(ConversationId),
    /// Somebody may have stopped typing.
    Typing(ConversationId),
    /// A conversation that was refused in passing may be opened again.
    Again(ConversationId),
    /// A page of the inbox that was refused in passing may be asked for again.
    Inbox,
    /// A row that was refused in passing may be asked for again.
    Row(ConversationId),
    /// People may be looked for again.
    Find,
    /// The conversation being created may be asked for again.
    Create,
    /// What pages asked may be asked again.
    Desk,
    /// Withdrawals in this conversation may be asked for again.
    Withdraw(ConversationId),
    /// This announcement, and those before it, have been read.
    Announced(u32),
    /// Typing has paused: the draft is kept.
    Draft(ConversationId),
    /// A session begins.
    Starts,
    /// A file may go on, or be called off again.
    Files,
}

/// What is to be done in the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open socket number `0`; any other is closed.
    Connect(u32),
    /// Close the socket.
    Disconnect,
    /// Send a frame: a `wire::ClientFrame`, encoded.
    Send(Vec<u8>),
    /// `GET /api/session`.
    AskSession,
    /// Dispatch [`Action::Elapsed`] in so many milliseconds.
    After(u64, Timer),
    /// Send a file, and say how that goes.
    Upload(Upload),
    /// Stop sending a file.
    StopUpload(ClientMessageId),
    /// A file is needed no more.
    ForgetFile(ClientMessageId),
    /// Sound.
    Sound,
    /// Show this conversation.
    Go(ConversationId),
    /// The answer to what a page asked: a `Result<wire::Reply, Refusal>`, encoded.
    Answer(Ticket, Vec<u8>),
    /// Something around conversations changed.
    Tell(Box<Changed>),
}
