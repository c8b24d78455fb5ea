//! What travels over the socket. One postcard value a binary WebSocket frame, at most
//! [`crate::limits::FRAME_BYTES`]. Variants are only ever added at the end: golden bytes in
//! `tests/golden/` pin each.

use serde::{Deserialize, Serialize};

use crate::audit::{AccessPage, AuditFilter, AuditPage};
use crate::conversation::command::{Command, New};
use crate::conversation::event::Event;
use crate::conversation::state::State;
use crate::desk;
use crate::entry::Entry;
use crate::file;
use crate::form::ask as form;
use crate::id::{ClientMessageId, ConversationId, EntryId, PersonId};
use crate::limits;
use crate::office;
use crate::people::PersonCard;
use crate::practice::Practice;
use crate::refusal::Refusal;
use crate::search;
use crate::time::Millis;

/// From the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Chosen by the client, unique among its unanswered requests; the reply carries it.
    pub id: u32,
    /// What is asked. Who asks is the session's, never the frame's.
    pub request: Request,
}

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Whether the line is alive. Answers `Done`.
    Ping,
    /// The person's conversations, last activity first. Answers `Inbox`.
    Inbox {
        /// Where the page before ended; `None` for the first.
        after: Option<InboxMark>,
    },
    /// Rows of conversations the client heard of but holds no row for; at most
    /// [`crate::limits::ROWS_ASKED`]. Answers `Rows`; those it may not see are absent from it.
    Rows {
        /// Which.
        conversations: Vec<ConversationId>,
    },
    /// People to pick for a conversation, by part of their name. Answers `People`.
    FindPeople {
        /// What was typed, at most [`crate::limits::QUERY_SCALARS`]; empty lists everyone.
        text: String,
    },
    /// A new ongoing conversation with the sender as its host. Answers `Created`; the same
    /// `client_id` again answers with the same conversation.
    Create {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// Everyone but the host, 1 to 25.
        participants: Vec<PersonId>,
    },
    /// Shows a conversation: its latest page, cursors and who is here, and from now on typing,
    /// presence and cursors as they change. Answers `Opened`.
    Open {
        /// Which.
        conversation: ConversationId,
    },
    /// No longer shown: ends what `Open` began. Entries still arrive. Answers `Done`.
    Leave {
        /// Which.
        conversation: ConversationId,
    },
    /// After a reconnect: what is new in the conversations the client shows, at most
    /// [`crate::limits::RESUME_CONVERSATIONS`]. Each is answered by a `CaughtUp` event, in order
    /// with its live entries, and watched as by `Open`; then `Done`.
    Resume {
        /// Which, and up to where each is held.
        held: Vec<Held>,
    },
    /// A page of older or newer entries. Answers `Page`.
    History {
        /// Which.
        conversation: ConversationId,
        /// Entries strictly before or after this one.
        from: EntryId,
        /// Which way.
        direction: Direction,
    },
    /// A message. Answers `Sent` once it is durable. The same `client_message_id` again answers
    /// with the entry stored first.
    Send {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The last entry held when it was first sent: a retry is looked for after it.
        held: Option<EntryId>,
        /// 1 to 8,000 Unicode scalars after trimming.
        text: String,
    },
    /// Withdraws one's own message. Answers `Sent` with the entry that says so.
    Withdraw {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: EntryId,
    },
    /// Everything up to this entry has reached this device. Answers nothing unless refused.
    ReceivedUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// Everything up to this entry has been on the person's screen. Answers nothing unless
    /// refused.
    ReadUpTo {
        /// Where.
        conversation: ConversationId,
        /// Up to and with this entry.
        entry: EntryId,
    },
    /// The person is typing; repeated every [`crate::limits::TYPING_REPEAT_MS`]. Answers nothing
    /// unless refused.
    Typing {
        /// Where.
        conversation: ConversationId,
    },
    /// Something around conversations. Answers `Office`.
    Office(office::Ask),
    /// A page of the audit log; owners only, and itself recorded. Answers `Audit`.
    Audit {
        /// Which records.
        filter: AuditFilter,
        /// The page before's `next`; `None` for the newest.
        before: Option<u64>,
    },
    /// Who opened or exported a conversation, and when; members only. Answers `Accesses`.
    Accesses {
        /// Which.
        conversation: ConversationId,
        /// The page before's `next`; `None` for the newest.
        before: Option<u64>,
    },
    /// A new conversation. Answers `Created`; the same `client_id` again answers with the same
    /// conversation.
    Begin {
        /// Recognises a retry.
        client_id: ClientMessageId,
        /// What is to begin.
        new: New,
        /// People without an account to take in too: each is added and invited at once. Providers
        /// only.
        invited: Vec<Invitee>,
    },
    /// A change a member makes ([`Command::is_by_member`]). Answers `Sent` with the last entry that
    /// came of it, or `Done` when it was so already.
    Do {
        /// Where.
        conversation: ConversationId,
        /// For a message: the last entry held when it was first sent.
        held: Option<EntryId>,
        /// What.
        command: Command,
    },
    /// The person's conversations that are only read any more, last activity first. Answers
    /// `Inbox`.
    Archive {
        /// Where the page before ended; `None` for the first.
        after: Option<InboxMark>,
    },
    /// What completing a session would come to; its host only. Answers `Rehearsal`.
    Rehearse {
        /// Which.
        conversation: ConversationId,
    },
    /// A message, or the completion of a session, to be decided later by the rights its author has
    /// then, whether they are here or not. The same `id` again changes nothing. Answers `Done`.
    Later {
        /// Where.
        conversation: ConversationId,
        /// Recognises a retry; for a message, its `client_message_id`.
        id: ClientMessageId,
        /// When.
        due: Due,
        /// What.
        command: Command,
    },
    /// Calls back what waits to be decided, or what was refused when it was. Answers `CalledBack`,
    /// for a day also when it is asked again; `NotFound` when it has been decided.
    CallBack {
        /// Where.
        conversation: ConversationId,
        /// Which.
        id: ClientMessageId,
    },
    /// What stands in the person's composer, the same on every device. Answers nothing unless
    /// refused.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed, at most [`crate::limits::DRAFT_SCALARS`]; empty for none.
        text: String,
    },
    /// The emails of a conversation's members; its host only (O21). Answers `Emails`.
    Emails {
        /// Which.
        conversation: ConversationId,
    },
    /// Something about forms. Answers `Form`.
    Form(form::Ask),
    /// Something about files. Answers `File`.
    File(file::ask::Ask),
    /// A page of what is written in the person's own conversations, newest first. Answers `Found`.
    Search(search::Search),
    /// About what providers keep at hand for writing. Answers `Desk`.
    Desk(desk::Ask),
}

/// Somebody without an account, by name and email (O1b).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// As typed.
    pub name: String,
    /// As typed.
    pub email: String,
}

/// When something is to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// At a time, at most [`crate::limits::AHEAD_MS`] ahead.
    At(Millis),
    /// After [`crate::limits::UNDO_MS`]: so long it can be undone.
    Undoable,
}

impl Request {
    /// Whether it is answered even when it succeeds.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        match self {
            Self::ReceivedUpTo { .. }
            | Self::ReadUpTo { .. }
            | Self::Typing { .. }
            | Self::Draft { .. } => false,
            Self::Office(ask) => ask.is_answered(),
            _ => true,
        }
    }
}

/// A conversation the client holds entries of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub conversation: ConversationId,
    /// The last entry it holds.
    pub last: EntryId,
}

/// Which way a page goes from its anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Older.
    Before,
    /// Newer.
    After,
}

/// A place in the inbox: rows after it are less recent. Opaque to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxMark {
    /// Sort time of the row.
    pub at: Millis,
    /// Its conversation.
    pub conversation: ConversationId,
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerFrame {
    /// The answer to one request.
    Reply {
        /// The request's id.
        id: u32,
        /// What it asked for, or why not.
        result: Result<Reply, Refusal>,
    },
    /// Something happened.
    Event(ServerEvent),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// It is done.
    Done,
    /// A page of the inbox.
    Inbox(InboxPage),
    /// Rows asked for.
    Rows(Vec<InboxRow>),
    /// People found, by name.
    People(Vec<PersonCard>),
    /// The conversation, new or as created before.
    Created(ConversationId),
    /// A conversation as it is now.
    Opened(Box<Opened>),
    /// Entries.
    Page(Page),
    /// The entry is durable.
    Sent {
        /// Its id.
        entry: EntryId,
        /// Its time.
        at: Millis,
    },
    /// To an `Office` request.
    Office(office::Told),
    /// A page of the audit log.
    Audit(AuditPage),
    /// Who opened or exported a conversation.
    Accesses(AccessPage),
    /// What completing a session would come to.
    Rehearsal(Rehearsal),
    /// What was called back.
    CalledBack(Command),
    /// Emails, as far as there are.
    Emails(Vec<(PersonId, String)>),
    /// To a `Form` request.
    Form(form::Told),
    /// To a `File` request.
    File(file::ask::Told),
    /// What a search found.
    Found(search::Found),
    /// To a `Desk` request.
    Desk(desk::Told),
}

/// What the host of a session should know before they complete it: who has something open. Members
/// only, each once, in the order they joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Who has not read everything, and how many messages: the host among them.
    pub unread: Vec<(PersonId, u32)>,
    /// Who has begun to write something and not sent it.
    pub drafts: Vec<PersonId>,
    /// Whose messages wait to be sent at a time.
    pub waiting: Vec<PersonId>,
    /// Who has a form to fill in and has not submitted it.
    pub forms: Vec<PersonId>,
}

/// Something its author wants decided later. Shown to nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Which.
    pub id: ClientMessageId,
    /// When.
    pub due: Millis,
    /// What.
    pub command: Command,
    /// Why it was not done when it was due: it stays until its author takes it back.
    pub refused: Option<Refusal>,
}

/// Entries in order, oldest first, as this person may see them: at most
/// [`crate::limits::PAGE_ENTRIES`] and [`crate::limits::PAGE_BYTES`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether there are more in the direction asked for.
    pub more: bool,
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

/// A conversation when it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its row.
    pub row: InboxRow,
    /// The newest entries; `more` says whether there are older ones.
    pub page: Page,
    /// How far the others have received and read, as far as they show it.
    pub cursors: Vec<Cursor>,
    /// Members with a live connection.
    pub here: Vec<PersonId>,
}

/// How far somebody has received and read, rounded down to entries the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Whose.
    pub person: PersonId,
    /// On a device of theirs.
    pub received: Option<EntryId>,
    /// On their screen. Absent when they do not show it.
    pub read: Option<EntryId>,
}

/// What a conversation answers to a resuming client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatchUp {
    /// What came since. With `page.more` the rest is asked for by another `Resume`, and live
    /// entries that arrive before it are part of it.
    Page {
        /// The entries since.
        page: Page,
        /// Others' cursors, anew.
        cursors: Vec<Cursor>,
        /// Who is here, anew.
        here: Vec<PersonId>,
        /// The person's own unread count, anew.
        unread: u32,
        /// The person's own read mark, anew.
        read_up_to: Option<EntryId>,
    },
    /// Too far behind: drop what is held and `Open` again.
    StartOver,
    /// Not there, or no longer for this person.
    Gone,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerEvent {
    /// First frame of every socket.
    Hello(Hello),
    /// New entries, in order, each exactly once.
    Entries {
        /// Where.
        conversation: ConversationId,
        /// In order.
        entries: Vec<Entry>,
    },
    /// A row that is new to this person.
    Row(Box<InboxRow>),
    /// The answer of one conversation to `Resume`.
    CaughtUp {
        /// Which.
        conversation: ConversationId,
        /// What it answers.
        catch_up: CatchUp,
    },
    /// Cursors that moved.
    Cursors {
        /// Where.
        conversation: ConversationId,
        /// Those that moved.
        cursors: Vec<Cursor>,
    },
    /// Somebody is typing; forgotten after [`crate::limits::TYPING_MS`] or their next message.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
    },
    /// Somebody came or went.
    Presence {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
        /// Whether they have a live connection now.
        here: bool,
    },
    /// The person read on another device of theirs, or on this one.
    Read {
        /// Where.
        conversation: ConversationId,
        /// Up to and with.
        read_up_to: EntryId,
        /// What is left unread.
        unread: u32,
    },
    /// Something around conversations changed.
    Changed(office::Changed),
    /// What stands in the person's own composer, changed on another device, or as a conversation is
    /// opened.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// As typed; empty for none.
        text: String,
    },
    /// Something of the person's own waits to be decided, or was refused when it was. After
    /// `Opened` and `CaughtUp` everything that does follows; what was known before is not any more.
    Pending {
        /// Where.
        conversation: ConversationId,
        /// What.
        pending: Pending,
    },
    /// It waits no longer: it was done, or called back.
    Settled {
        /// Where.
        conversation: ConversationId,
        /// Which.
        id: ClientMessageId,
    },
    /// Something about forms happened.
    Form(form::Happened),
}

/// The first frame of every socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The server's build; see [`crate::BUILD`].
    pub build: String,
    /// Who is signed in.
    pub me: PersonCard,
    /// The server's clock.
    pub now: Millis,
    /// The practice, as this person may see it.
    pub practice: Practice,
    /// The providers a client is assigned to; of others none.
    pub assigned: Vec<PersonCard>,
}

/// Why the server closes a socket: WebSocket close codes (RFC 6455, 7.4; 4000 and above are ours).
pub mod close {
    /// The server is stopping; come back.
    pub const GOING_AWAY: u16 = 1001;
    /// A frame that does not decode or is of the wrong type, or frames without end beyond the rate.
    pub const MALFORMED: u16 = 1008;
    /// A frame over the limit.
    pub const TOO_BIG: u16 = 1009;
    /// The session ended: signed out, expired, or the person was disabled.
    pub const SESSION_ENDED: u16 = 4401;
    /// Portal access of this client was switched off.
    pub const PORTAL_OFF: u16 = 4403;
    /// Nobody was active for too long: the session is locked until the password is entered.
    pub const LOCKED: u16 = 4423;
    /// The reader was too slow; resume.
    pub const TOO_SLOW: u16 = 4408;
    /// Too many sockets of one person.
    pub const TOO_MANY_SOCKETS: u16 = 4429;
}
